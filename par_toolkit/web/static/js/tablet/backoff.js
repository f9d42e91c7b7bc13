// When to try again. Pure: the randomness and the time come from the caller.

const FIRST = 2000;
const LONGEST = 300000;
// No wait we or the server ask for is longer: a later moment means that the clock was set back.
const IMPOSSIBLE = 2 * 3600000;

// Full jitter: a random time between nothing and 2 s · 2^(failures − 1), at most 5 minutes. Tablets
// that failed together then do not all come back together. Formula: Marc Brooker, "Exponential
// Backoff And Jitter", AWS Architecture Blog, 2015: sleep = random(0, min(cap, base · 2^attempt)).
export function delay(failures, random = Math.random) {
  return random() * Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 30));
}

// Is `moment` (ms since 1970) here? Also where the clock of the tablet was set back meanwhile.
export function isDue(moment, now) {
  return moment <= now || moment > now + IMPOSSIBLE;
}
