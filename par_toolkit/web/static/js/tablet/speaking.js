// Telling aloud, where the tablet can: the recorder is fetched only on a paired tablet, because
// voice travels only sealed. Everywhere else all of this does nothing.
export class Speaking {
  #voice = null;
  #heard = 0;

  // Offer the recorder in the first question of `form`. `keeper` keeps each piece at once.
  async offer(form, keeper) {
    const question = form.querySelector(".main-question");
    if (!question) {
      return;
    }
    try {
      const { attach } = await import("./voice.js");
      this.#voice = await attach(question, keeper);
    } catch {
      this.#voice = null; // who cannot speak can still write
    }
  }

  // Return the question that was answered aloud, or null.
  get question() {
    return this.#voice?.about()?.question ?? null;
  }

  // Say whether more was said since this was asked last.
  isGoingOn() {
    const before = this.#heard;
    this.#heard = this.#voice?.about()?.seconds ?? 0;
    return this.#heard > before;
  }

  async payload() {
    return (await this.#voice?.payload()) ?? null;
  }

  async stop() {
    await this.#voice?.stop();
  }
}
