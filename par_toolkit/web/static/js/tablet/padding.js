// How words become bytes before they are encrypted or sealed.

const BLOCK = 4096;

// Half of a pair of code units cannot be written as UTF-8, and a server could not keep it. It
// becomes U+FFFD, as String.prototype.toWellFormed does it (missing before Safari 16.4).
function wellFormed(text) {
  return text.toWellFormed ? text.toWellFormed() : text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

// Return the JSON of `value` in UTF-8, filled up with spaces to whole blocks of 4,096 bytes: it
// stays JSON, and its length no longer tells how much was said.
export function padded(value) {
  const text = JSON.stringify(value, (_key, part) =>
    typeof part === "string" ? wellFormed(part) : part,
  );
  const bytes = new TextEncoder().encode(text);
  const whole = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK).fill(0x20);
  whole.set(bytes);
  return whole;
}

// Return the value whose padded JSON `bytes` are.
export function unpadded(bytes) {
  return JSON.parse(new TextDecoder().decode(bytes));
}
