// Hiding words by selecting them. The page marks where each piece of an answer begins, counted in
// code points of the teller's own text; a browser counts in UTF-16, where an emoji is two.
"use strict";

const form = document.getElementById("hide");
const answers = document.getElementById("answers");

function codePoints(text) {
  return Array.from(text).length;
}

// Return the code point at which (node, offset) stands, or null outside every answer.
function place(node, offset, atEnd) {
  const words = closest(node, "[data-question]");
  if (!words) {
    return null;
  }
  const piece = closest(node, "[data-at]");
  if (!piece) {
    return between(words, node, offset);
  }
  const start = Number(piece.dataset.at);
  if (piece.dataset.end) {
    // What is hidden already is one whole: its label has no places inside.
    return atEnd ? Number(piece.dataset.end) : start;
  }
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, offset);
  return start + codePoints(before.toString());
}

// A selection may end between pieces, or on a label: take the end of the last piece before it.
function between(words, node, offset) {
  const here = document.createRange();
  here.setStart(node, offset);
  here.collapse(true);
  let at = 0;
  for (const piece of words.querySelectorAll("[data-at]")) {
    const whole = document.createRange();
    whole.selectNode(piece);
    if (here.compareBoundaryPoints(Range.START_TO_END, whole) <= 0) {
      break;
    }
    at = Number(piece.dataset.end || Number(piece.dataset.at) + codePoints(piece.textContent));
  }
  return at;
}

function closest(node, selector) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element && element.closest(selector);
}

// Return the teller's words in a selection, without the labels that stand between them.
function plainWords(range) {
  const copy = range.cloneContents();
  for (const label of copy.querySelectorAll(".mark-label")) {
    label.remove();
  }
  return copy.textContent;
}

function clear() {
  for (const name of ["question", "start", "end"]) {
    form.elements[name].value = "";
  }
  form.querySelector("[data-which]").hidden = false;
}

function taken() {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) {
    return;
  }
  const range = selection.getRangeAt(0);
  const question = closest(range.startContainer, "[data-question]");
  if (!question || question !== closest(range.endContainer, "[data-question]")) {
    return;
  }
  const start = place(range.startContainer, range.startOffset, false);
  const end = place(range.endContainer, range.endOffset, true);
  if (start === null || end === null || end <= start) {
    return;
  }
  form.elements.question.value = question.dataset.question;
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.elements.words.value = plainWords(range);
  form.querySelector("[data-which]").hidden = true;
}

if (form && answers) {
  for (const note of form.querySelectorAll("[data-selecting]")) {
    note.hidden = false;
  }
  document.addEventListener("selectionchange", taken);
  // Words that are typed after selecting mean the words, no longer the place.
  form.elements.words.addEventListener("input", clear);
}
