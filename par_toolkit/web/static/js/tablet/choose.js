// On the page of forms: a telling that waits here can be gone on with, by its code alone.
import { ask } from "./code-form.js";
import { count } from "./drafts.js";
import { resume } from "./telling.js";

offer(document.getElementById("resume"));

// Show how many tellings wait, if any do; whose they are nobody can tell.
async function offer(section) {
  const waits = await waiting();
  if (!waits) {
    return;
  }
  const sentence = section.querySelector("#resume-waits");
  const { one, many } = sentence.dataset;
  sentence.textContent = waits === 1 ? one : many.replace("{n}", waits);
  section.hidden = false;
  ask(section, resume);
}

async function waiting() {
  if (!window.isSecureContext) {
    return 0;
  }
  try {
    return await count();
  } catch {
    return 0; // a browser that refuses its store keeps no telling
  }
}
