// Sealing: what waits on a tablet can be opened with the inquiry's key only, and that key is not
// on the tablet. The format is age (age-encryption.org/v1), as the server opens it (sealing.py).
import { padded } from "./padding.js";

let library = null;

// Load the library ahead of its use; telling does not wait for it. A failure may be tried again.
export function warmUp() {
  library ??= import("../../vendor/age.js").catch((error) => {
    library = null;
    throw error;
  });
  return library.then(() => undefined);
}

// Return `object` as JSON, padded and sealed to `recipient` ("age1…").
export async function seal(object, recipient) {
  await warmUp();
  const { Encrypter } = await library;
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(padded(object));
}
