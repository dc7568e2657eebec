// Server-Sent Events over fetch: EventSource cannot send an access token.

/**
 * Reads a stream of Server-Sent Events to its end.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {(type: string, data: string) => void} onEvent
 * @param {() => void} onBytes called whenever anything arrives, comments included
 */
export async function readEvents(body, onEvent, onBytes) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let type = "";
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onBytes();
    rest += value;
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) onEvent(type || "message", data.join("\n"));
        type = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") type = text;
      if (field === "data") data.push(text);
    }
  }
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
// Figures come every second; a longer silence is a dead connection.
const LONGEST_SILENCE = 15_000;

/**
 * A stream that is opened again whenever it ends, after pauses that double up to half a minute.
 *
 * States it tells: `{name: "connecting"}`, `{name: "live"}`, `{name: "waiting", until, problem}`
 * (`until` in the clock of Date.now) and `{name: "refused", problem}`, where trying again would not
 * help. A problem is `{status, detail}`; status 0 is a gateway that does not answer, 200 a stream that
 * ended or fell silent.
 */
export class LiveStream {
  #url;
  #token;
  #onEvent;
  #onState;
  #pause = FIRST_PAUSE;
  #abort = null;
  #timer = 0;
  #isStopped = true;

  /** @param {{url: string, token: () => Promise<string>, onEvent: Function, onState: Function}} options */
  constructor({ url, token, onEvent, onState }) {
    this.#url = url;
    this.#token = token;
    this.#onEvent = onEvent;
    this.#onState = onState;
  }

  start() {
    this.#isStopped = false;
    this.#pause = FIRST_PAUSE;
    this.#open();
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  /** Ends a pause early. */
  retryNow() {
    this.stop();
    this.start();
  }

  async #open() {
    const abort = (this.#abort = new AbortController());
    let silence = 0;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), LONGEST_SILENCE);
    };
    this.#onState({ name: "connecting" });
    let problem = { status: 0, detail: "" };
    let retryAfter = 0;
    try {
      const token = await this.#token();
      heard();
      const response = await fetch(this.#url, {
        headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream" },
        cache: "no-store",
        signal: abort.signal,
      });
      if (response.ok && response.body) {
        problem = { status: 200, detail: "" };
        this.#onState({ name: "live" });
        await readEvents(
          response.body,
          (type, data) => {
            if (abort.signal.aborted) return;
            this.#pause = FIRST_PAUSE;
            this.#onEvent(type, JSON.parse(data));
          },
          heard,
        );
      } else {
        problem = { status: response.status, detail: await detailOf(response) };
        retryAfter = 1000 * (Number(response.headers.get("Retry-After")) || 0);
      }
    } catch (error) {
      if (error.isSignedOut) problem = { status: 401, detail: error.message };
    } finally {
      clearTimeout(silence);
    }
    if (this.#isStopped || abort !== this.#abort) return;
    if ([401, 403, 404].includes(problem.status)) {
      this.#onState({ name: "refused", problem });
      return;
    }
    // Up to a fifth more, so that many pages do not come back at one instant.
    const pause = Math.max(this.#pause * (1 + Math.random() / 5), retryAfter);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    this.#onState({ name: "waiting", until: Date.now() + pause, problem });
    this.#timer = setTimeout(() => this.#open(), pause);
  }
}

/** What a problem+json answer says, or nothing. */
export async function detailOf(response) {
  try {
    return (await response.json()).detail ?? "";
  } catch {
    return "";
  }
}
