// What waits on this tablet: sealed stories, each with its number, until the server has said that
// it is on disk. What may be shown of a story (its entry) and its sealed bytes lie apart.
import { changes, announce } from "./changes.js";
import { remove } from "./drafts.js";
import { seal } from "./sealing.js";
import { getSetting, named, openStore, write } from "./store.js";

export { changes };

const WAITING = { state: "waiting", status: null, reason: null, tries: 0, nextTry: 0 };

const finishing = new Map();

// Give the story its number, seal it, and in ONE transaction keep it and delete its draft. Resolves
// with {uuid, seq} once that is on disk. Finishing twice, as by a double click, is finishing once.
// Rejects by name, and then the draft is untouched: "StorageFull", "NotPaired", or
// "FinishedElsewhere" where another tab finished the same telling and it still waits here.
export function finish(draft, story, { uuid }) {
  const id = uuid.toLowerCase();
  if (!finishing.has(id)) {
    finishing.set(id, finishOnce(draft, story, id).finally(() => finishing.delete(id)));
  }
  return finishing.get(id);
}

async function finishOnce(draft, story, uuid) {
  let seq = null;
  // Another tab may take the number while we seal: the number is inside the seal, so seal again.
  while (seq === null) {
    const device = await getSetting("device");
    if (!device) {
      throw named("NotPaired");
    }
    const next = ((await getSetting("numbers"))?.last ?? 0) + 1;
    const sealed = await seal({ ...story, device_seq: next }, device.recipient);
    seq = await commit(newEntry(uuid, next, sealed.length, device), sealed, draft);
  }
  draft?.letGo();
  announce("finished");
  return { uuid, seq };
}

// Whom it is sealed to is kept with it: the tablet may come to another inquiry before it is sent.
function newEntry(uuid, seq, size, { recipient, inquiry, device }) {
  const since = new Date().toISOString();
  return { uuid, seq, size, since, recipient, inquiry, device, ...WAITING };
}

// Return the number when all is on disk, or null where the number or the pairing is no longer so.
function commit(entry, sealed, draft) {
  const stores = ["settings", "queue", "sealed", "drafts", "chunks"];
  return write(stores, async (transaction) => {
    const store = (name) => transaction.objectStore(name);
    const numbers = (await store("settings").get("numbers")) ?? { first: 1, last: 0 };
    const device = await store("settings").get("device");
    if (await store("queue").getKey(entry.uuid)) {
      throw named("FinishedElsewhere");
    }
    if (numbers.last !== entry.seq - 1 || device?.recipient !== entry.recipient) {
      return null;
    }
    await Promise.all([
      store("settings").put({ ...numbers, last: entry.seq }, "numbers"),
      store("queue").add(entry),
      store("sealed").add({ uuid: entry.uuid, sealed }),
      draft && remove(transaction, draft.tag),
    ]);
    return entry.seq;
  });
}

// Return all entries, oldest first; never their sealed bytes.
export async function entries() {
  const all = await (await openStore()).getAll("queue");
  return all.sort((one, other) => one.seq - other.seq);
}

// Return the sealed bytes of one story, or null where it no longer waits.
export async function sealedBytes(uuid) {
  return (await (await openStore()).get("sealed", uuid))?.sealed ?? null;
}

// Return what a facilitator is shown: how much waits, which numbers, and whether sending is paused.
export async function summary() {
  const [all, device, numbers, lastSent, paused] = await Promise.all([
    entries(),
    ...["device", "numbers", "lastSent", "paused"].map(getSetting),
  ]);
  const quarantined = all.filter((entry) => entry.state === "quarantined").length;
  const stopped = paused ?? (!device && all.length ? "pair_again" : null);
  return {
    waiting: all.length - quarantined,
    quarantined,
    first: numbers?.first ?? null,
    last: numbers?.last ?? null,
    lastSent: lastSent ?? null,
    paused: stopped,
  };
}

// Change an entry where it still is: another tab may have sent the story meanwhile.
export function change(uuid, facts) {
  return write(["queue"], async (transaction) => {
    const store = transaction.objectStore("queue");
    const entry = await store.get(uuid);
    if (entry) {
      await store.put({ ...entry, ...facts });
    }
    return Boolean(entry);
  });
}

// Delete a story from this device: the server has it on disk (or it was withdrawn: then `sent` is
// false, and nothing was received).
export async function erase(uuid, { sent }) {
  await write(["queue", "sealed", "settings"], async (transaction) => {
    const store = (name) => transaction.objectStore(name);
    await Promise.all([
      store("queue").delete(uuid),
      store("sealed").delete(uuid),
      sent && store("settings").put(new Date().toISOString(), "lastSent"),
    ]);
  });
  announce("sent");
}

// Let a refused story wait again, and be sent with the next round.
export async function retry(uuid) {
  await change(uuid, WAITING);
  announce("retry");
}

// Return a file with everything that waits, sealed as it is; `par import` takes it. Putting it
// together one story at a time never needs more memory than the largest.
export async function exportFile() {
  const all = await entries();
  const { inquiry, recipient, device } = (await getSetting("device")) ?? all[0] ?? {};
  const head = JSON.stringify({ par_waiting: 1, inquiry, recipient, device });
  const parts = [head.slice(0, -1), ',"stories":['];
  let comma = "";
  for (const entry of all) {
    const bytes = await sealedBytes(entry.uuid);
    if (bytes) {
      parts.push(new Blob([comma, exported(entry, recipient), base64(bytes), '"}']));
      comma = ",";
    }
  }
  return new Blob([...parts, "]}\n"], { type: "application/json" });
}

// Return the JSON of an entry, open at its end for the sealed bytes.
function exported({ uuid, seq, state, status, reason, recipient }, usual) {
  const facts = { uuid, device_seq: seq, state, status, reason };
  // Only a story that was sealed before the tablet came to another inquiry has a key of its own.
  const other = recipient === usual ? {} : { recipient };
  return `${JSON.stringify({ ...facts, ...other }).slice(0, -1)},"sealed":"`;
}

function base64(bytes) {
  // A multiple of three, so that the pieces join without padding; small enough for an argument list.
  const step = 3 * 8192;
  let text = "";
  for (let at = 0; at < bytes.length; at += step) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + step)));
  }
  return text;
}
