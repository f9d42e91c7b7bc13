// The slip after a telling was finished on a paired tablet, in the page itself: no address has it.
import { clear, showOnly, toNextPerson } from "./closing.js";
import { changes, entries } from "./queue.js";
import { sendNow } from "./sender.js";
import { draw, write } from "./square.js";
import { watch } from "./warning.js";

// Show the code of a story that waits under `uuid`, and what becomes of it while the page is open.
export function show({ code, uuid }) {
  const shown = showOnly("slip-template");
  write(shown.querySelector("[data-code]"), code);
  draw(shown.querySelector("[data-square]"), code);
  fillAddress(shown);
  const look = () => tellState(shown.querySelector("[data-state]"), uuid);
  changes.addEventListener("change", look);
  look();
  sendNow().catch(() => {}); // it waits, and is sent later
  const handOver = () => {
    code = "";
    changes.removeEventListener("change", look);
    warning.stop();
    toNextPerson();
  };
  const warning = watch({ kind: () => "slip", closed: handOver });
  shown.querySelector("[data-print-slip]").addEventListener("click", () => window.print());
  shown.querySelector("[data-hand-over]").addEventListener("click", handOver);
  window.addEventListener("pagehide", clear);
}

function fillAddress(shown) {
  const words = shown.querySelector("[data-address]");
  words.textContent = words.textContent.replace("{address}", `${window.location.host}/mine`);
}

async function tellState(place, uuid) {
  const entry = (await entries()).find((each) => each.uuid === uuid.toLowerCase());
  const state = entry ? entry.state : "arrived";
  if (place.dataset.now !== state) {
    place.dataset.now = state;
    place.textContent = place.dataset[state];
  }
}
