// Receipt codes and uuids, made on the device, offline too, from its source of randomness.

const DIGITS = 16;

// Make a new receipt code: sixteen digits, each equally likely.
export function newCode() {
  let code = "";
  while (code.length < DIGITS) {
    for (const byte of crypto.getRandomValues(new Uint8Array(DIGITS * 2))) {
      // 250 is the last multiple of ten in a byte: beyond it, small digits would be likelier.
      if (byte < 250 && code.length < DIGITS) {
        code += byte % 10;
      }
    }
  }
  return code;
}

// Write a code in groups of four, for people to read and copy.
export function grouped(code) {
  return code.match(/.{1,4}/gu)?.join(" ") ?? "";
}

// Return the sixteen digits in what somebody typed, or null. Spaces, dashes, dots and the digits of
// any script are understood, as on the server (storage/receipts.py).
export function normalise(text) {
  let digits = "";
  for (const char of String(text).slice(0, 200).normalize("NFKC")) {
    if (/\p{Nd}/u.test(char)) {
      digits += digitOf(char);
    } else if (!/[\s\p{Pd}\p{Cf}.·]/u.test(char)) {
      return null;
    }
  }
  return digits.length === DIGITS ? digits : null;
}

// Unicode keeps the digits of a script side by side, from zero to nine: count back to the zero.
function digitOf(char) {
  const point = char.codePointAt(0);
  let back = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(point - back - 1))) {
    back += 1;
  }
  return back % 10;
}

// Make a random uuid (version 4), also where crypto.randomUUID is missing (Safari before 15.4).
export function newUuid() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
