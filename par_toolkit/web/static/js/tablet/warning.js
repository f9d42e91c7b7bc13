// The warning before a page closes: seen above everything, and read out.
import { Idle } from "./idle.js";

// Close after the usual time. `kind` is "kept", "lost" or "slip": what the warning says of the
// words on the page; asked when it is shown. The code is not: somebody else may be standing there.
export function watch({ kind, closed, busy }) {
  const box = document.createElement("div");
  box.className = "idle-warning";
  box.setAttribute("role", "alert");
  box.hidden = true;
  document.body.append(box);
  const idle = new Idle({
    warned: () => warn(box, kind()),
    stayed: () => unwarn(box),
    closed: () => {
      box.remove();
      closed();
    },
    busy,
  });
  return {
    stop() {
      idle.stop();
      box.remove();
    },
    // The page was shown in another language: the warning goes with it.
    follow() {
      document.body.append(box);
    },
  };
}

function warn(box, kind) {
  const words = document.getElementById("idle-template").content.cloneNode(true);
  for (const part of words.querySelectorAll("[data-when]")) {
    if (part.dataset.when !== kind) {
      part.remove();
    }
  }
  box.hidden = false; // first shown, then filled: so it is read out
  box.replaceChildren(words);
}

function unwarn(box) {
  box.hidden = true;
  box.replaceChildren();
}
