// The empty pages of telling, as a tablet keeps them: found, and shown in place of the page at hand.
const PATIENCE = 8000; // ms

// Return the empty page of a form as a document, in the very version if it can be had; null where
// it is neither kept here nor to be had from the server.
export async function load(form, language, version) {
  const address = `/tell/shell/${encodeURIComponent(form)}?lang=${encodeURIComponent(language)}`;
  const kept = await read(await globalThis.caches?.match(address).catch(() => null), language);
  if (kept && versionOf(kept) === Number(version)) {
    return kept;
  }
  return (await fromServer(`${address}&version=${Number(version)}`, language)) ?? kept;
}

export function versionOf(page) {
  return Number(page.querySelector("#tell-form input[name=form_version]").value);
}

// Show `page` instead of what is shown. Its scripts do not run again: those of this page go on.
export function show(page) {
  const { lang, dir, dataset } = page.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.documentElement.dataset.words = dataset.words ?? "";
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  return document.getElementById("tell-form");
}

async function fromServer(address, language) {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await read(await fetch(address, { signal: stop.signal, credentials: "omit" }), language);
  } catch {
    return null;
  } finally {
    window.clearTimeout(timer);
  }
}

// A network in a hall may answer with a page of its own: take only a telling, in our language.
async function read(answer, language) {
  if (!answer?.ok) {
    return null;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("#tell-form[data-shell]")?.dataset.language === language ? page : null;
}
