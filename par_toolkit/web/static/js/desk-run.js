// While a run is under way, look again every two seconds; only the words about it change.
"use strict";

const SECONDS = 2;

async function look() {
  const shown = document.getElementById("run");
  if (!shown || shown.dataset.state !== "running") {
    return;
  }
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("run");
    if (fresh) {
      shown.dataset.state = fresh.dataset.state;
      if (shown.innerHTML !== fresh.innerHTML) {
        shown.replaceChildren(...fresh.childNodes);
      }
    }
  } catch {
    // The server may be away for a moment; the next look tells.
  }
  window.setTimeout(look, SECONDS * 1000);
}

window.setTimeout(look, SECONDS * 1000);
