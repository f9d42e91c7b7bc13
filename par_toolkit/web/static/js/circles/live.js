// See what others do at the table without loading the page again. A small question is asked often:
// 'is it still as I have seen it?' Only where it is not, the page is fetched, and its regions are
// put in the place of those that are shown. What somebody is writing is never touched. Without this
// script the same page shows the same when it is loaded again.

const SECONDS = 3;
// A line that is slower than this counts as lost; after each failure the next question waits longer.
const SLOWEST = 10;
const LONGEST_WAIT = 24;
// The seat is on another device, or was left; the page is not there, or not for this person.
const GONE = [401, 403, 404, 410];
const root = document.querySelector("[data-live]");
const said = document.getElementById("news");
let seen = root.dataset.seen;
let timer = 0;
let failures = 0;

function tell(sentence) {
  said.textContent = "";
  window.setTimeout(() => (said.textContent = sentence), 50);
}

// Say something that stays, for eyes as well.
function show(sentence) {
  if (said.textContent !== sentence) {
    said.classList.remove("hidden");
    tell(sentence);
  }
}

// A region is being used while a field in it has focus or other words than it came with.
function used(region) {
  const fields = [...region.querySelectorAll("input:not([type=hidden]), textarea, select")];
  return fields.some(
    (field) =>
      field === document.activeElement ||
      (field.type === "checkbox" || field.type === "radio"
        ? field.checked !== field.defaultChecked
        : field.tagName === "SELECT"
          ? field.selectedIndex !== shownFirst(field)
          : field.value !== field.defaultValue),
  );
}

// A list shows its first entry where the page names none.
function shownFirst(list) {
  const named = [...list.options].findIndex((option) => option.defaultSelected);
  return list.options.length ? Math.max(0, named) : -1;
}

// What is open stays open, and the button that has focus keeps it.
function replace(region, fresh) {
  const opened = [...region.querySelectorAll("details")].map((one) => one.open);
  const focused = region.contains(document.activeElement) && document.activeElement;
  const buttons = focused ? [...region.querySelectorAll("a, button, summary")] : [];
  const place = buttons.indexOf(focused);
  region.replaceWith(fresh);
  fresh.querySelectorAll("details").forEach((one, at) => {
    one.open = opened[at] ?? one.open;
  });
  if (place >= 0) {
    const target = fresh.querySelectorAll("a, button, summary")[place];
    target?.focus({ preventScroll: true });
  }
}

// An answer that says nothing of the page, as from a server that starts again, counts as none.
async function ask(address) {
  const line = new AbortController(); // AbortSignal.timeout() is not in older telephones
  const end = window.setTimeout(() => line.abort(), SLOWEST * 1000);
  try {
    const answer = await fetch(address, { signal: line.signal });
    if (!answer.ok && !GONE.includes(answer.status)) {
      throw new Error(answer.status);
    }
    return { ok: answer.ok, status: answer.status, text: await answer.text() };
  } finally {
    window.clearTimeout(end);
  }
}

async function refresh() {
  const answer = await ask(root.dataset.page);
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  const other = page.querySelector("[data-live]");
  if (!answer.ok || !other || other.dataset.regions !== root.dataset.regions) {
    // The seat was left on this device, somebody has to sign in, or it is another step: load it
    // all, unless somebody is writing.
    if (!used(root)) {
      window.location.assign(root.dataset.page);
    } else if (!answer.ok || !other) {
      show(said.dataset.gone);
    }
    return;
  }
  for (const id of root.dataset.regions.split(" ")) {
    const region = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (used(region)) {
      const stale = region.querySelector(".stale");
      if (stale) {
        stale.hidden = false;
        stale.textContent = fresh.querySelector(".stale") ? stale.textContent : said.dataset.closed;
      }
    } else {
      replace(region, document.adoptNode(fresh));
    }
  }
  seen = other.dataset.seen;
  said.classList.add("hidden");
  tell(said.dataset.changed);
}

async function look() {
  window.clearTimeout(timer);
  if (!document.hidden) {
    try {
      const answer = await ask(`${root.dataset.live}?seen=${seen}`);
      failures = 0;
      if (answer.status !== 204) {
        await refresh();
      } else if (!said.classList.contains("hidden")) {
        said.classList.add("hidden");
        said.textContent = "";
      }
    } catch {
      failures += 1;
      show(said.dataset.away);
    }
  }
  // Not all at the same moment: a hall full of telephones asks one after another.
  const wait = Math.min(SECONDS * 2 ** failures, LONGEST_WAIT);
  timer = window.setTimeout(look, wait * 1000 * (0.75 + Math.random() / 2));
}

window.addEventListener("online", look);

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    look();
  }
});
timer = window.setTimeout(look, SECONDS * 1000);
