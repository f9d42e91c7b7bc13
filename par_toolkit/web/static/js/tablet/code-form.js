// The field into which somebody types the code of a telling that waits here.
import { normalise } from "./codes.js";
import { find } from "./drafts.js";
import { wipe } from "./fields.js";

// ms: who tries codes waits after each, and a code that was typed and left does not stay.
const AFTER_WRONG = 1000;
const LEFT = 60000;

// `resume(draft)` opens the telling, or returns the name of the sentence that says why not.
export function ask(root, resume) {
  const form = root.querySelector(".code-form");
  const field = form.querySelector("input");
  let left = 0;
  let busy = false;
  const forget = () => wipe(form);
  const stay = () => {
    window.clearTimeout(left);
    left = window.setTimeout(forget, LEFT);
  };
  field.addEventListener("input", stay);
  window.addEventListener("pagehide", forget);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    say(form, "");
    try {
      say(form, await open(field.value, resume));
    } finally {
      busy = false;
    }
  });
}

// Return the name of the sentence to say, or nothing where the telling is open again.
async function open(typed, resume) {
  const code = normalise(typed);
  if (!code) {
    return "codeShort";
  }
  const draft = await find(code);
  if (!draft) {
    await new Promise((resolve) => window.setTimeout(resolve, AFTER_WRONG));
    return "codeWrong";
  }
  return resume(draft);
}

function say(form, name) {
  const note = form.querySelector("[role=alert]");
  const field = form.querySelector("input");
  note.textContent = name ? document.getElementById("device-words").dataset[name] : "";
  if (name) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } else {
    field.removeAttribute("aria-invalid");
  }
}
