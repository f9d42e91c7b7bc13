// The page about this tablet: pairing it, what it can do, and what waits on it.
import { changes } from "./changes.js";
import { checks, languageNames } from "./device-checks.js";
import { moment, save, showArrived, showStories } from "./device-stories.js";
import { pair, paired, unpair } from "./pairing.js";
import { sendNow, start } from "./sender.js";
import { loadWords, put } from "./words.js";

const at = (id) => document.getElementById(id);
const EVERY = 60_000;
const PAIRING = {
  BadToken: "pair-code-wrong",
  OtherInquiry: "pair-other-inquiry",
  StoreBlocked: "pair-blocked",
  TokenRefused: "pair-code-wrong",
  Unreachable: "pair-offline",
};

let onTablet = 0; // stories that wait here, refused ones as well
let saved = false;
let installing = null;

// A scanned square holds the key behind "#": take it, and take it out of the address at once.
function scanned() {
  const token = decodeURIComponent(window.location.hash.slice(1));
  if (token) {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
  return token;
}

const first = scanned();
begin();

async function begin() {
  await loadWords();
  at("device").hidden = false;
  if (!window.isSecureContext) {
    at("pair").hidden = true; // the notice above says why, and what can be done
    at("stories-title").parentElement.hidden = true;
    await showChecks(["secure"]);
    showVerdict(false);
    return;
  }
  listen();
  if (first) {
    await pairWith(first);
  }
  await showAll();
}

function listen() {
  window.addEventListener("hashchange", () => {
    const token = scanned();
    return token && pairWith(token);
  });
  at("pair").addEventListener("submit", (event) => {
    event.preventDefault();
    pairWith(at("pair-code").value);
  });
  at("check-again").addEventListener("click", checkAgain);
  at("send").addEventListener("click", send);
  at("save").addEventListener("click", async () => {
    await save();
    saved = true;
    put(at("said"), "save-done");
    await showAll();
  });
  at("unpair").addEventListener("click", askToUnpair);
  at("unpair-yes").addEventListener("click", endPairing);
  changes.addEventListener("change", () => showAll());
  window.addEventListener("online", () => showAll());
  navigator.serviceWorker?.addEventListener("controllerchange", () => showAll());
  window.setInterval(() => document.hidden || showAll(), EVERY);
  window.addEventListener("beforeinstallprompt", (event) => {
    installing = event;
    at("home-way").hidden = false;
  });
  at("home").addEventListener("click", () => installing?.prompt());
}

// --- pairing -----------------------------------------------------------------------------------

async function pairWith(token) {
  const error = at("pair-code-error");
  error.hidden = true;
  if (!token.trim()) {
    refuse("pair-code-missing");
    return;
  }
  put(at("said"), "pair-busy");
  try {
    // A page that is about to be renewed for a new version would lose the key: hold that off.
    // What waits for another inquiry may stay here once it is in a file.
    const facts = await undisturbed(() => pair(token, { force: saved }));
    at("pair-code").value = "";
    await navigator.storage?.persist?.();
    start();
    const { left } = await showStories(facts, send);
    put(at("said"), left ? "pair-done-again" : "pair-done", { n: left });
    await showAll();
  } catch (problem) {
    at("said").textContent = "";
    refuse(PAIRING[problem.name] || "pair-later");
  }
}

function refuse(key) {
  const field = at("pair-code");
  put(at("pair-code-error"), key).hidden = false;
  at("pair").hidden = false;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function undisturbed(work) {
  return navigator.locks ? navigator.locks.request("par-telling", { mode: "shared" }, work) : work();
}

// Unpairing deletes no story. Still, it comes only after they are sent or saved to a file.
function askToUnpair() {
  if (!onTablet) {
    endPairing();
  } else if (saved) {
    put(at("said"), "unpair-saved");
    at("unpair").hidden = true;
    at("unpair-yes").hidden = false;
    at("unpair-yes").focus();
  } else {
    put(at("said"), "unpair-waits");
    at("save").focus();
  }
}

async function endPairing() {
  at("unpair-yes").hidden = true;
  await unpair();
  put(at("said"), "unpair-done");
  await showAll();
}

// --- showing -----------------------------------------------------------------------------------

let showing = Promise.resolve();

// Show everything anew; calls wait for each other, so that an older look never comes last.
function showAll() {
  showing = showing.then(look, look);
  return showing;
}

async function look() {
  await showChecks();
  let facts;
  try {
    facts = await paired();
  } catch {
    put(at("pairing"), "pair-blocked");
    at("pair").hidden = true;
    return;
  }
  const { left, paused } = await showStories(facts, send);
  onTablet = left;
  const refused = await showArrived(facts);
  const ended = Boolean(facts) && (refused || paused === "pair_again");
  showPairing(facts, ended);
  showVerdict(Boolean(facts) && !ended);
  at("unpair").hidden = !facts || !at("unpair-yes").hidden;
}

function showPairing(facts, ended) {
  at("pairing-ends").textContent = "";
  at("pair").hidden = Boolean(facts) && !ended;
  if (!facts) {
    put(at("pairing"), "pair-needed");
    return;
  }
  const here = at("device").dataset.inquiry;
  if (ended && facts.inquiry !== here) {
    put(at("pairing"), "pair-elsewhere", { paired: facts.inquiry, here });
  } else if (ended) {
    put(at("pairing"), "pair-again");
  } else {
    put(at("pairing"), "pair-until-now", { name: facts.name, inquiry: facts.inquiry });
    const ends = facts.until ? "pair-ends" : "pair-endless";
    put(at("pairing-ends"), ends, { when: facts.until && moment(facts.until) });
  }
}

// One sentence for whoever hands the tablet out, in front of all the others.
function showVerdict(holds) {
  const needed = ["kit", "secure", "store"];
  const bad = needed.some((name) => row(name).dataset.state === "bad");
  const whole = needed.every((name) => row(name).dataset.state === "good");
  const verdict = bad ? "online" : whole && holds ? "ready" : "not-yet";
  put(at("verdict"), `verdict-${verdict}`);
  at("verdict").dataset.verdict = verdict;
}

function row(name) {
  return document.querySelector(`[data-check="${name}"]`);
}

async function showChecks(names = Object.keys(checks)) {
  for (const one of document.querySelectorAll("[data-check]")) {
    one.hidden = !names.includes(one.dataset.check);
  }
  for (const name of names) {
    const found = await checks[name]();
    row(name).dataset.state = found.state;
    put(row(name).querySelector("[data-word]"), `state-${found.state}`);
    put(row(name).querySelector("[data-detail]"), `check-${name}-${found.state}`, found.values);
    if (name === "kit") {
      showForms(found);
    }
  }
}

function showForms({ forms = [], languages = [] }) {
  const names = languageNames(languages);
  const rows = forms.map((form) => {
    const line = document.createElement("li");
    languages.forEach((code, index) => {
      const link = document.createElement("a");
      const title = document.createElement("bdi");
      title.lang = code;
      title.textContent = form.titles[code];
      link.href = `/tell/${form.name}?lang=${encodeURIComponent(code)}`;
      link.append(title, ` (${names[index]})`);
      line.append(link);
    });
    return line;
  });
  at("try-forms").replaceChildren(...rows);
  at("try").hidden = !rows.length;
}

async function checkAgain() {
  const registration = await navigator.serviceWorker?.getRegistration("/tell");
  await registration?.update().catch(() => {});
  await showAll();
}

async function send() {
  const { sent, waiting, state } = await sendNow();
  const key = state === "pair_again" ? "pair-again" : `send-${state}`;
  put(at("said"), state === "sent" && !sent ? "send-nothing" : key, { n: sent, waiting });
  await showAll();
}
