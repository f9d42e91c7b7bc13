// Leaving a telling: nothing of it stays on the page or in its memory (promise 3).
import { ask } from "./code-form.js";
import { wipe } from "./fields.js";

// Take every word off the page. The templates at its end hold nobody's words and stay.
export function clear() {
  wipe(document);
  document.querySelector("main").replaceChildren();
  // The languages belong to the form that is gone.
  document.querySelector(".site-head .languages")?.remove();
}

// Show one of the page's templates as its whole content, and lead to its heading.
export function showOnly(id) {
  const main = document.querySelector("main");
  main.replaceChildren(document.getElementById(id).content.cloneNode(true));
  const heading = main.querySelector("h1");
  document.title = heading.textContent;
  heading.focus();
  window.scrollTo(0, 0);
  return main.firstElementChild;
}

// Say that the page was closed. `kept` resolves with whether anything waits under the code, and
// `resume` opens it.
export async function showClosed(kept, resume) {
  const shown = showOnly("closed-template");
  const when = (await kept) ? "kept" : "lost";
  for (const part of shown.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== when;
  }
  if (when === "kept") {
    ask(shown, resume);
  }
}

// The next person comes: no entry of the history leads back to this page.
export function toNextPerson() {
  clear();
  window.location.replace("/tell");
}
