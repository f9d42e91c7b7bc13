// Pages with a receipt code or a story on them: printing, and closing when nobody is there.
import { Idle } from "./tablet/idle.js";

const printer = document.querySelector("[data-print]");
const handOver = document.getElementById("hand-over");
const code = document.querySelector("[data-kept-code]");

if (printer) {
  printer.hidden = false;
  printer.addEventListener("click", () => window.print());
}
if (handOver) {
  closeWhenIdle(handOver, document.getElementById("idle-warning"));
}
if (code && window.isSecureContext) {
  dropDraft(code.textContent);
}

// Pages with a receipt code or a story close by themselves when nobody is there, and leave nothing
// for a browser to bring back.
function closeWhenIdle(leaving, warning) {
  new Idle({
    idle: Number(leaving.dataset.idle),
    warn: Number(leaving.dataset.warn),
    warned: () => {
      warning.hidden = false;
      warning.textContent = warning.dataset.words;
    },
    stayed: () => {
      warning.hidden = true;
      warning.textContent = "";
    },
    closed: () => leaving.submit(),
  });
  window.addEventListener("pagehide", () => document.querySelector("main").replaceChildren());
}

// The server has the story now: its draft in this browser is no longer needed.
async function dropDraft(shown) {
  const [{ normalise }, { find }] = await Promise.all([
    import("./tablet/codes.js"),
    import("./tablet/drafts.js"),
  ]);
  try {
    await (await find(normalise(shown)))?.drop();
  } catch {
    // A browser that refuses its store kept no draft.
  }
}
