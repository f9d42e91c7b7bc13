// Leaving quickly, by the link or by pressing Shift three times: the page is gone at once, and its
// entry in the history of this window becomes the everyday website's.
"use strict";

const PRESSES = 3;
const WITHIN = 2000; // ms

const way = document.getElementById("leave");
let pressed = [];

function leave() {
  document.documentElement.hidden = true;
  document.title = "";
  // The server forgets who was here. Where it cannot be reached, the page goes all the same.
  fetch(way.href, { keepalive: true, redirect: "manual", cache: "no-store" }).catch(() => {});
  window.location.replace(way.dataset.to);
}

if (way) {
  way.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.repeat) {
      pressed = []; // a capital letter is no wish to leave
      return;
    }
    pressed = [...pressed.slice(1 - PRESSES), event.timeStamp];
    if (pressed.length === PRESSES && event.timeStamp - pressed[0] < WITHIN) {
      leave();
    }
  });
}
