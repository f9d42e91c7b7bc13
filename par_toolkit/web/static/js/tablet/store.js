// The one door to what a tablet keeps: IndexedDB, database "par".
//
//   settings  name -> value: device, numbers, salt, lastSent, paused, sending, language
//   drafts    tag -> a telling under way, encrypted under its own receipt code (drafts.js)
//   chunks    tag, n -> a piece of its voice, encrypted likewise
//   queue     uuid -> what may be shown of a story that waits (queue.js)
//   sealed    uuid -> its sealed bytes; apart, so that showing the queue never loads megabytes
import { openDB } from "../../vendor/idb.js";

const NAME = "par";
const VERSION = 1;
const STORES = { settings: undefined, drafts: "tag", chunks: ["tag", "n"], queue: "uuid", sealed: "uuid" };
// Some browsers neither open nor refuse; a page must not wait for ever for one that does not answer.
const PATIENCE = 10000;

let opening = null;

// Return an Error that callers know by its name; words for people are found by that name.
export function named(name, cause) {
  const error = new Error(name, { cause });
  error.name = name;
  return error;
}

// Open the database once for this page. Rejects with "StoreBlocked" where the browser refuses.
export function openStore() {
  opening ??= open().catch((error) => {
    opening = null;
    throw named("StoreBlocked", error);
  });
  return opening;
}

async function open() {
  const forget = () => {
    opening = null;
  };
  // A refusal may be thrown at once: then too it must come as a rejected promise.
  const asked = openDB(NAME, VERSION, {
    upgrade: makeStores,
    // A newer page in another tab wants to change the database, or somebody clears it: let go.
    blocking: (_current, _wanted, event) => {
      forget();
      event.target.close();
    },
    terminated: forget,
  });
  return withPatience(asked);
}

function makeStores(db) {
  for (const [store, keyPath] of Object.entries(STORES)) {
    if (!db.objectStoreNames.contains(store)) {
      db.createObjectStore(store, keyPath && { keyPath });
    }
  }
}

function withPatience(asked) {
  let timer = 0;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      asked.then((db) => db.close(), () => {});
      reject(new Error("no answer"));
    }, PATIENCE);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

// Run `work(transaction)` in one transaction for writing and return what it returns, after it is
// complete: on the disk, and not only handed to the system (durability "strict"). `work` may wait
// for nothing but this transaction. Rejects with "StorageFull" where there is no room, and then
// nothing of it is written.
export async function write(stores, work) {
  const db = await openStore();
  const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
  // Seen here, a failure is not reported a second time as one that nobody handled.
  const done = transaction.done.then(() => null, (error) => error ?? new Error("aborted"));
  let result;
  let failure = null;
  try {
    result = await work(transaction);
  } catch (error) {
    failure = error;
    abort(transaction);
  }
  // The transaction's own reason says more than that a request in it was called off.
  failure = pick(await done, failure);
  if (failure) {
    throw failure.name === "QuotaExceededError" ? named("StorageFull", failure) : failure;
  }
  return result;
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}

function pick(ending, failure) {
  const full = [ending, failure].find((error) => error?.name === "QuotaExceededError");
  return full ?? failure ?? ending;
}

export async function getSetting(name) {
  return (await openStore()).get("settings", name);
}

export function setSetting(name, value) {
  return write(["settings"], (transaction) => transaction.objectStore("settings").put(value, name));
}

export function removeSetting(name) {
  return write(["settings"], (transaction) => transaction.objectStore("settings").delete(name));
}
