// How a recording lies in a draft: as pieces, each written the moment it is there.
//
// What two sessions of a recorder made cannot be joined into one file, so each begins a part of its
// own. A piece begins with one byte that says what it is:
//   0  a part begins: {"question", "type"} as JSON
//   1  sound: how long the part is by now, in ms (4 bytes), then the bytes of the recorder
const BEGINS = 0;
const SOUND = 1;
const HEAD = 5;

// Return the piece with which a part begins.
export function beginning(question, type) {
  const text = new TextEncoder().encode(JSON.stringify({ question, type }));
  const piece = new Uint8Array(1 + text.length);
  piece[0] = BEGINS;
  piece.set(text, 1);
  return piece;
}

// Return a piece of sound; the part is `ms` long with it.
export function sound(ms, bytes) {
  const piece = new Uint8Array(HEAD + bytes.length);
  piece[0] = SOUND;
  new DataView(piece.buffer).setUint32(1, Math.round(ms));
  piece.set(bytes, HEAD);
  return piece;
}

// Return the parts that pieces make up, in order: {question, type, ms, size, sound: [bytes]}. A part
// of which nothing was written but its beginning is none.
export function partsOf(pieces) {
  const parts = [];
  for (const piece of pieces) {
    if (piece[0] === BEGINS) {
      const { question, type } = JSON.parse(new TextDecoder().decode(piece.subarray(1)));
      parts.push({ question, type, ms: 0, size: 0, sound: [] });
    } else {
      const part = parts.at(-1);
      part.ms = new DataView(piece.buffer, piece.byteOffset).getUint32(1);
      part.size += piece.length - HEAD;
      part.sound.push(piece.subarray(HEAD));
    }
  }
  return parts.filter((part) => part.size > 0);
}

// Return a part as one piece of sound that can be played.
export function asBlob(part) {
  return new Blob(part.sound, { type: part.type });
}

// Return a part as a story carries it.
export async function asSent(part) {
  const seconds = Math.max(1, Math.round(part.ms / 1000));
  const data = await base64(asBlob(part));
  return { question: part.question, type: part.type, seconds, data };
}

// The browser's own way: it copes with megabytes, where a text built up by hand would not.
function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
