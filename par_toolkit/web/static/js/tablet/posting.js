// Finishing in a browser that is not paired: the server's own way, with a token fetched just now,
// so that a page that was open for long, or that a worker kept, can be sent as well.
const PATIENCE = 8000; // ms
const SENDING = 120000; // ms; a line in a hall may be slow
const DONE = "/tell/done";

// Send the form, and lead to its slip. Returns "sent", "join" where the join code is asked first,
// "offline": then every word is still here, or the page with which the server refused it.
//
// Not as browsers post a page: where the line goes away in the middle, they keep the words beside
// their page of errors, and post them again for whoever presses Reload (promise 3).
export async function post(form) {
  const page = await current(form.getAttribute("action"));
  const token = page?.querySelector("input[name=csrf_token]")?.value;
  if (!token) {
    return "offline";
  }
  const join = document.getElementById("join");
  const asked = !page.querySelector("#tell-form") || Boolean(page.getElementById("join"));
  if (asked && join && !join.querySelector("input").value.trim()) {
    join.hidden = false;
    return "join";
  }
  hidden(form, "csrf_token", token);
  const answer = await get(form.getAttribute("action"), SENDING, {
    method: "POST",
    body: new FormData(form),
  });
  if (answer?.address === DONE) {
    if (form.isConnected) {
      window.location.assign(DONE); // not where the page was closed meanwhile
    }
    return "sent";
  }
  if (answer && !answer.page.getElementById("tell-form")) {
    submit(form); // neither taken nor refused: the server says it in its own way
    return "sent";
  }
  return answer?.page ?? "offline";
}

// Send the form, and nothing is asked again. Not form.submit(): a question may be named "submit".
export function submit(form) {
  HTMLFormElement.prototype.submit.call(form);
}

// Set a hidden field of the form, which is made where there is none.
export function hidden(form, name, value) {
  let field = form.querySelector(`input[type=hidden][name="${name}"]`);
  if (!field) {
    field = document.createElement("input");
    Object.assign(field, { type: "hidden", name });
    form.prepend(field);
  }
  field.value = value;
}

async function current(address) {
  return (await get(address, PATIENCE))?.page;
}

// Return {address, page} of the answer; null where no whole one came in time.
async function get(address, patience, options = {}) {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(address, { signal: stop.signal, cache: "no-store", ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { address: new URL(answer.url).pathname, page };
  } catch {
    return null;
  } finally {
    window.clearTimeout(timer);
  }
}
