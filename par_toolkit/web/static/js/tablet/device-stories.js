// The stories on this tablet: what waits, what arrived, what was refused, and what can be done.
import { arrivals } from "./pairing.js";
import { entries, exportFile, retry, summary } from "./queue.js";
import { put } from "./words.js";

const at = (id) => document.getElementById(id);

// Show everything that is known; `facts` is what this tablet was paired with, or null. Returns
// {left, paused}: how many stories are on it, and why sending stands still. `send` is called after a
// refused story was put back.
export async function showStories(facts, send) {
  const [known, all] = await Promise.all([summary(), entries()]);
  const waiting = all.filter((one) => one.state === "waiting");
  showWaiting(waiting);
  if (known.lastSent) {
    at("last-sent").textContent = moment(known.lastSent);
  } else {
    put(at("last-sent"), "sent-never");
  }
  showRefused(all.filter((one) => one.state !== "waiting"), send);
  at("save").hidden = all.length === 0;
  at("send").hidden = !facts;
  return { left: all.length, paused: known.paused };
}

// Write a time as people here read it.
export function moment(when) {
  const { dates } = at("device").dataset;
  const format = new Intl.DateTimeFormat(dates, { dateStyle: "medium", timeStyle: "short" });
  return format.format(new Date(when));
}

// Ask the server which numbers have arrived. Resolves with true where the pairing does not hold.
export async function showArrived(facts) {
  const missing = at("missing");
  missing.textContent = "";
  if (!facts) {
    put(at("arrived"), "numbers-none");
    return false;
  }
  try {
    sayArrived(await arrivals(), missing);
  } catch (error) {
    put(at("arrived"), "numbers-unknown");
    return error.name === "TokenRefused";
  }
  return false;
}

function sayArrived(found, missing) {
  if (!found.of) {
    put(at("arrived"), "numbers-none");
    return;
  }
  put(at("arrived"), "numbers-arrived", { arrived: found.arrived, of: found.of });
  if (found.missing.length) {
    put(missing, "numbers-missing", { numbers: found.missing.join(", ") });
  }
}

function showWaiting(waiting) {
  if (!waiting.length) {
    put(at("waiting"), "waiting-none");
    return;
  }
  const oldest = waiting.map((one) => one.since).reduce((a, b) => (a < b ? a : b));
  put(at("waiting"), "waiting-since", { n: waiting.length, when: moment(oldest) });
}

function showRefused(refused, send) {
  const one = at("refused-one").content.firstElementChild;
  const rows = refused.map((entry) => {
    const row = one.cloneNode(true);
    put(row.querySelector("[data-number]"), "refused-number", { n: entry.seq });
    row.querySelector("[data-reason]").textContent = entry.reason || entry.status;
    row.querySelector("button").addEventListener("click", () => retry(entry.uuid).then(send));
    return row;
  });
  at("refused-list").replaceChildren(...rows);
  at("refused").hidden = !refused.length;
}

// Write what is on this tablet, still sealed, to a file of the person who holds it.
export async function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await exportFile());
  link.download = `par-waiting-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
