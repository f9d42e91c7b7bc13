// A telling that was begun with an older version of its form, where only the newest is at hand.
//
// It stays a telling of its own version, which the server takes for ever: questions that came since
// are left out, and answers to questions that went are shown below, to be changed or emptied.

// `asked` are the names of the questions of the older version, `left` its answers without a place.
export function fit(form, { version, asked, left }) {
  form.querySelector("input[name=form_version]").value = version;
  const known = new Set(asked);
  const dropped = new Set();
  for (const step of form.querySelectorAll(".step.question")) {
    const field = step.querySelector("input[name], textarea[name], select[name]");
    if (field && !known.has(field.name)) {
      dropped.add(field.name);
      step.remove();
    }
  }
  if (Object.keys(left).length) {
    form.querySelector(".send").before(leftovers(left));
  }
  return dropped;
}

function leftovers(left) {
  const section = document.getElementById("older-template").content.firstElementChild.cloneNode(true);
  for (const [name, answer] of Object.entries(left)) {
    section.append(...(Array.isArray(answer) ? answer.map((code) => choice(name, code)) : [words(name, answer)]));
  }
  return section;
}

function words(name, answer) {
  const area = document.createElement("textarea");
  area.name = name;
  area.value = answer;
  area.autocomplete = "off";
  area.setAttribute("aria-labelledby", "older-title");
  return area;
}

function choice(name, code) {
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name, value: code, checked: true });
  const label = document.createElement("label");
  label.className = "choice-left";
  label.append(box, ` ${code}`);
  return label;
}
