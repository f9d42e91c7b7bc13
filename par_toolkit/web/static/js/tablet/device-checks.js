// What this tablet can do: each check gives {state, key, values}, to be said by words.js.
import { kept } from "./install.js";
import { openStore } from "./store.js";

const LITTLE = 50_000_000; // bytes; a spoken story of half an hour takes about 5 MB

export const checks = { secure, store, kit, persist, room, voice };

// Return the names of languages, in the language of the page.
export function languageNames(codes) {
  const names = new Intl.DisplayNames([pageLanguage()], { type: "language" });
  return codes.map((code) => names.of(code));
}

export function pageLanguage() {
  return document.documentElement.lang;
}

async function secure() {
  return { state: window.isSecureContext && crypto.subtle ? "good" : "bad" };
}

async function store() {
  try {
    await openStore();
    return { state: "good" };
  } catch {
    return { state: "bad" };
  }
}

async function kit() {
  if (!navigator.serviceWorker) {
    return { state: "bad" };
  }
  const found = await kept();
  if (!found) {
    const coming = await navigator.serviceWorker.getRegistration("/tell");
    return { state: coming || navigator.onLine ? "wait" : "warn" };
  }
  if (found.missing.length) {
    return { state: "warn" };
  }
  const { forms, languages } = found;
  const titles = forms.map((form) => form.titles[pageLanguage()] || form.name);
  const list = new Intl.ListFormat(pageLanguage(), { type: "conjunction" });
  const values = { forms: list.format(titles), languages: list.format(languageNames(languages)) };
  return { state: "good", values, forms, languages };
}

async function persist() {
  const promised = await navigator.storage?.persisted?.();
  return { state: promised ? "good" : "warn" };
}

async function room() {
  const found = await navigator.storage?.estimate?.();
  if (!found?.quota) {
    return { state: "info" };
  }
  const free = found.quota - found.usage;
  const megabytes = free / 1_000_000;
  const large = megabytes >= 1000;
  const size = new Intl.NumberFormat(pageLanguage(), {
    style: "unit",
    unit: large ? "gigabyte" : "megabyte",
    maximumFractionDigits: 0,
  }).format(large ? megabytes / 1000 : megabytes);
  return { state: free < LITTLE ? "warn" : "good", values: { size } };
}

async function voice() {
  try {
    const found = await navigator.mediaDevices.enumerateDevices();
    const hears = "MediaRecorder" in window && found.some((one) => one.kind === "audioinput");
    return { state: hears ? "good" : "info" };
  } catch {
    return { state: "info" };
  }
}
