// What the page knows, without the page. All times are milliseconds of one clock, handed in as `now`.

/** How far back charts and changes look. */
export const WINDOW = 60_000;

const ENTRIES_KEPT = 200;

export class Model {
  /** Events: a point for each second heard of. */
  rates = [];
  rate = null;
  total = null;
  /** The server's clock at the last figures, in its words, and ours. */
  at = null;
  heard = null;
  /** When the sizes were true, in the server's words; told only when one has changed. */
  asOf = null;
  #segments = new Map();
  /** Whether the list of segments has been read once. */
  isDescribed = false;
  /** Latest first. */
  entries = [];
  #changes = [];
  campaigns = new Map();

  events({ at, perSecond, total }, now) {
    this.rate = Number(perSecond) || 0;
    if (total != null) this.total = Number(total);
    this.rates.push({ at: now, value: this.rate });
    // One more than the window, for the line that leaves it.
    while (this.rates.length > 2 && this.rates[1].at < now - WINDOW - 2000) this.rates.shift();
    this.at = at;
    this.heard = now;
  }

  /** The highest rate of the last minute. */
  peak(now) {
    return this.rates.reduce((top, point) => (point.at >= now - WINDOW ? Math.max(top, point.value) : top), 0);
  }

  sizes({ asOf, sizes }, now) {
    // 1970 says that it is not known yet.
    this.asOf = Date.parse(asOf) > 0 ? asOf : null;
    for (const [key, size] of Object.entries(sizes)) this.#segment(key).grow(Number(size), now);
  }

  /** Takes names, and sizes where none is known yet, from the list of segments. */
  describe(items, now) {
    this.isDescribed = true;
    for (const { key, name, size, status } of items) {
      if (status === "archived" || status === "draft") {
        this.#segments.delete(key);
        continue;
      }
      const segment = this.#segment(key);
      segment.name = name || key;
      if (segment.size === null && size != null) segment.grow(Number(size), now);
    }
  }

  /** Whether a segment is shown by its key only. */
  get hasUnnamed() {
    return [...this.#segments.values()].some((segment) => segment.name === null);
  }

  nameOf(key) {
    return this.#segments.get(key)?.name ?? key;
  }

  /** Largest first. */
  segments(now) {
    return [...this.#segments.values()]
      .map((segment) => ({
        key: segment.key,
        name: segment.name ?? segment.key,
        size: segment.size ?? 0,
        change: segment.change(now),
      }))
      .sort((a, b) => b.size - a.size || (a.key < b.key ? -1 : 1));
  }

  #segment(key) {
    let segment = this.#segments.get(key);
    if (!segment) {
      segment = new Segment(key);
      this.#segments.set(key, segment);
    }
    return segment;
  }

  membership(change, now) {
    const at = Date.parse(change.at);
    const delay = Date.parse(change.recordedAt) - at;
    const entry = { ...change, delay: Number.isFinite(delay) ? delay : null, heard: now };
    this.entries.unshift(entry);
    if (this.entries.length > ENTRIES_KEPT) this.entries.length = ENTRIES_KEPT;
    this.#changes.push({ heard: now, count: 1, change: change.change, delay: entry.delay, cause: change.cause });
    return entry;
  }

  /** Changes that the server counted and did not send. */
  leftOut(count, now) {
    this.#changes.push({ heard: now, count: Number(count) || 0, change: null, delay: null, cause: null });
  }

  /** The last minute's changes; `delay` is the median of those that came live, in milliseconds, or null. */
  flow(now) {
    const first = this.#changes.findIndex((change) => change.heard >= now - WINDOW);
    this.#changes.splice(0, first < 0 ? this.#changes.length : first);
    const sum = (change) =>
      this.#changes.reduce((count, each) => count + (each.change === change ? each.count : 0), 0);
    const delays = this.#changes
      .filter((each) => each.delay !== null && (each.cause === "event" || each.cause === "time"))
      .map((each) => each.delay)
      .sort((a, b) => a - b);
    return {
      entered: sum("entered"),
      left: sum("left"),
      leftOut: sum(null),
      delay: delays.length > 0 ? delays[Math.floor((delays.length - 1) / 2)] : null,
    };
  }

  /** The last minute's entries and exits in `count` equal parts, oldest first. */
  flowParts(now, count) {
    const parts = Array.from({ length: count }, () => ({ entered: 0, left: 0 }));
    // Parts begin at whole multiples, so that a bar moves on but does not change.
    const length = WINDOW / count;
    const end = Math.ceil(now / length);
    for (const { heard, change, count: number } of this.#changes) {
      const part = parts[count - (end - Math.floor(heard / length))];
      if (part && change) part[change] += number;
    }
    return parts;
  }

  campaign(campaign) {
    this.campaigns.set(campaign.campaign, campaign);
  }
}

class Segment {
  name = null;
  size = null;
  #past = [];

  constructor(key) {
    this.key = key;
  }

  grow(size, now) {
    this.size = size;
    if (this.#past.at(-1)?.size !== size) this.#past.push({ at: now, size });
  }

  /** Against a minute ago, or against the first size known if that is younger. */
  change(now) {
    // The last size before the window began is the one that held then.
    while (this.#past.length > 1 && this.#past[1].at <= now - WINDOW) this.#past.shift();
    return this.size === null ? 0 : this.size - this.#past[0].size;
  }
}
