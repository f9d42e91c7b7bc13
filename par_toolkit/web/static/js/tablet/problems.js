// What must be changed, said as the server's own page says it: a list on top, a sentence beside
// each question, and the focus on the list.

// `problems` is [[id of a field or null, sentence]]. `open(id)` shows the part a field is in.
export function show(form, problems, open = () => false) {
  clear(form);
  const template = document.getElementById("problems-template");
  const box = template.content.firstElementChild.cloneNode(true);
  const { one, many } = template.dataset;
  box.querySelector("h2").textContent = problems.length === 1 ? one : many.replace("{n}", problems.length);
  for (const [id, sentence] of problems) {
    const field = id && document.getElementById(id);
    box.querySelector("ul").append(line(field ? id : null, sentence, open));
    if (field) {
      mark(field, id, sentence);
    }
  }
  form.before(box);
  box.focus();
}

export function clear(form) {
  document.getElementById("problem-list")?.remove();
  for (const note of form.querySelectorAll(".error, .field-error")) {
    note.remove();
  }
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    describe(field, (ids) => ids.filter((id) => !id.endsWith("-error")));
  }
}

function line(id, sentence, open) {
  const item = document.createElement("li");
  if (!id) {
    item.textContent = sentence;
    return item;
  }
  const link = document.createElement("a");
  link.href = `#${id}`;
  link.textContent = sentence;
  link.addEventListener("click", (event) => {
    event.preventDefault(); // no address of a question stays in the history
    if (!open(id)) {
      const field = document.getElementById(id);
      (field.matches("fieldset") ? field.querySelector("input") ?? field : field).focus();
    }
  });
  item.append(link);
  return item;
}

function mark(field, id, sentence) {
  const note = document.createElement("p");
  note.className = "error";
  note.id = `${id}-error`;
  note.textContent = sentence;
  if (field.matches("fieldset")) {
    field.querySelector("legend").after(note);
  } else {
    field.before(note);
    field.setAttribute("aria-invalid", "true");
  }
  describe(field, (ids) => [...ids, note.id]);
}

function describe(field, change) {
  const ids = change((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) {
    field.setAttribute("aria-describedby", ids.join(" "));
  } else {
    field.removeAttribute("aria-describedby");
  }
}
