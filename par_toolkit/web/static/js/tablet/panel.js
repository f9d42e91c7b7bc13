// The code of a telling, at its top from the first moment.
import { draw, write } from "./square.js";

// Show the code in the page of `form`. In a telling of one part at a time it stands in the first.
export function show(form, code, { paused }) {
  const panel = document.getElementById("code-panel").content.firstElementChild.cloneNode(true);
  write(panel.querySelector("[data-code]"), code);
  const place = panel.querySelector("[data-square]");
  panel.querySelector("details").addEventListener("toggle", () => place.firstChild || draw(place, code));
  if (form.dataset.oneAScreen === undefined) {
    form.before(panel);
  } else {
    form.querySelector(".step").prepend(panel);
  }
  const pause = document.getElementById("pause-template").content.firstElementChild.cloneNode(true);
  pause.querySelector("button").addEventListener("click", paused);
  form.append(pause);
  return (kept) => tell(pause.querySelector("[role=status]"), kept);
}

// Said once, and again only when it is no longer so: not after each letter.
function tell(place, kept) {
  const words = document.getElementById("device-words").dataset;
  const sentence = kept ? words.saved : words.notSaved;
  if (place.textContent !== sentence) {
    place.textContent = sentence;
  }
}
