// The answers of a telling in and out of the fields of its page, whatever questions a form has.

// Controls by a query and not by `form.elements`: a question may be named "elements" or "action".
function controls(form) {
  return [...form.querySelectorAll("input, select, textarea")].filter(
    (field) => field.name && field.type !== "hidden",
  );
}

function isConsent(field) {
  return field.name.startsWith("consent-");
}

// What says how to reach the teller. No question can have this name.
function isContact(field) {
  return field.name === "contact-how";
}

function isAnswer(field) {
  return !isConsent(field) && !isContact(field) && field.id !== "join_code";
}

// Return {answers: {question: text or [codes]}, consent: {use: boolean}, contact: text}, without
// what is empty.
export function read(form) {
  const answers = {};
  const consent = {};
  let contact = "";
  for (const field of controls(form)) {
    if (isConsent(field)) {
      consent[field.name.slice("consent-".length)] = field.checked;
    } else if (isContact(field)) {
      contact = field.value;
    } else if (isAnswer(field)) {
      collect(answers, field);
    }
  }
  return { answers, consent, contact };
}

function collect(answers, field) {
  if (field.type === "checkbox") {
    if (field.checked) {
      answers[field.name] = [...(answers[field.name] ?? []), field.value];
    }
  } else if (field.value && (field.type !== "radio" || field.checked)) {
    answers[field.name] = field.value;
  }
}

// Say whether nothing was written or ticked.
export function isEmpty({ answers, consent, contact }) {
  return !Object.keys(answers).length && !Object.values(consent).some(Boolean) && !contact;
}

// Put answers and ticks into the page. Return the answers for which it has no place.
export function write(form, { answers, consent, contact = "" }) {
  const left = structuredClone(answers);
  for (const field of controls(form)) {
    if (isConsent(field)) {
      field.checked = Boolean(consent[field.name.slice("consent-".length)]);
    } else if (isContact(field)) {
      field.value = contact;
    } else if (isAnswer(field) && field.name in answers) {
      place(field, answers[field.name], left);
    }
  }
  return left;
}

function place(field, answer, left) {
  if (field.type === "checkbox") {
    const codes = left[field.name] ?? [];
    field.checked = answer.includes(field.value);
    left[field.name] = codes.filter((code) => code !== field.value);
    if (!left[field.name].length) {
      delete left[field.name];
    }
  } else if (field.type === "radio") {
    field.checked = field.value === answer;
    if (field.checked) {
      delete left[field.name];
    }
  } else {
    field.value = answer;
    // A day that is none, or a line that a browser changed, must not be lost silently.
    if (field.value === answer || field.tagName === "TEXTAREA") {
      delete left[field.name];
    }
  }
}

// Leave nothing in any field: neither what was typed nor what the page came with.
export function wipe(root) {
  for (const field of root.querySelectorAll("input, select, textarea")) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = field.defaultChecked = false;
    } else {
      field.value = "";
      field.defaultValue = "";
    }
  }
}
