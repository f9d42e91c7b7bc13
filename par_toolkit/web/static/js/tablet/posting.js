// Finishing in a browser that is not paired: the server's own way, with a token fetched just now,
// so that a page that was open for long, or that a worker kept, can be sent as well.
const PATIENCE = 8000; // ms

// Send the form as a page does. Returns "sent", "join" where the join code is asked first, or
// "offline": then nothing was sent and every word is still here.
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
  submit(form);
  return "sent";
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
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { signal: stop.signal, cache: "no-store" });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  } finally {
    window.clearTimeout(timer);
  }
}
