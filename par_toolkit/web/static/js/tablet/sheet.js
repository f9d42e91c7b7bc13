// The sheet of a telling: its form as it is shown now, in one language, with all that is on it.
import { versionOf } from "./documents.js";
import { read, write } from "./fields.js";
import { fit, labelsOf } from "./older.js";
import { screens } from "../one-question.js";
import { hidden } from "./posting.js";
import * as problems from "./problems.js";

export class Sheet {
  #screens = null;
  #questions = null; // where they are not those of the page

  // `about` = {code, uuid, version}; `state` is what `state()` of another sheet gave.
  constructor(form, { code, uuid, version }, state = null) {
    this.form = form;
    this.version = version;
    const asksAnew = Boolean(state) && (state.wording ?? this.wording) !== this.wording;
    if (state) {
      // A yes was said to the words that were read then, and to no others (promise 5).
      this.#restore(asksAnew ? { ...state, consent: {} } : state);
    }
    hidden(form, "uuid", uuid);
    hidden(form, "receipt", code);
    this.#screens = form.dataset.oneAScreen === undefined ? null : screens(form, state?.at);
    if (asksAnew && Object.values(state.consent).some(Boolean)) {
      this.say("asked");
    }
  }

  get name() {
    return this.form.dataset.form;
  }

  get language() {
    return this.form.dataset.language;
  }

  // The number of the words that ask what may be done with a telling.
  get wording() {
    return Number(this.form.querySelector("input[name=wording]").value);
  }

  // Say whether a worker kept this page; the server's own page is not the same for everybody.
  get isKept() {
    return this.form.dataset.shell !== undefined;
  }

  #restore(state) {
    const left = write(this.form, state);
    if (versionOf(document) !== this.version) {
      const { questions, labels } = state;
      this.#questions = fit(this.form, { version: this.version, questions, labels, left });
    }
  }

  // Everything that must be there again when this telling is opened anew.
  state() {
    const { questions } = this.checks();
    const { language, wording } = this;
    const labels = labelsOf(this.form);
    return { ...read(this.form), language, wording, questions, labels, at: this.#screens?.at() };
  }

  checks() {
    const ofPage = JSON.parse(this.form.dataset.checks);
    return { ...ofPage, questions: this.#questions ?? ofPage.questions };
  }

  showProblems(found) {
    problems.show(this.form, found, this.#screens?.open);
  }

  clearProblems() {
    problems.clear(this.form);
  }

  // Say something about the whole telling, where what must be changed is said too.
  say(word, field = null) {
    this.showProblems([[field, document.getElementById("device-words").dataset[word]]]);
  }
}
