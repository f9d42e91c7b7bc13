// One part of the telling at a time. It stays one form: everything is sent together at the end.

// Show the parts of `form` one by one, beginning with part `at`, or with the first that must be
// changed. Returns {at(), open(id)}: where one is, and the way to the part that holds a field.
export function screens(form, at = null) {
  const steps = [...form.querySelectorAll(".step")];
  const send = form.querySelector(".send");
  const { back: backWord, next: nextWord, progress: progressWords } = form.dataset;
  const progress = made("p", "progress", "");
  progress.tabIndex = -1;
  form.prepend(progress);
  const back = made("button", "button second", backWord);
  const next = made("button", "button", nextWord);
  back.type = next.type = "button";
  const ways = made("p", "actions step-ways", "");
  ways.append(back, next);
  send.before(ways);

  let here = 0;
  const show = (to, focus) => {
    here = Math.max(0, Math.min(to, steps.length - 1));
    steps.forEach((step, index) => {
      step.hidden = index !== here;
    });
    const last = here === steps.length - 1;
    back.hidden = here === 0;
    next.hidden = last;
    send.hidden = !last;
    progress.textContent = progressWords
      .replace("{n}", String(here + 1))
      .replace("{all}", String(steps.length));
    if (focus) {
      progress.focus();
      window.scrollTo(0, 0);
    }
  };
  back.addEventListener("click", () => show(here - 1, true));
  next.addEventListener("click", () => show(here + 1, true));
  // Enter in a one-line field goes on instead of sending what is not finished.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault();
      if (!next.hidden) {
        show(here + 1, true);
      }
    }
  });

  // The summary of what must be changed links to fields in parts that are not shown.
  const partOf = (id) => {
    const found = id ? document.getElementById(id) : null;
    return steps.findIndex((step) => found && step.contains(found));
  };
  const open = (id) => {
    const part = partOf(id);
    if (part >= 0) {
      show(part, false);
      const found = document.getElementById(id);
      (found.matches("fieldset") ? found.querySelector("input") || found : found).focus();
    }
    return part >= 0;
  };
  for (const link of document.querySelectorAll("#problem-list a")) {
    link.addEventListener("click", (event) => {
      if (open(link.hash.slice(1))) {
        event.preventDefault();
      }
    });
  }
  const first = document.querySelector("#problem-list a");
  show(at ?? partOf(first?.hash.slice(1)), false);
  return { at: () => here, open };
}

function made(tag, className, words) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}
