// One touch without a page being loaded: post the form, take the answer's own words for it, and keep
// the place. Without this script the same buttons and links lead to the same pages.

const SECONDS = 5;
const form = document.getElementById("coding-form");
const said = document.getElementById("coding-said");
// Touches that come quickly wait for each other, so that none is lost.
let waiting = 0;
let line = Promise.resolve();

function tell(sentence) {
  said.textContent = "";
  window.setTimeout(() => (said.textContent = sentence), 50);
}

// Put the fresh state in place; lists that were scrolled stay where they were.
function renew(fresh) {
  const lists = [".beside", ".palette"];
  const places = lists.map((list) => form.querySelector(list)?.scrollTop || 0);
  const chosen = form.querySelector("input[name=passage]:checked")?.id;
  document.getElementById("coding").replaceWith(document.adoptNode(fresh));
  find();
  lists.forEach((list, number) => {
    const again = form.querySelector(list);
    if (again) {
      again.scrollTop = places[number];
    }
  });
  return chosen && document.getElementById(chosen);
}

// Show the fresh state; focus stays where it was, or goes to the passage that was worked on.
function show(fresh, { key = "", passage = "" } = {}) {
  const again = renew(fresh);
  if (again && !key) {
    again.checked = true;
  }
  const problems = fresh.querySelector("#problem-list");
  const target =
    problems ||
    (key && fresh.querySelector(`[data-key="${CSS.escape(key)}"]`)) ||
    (passage && document.getElementById(`p-${passage}`)) ||
    again;
  target?.focus({ preventScroll: !problems });
}

// Show the codes that have the typed letters, accents and small or capital letters aside.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let sought = "";

function find() {
  const place = form.querySelector("[data-find][data-many]");
  if (!place) {
    return;
  }
  place.hidden = false;
  place.querySelector("input").value = sought;
  const letters = plain(sought.trim());
  let found = 0;
  for (const group of form.querySelectorAll(".code-group")) {
    let here = 0;
    for (const button of group.querySelectorAll(".code-button")) {
      const fits = plain(button.textContent).includes(letters);
      button.parentElement.hidden = !fits;
      here += fits;
    }
    group.hidden = !here;
    found += here;
  }
  form.querySelector("#found-none").hidden = found > 0;
}

form.addEventListener("input", (event) => {
  if (event.target.id === "find") {
    sought = event.target.value;
    find();
  }
});

function ask(address, options, place) {
  waiting += 1;
  line = line.then(() => send(address, options, place)).finally(() => (waiting -= 1));
  return line;
}

async function send(address, options, place) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("coding");
    if (!fresh || new URL(answer.url).pathname !== window.location.pathname) {
      // The story is done or gone, or somebody has to sign in: go where the answer leads.
      window.location.assign(answer.url + (/\/coding\/\d+$/.test(answer.url) ? "#story" : ""));
      return;
    }
    const sentence =
      page.querySelector(".notice[role=status], #problem-list li") || fresh.querySelector(".why");
    show(fresh, place);
    if (sentence) {
      tell(sentence.textContent.trim());
    }
  } catch {
    tell(form.dataset.away);
    said.classList.remove("hidden");
    return;
  }
  said.classList.add("hidden");
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button) {
    return;
  }
  event.preventDefault();
  if (button.value === "stay") {
    return;
  }
  const place = { key: button.dataset.key, passage: button.closest(".passage")?.dataset.passage };
  const fields = new FormData(form, button);
  if (button.matches(".code-button")) {
    sought = "";
  }
  if (place.passage) {
    fields.set("passage", document.getElementById(`p-${place.passage}`).value);
  }
  ask(form.action, { method: "POST", body: new URLSearchParams(fields) }, place);
});

form.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-here]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const passage = link.closest(".passage")?.dataset.passage;
    const moving = link.dataset.key?.startsWith("move-");
    ask(link.href, {}, { key: link.dataset.key, passage }).then(() => {
      if (moving) {
        form.querySelector("#palette h2")?.focus();
      }
    });
  }
});

// See what others do on another device; nothing moves while somebody is half-way through a move.
async function glance() {
  const shown = document.getElementById("coding");
  if (!waiting && !document.hidden && !form.querySelector("[name=moving]")) {
    try {
      const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("coding");
      const still = document.getElementById("coding") === shown && !waiting;
      const others = fresh?.dataset.seen !== shown.dataset.seen;
      const ready = shown.dataset.state === "reading" && fresh?.dataset.state === "ready";
      // What the machine suggests may change with each yes elsewhere; a page that is being read
      // holds still for that, so that no button moves under a finger.
      if (fresh && still && (others || ready)) {
        const focused = document.activeElement;
        const key = focused?.dataset?.key || "";
        const id = focused?.id || "";
        const inside = form.contains(focused);
        const again = renew(fresh);
        if (again) {
          again.checked = true;
        }
        if (inside) {
          const same = (id && document.getElementById(id)) || null;
          (same || fresh.querySelector(`[data-key="${CSS.escape(key)}"]`) || again)?.focus({
            preventScroll: true,
          });
        }
        tell(others ? form.dataset.others : form.dataset.ready);
      }
    } catch {
      // The server may be away for a moment; the next look tells.
    }
  }
}

async function look() {
  await glance();
  window.setTimeout(look, SECONDS * 1000);
}

window.setTimeout(look, SECONDS * 1000);
document.addEventListener("visibilitychange", glance);
find();
