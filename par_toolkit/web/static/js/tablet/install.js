// The service worker: registering it, finding a newer one, and letting it take over at a good time.
const WORKER = "/tell/worker.js";
const SCOPE = "/tell";
const HOUR = 3_600_000;
const MINUTE = 60_000;
const QUIET = 1500;
const TAKING_OVER = 10_000; // ms to wait for a new worker before the lock is let go again

// Return the registration; null where the browser knows no workers, or the server could not be
// reached for the first one.
export async function register() {
  if (!("serviceWorker" in navigator)) {
    return null;
  }
  try {
    return await navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
  } catch {
    return (await navigator.serviceWorker.getRegistration(SCOPE)) || null;
  }
}

// Look for a new version now, when a network comes back and each hour; let it take over when no
// telling is open.
export function keepCurrent(registration) {
  let turn = Promise.resolve();
  const inTurn = (work) => () => {
    turn = turn.then(work);
  };
  const look = inTurn(() => registration.update().catch(() => {})); // no network is no fault
  // Not while the page is still busy opening. (With a debugger attached, Chromium then never lets
  // the new version in.)
  const hand = inTurn(() => wait(QUIET).then(() => handOver(registration)));
  registration.addEventListener("updatefound", () => {
    const found = registration.installing;
    found?.addEventListener("statechange", () => found.state === "installed" && hand());
  });
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.hidden || hand());
  window.setInterval(look, HOUR);
  window.setInterval(hand, MINUTE); // a telling in another tab may have ended
  reloadAfter();
  look();
  hand();
}

// Say what is kept: {version, forms, languages, missing}; null where no worker is at work.
export async function kept() {
  const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
  const worker = registration?.active;
  if (!worker) {
    return null;
  }
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data);
    worker.postMessage("about", [port2]);
    window.setTimeout(resolve, TAKING_OVER, null);
  });
}

// Only pages with nobody's words on them hand over; a telling holds the lock for as long as it is
// open, in whichever tab.
async function handOver(registration) {
  if (!registration.waiting || !navigator.locks || !mayReload()) {
    return;
  }
  await navigator.locks.request("par-telling", { ifAvailable: true }, async (lock) => {
    if (lock && registration.waiting) {
      const taken = new Promise((resolve) => {
        navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
        window.setTimeout(resolve, TAKING_OVER);
      });
      registration.waiting.postMessage("take over");
      await taken;
    }
  });
}

function wait(time) {
  return new Promise((resolve) => {
    window.setTimeout(resolve, time);
  });
}

function reloadAfter() {
  let before = navigator.serviceWorker.controller; // the first worker changes no page
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (before && mayReload()) {
      window.location.reload();
    }
    before = navigator.serviceWorker.controller;
  });
}

function mayReload() {
  return ["/tell", "/tell/device"].includes(window.location.pathname);
}
