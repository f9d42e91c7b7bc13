// A telling on a device: from its first moment, when its code is made, until nothing of it is left.
import { clear, showClosed, showOnly, toNextPerson } from "./closing.js";
import { newCode, newUuid, normalise } from "./codes.js";
import { load, show, versionOf } from "./documents.js";
import { isEmpty, read, write } from "./fields.js";
import { seal } from "./finishing.js";
import { Keeper } from "./keeper.js";
import { fit, labelsOf } from "./older.js";
import { screens } from "../one-question.js";
import { show as showPanel } from "./panel.js";
import { find as findPlace } from "./place.js";
import { hidden, post } from "./posting.js";
import * as problems from "./problems.js";
import { Speaking } from "./speaking.js";
import { watch } from "./warning.js";

// Open the telling that waits in `draft`; false where its page cannot be had now.
export async function resume(draft) {
  const { form, version, language } = draft.about;
  const state = (await draft.load()) ?? { answers: {}, consent: {} };
  const page = await load(form, state.language ?? language, version);
  if (!page) {
    draft.letGo();
    return false;
  }
  new Telling(show(page), { draft, state });
  document.getElementById("page-main").focus();
  window.scrollTo(0, 0);
  return true;
}

export class Telling {
  #form;
  #screens = null;
  #code;
  #uuid;
  #version;
  #questions = null; // where they are not those of the page
  #keeper = null;
  #device = null;
  #speaking = new Speaking();
  #warning = null;
  #say = () => {};
  #busy = false;
  #heard = new AbortController();
  #release;
  #ready;

  // `form` is the form of the page at hand; `state` was kept in `draft`. The server's own page has
  // made code and uuid already; a page that a worker kept has none.
  constructor(form, { draft = null, state = null } = {}) {
    const field = (name) => form.querySelector(`input[name=${name}]`).value;
    this.#code = draft?.code ?? normalise(field("receipt")) ?? newCode();
    this.#uuid = draft?.about.uuid ?? (field("uuid") || newUuid());
    this.#version = draft?.about.version ?? versionOf(document);
    this.#attach(form, state);
    this.#hold();
    this.#ready = this.#settle(draft);
  }

  // --- the page ------------------------------------------------------------------------------

  #attach(form, state) {
    this.#form = form;
    if (state) {
      this.#restore(state);
    }
    hidden(form, "uuid", this.#uuid);
    hidden(form, "receipt", this.#code);
    this.#screens = form.dataset.oneAScreen === undefined ? null : screens(form, state?.at);
    form.addEventListener("input", () => this.#keeper?.changed());
    form.addEventListener("submit", (event) => this.#submitted(event));
  }

  #restore(state) {
    const left = write(this.#form, state);
    this.#questions = null;
    if (versionOf(document) !== this.#version) {
      const { questions, labels } = state;
      this.#questions = fit(this.#form, { version: this.#version, questions, labels, left });
    }
  }

  // Everything that must be there again when this telling is opened anew.
  #state() {
    const { language } = this.#form.dataset;
    const { questions } = this.#checks();
    const labels = labelsOf(this.#form);
    return { ...read(this.#form), language, questions, labels, at: this.#screens?.at() };
  }

  #checks() {
    const ofPage = JSON.parse(this.#form.dataset.checks);
    return { ...ofPage, questions: this.#questions ?? ofPage.questions };
  }

  #submitted(event) {
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    if (name !== "language") {
      this.#alone(() => this.#finish());
    } else if (value !== this.#form.dataset.language) {
      this.#alone(() => this.#speak(value));
    }
  }

  // One thing at a time: a second press does nothing while the first is at work.
  async #alone(work) {
    if (this.#busy) {
      return;
    }
    this.#busy = true;
    try {
      await this.#ready;
      await work();
    } finally {
      this.#busy = false;
    }
  }

  // Say something about the whole telling, where what must be changed is said too.
  #tell(word, field = null) {
    const sentence = document.getElementById("device-words").dataset[word];
    problems.show(this.#form, [[field, sentence]], this.#screens?.open);
  }

  // --- where it is kept ----------------------------------------------------------------------

  async #settle(draft) {
    try {
      const { keeps, device } = await findPlace();
      this.#device = device;
      if (keeps) {
        this.#keep(draft);
      }
    } catch {
      this.#release();
      clear();
      showOnly("blocked-template");
      return;
    }
    this.#warning = watch({
      kind: () => (this.#keeper ? "kept" : "lost"),
      code: () => this.#code,
      busy: () => this.#speaking.isGoingOn(),
      closed: () => showClosed(this.#leave(), resume),
    });
    if (this.#device) {
      await this.#speaking.offer(this.#form, this.#keeper);
    }
  }

  #keep(draft) {
    const { form, language } = this.#form.dataset;
    const about = { form, version: this.#version, language, uuid: this.#uuid };
    const written = !isEmpty(read(this.#form));
    this.#keeper = new Keeper(this.#code, about, {
      draft,
      known: written, // words that the server's page came with may wait under this code already
      read: () => this.#state(),
      kept: (kept) => this.#say(kept),
    });
    this.#panel();
    if (written && !draft) {
      this.#keeper.save();
    }
  }

  #panel() {
    const paused = () => this.#alone(() => this.#pause());
    this.#say = showPanel(this.#form, this.#code, { paused });
  }

  // Hold the lock that keeps a new version of these pages away while a telling is open, and leave
  // nothing behind when the page goes.
  #hold() {
    const held = new Promise((resolve) => {
      this.#release = resolve;
    });
    navigator.locks?.request("par-telling", { mode: "shared" }, () => held);
    const { signal } = this.#heard;
    const saved = () => document.hidden && this.#keeper?.save();
    document.addEventListener("visibilitychange", saved, { signal });
    window.addEventListener("pagehide", () => this.#leave(), { signal });
  }

  // --- going on ------------------------------------------------------------------------------

  async #speak(language) {
    const { form, shell } = this.#form.dataset;
    const page = await load(form, language, this.#version);
    if (!page && shell === undefined) {
      hidden(this.#form, "language", language);
      HTMLFormElement.prototype.submit.call(this.#form); // the server shows it, with every word
      return;
    }
    if (!page) {
      this.#tell("language");
      return;
    }
    await this.#speaking.stop();
    const state = this.#state();
    const scroll = window.scrollY;
    this.#attach(show(page), state);
    if (this.#keeper) {
      this.#panel();
      this.#keeper.changed();
    }
    this.#warning.follow();
    document.querySelector(`.languages button[value="${language}"]`)?.focus({ preventScroll: true });
    window.scrollTo(0, scroll);
    if (this.#device) {
      await this.#speaking.offer(this.#form, this.#keeper);
    }
  }

  async #pause() {
    await this.#speaking.stop();
    const state = this.#state();
    if (!isEmpty(state) && !(await this.#keeper.save(state))) {
      this.#tell("notSaved");
      return;
    }
    await this.#leave();
    toNextPerson();
  }

  // --- the end -------------------------------------------------------------------------------

  async #finish() {
    problems.clear(this.#form);
    try {
      await (this.#device ? this.#seal() : this.#post());
    } catch (error) {
      if (error.name === "NotPaired") {
        await this.#post(); // taken off this tablet meanwhile
      } else {
        this.#tell(error.name === "StorageFull" ? "full" : "trouble");
      }
    }
  }

  async #seal() {
    const slip = { code: this.#code, uuid: this.#uuid };
    const { problems: found } = await seal(this.#form, {
      ...slip,
      checks: this.#checks(),
      version: this.#version,
      keeper: this.#keeper,
      speaking: this.#speaking,
    });
    if (found.length) {
      problems.show(this.#form, found, this.#screens?.open);
      return;
    }
    await this.#leave({ save: false });
    const { show: showSlip } = await import("./slip.js");
    showSlip(slip);
  }

  async #post() {
    await this.#keeper?.save();
    const became = await post(this.#form);
    if (became === "join") {
      this.#tell("join", "join_code");
    } else if (became === "offline") {
      this.#tell(this.#keeper ? "noNetwork" : "noNetworkPlain");
    }
  }

  // Wipe the page at once, then keep the draft. Resolves with whether anything waits under the code.
  async #leave({ save = true } = {}) {
    const state = this.#state();
    const keeper = this.#keeper;
    this.#heard.abort();
    this.#warning?.stop();
    const stopped = this.#speaking.stop();
    clear();
    this.#code = this.#uuid = "";
    this.#keeper = null;
    this.#say = () => {};
    try {
      await stopped;
      const kept = save && keeper ? await keeper.save(state) : false;
      await keeper?.letGo();
      return kept;
    } finally {
      this.#release();
    }
  }
}
