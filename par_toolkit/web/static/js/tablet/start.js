// On every page of telling: keep what is needed without a network, send what waits, stay current.
import { keepCurrent, register } from "./install.js";

const insecure = document.getElementById("insecure");

if (!window.isSecureContext) {
  // Over plain http browsers allow neither a kept page nor a sealed story: say so, and do nothing.
  if (insecure) {
    insecure.hidden = false;
  }
} else {
  begin();
}

async function begin() {
  sendWhatWaits();
  if (document.readyState !== "complete") {
    await new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
  }
  const registration = await register();
  if (registration) {
    keepCurrent(registration);
  }
}

async function sendWhatWaits() {
  try {
    const { paired } = await import("./pairing.js");
    if (await paired()) {
      const { start } = await import("./sender.js");
      start();
    }
  } catch (error) {
    // A browser that refuses its store can still tell online; the device page says what is wrong.
    if (error.name !== "StoreBlocked") {
      throw error;
    }
  }
}
