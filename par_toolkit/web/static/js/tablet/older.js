// A telling that was begun with an older version of its form, where only the newest is at hand.
//
// It stays a telling of its own version, which the server takes for ever: questions that came since
// are left out, and those that went are asked below, with what was answered to them.

// `questions` are those of the older version, `labels` the words of each choice that was made, and
// `left` the answers without a place. Returns the questions that this page can ask now.
export function fit(form, { version, questions, labels, left }) {
  form.querySelector("input[name=form_version]").value = version;
  const names = new Set(questions.map(({ name }) => name));
  for (const step of form.querySelectorAll(".step.question")) {
    if (!names.has(controlOf(step)?.name)) {
      step.remove();
    }
  }
  const section = fromTemplate();
  for (const question of questions) {
    section.append(...fields(form, question, labels, left[question.name]));
  }
  if (section.querySelector("input, textarea")) {
    form.querySelector(".send").before(section);
  }
  return questions.filter(({ name }) => form.querySelector(`[name="${name}"]:not([type=hidden])`));
}

function controlOf(step) {
  return step.querySelector("input[name], textarea[name], select[name]");
}

function fromTemplate() {
  return document.getElementById("older-template").content.firstElementChild.cloneNode(true);
}

// Return what is asked of one question here: its choices that went, or the whole question.
function fields(form, question, labels, answer) {
  const { name, kind } = question;
  if (kind === "choice" || kind === "many") {
    return [answer ?? []].flat().map((code) => choice(question, code, labels[`${name} ${code}`] ?? code));
  }
  return form.querySelector(`[name="${name}"]:not([type=hidden])`) ? [] : words(question, answer ?? "");
}

function words({ name, asked }, answer) {
  const area = document.createElement("textarea");
  Object.assign(area, { name, id: name, value: answer, autocomplete: "off" });
  const label = document.createElement("label");
  label.htmlFor = name;
  label.textContent = asked;
  return [label, area];
}

// Beside the choices that are still offered under the same name: taking one of those takes it away.
function choice({ name, kind, asked }, code, words) {
  const box = document.createElement("input");
  Object.assign(box, { type: kind === "choice" ? "radio" : "checkbox", name, value: code, checked: true });
  box.dataset.words = words;
  const label = document.createElement("label");
  label.className = "choice-left";
  label.append(box, ` ${asked} ${words}`);
  return label;
}

// Return the words of each choice that is made on the page, by question and code.
export function labelsOf(form) {
  const made = [...form.querySelectorAll(".choice :checked, .choice-left :checked")];
  return Object.fromEntries(
    made.map((box) => [`${box.name} ${box.value}`, box.dataset.words ?? box.labels[0].textContent.trim()]),
  );
}
