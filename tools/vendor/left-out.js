// Stands in for the parts of age that no inquiry's key needs: post-quantum keys, keys in hardware
// (P-256) and passphrases (scrypt). They are more than half of the library. Our keys are X25519,
// "age1…"; a key of another kind is refused with this error, and nothing is sealed to it.
function leftOut() {
  throw new Error("Only age1… keys of the X25519 kind can be sealed to here.");
}

const refusing = new Proxy({}, { get: leftOut });

export { refusing as MLKEM768P256, refusing as MLKEM768X25519, refusing as p256, leftOut as scrypt };
