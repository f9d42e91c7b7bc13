// Records a voice into a draft: every piece is on disk, encrypted, a moment after it was spoken.
// Nothing of the sound stays in memory. It draws nothing: see voice.js.
import { open, refusal, release, type } from "./microphone.js";
import { beginning, partsOf, sound } from "./voice-parts.js";

// Plain speech is clear at this rate in opus: 3 kB a second, half an hour in 5.4 MB.
const BITS = 24000;
// ms; a crash loses at most this much.
const SLICE = 5000;
// Bytes: in base64 it is 7.1 MB, so that it fits in a body of 8 MB beside the words.
const MOST = 5_300_000;
// As many as the server takes; each time somebody goes on after a stop is one.
const MOST_PARTS = 50;
// Seconds before the end at which people are told.
const WARN = 120;

// `changed(state, reason)` is told of every change; the state is nothing, asking, recording, paused
// or kept, the reason a key of words or "".
export class Recording {
  state = "nothing";
  #kept = { ms: 0, size: 0, parts: 0 };
  #asked = 0;
  #now = null;
  #writing = Promise.resolve();

  constructor(draft, question, { most = MOST, changed = () => {} } = {}) {
    Object.assign(this, { draft, question, most, changed });
  }

  // Look for what was recorded before, in a draft that somebody came back to.
  async find() {
    const parts = partsOf(await this.draft.chunks());
    const sum = (key) => parts.reduce((all, part) => all + part[key], 0);
    this.#kept = { ms: sum("ms"), size: sum("size"), parts: parts.length };
    this.state = parts.length ? "kept" : "nothing";
  }

  get seconds() {
    return Math.floor((this.#kept.ms + this.#elapsed()) / 1000);
  }

  about() {
    const { size, parts } = this.#kept;
    const now = this.#now;
    return parts || now
      ? { question: this.question, seconds: this.seconds, size: size + (now?.size ?? 0), parts: parts + (now ? 1 : 0) }
      : null;
  }

  // Begin, or go on as another part. Resolves once it records or is refused.
  async start() {
    if (this.#now || this.state === "asking") {
      return;
    }
    if (this.#kept.parts >= MOST_PARTS || this.#left(this.#kept.size, BITS / 8) <= (2 * SLICE) / 1000) {
      this.#to(this.state, "voice-long");
      return;
    }
    const asked = ++this.#asked;
    this.#to("asking");
    try {
      const stream = await open();
      if (asked === this.#asked) {
        this.#record(stream);
      } else {
        release(stream); // it was stopped before the question was answered
      }
    } catch (error) {
      if (asked === this.#asked) {
        this.#to(this.#resting(), refusal(error));
      }
    }
  }

  #record(stream) {
    const recorder = new MediaRecorder(stream, { mimeType: type(), audioBitsPerSecond: BITS });
    const now = { recorder, stream, size: 0, written: 0, ms: 0, begun: false, failed: false };
    now.why = "";
    now.warned = false;
    now.before = 0; // ms, up to the last pause
    now.since = performance.now(); // null while paused
    now.over = new Promise((resolve) => {
      recorder.onstop = () => resolve(this.#over(now));
    });
    recorder.ondataavailable = ({ data }) => this.#take(now, data);
    recorder.onerror = () => this.#end(now, "voice-broken");
    for (const track of stream.getAudioTracks()) {
      track.onended = () => this.#end(now, "voice-taken");
    }
    recorder.start(SLICE);
    this.#now = now;
    this.#to("recording");
  }

  // Pause; what was said until now is written at once.
  pause() {
    const now = this.#now;
    if (now?.recorder.state === "recording") {
      now.recorder.requestData();
      now.recorder.pause();
      now.before = this.#elapsed();
      now.since = null;
      this.#to("paused");
    }
  }

  resume() {
    const now = this.#now;
    if (now?.recorder.state === "paused") {
      now.recorder.resume();
      now.since = performance.now();
      this.#to("recording");
    }
  }

  // Stop and keep. Resolves when all that was said is on disk.
  async stop(why = "") {
    this.#asked++;
    if (this.#now) {
      this.#end(this.#now, why);
      await this.#now?.over;
    } else if (this.state === "asking") {
      this.#to(this.#resting(), why);
    }
  }

  // Take away everything that was said.
  async drop() {
    await this.stop();
    await this.draft.dropChunks();
    this.#kept = { ms: 0, size: 0, parts: 0 };
    this.#to("nothing");
  }

  async parts() {
    await this.#writing;
    return partsOf(await this.draft.chunks());
  }

  #end(now, why) {
    now.why ||= why;
    if (now.recorder.state !== "inactive") {
      now.recorder.stop();
    }
  }

  async #over(now) {
    release(now.stream);
    await this.#writing;
    this.#kept.ms += now.ms;
    this.#kept.size += now.written;
    this.#kept.parts += now.written ? 1 : 0;
    this.#now = null;
    this.#to(this.#resting(), now.why);
  }

  #take(now, data) {
    if (!data.size) {
      return;
    }
    const ms = this.#elapsed(now);
    now.size += data.size;
    this.#writing = this.#writing.then(() => this.#write(now, data, ms)).catch(() => {
      // What follows a gap could not be played: the part ends here, and is kept up to it.
      now.failed = true;
      this.#end(now, "voice-full");
    });
    this.#watchEnd(now, ms);
  }

  async #write(now, data, ms) {
    if (now.failed) {
      return;
    }
    if (!now.begun) {
      await this.#add(beginning(this.question, now.recorder.mimeType || type()));
      now.begun = true;
    }
    await this.#add(sound(ms, new Uint8Array(await data.arrayBuffer())));
    now.written += data.size;
    now.ms = ms;
  }

  async #add(piece) {
    if (!(await this.draft.addChunk(piece))) {
      throw new Error("The draft is gone.");
    }
  }

  #watchEnd(now, ms) {
    const rate = Math.max(BITS / 8, now.size / (ms / 1000));
    const left = this.#left(this.#kept.size + now.size, rate);
    if (left <= (2 * SLICE) / 1000) {
      this.#end(now, "voice-long");
    } else if (left <= WARN && !now.warned) {
      now.warned = true;
      this.changed(this.state, "voice-soon");
    }
  }

  // Seconds that still fit at so many bytes a second.
  #left(size, rate) {
    return (this.most - size) / rate;
  }

  #elapsed(now = this.#now) {
    if (!now) {
      return 0;
    }
    return now.since === null ? now.before : now.before + performance.now() - now.since;
  }

  #resting() {
    return this.#kept.parts ? "kept" : "nothing";
  }

  #to(state, reason = "") {
    this.state = state;
    this.changed(state, reason);
  }
}
