// Pages with a receipt code or a story: printing, and closing by themselves when nobody is there.
import "./one-question.js";

const printer = document.querySelector("[data-print]");
if (printer) {
  printer.hidden = false;
  printer.addEventListener("click", () => window.print());
}

const handOver = document.getElementById("hand-over");
const warning = document.getElementById("idle-warning");
if (handOver && warning) {
  const idle = Number(handOver.dataset.idle) * 1000;
  const warn = Number(handOver.dataset.warn) * 1000;
  let closing = 0;
  let notice = 0;

  const stay = () => {
    window.clearTimeout(closing);
    window.clearTimeout(notice);
    warning.hidden = true;
    warning.textContent = "";
    notice = window.setTimeout(() => {
      warning.hidden = false;
      warning.textContent = warning.dataset.words;
    }, idle - warn);
    closing = window.setTimeout(() => handOver.submit(), idle);
  };

  for (const sign of ["pointerdown", "pointermove", "keydown", "scroll", "focusin"]) {
    window.addEventListener(sign, stay, { passive: true });
  }
  stay();
}
