// A telling on a device: from its first moment, when its code is made, until nothing of it is left.
import { clear, showClosed, showOnly, toNextPerson } from "./closing.js";
import { newCode, newUuid, normalise } from "./codes.js";
import { load, show, versionOf } from "./documents.js";
import { isEmpty } from "./fields.js";
import { seal } from "./finishing.js";
import { hold } from "./holding.js";
import { Keeper } from "./keeper.js";
import { show as showPanel } from "./panel.js";
import { find as findPlace } from "./place.js";
import { hidden, post, submit } from "./posting.js";
import { Sheet } from "./sheet.js";
import { Speaking } from "./speaking.js";
import { watch } from "./warning.js";

// Open the telling that waits in `draft`; otherwise return the name of the sentence that says why
// not. What was begun for one inquiry is not for the ears of another, which asks other consent.
export async function resume(draft) {
  const { form, version, language, inquiry } = draft.about;
  const { device } = await findPlace();
  if (inquiry && device && device.recipient !== inquiry) {
    draft.letGo();
    return "otherInquiry";
  }
  const state = (await draft.load()) ?? { answers: {}, consent: {} };
  const page = await load(form, state.language ?? language, version);
  if (!page) {
    draft.letGo();
    return "notHere";
  }
  new Telling(show(page), { draft, state });
  document.getElementById("page-main").focus();
  window.scrollTo(0, 0);
  return "";
}

export class Telling {
  #about; // {code, uuid, version}
  #sheet;
  #keeper = null;
  #device = null;
  #speaking = new Speaking();
  #warning = null;
  #kept = () => {};
  #busy = false;
  #hold;
  #ready;

  // `form` is the form of the page at hand; `state` was kept in `draft`. The server's own page has
  // made code and uuid already; a page that a worker kept has none.
  constructor(form, { draft = null, state = null } = {}) {
    const field = (name) => form.querySelector(`input[name=${name}]`).value;
    this.#about = {
      code: draft?.code ?? normalise(field("receipt")) ?? newCode(),
      uuid: draft?.about.uuid ?? (field("uuid") || newUuid()),
      version: draft?.about.version ?? versionOf(document),
    };
    this.#attach(form, state);
    this.#hold = hold({ hidden: () => this.#keeper?.save(), gone: () => this.#leave() });
    this.#ready = this.#settle(draft);
  }

  #attach(form, state) {
    this.#sheet = new Sheet(form, this.#about, state);
    form.addEventListener("input", () => this.#keeper?.changed());
    form.addEventListener("submit", (event) => this.#submitted(event));
  }

  #submitted(event) {
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    if (name !== "language") {
      this.#alone(() => this.#finish());
    } else if (value !== this.#sheet.language) {
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

  // --- where it is kept ----------------------------------------------------------------------

  async #settle(draft) {
    try {
      const { keeps, device } = await findPlace();
      this.#device = device;
      if (keeps) {
        this.#keep(draft);
      }
    } catch {
      this.#hold.deaf();
      this.#hold.release();
      clear();
      showOnly("blocked-template");
      return;
    }
    this.#warning = watch({
      kind: () => (this.#keeper ? "kept" : "lost"),
      busy: () => this.#speaking.isGoingOn(),
      closed: () => showClosed(this.#leave(), resume),
    });
    await this.#offerVoice();
  }

  #keep(draft) {
    const { uuid, version, code } = this.#about;
    const { name, language } = this.#sheet;
    const written = !isEmpty(this.#sheet.state());
    const inquiry = this.#device?.recipient;
    this.#keeper = new Keeper(code, { form: name, version, language, uuid, inquiry }, {
      draft,
      known: written, // words that the server's page came with may wait under this code already
      read: () => this.#sheet.state(),
      kept: (kept) => this.#kept(kept),
    });
    this.#panel();
    if (written && !draft) {
      this.#keeper.save();
    }
  }

  #panel() {
    const paused = () => this.#alone(() => this.#pause());
    this.#kept = showPanel(this.#sheet.form, this.#about.code, { paused });
  }

  async #offerVoice() {
    if (this.#device) {
      await this.#speaking.offer(this.#sheet.form, this.#keeper);
    }
  }

  // --- going on ------------------------------------------------------------------------------

  async #speak(language) {
    const page = await load(this.#sheet.name, language, this.#about.version);
    if (!page && this.#sheet.isKept) {
      this.#sheet.say("language");
      return;
    }
    if (!page) {
      hidden(this.#sheet.form, "language", language);
      submit(this.#sheet.form); // the server shows it, with every word
      return;
    }
    await this.#speaking.stop();
    const scroll = window.scrollY;
    this.#turnTo(page);
    document.querySelector(`.languages button[value="${language}"]`)?.focus({ preventScroll: true });
    window.scrollTo(0, scroll);
    await this.#offerVoice();
  }

  // Show `page` with all that is on the sheet now.
  #turnTo(page, state = this.#sheet.state()) {
    this.#attach(show(page), state);
    if (this.#keeper) {
      this.#panel();
      this.#keeper.changed();
    }
    this.#warning.follow();
  }

  async #pause() {
    await this.#speaking.stop();
    const state = this.#sheet.state();
    if (!isEmpty(state) && !(await this.#keeper.save(state))) {
      this.#sheet.say("notSaved");
      return;
    }
    await this.#leave();
    toNextPerson();
  }

  // --- the end -------------------------------------------------------------------------------

  async #finish() {
    this.#sheet.clearProblems();
    try {
      await (this.#device ? this.#seal() : this.#post());
    } catch (error) {
      if (error.name === "NotPaired") {
        await this.#post(); // taken off this tablet meanwhile
      } else {
        this.#sheet?.say(error.name === "StorageFull" ? "full" : "trouble");
      }
    }
  }

  async #seal() {
    const about = this.#about;
    // First of all: once it is sealed, its code must be shown, whatever the network does.
    const { show: showSlip } = await import("./slip.js");
    if (!this.#sheet) {
      return; // closed before the sealing began: it waits as a draft, under its code
    }
    const found = await seal(this.#sheet, about, { keeper: this.#keeper, speaking: this.#speaking });
    if (found.length) {
      this.#sheet.showProblems(found);
      return;
    }
    // Where it was closed meanwhile, whoever is there now must not see the code.
    if (this.#sheet) {
      await this.#leave({ save: false });
      showSlip(about);
    }
  }

  async #post() {
    const kept = await this.#keeper?.save();
    // A page carries no voice, and what was finished there is dropped here: it would be lost.
    if (await this.#keeper?.isSpoken()) {
      this.#sheet.say("spoken");
      return;
    }
    const became = await post(this.#sheet.form);
    if (became === "join") {
      this.#sheet.say("join", "join_code");
    } else if (became === "offline") {
      this.#sheet.say(kept ? "noNetwork" : "noNetworkPlain");
    } else if (became !== "sent" && this.#sheet) {
      this.#turnTo(became, { ...this.#sheet.state(), at: undefined }); // it leads to what it refused
      document.getElementById("problem-list")?.focus();
    }
  }

  // Wipe the page at once, then keep the draft. Resolves with whether anything waits under the code.
  async #leave({ save = true } = {}) {
    const state = this.#sheet.state();
    const keeper = this.#keeper;
    this.#hold.deaf();
    this.#warning?.stop();
    const stopped = this.#speaking.stop();
    clear();
    this.#about = this.#sheet = this.#keeper = null;
    this.#kept = () => {};
    try {
      await stopped;
      const kept = save && keeper ? await keeper.save(state) : false;
      await keeper?.letGo();
      return kept;
    } finally {
      this.#hold.release();
    }
  }
}
