// The model on the page. Changes only what has changed; nothing here decides anything.
const SEGMENTS_SHOWN = 9;
const ENTRIES_SHOWN = 40;
const UP = "M8 13V3M3.5 7.5 8 3l4.5 4.5";
const DOWN = "M8 3v10M3.5 8.5 8 13l4.5-4.5";
const FUNNEL = ["sent", "delivered", "opened", "clicked", "redeemed", "goal"];
const SETBACKS = ["bounced", "unsubscribed", "complained"];

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

const find = (id) => document.getElementById(id);
const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");

export const isMotionReduced = () => reducedMotion.matches;

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const formatRate = (rate) => (rate < 100 ? tenths : whole).format(rate);

/** In UTC to the millisecond; `date` is empty if it is today's. */
function partsOf(text) {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) return { date: "", time: text ?? "–" };
  const iso = instant.toISOString();
  const isToday = iso.slice(0, 10) === new Date().toISOString().slice(0, 10);
  return { date: isToday ? "" : iso.slice(0, 10), time: iso.slice(11, 23) };
}

export function formatInstant(text) {
  const { date, time } = partsOf(text);
  return date ? `${date} ${time}` : time;
}

export function formatDelay(delay) {
  if (delay === null) return "–";
  const size = Math.abs(delay);
  if (size < 1000) return `${Math.round(delay)} ms`;
  if (size < 60_000) return `${(delay / 1000).toFixed(2)} s`;
  if (size < 3_600_000) return `${Math.round(delay / 60_000)} min`;
  if (size < 172_800_000) return `${Math.round(delay / 3_600_000)} h`;
  return `${whole.format(Math.round(delay / 86_400_000))} days`;
}

/** As a person would say it: tenths below a minute. */
export const formatAge = (age) => (age < 60_000 ? `${(Math.max(0, age) / 1000).toFixed(1)} s` : formatDelay(age));

export function formatChange(change) {
  return change === 0 ? "±0" : `${change > 0 ? "+" : "−"}${whole.format(Math.abs(change))}`;
}

/** A number that runs to its next value instead of jumping. */
export class RunningNumber {
  #element;
  #format;
  #shown = null;
  #target = null;

  constructor(element, format) {
    this.#element = element;
    this.#format = format;
  }

  set target(value) {
    this.#target = value;
    if (this.#shown === null || isMotionReduced()) this.#shown = value;
  }

  /** One frame. */
  step() {
    if (this.#target === null) return;
    const distance = this.#target - this.#shown;
    this.#shown = Math.abs(distance) < Math.max(0.05, this.#target / 1000) ? this.#target : this.#shown + distance * 0.16;
    say(this.#element, this.#format(this.#shown));
  }
}

export class SegmentList {
  #list = find("segments");
  #more = find("more");
  #rows = new Map();
  #isOpen = false;
  #count = -1;

  /** @param {() => void} onToggle */
  constructor(onToggle) {
    this.#more.addEventListener("click", () => {
      this.#isOpen = !this.#isOpen;
      this.#more.setAttribute("aria-expanded", String(this.#isOpen));
      this.#count = -1;
      onToggle();
    });
  }

  show(segments, isDescribed) {
    const shown = this.#isOpen ? segments : segments.slice(0, SEGMENTS_SHOWN);
    const before = new Map([...this.#rows].map(([key, row]) => [key, row.offsetTop]));
    const largest = Math.max(1, ...segments.map((segment) => segment.size));
    const gone = new Set(this.#rows.keys());
    shown.forEach((segment, index) => {
      gone.delete(segment.key);
      let row = this.#rows.get(segment.key);
      if (!row) {
        row = find("segment-row").content.firstElementChild.cloneNode(true);
        row.dataset.key = segment.key;
        this.#rows.set(segment.key, row);
      }
      if (this.#list.children[index] !== row) this.#list.insertBefore(row, this.#list.children[index] ?? null);
      fillSegment(row, segment, largest);
    });
    for (const key of gone) {
      this.#rows.get(key).remove();
      this.#rows.delete(key);
    }
    this.#slide(before);
    if (this.#count !== segments.length) {
      this.#count = segments.length;
      this.#more.hidden = segments.length <= SEGMENTS_SHOWN;
      say(this.#more, this.#isOpen ? "Show the largest only" : `Show all ${segments.length}`);
    }
    find("first-segment").hidden = segments.length > 0 || !isDescribed;
  }

  /** A row that has changed places slides there. */
  #slide(before) {
    if (isMotionReduced()) return;
    for (const [key, row] of this.#rows) {
      const moved = (before.get(key) ?? row.offsetTop) - row.offsetTop;
      if (moved !== 0) {
        row.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], {
          duration: 500,
          easing: "cubic-bezier(.2,.8,.2,1)",
        });
      }
    }
  }
}

function fillSegment(row, segment, largest) {
  say(row.querySelector("b"), segment.name);
  say(row.querySelector("code"), segment.key);
  fillTrack(row.querySelector(".track i"), segment.size / largest);
  say(row.querySelector(".size"), whole.format(segment.size));
  const change = row.querySelector(".change");
  say(change, formatChange(segment.change));
  change.dataset.sign = String(Math.sign(segment.change));
}

function fillTrack(bar, share) {
  bar.style.transform = `translateX(${(share - 1) * 100}%)`;
}

export class Ticker {
  #list = find("entries");
  #pause = find("pause");
  #waiting = [];
  #isPaused = false;
  #isDue = false;

  constructor() {
    this.#pause.addEventListener("click", () => {
      this.#isPaused = !this.#isPaused;
      this.#pause.setAttribute("aria-pressed", String(this.#isPaused));
      this.#isDue = true;
    });
  }

  add(entry) {
    this.#waiting.unshift(entry);
    if (this.#waiting.length > ENTRIES_SHOWN) this.#waiting.length = ENTRIES_SHOWN;
    this.#isDue = true;
  }

  /** @param {(key: string) => string} nameOf */
  show(nameOf) {
    if (!this.#isDue) return;
    this.#isDue = false;
    const count = this.#waiting.length;
    say(
      this.#pause,
      this.#isPaused ? `Resume${count > 0 ? ` (${count === ENTRIES_SHOWN ? `${count}+` : count} new)` : ""}` : "Pause",
    );
    if (this.#isPaused || count === 0) return;
    const rows = this.#waiting.map((entry) => entryRow(entry, nameOf(entry.segment)));
    this.#waiting = [];
    this.#list.prepend(...rows);
    while (this.#list.children.length > ENTRIES_SHOWN) this.#list.lastElementChild.remove();
    find("no-entries").hidden = true;
  }
}

function entryRow(entry, segmentName) {
  const row = find("entry-row").content.firstElementChild.cloneNode(true);
  const isEntry = entry.change === "entered";
  row.classList.add(isEntry ? "entered" : "left");
  row.querySelector("path").setAttribute("d", isEntry ? UP : DOWN);
  row.querySelector(".member").textContent = entry.member;
  row.querySelector(".did").textContent = isEntry ? "entered" : "left";
  row.querySelector(".segment-name").textContent = segmentName;
  row.querySelector(".cause").textContent = entry.cause ?? "";
  row.querySelector(".cause").title = `Cause: ${entry.cause ?? "not said"}${entry.late ? ", by a late event" : ""}`;
  const time = row.querySelector("time");
  time.dateTime = entry.at;
  time.title = `True since ${entry.at}, published ${entry.recordedAt}`;
  const at = partsOf(entry.at);
  time.textContent = at.time;
  row.querySelector(".date").textContent = at.date;
  const delay = row.querySelector(".delay");
  delay.textContent = `+${formatDelay(entry.delay)}`;
  delay.title = "From the instant it became true to the instant it was published";
  return row;
}

export class CampaignStrip {
  #list = find("campaigns");
  #cards = new Map();

  show(campaigns) {
    for (const campaign of campaigns) {
      let card = this.#cards.get(campaign.campaign);
      if (!card) {
        card = find("campaign-card").content.firstElementChild.cloneNode(true);
        card.querySelector("h3").textContent = campaign.name ?? campaign.campaign;
        this.#cards.set(campaign.campaign, card);
        this.#list.append(card);
      }
      fillCampaign(card, campaign);
    }
    find("no-campaigns").hidden = this.#cards.size > 0;
  }
}

function fillCampaign(card, { contacts, responses = {} }) {
  say(card.querySelector(".contacts b"), compact.format(contacts));
  const kinds = [...FUNNEL, ...SETBACKS].filter((kind) => responses[kind] > 0 || kind === "sent");
  const funnel = card.querySelector(".funnel");
  for (const kind of kinds) {
    let step = funnel.querySelector(`[data-kind="${kind}"]`);
    if (!step) {
      step = document.createElement("li");
      step.dataset.kind = kind;
      if (SETBACKS.includes(kind)) step.classList.add("setback");
      const parts = { label: "span", track: "span", count: "b" };
      for (const [name, tag] of Object.entries(parts)) {
        step.append(Object.assign(document.createElement(tag), { className: name }));
      }
      step.querySelector(".label").textContent = kind;
      step.querySelector(".track").append(document.createElement("i"));
      const after = [...funnel.children].find((other) => order(other.dataset.kind) > order(kind));
      funnel.insertBefore(step, after ?? null);
    }
    const count = responses[kind] ?? 0;
    const share = contacts > 0 ? Math.min(1, count / contacts) : 0;
    fillTrack(step.querySelector("i"), share);
    say(step.querySelector(".count"), compact.format(count));
    step.title = `${whole.format(count)} of ${whole.format(contacts)} contacts, ${percent.format(share)}`;
  }
}

function order(kind) {
  return [...FUNNEL, ...SETBACKS].indexOf(kind);
}
