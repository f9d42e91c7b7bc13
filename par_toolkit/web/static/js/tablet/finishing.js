// Finishing on a paired tablet: what was told is checked, sealed, and put into the queue.
import { check } from "./checks.js";
import { read } from "./fields.js";

// Seal what is on `sheet`. Resolves with what must be changed first, as [[question, sentence]];
// with [] once all is on disk, or where the page was closed before all was read: then the draft
// waits, untouched. So it does where this rejects, by name as queue.finish does.
export async function seal(sheet, { code, uuid, version }, { keeper, speaking }) {
  await speaking.stop();
  const { answers, consent, contact } = read(sheet.form);
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
    ...(consent.contact && contact.trim() ? { contact } : {}), // unasked for, it is not sent
  };
  const voice = await speaking.payload();
  const { finish } = await import("./queue.js");
  const draft = await keeper.begun().catch(() => null);
  // Without its key a draft tells no voice any more: to seal now would be to lose what was said.
  if (!keeper.code) {
    return problems;
  }
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
