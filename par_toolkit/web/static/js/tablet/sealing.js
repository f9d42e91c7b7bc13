// Sealing: what waits on a tablet can be opened with the inquiry's key only, and that key is not
// on the tablet. The format is age (age-encryption.org/v1), as the server opens it (sealing.py).
import { padded } from "./padding.js";

let library = null;
let failures = 0;

// Load the library ahead of its use; telling does not wait for it. A failure may be tried again.
export async function warmUp() {
  library ??= load();
  await library;
}

// A browser may remember for as long as a page is open that an address did not load: ask for
// another one then.
function load() {
  return import(`../../vendor/age.js${failures ? `?${failures}` : ""}`).catch((error) => {
    library = null;
    failures += 1;
    throw error;
  });
}

// Return `object` as JSON, padded and sealed to `recipient` ("age1…").
export async function seal(object, recipient) {
  await warmUp();
  const { Encrypter } = await library;
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(padded(object));
}
