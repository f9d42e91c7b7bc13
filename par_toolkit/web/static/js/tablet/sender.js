// Sends what waits: at start, when the network comes back, when the page is looked at again, each
// minute, and when somebody asks. One sender at a time across all tabs.
import { read } from "./answers.js";
import { delay, isDue } from "./backoff.js";
import { announce, changes } from "./changes.js";
import { ask, reachable } from "./http.js";
import { change, entries, erase, sealedBytes } from "./queue.js";
import { getSetting, removeSetting, setSetting } from "./store.js";

const EACH = 60000;
const SOON = 1000;
// One story that the server stumbles over holds up nothing; three in a row are the server's trouble.
const IN_A_ROW = 3;

let last = Promise.resolve();
let rounds = 0;
let timer = null;

// Send whenever there is a chance to. Called again, it does nothing.
export function start() {
  if (timer !== null) {
    return;
  }
  timer = 0;
  addEventListener("online", () => automatic({ changed: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      automatic();
    }
  });
  changes.addEventListener("change", (event) => {
    if (event.detail === "paired") {
      automatic({ changed: true });
    }
  });
  automatic({ resume: true });
}

// Send all that waits now, whatever was agreed about waiting: a person asks. Resolves with {sent,
// waiting, state}: "sent" (nothing waits), "offline", "pair_again", "later", "refused" (one of
// those just sent) or "busy" (another tab is sending). Whether one story arrived is seen by its
// entry being gone from the queue.
export function sendNow() {
  return inTurn({ asked: true });
}

function automatic(why = {}) {
  // What is added while a round runs is part of that round.
  if (rounds === 0) {
    // Where even the store cannot be opened there is nothing to send; the page says so itself.
    inTurn(why).catch(() => {});
  }
}

function inTurn(why) {
  rounds += 1;
  const turn = last.then(() => alone(() => round(why))).then(described);
  last = turn
    .catch(() => ({ state: "later" }))
    .then(({ state }) => {
      rounds -= 1;
      return schedule(state);
    })
    .catch(() => {});
  return turn;
}

// Without Web Locks (Safari before 15.4) only this page's rounds are kept apart. Two tabs may then
// send the same story at once, and the server keeps it once; a lock of our own in IndexedDB would
// add nothing but the chance of one that is never let go.
function alone(work) {
  if (!navigator.locks) {
    return work();
  }
  return navigator.locks.request("par-sender", { ifAvailable: true }, (lock) =>
    lock ? work() : { sent: 0, state: "busy" },
  );
}

async function described({ sent, state }) {
  const waiting = (await entries()).filter((entry) => entry.state === "waiting").length;
  return { sent, waiting, state: state ?? (waiting ? "later" : "sent") };
}

// Send what is due, oldest first. `asked`: by a person, so everything is. `changed`: the network or
// the pairing is another, so our own waiting is void. `resume`: try once although we are to pair
// again, since it may have been another server's 401.
async function round({ asked = false, changed = false, resume = asked }) {
  const result = { sent: 0, state: null };
  let failed = 0;
  for await (const entry of waiting({ asked, changed, resume })) {
    const outcome = await send(entry);
    await note(entry, outcome);
    result.sent += outcome.kind === "stored" ? 1 : 0;
    failed = outcome.kind === "later" ? failed + 1 : 0;
    result.state = { refused: "refused" }[outcome.kind] ?? result.state;
    const ending = endOf(outcome, failed);
    if (ending) {
      await pause(outcome);
      return { ...result, state: ending };
    }
  }
  const paused = await getSetting("paused");
  return paused ? { ...result, state: paused } : result;
}

// Return why this outcome ends the round, or null where the next story may still go.
function endOf({ kind, wholeQueue }, failed) {
  if (kind === "offline" || kind === "pair_again") {
    return kind;
  }
  return kind === "later" && (wholeQueue || failed === IN_A_ROW) ? "later" : null;
}

async function* waiting({ asked, changed, resume }) {
  if (!asked && !(await mayTry({ changed, resume }))) {
    return;
  }
  const seen = new Set();
  for (;;) {
    const next = (await entries()).filter(
      ({ uuid, state, nextTry }) =>
        state === "waiting" && !seen.has(uuid) && (asked || isDue(nextTry, Date.now())),
    );
    if (!next.length) {
      return;
    }
    for (const entry of next) {
      seen.add(entry.uuid);
      yield entry;
    }
  }
}

async function mayTry({ changed, resume }) {
  if (!resume && (await getSetting("paused"))) {
    return false;
  }
  const { ours, theirs } = await agreed();
  return isDue(changed ? theirs : Math.max(ours, theirs), Date.now());
}

// When we said we would try again, when the server asked us to, and how often it failed in a row.
async function agreed() {
  return (await getSetting("sending")) ?? { ours: 0, theirs: 0, failures: 0 };
}

async function send(entry) {
  const [device, numbers, language] = await Promise.all(
    ["device", "numbers", "language"].map(getSetting),
  );
  if (!device) {
    return { kind: "pair_again" };
  }
  const body = await sealedBytes(entry.uuid);
  if (!body) {
    return { kind: "gone" };
  }
  let answer;
  try {
    answer = await ask("PUT", `/api/stories/${entry.uuid}`, {
      token: device.token,
      body,
      headers: headersOf(entry, numbers, language),
    });
  } catch {
    // Is the network away, or does just this story not get through?
    return (await reachable()) ? { kind: "later", status: null } : { kind: "offline" };
  }
  const outcome = { status: answer.status, ...read(entry.uuid, answer) };
  const wholeQueue = answer.status === 429 || Boolean(outcome.wait);
  // The tablet was paired anew while the old token was refused: that refusal says nothing any more.
  const old = outcome.kind === "pair_again" && (await getSetting("device"))?.token !== device.token;
  return old ? { kind: "gone" } : { ...outcome, wholeQueue };
}

function headersOf(entry, numbers, language) {
  return {
    "Content-Type": "application/age",
    "Par-Device-Numbers": `${numbers.first}-${numbers.last}`,
    "Par-Device-Seq": String(entry.seq),
    ...(language ? { "Accept-Language": language } : {}),
  };
}

async function note({ uuid, tries }, { kind, status = null, reason = null }) {
  if (kind === "stored" || kind === "withdrawn") {
    await erase(uuid, { sent: kind === "stored" });
    await resumed();
  } else if (kind === "refused") {
    await change(uuid, { state: "quarantined", status, reason, tries: tries + 1 });
    await resumed();
    announce("refused");
  } else if (kind === "later") {
    const nextTry = Date.now() + delay(tries + 1);
    await change(uuid, { status, tries: tries + 1, nextTry });
    announce("later");
  }
}

// Our server took a story: whatever we had agreed about waiting is over.
async function resumed() {
  for (const name of ["sending", "paused"]) {
    if ((await getSetting(name)) !== undefined) {
      await removeSetting(name);
    }
  }
}

// The round ended early: keep when to go on, for every tab and after a restart too.
async function pause({ kind, wait }) {
  if (kind === "pair_again") {
    await setSetting("paused", "pair_again");
    announce("paused");
    return;
  }
  const failures = (await agreed()).failures + 1;
  const now = Date.now();
  await setSetting("sending", { ours: now + delay(failures), theirs: now + (wait ?? 0), failures });
}

// Come back when the next story is due, and after a minute at the latest.
async function schedule(state) {
  if (timer === null) {
    return;
  }
  const still = ["busy", "pair_again"].includes(state);
  const wait = still ? EACH : (await nextMoment()) - Date.now();
  clearTimeout(timer);
  timer = setTimeout(automatic, Math.min(EACH, Math.max(SOON, wait)));
}

async function nextMoment() {
  const { ours, theirs } = await agreed();
  const own = (await entries()).filter((entry) => entry.state === "waiting");
  return Math.max(ours, theirs, Math.min(...own.map((entry) => entry.nextTry)));
}
