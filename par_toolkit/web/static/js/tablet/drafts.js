// A telling under way, kept on the tablet so that a crash or an idle screen loses nothing, and so
// that nobody but its teller can read it: it is encrypted under its own receipt code. Without the
// code nothing can be read or even looked for; the code itself is not kept.
import { padded, unpadded } from "./padding.js";
import { getSetting, openStore, write } from "./store.js";

// PBKDF2 with HMAC-SHA-256, 600,000 rounds: what OWASP asks for ("Password Storage Cheat Sheet",
// 2023). A code is 16 random digits (53 bits), so that trying them all is 5 · 10^21 rounds; the salt
// is this device's own, so that nobody can do that work once for every tablet.
const ROUNDS = 600000;
const SALT_BYTES = 32;
// A fresh random IV at each save: 96 bits, as NIST SP 800-38D has it for AES-GCM. That is safe for
// 2^32 saves under one key; a draft sees some thousands.
const IV_BYTES = 12;

const encode = (text) => new TextEncoder().encode(text);

// Begin a draft under a code that was just made. `about` = {form, version, language, uuid}.
export async function begin(code, about) {
  const { tag, key } = await derive(code);
  const record = { tag, about: await encrypt(key, `about ${tag}`, padded(about)), state: null };
  await write(["drafts"], (transaction) => transaction.objectStore("drafts").add(record));
  return new Draft(tag, key, code, about);
}

// Return the draft that waits under this code, or null.
export async function find(code) {
  const { tag, key } = await derive(code);
  const record = await (await openStore()).get("drafts", tag);
  if (!record) {
    return null;
  }
  const about = unpadded(await decrypt(key, `about ${tag}`, record.about));
  return new Draft(tag, key, code, about);
}

// Return how many drafts wait on this device; whose they are nobody can tell.
export async function count() {
  return (await openStore()).count("drafts");
}

class Draft {
  #tag;
  #key;
  #last = Promise.resolve();
  #wanted = null;
  #saving = null;

  constructor(tag, key, code, about) {
    this.#tag = tag;
    this.#key = key;
    this.code = code;
    this.about = about;
  }

  // Where the draft lies; says nothing about the code or the words.
  get tag() {
    return this.#tag;
  }

  // Keep the whole state as it is now; the last one wins. Saves run one after another, and those
  // that wait for their turn become one. Resolves when this state or a newer one is on disk: true,
  // or false where the draft is gone. Rejects with "StorageFull".
  async save(state) {
    const key = this.#key;
    if (!key) {
      return false;
    }
    this.#wanted = padded(state);
    this.#saving ??= this.#inTurn(() => {
      const bytes = this.#wanted;
      this.#wanted = null;
      this.#saving = null;
      return this.#keep(key, bytes);
    });
    return this.#saving;
  }

  async #keep(key, bytes) {
    const state = await encrypt(key, `state ${this.#tag}`, bytes);
    // Only where the draft still is: a save under way must not bring back what was dropped.
    return this.#ifThere(["drafts"], (record, transaction) =>
      transaction.objectStore("drafts").put({ ...record, state }),
    );
  }

  // Return the state that was saved last, or null.
  async load() {
    const key = this.#key;
    const record = key && (await (await openStore()).get("drafts", this.#tag));
    return record?.state ? unpadded(await decrypt(key, `state ${this.#tag}`, record.state)) : null;
  }

  // Append a piece of voice. Resolves when it is on disk: true, or false where the draft is gone.
  async addChunk(bytes) {
    const key = this.#key;
    return key ? this.#inTurn(() => this.#append(key, bytes)) : false;
  }

  async #append(key, bytes) {
    const n = (await lastChunk(this.#tag)) + 1;
    const chunk = { tag: this.#tag, n, ...(await encrypt(key, `chunk ${n} ${this.#tag}`, bytes)) };
    try {
      return await this.#ifThere(["drafts", "chunks"], (_record, transaction) =>
        transaction.objectStore("chunks").add(chunk),
      );
    } catch (error) {
      if (error.name !== "ConstraintError") {
        throw error;
      }
      // Another tab with the same draft took this number: take the next.
      return this.#append(key, bytes);
    }
  }

  // Return all pieces of voice, in the order in which they were added.
  chunks() {
    return this.#inTurn(async () => {
      const key = this.#key;
      const records = key ? await (await openStore()).getAll("chunks", allOf(this.#tag)) : [];
      return Promise.all(records.map((each) => decrypt(key, `chunk ${each.n} ${each.tag}`, each)));
    });
  }

  // Delete all pieces of voice that were added so far.
  dropChunks() {
    return this.#inTurn(() =>
      write(["chunks"], (transaction) => transaction.objectStore("chunks").delete(allOf(this.#tag))),
    );
  }

  // Delete the draft and its voice, at once; what was still being saved is not kept.
  async drop() {
    this.letGo();
    await write(["drafts", "chunks"], (transaction) => remove(transaction, this.#tag));
  }

  // Forget the code and the key; the draft itself stays. What was handed over before is still kept.
  letGo() {
    this.#key = null;
    this.code = null;
    this.about = null;
  }

  #inTurn(work) {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #ifThere(stores, work) {
    return write(stores, async (transaction) => {
      const record = await transaction.objectStore("drafts").get(this.#tag);
      if (record) {
        await work(record, transaction);
      }
      return Boolean(record);
    });
  }
}

// Delete a draft and its voice within a transaction on both stores.
export async function remove(transaction, tag) {
  await Promise.all([
    transaction.objectStore("drafts").delete(tag),
    transaction.objectStore("chunks").delete(allOf(tag)),
  ]);
}

async function lastChunk(tag) {
  const store = (await openStore()).transaction("chunks").objectStore("chunks");
  const cursor = await store.openKeyCursor(allOf(tag), "prev");
  return cursor ? cursor.key[1] : 0;
}

function allOf(tag) {
  return IDBKeyRange.bound([tag], [tag, []]);
}

// Stretch a code once, and derive from it the tag by which its draft is found and the key that
// opens it. Neither tells the other (HKDF, RFC 5869); the key cannot be read out of the browser.
async function derive(code) {
  const salt = await deviceSalt();
  const digits = await crypto.subtle.importKey("raw", encode(code), "PBKDF2", false, ["deriveBits"]);
  const stretching = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const stretched = new Uint8Array(await crypto.subtle.deriveBits(stretching, digits, 256));
  const uses = ["deriveBits", "deriveKey"];
  const root = await crypto.subtle.importKey("raw", stretched, "HKDF", false, uses);
  stretched.fill(0);
  const use = (info) => ({ name: "HKDF", hash: "SHA-256", salt, info: encode(info) });
  const tag = await crypto.subtle.deriveBits(use("par draft tag"), root, 128);
  const aes = { name: "AES-GCM", length: 256 };
  const may = ["encrypt", "decrypt"];
  const key = await crypto.subtle.deriveKey(use("par draft key"), root, aes, false, may);
  return { tag: hex(tag), key };
}

// Two tabs may both be the first: whichever is second takes the salt of the other.
async function deviceSalt() {
  return (await getSetting("salt")) ?? firstSalt();
}

function firstSalt() {
  const fresh = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return write(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    const kept = await settings.get("salt");
    if (!kept) {
      await settings.put(fresh, "salt");
    }
    return kept ?? fresh;
  });
}

// What a piece is and whose it is goes in as additional data, so that no piece can stand in for
// another.
async function encrypt(key, what, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const algorithm = { name: "AES-GCM", iv, additionalData: encode(what) };
  return { iv, data: new Uint8Array(await crypto.subtle.encrypt(algorithm, key, bytes)) };
}

async function decrypt(key, what, { iv, data }) {
  const algorithm = { name: "AES-GCM", iv, additionalData: encode(what) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, data));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
