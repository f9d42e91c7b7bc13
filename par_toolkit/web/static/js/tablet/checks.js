// What a person can still mend is said before anything is sealed. The rules are those of
// forms/validation.py, which decides on arrival; the sentences come with the page.

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^[+-]?\p{Nd}{1,15}(?:[.,]\p{Nd}{1,6})?$/u;
// "1,000" is a thousand to some and one to others.
const TWO_MEANINGS = /^[+-]?\p{Nd}{1,3}[.,]\p{Nd}{3}$/u;
const THOUSANDS = /(?<=\p{Nd})\s(?=\p{Nd}{3}(?!\p{Nd}))/gu;
const READABLE = /[^\p{Z}\p{M}\p{Cc}\p{Cf}]/u;
const CHOICES = ["choice", "many"];

// Return [[name of the question, sentence]] for `answers`; `spoken` names a question that was
// answered aloud.
export function check({ questions, words, most }, answers, { spoken = null } = {}) {
  const problems = [];
  let said = Boolean(spoken);
  for (const question of questions) {
    const answer = answers[question.name];
    const given = saysSomething(answer);
    said ||= given;
    const key = given ? wrong(question, answer, most) : missing(question, spoken);
    if (key) {
      problems.push([question.name, sentence(words[key], { question, answer, most })]);
    }
  }
  if (!said && !problems.length && questions.length) {
    problems.push([questions[0].name, words.needed_any]);
  }
  return problems;
}

function saysSomething(answer) {
  return Array.isArray(answer) ? answer.length > 0 : READABLE.test(answer ?? "");
}

function missing(question, spoken) {
  if (!question.required || question.name === spoken) {
    return null;
  }
  return CHOICES.includes(question.kind) ? "needed_choice" : "needed";
}

function wrong({ kind }, answer, most) {
  if (Array.isArray(answer)) {
    return null;
  }
  if (length(answer, most) > most) {
    return "too_long";
  }
  if (damagedAt(answer)) {
    return "broken_text";
  }
  if (kind === "number") {
    return isNumber(answer.trim().replace(THOUSANDS, "")) ? null : "not_a_number";
  }
  return kind === "date" && !isDay(answer.trim()) ? "not_a_date" : null;
}

function isNumber(text) {
  return NUMBER.test(text) && !TWO_MEANINGS.test(text);
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

// Counted in characters as people and Python count them; a short text is not counted at all.
function length(text, most) {
  return text.length > most ? [...text].length : text.length;
}

// Return the place of half a pair, counted from 1; 0 where there is none.
function damagedAt(text) {
  const at = text.search(/\p{Surrogate}/u);
  return at < 0 ? 0 : [...text.slice(0, at)].length + 1;
}

function sentence(words, { question, answer, most }) {
  const values = { question: question.asked, most: most.toLocaleString() };
  if (typeof answer === "string") {
    values.position = damagedAt(answer);
    values.length = length(answer, most).toLocaleString();
  }
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
