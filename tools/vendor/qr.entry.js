// Drawing only: encodeQR(text, "raw") gives rows of true and false. Nothing here uses a camera.
export { encodeQR } from "qr";
