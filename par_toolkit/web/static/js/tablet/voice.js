// Speaking instead of writing: a button in the question, and what people need while they speak.
import { canRecord } from "./microphone.js";
import { Recording } from "./recording.js";
import { asBlob, asSent } from "./voice-parts.js";
import { loadWords, put, say } from "./words.js";

// State -> the buttons to show then; the first takes the focus of one that went.
const BUTTONS = {
  nothing: ["speak"],
  asking: ["stop"],
  recording: ["stop", "pause"],
  paused: ["resume", "stop"],
  kept: ["listen", "more", "again", "remove"],
  again: ["keep", "yes"],
  remove: ["keep", "yes"],
};
const NEEDS_MICROPHONE = new Set(["speak", "more", "again"]);

// Draw the controls into a question that is answered with long words. Resolves with null, and draws
// nothing, where nobody could speak: no microphone, or no way to record. `most` is for tests.
export async function attach(question, draft, { most } = {}) {
  const field = question.querySelector("textarea");
  const recording = new Recording(draft, field.name, { most });
  const [can] = await Promise.all([canRecord(), recording.find(), loadWords()]);
  if (!can && !recording.about()) {
    return null;
  }
  const controls = new Controls(question, recording, can);
  return {
    about: () => recording.about(),
    payload: async () => {
      await controls.stop();
      const parts = await recording.parts();
      return parts.length ? Promise.all(parts.map(asSent)) : null;
    },
    stop: () => controls.stop(),
    drop: () => controls.drop(),
  };
}

class Controls {
  #asks = ""; // "again" or "remove" while people are asked whether they mean it
  #clock = 0;
  #address = "";

  constructor(question, recording, can) {
    this.recording = recording;
    this.can = can;
    this.box = element("div", "speak");
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", say("voice-group"));
    this.help = put(element("p", "help"), "voice-help");
    this.state = element("p", "speak-state");
    this.sign = element("span", "speak-sign");
    this.words = element("span");
    this.time = element("span", "speak-time");
    this.state.append(this.sign, this.words, " ", this.time);
    this.said = element("p", "speak-said");
    this.said.setAttribute("role", "status");
    this.player = element("audio");
    this.player.controls = true;
    this.player.setAttribute("aria-label", say("voice-listen"));
    this.actions = element("p", "actions");
    this.buttons = this.#buttons();
    this.box.append(this.help, this.state, this.said, this.player, this.actions);
    question.append(this.box);
    recording.changed = (state, reason) => this.#changed(state, reason);
    this.hidden = () => document.hidden && this.stop("voice-hidden");
    document.addEventListener("visibilitychange", this.hidden);
    this.#draw();
  }

  #buttons() {
    const acts = {
      speak: () => this.#record(),
      resume: () => this.recording.resume(),
      stop: () => this.stop(),
      pause: () => this.recording.pause(),
      listen: () => this.#listen(),
      more: () => this.#record(),
      again: () => this.#ask("again"),
      remove: () => this.#ask("remove"),
      keep: () => this.#ask(""),
      yes: () => this.#takeAway(),
    };
    return Object.fromEntries(
      Object.entries(acts).map(([name, act]) => {
        const button = put(element("button", `button ${name === "speak" ? "big" : ""} second`), `voice-${name}`);
        button.type = "button";
        button.addEventListener("click", act);
        this.actions.append(button);
        return [name, button];
      }),
    );
  }

  async stop(why = "") {
    this.#quiet();
    await this.recording.stop(why);
  }

  async drop() {
    this.#asks = "";
    this.#quiet();
    await this.recording.drop();
  }

  async #record() {
    this.#quiet();
    await this.recording.start();
  }

  #ask(what) {
    this.#quiet();
    this.#asks = what;
    this.#draw();
    this.#say(what ? `voice-${what}-ask` : "");
  }

  async #takeAway() {
    const again = this.#asks === "again";
    await this.drop();
    if (again) {
      await this.#record();
    }
  }

  // Play the parts one after another. The sound is in memory for no longer than it plays.
  async #listen() {
    const parts = await this.recording.parts();
    const play = (at) => {
      this.#quiet();
      if (at < parts.length) {
        this.#address = URL.createObjectURL(asBlob(parts[at]));
        this.player.src = this.#address;
        this.player.onended = () => play(at + 1);
        this.player.hidden = false;
        this.player.play().catch(() => {}); // the player is there to be pressed
      }
    };
    play(0);
  }

  #quiet() {
    this.player.onended = null;
    this.player.pause();
    this.player.removeAttribute("src");
    this.player.load();
    this.player.hidden = true;
    URL.revokeObjectURL(this.#address);
    this.#address = "";
  }

  #changed(state, reason) {
    const began = state === "recording" && this.drawn !== "paused" && this.drawn !== "recording";
    const ended = state === "kept" && this.drawn !== "kept";
    this.#draw();
    if (reason || began || ended) {
      this.#say(reason || (began ? "voice-started" : "voice-stopped"));
    } else if (state === "nothing") {
      this.#say("");
    }
  }

  #draw() {
    const state = this.#asks || this.recording.state;
    const inside = this.box.contains(document.activeElement);
    const shown = BUTTONS[state].filter((name) => this.can || !NEEDS_MICROPHONE.has(name));
    for (const [name, button] of Object.entries(this.buttons)) {
      button.hidden = !shown.includes(name);
    }
    this.drawn = state;
    this.help.hidden = state !== "nothing";
    this.state.hidden = state === "nothing";
    this.sign.hidden = state !== "recording";
    if (!this.state.hidden) {
      put(this.words, `voice-state-${this.recording.state}`);
    }
    this.#tick();
    window.clearInterval(this.#clock);
    if (state === "recording") {
      this.#clock = window.setInterval(() => this.#tick(), 1000);
    }
    // The button that was pressed may be gone: the next one takes its place, and the focus.
    const at = document.activeElement;
    if (inside && (at.hidden || !this.box.contains(at))) {
      this.buttons[shown[0]]?.focus();
    }
  }

  #tick() {
    this.time.textContent = this.recording.state === "asking" ? "" : clock(this.recording.seconds);
  }

  // Said aloud by screen readers, politely: at the start, at the end, and when something is wrong.
  #say(key) {
    if (key) {
      put(this.said, key, { time: clock(this.recording.seconds) });
    } else {
      this.said.textContent = "";
    }
  }
}

function element(name, className = "") {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
