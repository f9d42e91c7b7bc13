// The service worker of telling: opens its pages from what is kept here when there is no network.
// The server puts `const KIT = {…};` before this: the version, and what belongs to it. It is kept
// whole or not at all, takes over only when a page says so, and never stores anything else.
"use strict";

const PREFIX = "par-kit-";
const CACHE = PREFIX + KIT.version;
const BUNDLE = "/tell/kit.json";
const PATIENCE = 4000; // ms that whoever is not paired waits for the server before the kept page
const FORMS = new Set(KIT.forms.map((form) => form.name));
const FILES = new Set(KIT.files);

// Pages that were opened from here: their styles and scripts must be of the same version.
const opened = new Set();
let latest = null; // what the pages have noted; a browser ends a quiet worker, and all this with it

self.addEventListener("install", (event) => event.waitUntil(keepKit()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));

self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    self.skipWaiting();
  } else if (event.data === "about" && event.ports[0]) {
    event.waitUntil(about().then((found) => event.ports[0].postMessage(found)));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    const page = keptPage(url.pathname);
    if (page) {
      event.respondWith(answerPage(event, page, url.searchParams.get("lang")));
    }
  } else if (FILES.has(url.pathname)) {
    event.respondWith(answerFile(event, url.pathname));
  }
});

// --- keeping ---------------------------------------------------------------------------------

async function keepKit() {
  const answer = await fetch(BUNDLE, { cache: "no-store", credentials: "omit" });
  // A sign-in page of somebody's network also answers 200; it is not JSON of this version.
  const bundle = answer.ok ? await answer.json() : {};
  if (!bundle.about || bundle.about.version !== KIT.version) {
    throw new Error("The kit could not be fetched whole.");
  }
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(
      bundle.parts.map((part) => cache.put(part.address, response(part, bundle.headers))),
    );
  } catch (error) {
    await caches.delete(CACHE); // no room, for example: half a kit is none
    throw error;
  }
}

function response(part, headers) {
  const body = part.base64
    ? Uint8Array.from(atob(part.base64), (letter) => letter.charCodeAt(0))
    : part.text;
  return new Response(body, { headers: { ...headers, "Content-Type": part.type } });
}

async function forgetOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) {
      await caches.delete(name);
    }
  }
  await self.clients.claim();
}

// Say what is kept; `missing` lists what a browser has thrown away since.
async function about() {
  const kept = await Promise.all(KIT.addresses.map((address) => fromKit(address)));
  const missing = KIT.addresses.filter((_, at) => !kept[at]);
  return { version: KIT.version, forms: KIT.forms, languages: KIT.languages, missing };
}

async function fromKit(address) {
  const cache = await caches.open(CACHE);
  return cache.match(address, { ignoreVary: true });
}

// --- answering -------------------------------------------------------------------------------

// Return the address of the kept page for a path, without its language; null for any other path.
function keptPage(path) {
  if (path === "/tell") {
    return "/tell/shell";
  }
  const name = path.startsWith("/tell/") ? path.slice("/tell/".length) : "";
  if (name === "device" || name === "privacy") {
    return path;
  }
  return FORMS.has(name) ? `/tell/shell/${name}` : null;
}

async function answerPage(event, page, asked) {
  latest = await settings();
  const kept = await fromKit(`${page}?lang=${language(asked)}`);
  if (kept && latest.device) {
    opened.add(event.resultingClientId);
    return kept;
  }
  const network = fetch(event.request);
  const answer = await inTime(network);
  if (!answer && kept) {
    opened.add(event.resultingClientId);
    return kept;
  }
  return answer || network;
}

async function answerFile(event, path) {
  const kept = await fromKit(path);
  latest ??= await settings();
  if (kept && (opened.has(event.clientId) || latest.device)) {
    return kept;
  }
  const network = fetch(event.request);
  const answer = await inTime(network);
  return (answer && !isPage(answer) && answer) || kept || network;
}

// None of our files is a page: it is what a network shows whoever has not signed in.
function isPage(answer) {
  return /^text\/html\b/i.test(answer.headers.get("content-type"));
}

// Return the server's answer; null when it fails, takes too long, or comes from something before
// the server that cannot reach it. Our own pages, also those that say no, carry our policy.
function inTime(network) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  return Promise.race([network.then((answer) => (unreached(answer) ? null : answer), () => null), late]);
}

function unreached(answer) {
  const ours = answer.headers.get("content-security-policy") === KIT.policy;
  return [502, 503, 504].includes(answer.status) && !ours;
}

function language(asked) {
  const wanted = [asked, latest.language, ...(self.navigator.languages || [])].filter(Boolean);
  const base = (code) => code.toLowerCase().split("-")[0];
  for (const code of wanted) {
    const found =
      KIT.languages.find((one) => one.toLowerCase() === code.toLowerCase()) ||
      KIT.languages.find((one) => base(one) === base(code));
    if (found) {
      return found;
    }
  }
  return KIT.languages[0];
}

// --- what the pages have noted -----------------------------------------------------------------

// Return the settings `device` and `language` from the pages' own store, which is never made here.
function settings() {
  const nothing = { device: null, language: null };
  return new Promise((resolve) => {
    let asked;
    try {
      asked = indexedDB.open("par");
    } catch {
      resolve(nothing);
      return;
    }
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = (event) => {
      event.preventDefault();
      resolve(nothing);
    };
    asked.onsuccess = () => read(asked.result).then(resolve, () => resolve(nothing));
  });
}

function read(store) {
  store.onversionchange = () => store.close();
  return new Promise((resolve, reject) => {
    const reading = store.transaction("settings");
    const device = reading.objectStore("settings").get("device");
    const spoken = reading.objectStore("settings").get("language");
    reading.oncomplete = () => resolve({ device: device.result || null, language: spoken.result });
    reading.onabort = reject;
  }).finally(() => store.close());
}
