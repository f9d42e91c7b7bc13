// What a server's answer means for the story that was sent. Pure: no network and no storage.
//
// A tablet in a hall meets login pages of networks, proxies and other servers that answer with a
// cheerful 200. So a story is deleted only on the word of our own server, about this very story.

// The server may ask us to wait; a slip of its clock must not silence a tablet for a day.
const LONGEST_WAIT = 3600000;

const REFUSALS = [413, 415, 422];

// Return what to do:
//   {kind: "stored"}      it is on the server's disk: delete it
//   {kind: "withdrawn"}   its teller took it back: shred it
//   {kind: "pair_again"}  the token no longer holds: keep everything, stop sending
//   {kind: "refused", reason}  a person must look: keep it apart from the others
//   {kind: "later", wait}      keep it, try again; `wait` ms for the whole queue, or null
export function read(uuid, { status, type, retryAfter, text }, now = Date.now()) {
  const ours = readOurs(type, text);
  if ([200, 201, 202].includes(status) && isStored(ours, uuid)) {
    return { kind: "stored" };
  }
  if (status === 401) {
    return { kind: "pair_again" };
  }
  if (status === 410 && ours?.status === "withdrawn" && sameUuid(ours, uuid)) {
    return { kind: "withdrawn" };
  }
  if (REFUSALS.includes(status) && ours) {
    return { kind: "refused", reason: ours.message };
  }
  const mayAsk = status === 429 || status >= 500;
  return { kind: "later", wait: mayAsk ? readWait(retryAfter, now) : null };
}

// Our server's answers are JSON with a `status` word and a `message` for people; else null.
function readOurs(type, text) {
  if (!/^application\/json\b/i.test(type ?? "")) {
    return null;
  }
  try {
    const body = JSON.parse(text);
    return typeof body?.status === "string" && typeof body.message === "string" ? body : null;
  } catch {
    return null;
  }
}

function isStored(ours, uuid) {
  return ours?.stored === true && sameUuid(ours, uuid);
}

function sameUuid(ours, uuid) {
  return String(ours.uuid).toLowerCase() === uuid.toLowerCase();
}

// Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). Return ms, or null.
function readWait(value, now) {
  if (!value) {
    return null;
  }
  const wait = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_WAIT);
}
