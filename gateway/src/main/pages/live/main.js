// Puts sign-in, stream, model and view together.
import { Chart, FlowChart } from "./chart.js";
import { Model } from "./model.js";
import { SignIn } from "./sign-in.js";
import { LiveStream, detailOf } from "./stream.js";
import {
  CampaignStrip,
  RunningNumber,
  SegmentList,
  Ticker,
  formatAge,
  formatDelay,
  formatInstant,
  formatRate,
  isMotionReduced,
  say,
} from "./view.js";

const FRAME = 1000 / 30;
const LISTS_EVERY = 250;
const FLOW_PARTS = 30;
const NAMES_EVERY = 60_000;
const NAMES_SOONEST = 5_000;

const find = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

const signIn = new SignIn();
const model = new Model();
let connection = { name: "connecting" };

// --- Signing in ------------------------------------------------------------------------------------

async function start() {
  let isIn = false;
  try {
    isIn = await signIn.load();
    find("sign-in").disabled = false;
  } catch (error) {
    showSignInProblem(error);
  }
  if (isIn) {
    watch();
  } else {
    document.body.dataset.view = "out";
  }
}

function showSignInProblem(error) {
  find("sign-in-problem").hidden = false;
  say(find("sign-in-problem-text"), error.message);
  say(find("sign-in-problem-remedy"), error.remedy ?? "Reload the page to try again.");
  find("sign-in").hidden = true;
  find("try-again").hidden = false;
}

find("sign-in").addEventListener("click", () => signIn.begin().catch(showSignInProblem));
find("try-again").addEventListener("click", () => location.reload());
find("sign-out").addEventListener("click", () => {
  stream.stop();
  signIn.end();
});

// --- Data --------------------------------------------------------------------------------------------

const handlers = {
  events: (data, now) => model.events(data, now),
  segments: (data, now) => model.sizes(data, now),
  membership: (data, now) => {
    if (data.member) ticker.add(model.membership(data, now));
    if (data.leftOut) model.leftOut(data.leftOut, now);
  },
  campaigns: (data) => [data].flat().forEach((campaign) => model.campaign(campaign)),
};

const stream = new LiveStream({
  url: "/v1/live?topics=events,segments,campaigns",
  token: () => signIn.token(),
  onEvent(type, data) {
    const now = performance.now();
    if (handlers[type]) handlers[type](data, now);
    else if (data.leftOut) model.leftOut(data.leftOut, now);
  },
  onState(state) {
    connection = state;
    showConnection();
  },
});

let namesReadAt = -Infinity;

/** Segments by name; missing names are looked up soon, changed ones within a minute. */
async function readNames() {
  const now = performance.now();
  const pause = model.isDescribed && !model.hasUnnamed ? NAMES_EVERY : NAMES_SOONEST;
  if (connection.name !== "live" || now - namesReadAt < pause) return;
  namesReadAt = now;
  try {
    const headers = { Authorization: `Bearer ${await signIn.token()}` };
    for (let cursor = ""; cursor !== null; ) {
      const query = new URLSearchParams({ limit: "1000", ...(cursor && { cursor }) });
      const response = await fetch(`/v1/segments?${query}`, { headers, cache: "no-store" });
      if (!response.ok) throw new Error(await detailOf(response));
      const page = await response.json();
      model.describe(page.items ?? [], performance.now());
      cursor = page.next || null;
    }
  } catch {
    // Keys stand for names until the next try.
  }
}

// --- The picture -------------------------------------------------------------------------------------

const chart = new Chart(find("chart"));
const flowChart = new FlowChart(find("flow"));
const rate = new RunningNumber(find("rate"), formatRate);
const total = new RunningNumber(find("total"), (value) => whole.format(value));
const segments = new SegmentList(showLists);
const ticker = new Ticker();
const campaigns = new CampaignStrip();

function watch() {
  const person = signIn.person;
  say(find("program"), person.program || "no program");
  say(find("person"), person.name);
  say(find("initial"), person.name.slice(0, 1).toUpperCase());
  say(find("event-command"), eventCommand());
  say(find("segment-command"), segmentCommand());
  document.body.dataset.view = "in";
  signIn.onEnded = () => {
    stream.stop();
    connection = { name: "refused", problem: { status: 401, detail: "" } };
    showConnection();
  };
  stream.start();
  setInterval(showLists, LISTS_EVERY);
  requestAnimationFrame(frame);
}

let drawnAt = 0;

function frame(at) {
  requestAnimationFrame(frame);
  if (at - drawnAt < FRAME - 4) return;
  drawnAt = at;
  rate.step();
  total.step();
  if (!isMotionReduced()) chart.draw(model.rates, performance.now(), true);
}

function showLists() {
  const now = performance.now();
  readNames();
  if (connection.name === "waiting") showConnection();
  if (model.rate !== null) {
    rate.target = model.rate;
    say(find("peak"), formatRate(model.peak(now)));
    document.title = `${formatRate(model.rate)}/s · Clientele`;
  }
  if (model.total !== null) total.target = model.total;
  find("first-event").hidden = !(model.total === 0 && model.rate === 0);
  const flow = model.flow(now);
  say(find("entered"), whole.format(flow.entered));
  say(find("left"), whole.format(flow.left));
  say(find("delay"), formatDelay(flow.delay));
  flowChart.draw(model.flowParts(now, FLOW_PARTS));
  find("left-out").hidden = flow.leftOut === 0;
  say(find("left-out"), `${whole.format(flow.leftOut)} more in the last minute, too many to list`);
  showInstant("at", model.at);
  showInstant("as-of", model.asOf);
  if (model.heard !== null) say(find("heard"), `${formatAge(now - model.heard)} ago`);
  segments.show(model.segments(now), model.isDescribed);
  ticker.show((key) => model.nameOf(key));
  campaigns.show(model.campaigns.values());
  if (isMotionReduced()) chart.draw(model.rates, now, false);
}

function showInstant(id, instant) {
  if (!instant) return;
  const time = find(id);
  say(time, formatInstant(instant));
  time.dateTime = instant;
}

// --- The connection ----------------------------------------------------------------------------------

const problemAction = find("problem-action");
let onProblemAction = () => {};
problemAction.addEventListener("click", () => onProblemAction());

function showConnection() {
  const state = connection;
  // Between two tries the page still waits; only data makes it live again.
  const isTrying = state.name === "connecting" && document.body.dataset.hadProblem === "yes";
  find("connection").dataset.state = state.name;
  find("figures").classList.toggle("stale", state.name !== "live" && model.rate !== null);
  say(find("connection-text"), { connecting: "Connecting", live: "Live", waiting: "Reconnecting", refused: "Stopped" }[state.name]);
  if (state.problem) showProblem(state);
  else if (!isTrying) find("problem").hidden = true;
  document.body.dataset.hadProblem = state.name === "live" ? "no" : state.problem ? "yes" : document.body.dataset.hadProblem;
}

function showProblem({ problem, until }) {
  const { text, remedy, action, act } = explain(problem);
  find("problem").hidden = false;
  say(find("problem-text"), text);
  const seconds = until ? Math.max(0, Math.ceil((until - Date.now()) / 1000)) : null;
  say(find("problem-remedy"), remedy);
  say(problemAction, seconds === null ? action : `${action} (${seconds} s)`);
  onProblemAction = act;
}

function explain({ status, detail }) {
  const retry = { action: "Try now", act: () => stream.retryNow() };
  switch (status) {
    case 0:
      return { text: "The gateway does not answer.", remedy: "./clientele status tells whether it runs. Below are the last figures heard.", ...retry };
    case 200:
      return { text: "The stream of live figures ended.", remedy: "It is opened again by itself.", ...retry };
    case 401:
      return {
        text: detail || "Your session has ended.",
        remedy: "Sign in again to go on.",
        action: "Sign in",
        act: () => signIn.begin(),
      };
    case 403:
      return {
        text: "You may not watch live figures.",
        remedy: `${detail} Sign in as somebody with one of these roles.`,
        action: "Sign out",
        act: () => signIn.end(),
      };
    case 404:
      return { text: "This gateway has no live figures.", remedy: "It is older than this page: bring all services to one version.", ...retry };
    case 429:
      return { text: "Too many requests of this program.", remedy: "The page comes back by itself.", ...retry };
    default:
      return {
        text: "Reporting is away.",
        remedy: `${detail || `It answered ${status}.`} ./clientele status tells more. Below are the last figures heard.`,
        ...retry,
      };
  }
}

// --- First steps -------------------------------------------------------------------------------------

const token = `$(./clientele token${["", "8080"].includes(location.port) ? "" : ` --port ${location.port}`})`;

function eventCommand() {
  return `curl -X POST ${location.origin}/v1/events \\
  -H "Authorization: Bearer ${token}" \\
  -H "Content-Type: application/json" \\
  -d '{"id":"first-1","type":"purchase","source":"hello","member":"m-1",
       "occurredAt":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'","properties":{"amount":84}}'`;
}

function segmentCommand() {
  return `curl -X PUT ${location.origin}/v1/segments/recent-buyers \\
  -H "Authorization: Bearer ${token}" \\
  -H "Content-Type: application/json" \\
  -d '{"name":"Recent buyers","status":"active",
       "condition":{"event":"purchase","within":{"last":"P30D"}}}'`;
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(find(button.dataset.copies).textContent);
      say(button, "Copied");
    } catch {
      // Not allowed here: selected, it is one key away.
      getSelection().selectAllChildren(find(button.dataset.copies));
      say(button, "Selected");
    }
    setTimeout(() => say(button, "Copy"), 2000);
  });
}

window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  chart.readColors();
  flowChart.readColors();
});

start();
