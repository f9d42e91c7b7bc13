// Keeps the draft of a telling as it is written. Nothing is kept before something was written.
import { begin, find } from "./drafts.js";
import { isEmpty } from "./fields.js";

// ms after the first change that is not kept yet: a crash loses at most this much typing.
const SOON = 400;

export class Keeper {
  #timer = 0;
  #draft;
  #beginning = null;

  // `read()` returns the state as it is now; `kept(true or false)` is told what came of each save.
  // `known` says that a draft may wait under this code already.
  constructor(code, about, { draft = null, known = false, read, kept }) {
    Object.assign(this, { code, about, known, read, kept });
    this.#draft = draft;
  }

  changed() {
    this.#timer ||= window.setTimeout(() => this.save(), SOON);
  }

  // Keep `state`; resolves with true once it is on disk. Never rejects: `kept` says what happened.
  async save(state = this.read()) {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#draft && !this.#beginning && isEmpty(state)) {
      return false;
    }
    try {
      const done = await (await this.draft()).save(state);
      this.kept(done);
      return done;
    } catch {
      this.kept(false);
      return false;
    }
  }

  // Return the draft, begun if need be: for voice, whose first piece may come before any word.
  async draft() {
    this.#beginning ??= this.#begin().catch((error) => {
      this.#beginning = null;
      throw error;
    });
    return this.#beginning;
  }

  async #begin() {
    this.#draft ??= this.known ? await find(this.code) : null;
    this.#draft ??= await begin(this.code, this.about);
    return this.#draft;
  }

  // Return the draft if there is one; null where nothing was written. A save that is due stays due.
  async begun() {
    return this.#beginning ? this.draft() : this.#draft;
  }

  // Forget code and key in this page; the draft waits. Call it after the last save.
  async letGo() {
    window.clearTimeout(this.#timer);
    this.read = () => ({ answers: {}, consent: {} });
    const draft = await this.begun().catch(() => null);
    draft?.letGo();
    this.code = null;
    this.about = null;
  }

  // The part of a draft that voice needs; a draft is begun with its first piece.
  async addChunk(bytes) {
    return (await this.draft()).addChunk(bytes);
  }

  async chunks() {
    return (await this.begun())?.chunks() ?? [];
  }

  async isSpoken() {
    return (await this.chunks().catch(() => [])).length > 0;
  }

  async dropChunks() {
    return (await this.begun())?.dropChunks();
  }
}
