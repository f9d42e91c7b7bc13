// A tablet only seals. What opens a sealed file stays on the server.
export { Encrypter } from "age-encryption";
