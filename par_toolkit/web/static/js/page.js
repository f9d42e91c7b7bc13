// Every page with words on it: lead to what must be changed, and never come back from memory.
"use strict";

const problems = document.getElementById("problem-list");
if (problems) {
  problems.focus();
}

// A page restored from the browser's memory could show the last person's words (promise 3).
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
