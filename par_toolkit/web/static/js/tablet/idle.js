// Nobody is there any more: warn, then close. Right after sleep too, when timers have stood still.

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchmove", "input", "scroll", "focusin"];
const AGAIN = ["visibilitychange", "resume"];

// `idle` and `warn` are seconds: the warning comes `warn` before the end. `busy()` says that
// somebody is there who touches nothing, because they speak.
export class Idle {
  #seen;
  #timer = 0;
  #warned = false;
  #heard = new AbortController();

  constructor({ idle = 120, warn = 20, warned, stayed, closed, busy = () => false }) {
    Object.assign(this, { idle: idle * 1000, warn: warn * 1000, warned, stayed, closed, busy });
    this.#seen = now();
    const { signal } = this.#heard;
    for (const sign of SIGNS) {
      window.addEventListener(sign, () => this.#touched(), { passive: true, capture: true, signal });
    }
    for (const sign of AGAIN) {
      document.addEventListener(sign, () => this.#look(), { signal });
    }
    this.#look();
  }

  stop() {
    window.clearTimeout(this.#timer);
    this.#heard.abort();
  }

  // Whoever wakes a sleeping tablet touches it: that must not count for the person before.
  #touched() {
    if (this.#left() > 0) {
      this.#stay();
    } else {
      this.#look();
    }
  }

  #stay() {
    this.#seen = now();
    if (this.#warned) {
      this.#warned = false;
      this.stayed();
    }
  }

  #left() {
    return this.idle - since(this.#seen);
  }

  #look() {
    window.clearTimeout(this.#timer);
    if (this.#left() <= this.warn && !document.hidden && this.busy()) {
      this.#stay();
    }
    const left = this.#left();
    if (left <= 0) {
      this.stop();
      this.closed();
      return;
    }
    if (left <= this.warn && !this.#warned) {
      this.#warned = true;
      this.warned();
    }
    const next = left <= this.warn ? left : left - this.warn;
    this.#timer = window.setTimeout(() => this.#look(), next);
  }
}

// Two clocks: one stands still while a tablet sleeps, the other can be set by hand.
function now() {
  return { wall: Date.now(), steady: performance.now() };
}

function since(before) {
  const after = now();
  return Math.max(after.wall - before.wall, after.steady - before.steady);
}
