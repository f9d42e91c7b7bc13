// Pairing: the tablet holds a token that can send and read nothing, and the inquiry's public key.
import { announce } from "./changes.js";
import { ask } from "./http.js";
import { entries } from "./queue.js";
import { getSetting, named, removeSetting, write } from "./store.js";

const TOKEN = /^[a-z0-9]{24}$/;

// Pair this tablet: ask the server whose token it is, and keep what it says. Resolves with the
// facts {device, name, until, inquiry, recipient, wording, pairedAt}; what waits stays and is sent.
// Rejects by name: "BadToken" (mistyped), "TokenRefused" (unknown, ended or revoked), "Unreachable",
// "OtherInquiry" (stories wait here that another inquiry's key was used for; `force` keeps them).
export async function pair(token, { force = false } = {}) {
  const typed = normaliseToken(token);
  if (!typed) {
    throw named("BadToken");
  }
  const answer = await askServer(typed);
  const waiting = await entries();
  if (!force && waiting.some((entry) => entry.recipient !== answer.recipient)) {
    throw named("OtherInquiry");
  }
  const { device, name, until = null, inquiry, recipient, wording } = answer;
  const facts = { device, name, until, inquiry, recipient, wording };
  facts.pairedAt = new Date().toISOString();
  await keep({ token: typed, ...facts }, waiting);
  announce("paired");
  return facts;
}

// The numbers given since pairing let the server say "41 of 43 arrived". Paired again as the same
// device, the count goes on; as a new one, it begins with the first that still waits.
function keep(device, waiting) {
  return write(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    const before = await settings.get("device");
    const { first, last } = (await settings.get("numbers")) ?? { first: 1, last: 0 };
    const same = before?.device === device.device && before.recipient === device.recipient;
    const begins = Math.min(last + 1, ...waiting.map((entry) => entry.seq));
    await Promise.all([
      settings.put(device, "device"),
      settings.put({ first: same ? first : begins, last }, "numbers"),
      settings.delete("paused"),
      settings.delete("sending"),
    ]);
  });
}

// Return the facts of the pairing, without the token; null where this tablet is not paired.
export async function paired() {
  const kept = await getSetting("device");
  if (!kept) {
    return null;
  }
  const { token: _token, ...facts } = kept;
  return facts;
}

// Ask the server how many of this tablet's stories arrived: {arrived, of, missing, …}. Rejects as
// `pair` does.
export async function arrivals() {
  const device = await getSetting("device");
  if (!device) {
    throw named("TokenRefused");
  }
  const { first, last } = await getSetting("numbers");
  return askServer(device.token, { "Par-Device-Numbers": `${first}-${last}` });
}

// Forget the token and the inquiry. What waits stays, sealed, until the tablet is paired again.
export async function unpair() {
  await removeSetting("device");
  announce("paired");
}

// Typed or scanned, with capitals, spaces and dashes, or as the whole link it stands behind. Letters
// that were taken for digits are left to the server, which knows its alphabet.
function normaliseToken(text) {
  const typed = String(text).split("#").pop().toLowerCase().replace(/[\s\p{Pd}]/gu, "");
  return TOKEN.test(typed) ? typed : null;
}

async function askServer(token, headers = {}) {
  let answer;
  try {
    answer = await ask("GET", "/api/device", { token, headers });
  } catch (error) {
    throw named("Unreachable", error);
  }
  if (answer.status === 401) {
    throw named("TokenRefused");
  }
  const facts = readFacts(answer);
  if (!facts) {
    throw named("Unreachable");
  }
  return facts;
}

// A network's login page answers 200 too: only what our server says counts.
function readFacts({ status, text }) {
  try {
    const facts = JSON.parse(text);
    return status === 200 && /^age1/.test(facts.recipient) && facts.device ? facts : null;
  } catch {
    return null;
  }
}
