// Where this page stands: on a paired tablet, in a browser that can keep a draft, or in neither.
import { paired } from "./pairing.js";

// Says only that this browser was paired once: a browser that refuses its store tells nothing else.
const MARK = "par-paired";

// Return {keeps, device}: whether a draft can be kept, and the facts of the pairing or null.
// Rejects with "StoreBlocked" on a paired tablet whose store is refused.
export async function find() {
  if (!window.isSecureContext || !globalThis.crypto?.subtle) {
    return { keeps: false, device: null };
  }
  try {
    const device = await paired();
    mark(Boolean(device));
    return { keeps: true, device };
  } catch (error) {
    if (isMarked()) {
      throw error;
    }
    return { keeps: false, device: null };
  }
}

function mark(on) {
  try {
    if (on) {
      window.localStorage.setItem(MARK, "yes");
    } else {
      window.localStorage.removeItem(MARK);
    }
  } catch {
    // Where even this is refused, nothing else is kept either.
  }
}

function isMarked() {
  try {
    return window.localStorage.getItem(MARK) === "yes";
  } catch {
    return false;
  }
}
