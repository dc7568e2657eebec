// Knows who is in which segment, by HTTP alone. Node 20 or later, nothing else to install.
//   CLIENTELE_URL=http://localhost:8080 CLIENTELE_TOKEN=… node membership-subscriber.mjs
// CLIENTELE_TOKEN is an access token with the role "engine". With --once it prints what it knows as JSON
// when there is nothing more to read, and ends; without, it tells of each change.
const url = process.env.CLIENTELE_URL ?? "http://localhost:8080";
const headers = { authorization: `Bearer ${process.env.CLIENTELE_TOKEN}`, accept: "application/x-ndjson" };
const once = process.argv.includes("--once");
const members = new Map(); // segment -> set of members
const sequences = new Map(); // member -> sequence of the latest change taken

async function* lines(path) {
  const answer = await fetch(url + path, { headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  let rest = "";
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const complete = (rest + part).split("\n");
    rest = complete.pop();
    for (const line of complete) if (line) yield JSON.parse(line);
  }
  if (rest) yield JSON.parse(rest);
}

function take(change) {
  if (change.sequence <= (sequences.get(change.member) ?? 0)) return; // told again
  sequences.set(change.member, change.sequence);
  const inside = members.get(change.segment) ?? members.set(change.segment, new Set()).get(change.segment);
  change.change === "entered" ? inside.add(change.member) : inside.delete(change.member);
}

// 1. Where the feed stands, before anything is read of segments.
let position = "";
for (let more = true; more; ) {
  more = false;
  for await (const change of lines(`/v1/feeds/memberships?limit=1000${position && `&after=${position}`}`)) {
    position = change.position;
    more = true;
  }
}
// 2. Who is in each segment now. Changes since 1 may be in it already: taking them again, in order, ends at the same.
for (let cursor = ""; cursor !== undefined; ) {
  const page = await fetch(`${url}/v1/segments?limit=1000${cursor && `&cursor=${cursor}`}`, {
    headers: { ...headers, accept: "application/json" },
  }).then((answer) => answer.json());
  for (const segment of page.items) {
    members.set(segment.key, new Set());
    for await (const row of lines(`/v1/segments/${segment.key}/members`)) members.get(segment.key).add(row.member);
  }
  cursor = page.next;
}
// 3. Every change from there on.
for (;;) {
  let came = false;
  const wait = once ? "" : "&wait=PT30S";
  for await (const change of lines(`/v1/feeds/memberships?limit=1000${wait}${position && `&after=${position}`}`)) {
    position = change.position;
    came = true;
    take(change);
    if (!once) console.log(`${change.at} ${change.member} ${change.change} ${change.segment}`);
  }
  if (once && !came) break;
}
console.log(JSON.stringify(Object.fromEntries([...members].map(([key, all]) => [key, [...all].sort()]))));
