// What pages on a tablet say by themselves: words by key, each in the best language there is.
// <html data-words="ar fr en"> names the languages to look in, in that order.
let books = [];
let loaded = "";

// Fetch the words; from then on `say` and `put` answer at once. A language that has them all needs
// no other. Where the page has changed to another language, the words change with it.
export async function loadWords() {
  const wanted = document.documentElement.dataset.words || "en";
  if (wanted === loaded) {
    return;
  }
  const found = [];
  for (const code of wanted.split(" ")) {
    const answer = await fetch(`/tell/words/${encodeURIComponent(code)}.json`);
    found.push(answer.ok ? await answer.json() : { words: {} });
    if (found.at(-1).whole) {
      break;
    }
  }
  books = found;
  loaded = wanted;
}

// Return the words for a key with `%(name)s` filled in from `values`.
export function say(key, values = {}) {
  return fill(find(key).words[key], values);
}

// Write the words for a key into an element; where they are in another language, it says which.
export function put(element, key, values = {}) {
  const book = find(key);
  if (book.lang === books[0].lang) {
    element.textContent = fill(book.words[key], values);
    element.removeAttribute("lang");
    element.removeAttribute("dir");
  } else {
    element.textContent = fill(book.words[key], values, isolated);
    element.lang = book.lang;
    element.dir = book.dir;
  }
  return element;
}

function find(key) {
  const book = books.find((one) => key in one.words);
  if (!book) {
    throw new Error(`No words for "${key}".`);
  }
  return book;
}

function fill(text, values, written = String) {
  const value = (whole, name) => (name in values ? written(values[name]) : whole);
  return text.replace(/%\((\w+)\)s/g, value);
}

// A value that may run the other way must not turn the words around it (Unicode, FSI and PDI).
function isolated(value) {
  return `\u2068${value}\u2069`;
}
