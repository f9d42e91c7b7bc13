// One part of the telling at a time. It stays one form: everything is sent together at the end.
"use strict";

const telling = document.querySelector("form[data-one-a-screen]");
if (telling) {
  const steps = [...telling.querySelectorAll(".step")];
  const send = telling.querySelector(".send");
  const words = telling.dataset;

  const progress = document.createElement("p");
  progress.className = "progress";
  progress.tabIndex = -1;
  telling.prepend(progress);

  const back = document.createElement("button");
  const next = document.createElement("button");
  back.type = next.type = "button";
  back.className = "button second";
  next.className = "button";
  back.textContent = words.back;
  next.textContent = words.next;
  const ways = document.createElement("p");
  ways.className = "actions step-ways";
  ways.append(back, next);
  send.before(ways);

  let at = 0;
  const show = (to, focus) => {
    at = Math.max(0, Math.min(to, steps.length - 1));
    steps.forEach((step, index) => {
      step.hidden = index !== at;
    });
    const last = at === steps.length - 1;
    back.hidden = at === 0;
    next.hidden = last;
    send.hidden = !last;
    progress.textContent = words.progress
      .replace("{n}", String(at + 1))
      .replace("{all}", String(steps.length));
    if (focus) {
      progress.focus();
      window.scrollTo(0, 0);
    }
  };

  back.addEventListener("click", () => show(at - 1, true));
  next.addEventListener("click", () => show(at + 1, true));
  // Enter in a one-line field goes on instead of sending what is not finished.
  telling.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault();
      if (!next.hidden) {
        show(at + 1, true);
      }
    }
  });
  // The summary of what must be changed links to fields in parts that are not shown.
  const open = (id) => {
    const found = id ? document.getElementById(id) : null;
    const index = steps.findIndex((step) => found && step.contains(found));
    if (index >= 0) {
      show(index, false);
      (found.matches("fieldset") ? found.querySelector("input") || found : found).focus();
    }
    return index >= 0;
  };
  for (const link of document.querySelectorAll("#problem-list a")) {
    link.addEventListener("click", (event) => {
      if (open(link.hash.slice(1))) {
        event.preventDefault();
      }
    });
  }
  const first = document.querySelector("#problem-list a");
  const wrong = first ? document.getElementById(first.hash.slice(1)) : null;
  show(Math.max(0, steps.findIndex((step) => wrong && step.contains(wrong))), false);
}
