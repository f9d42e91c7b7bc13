// Finishing on a paired tablet: what was told is checked, sealed, and put into the queue.
import { check } from "./checks.js";
import { read } from "./fields.js";

// Seal what is on `sheet`. Resolves with what must be changed first, as [[question, sentence]];
// with [] once all is on disk. Rejects by name as queue.finish does; then the draft is untouched.
export async function seal(sheet, { code, uuid, version }, { keeper, speaking }) {
  await speaking.stop();
  const { answers, consent } = read(sheet.form);
  const problems = check(sheet.checks(), answers, { spoken: speaking.question });
  if (problems.length) {
    return problems;
  }
  const story = {
    form: sheet.name,
    form_version: version,
    language: sheet.language,
    receipt: code,
    answers,
    consent: { ...consent, wording: sheet.wording },
  };
  const voice = await speaking.payload();
  const { finish } = await import("./queue.js");
  const draft = await keeper.begun().catch(() => null);
  try {
    await finish(draft, voice ? { ...story, voice } : story, { uuid });
  } catch (error) {
    // Another tab was quicker with the same telling: it is kept, and that is what counts.
    if (error.name !== "FinishedElsewhere") {
      throw error;
    }
  }
  return problems;
}
