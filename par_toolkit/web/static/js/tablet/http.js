// Talking to our own server, as a device: with its token, never with cookies, never from a cache.

const PATIENCE = 60000;
// A line that brings less than this, 64 kbit/s, is waited for; one that stands still is not.
const BYTES_A_MS = 8;

// Return {status, type, retryAfter, text}. Rejects where no whole answer came in time, and where
// the answer was a redirection: our server sends none, the login pages of networks do.
export async function ask(method, path, { token, headers = {}, body, patience = PATIENCE } = {}) {
  const stop = new AbortController();
  const time = patience + (body?.length ?? 0) / BYTES_A_MS;
  const timer = setTimeout(() => stop.abort(), time);
  const bearer = token ? { Authorization: `Bearer ${token}` } : {};
  try {
    const answer = await fetch(path, {
      method,
      body,
      headers: { Accept: "application/json", ...bearer, ...headers },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: stop.signal,
    });
    return {
      status: answer.status,
      type: answer.headers.get("Content-Type"),
      retryAfter: answer.headers.get("Retry-After"),
      text: await answer.text(),
    };
  } finally {
    clearTimeout(timer);
  }
}

// Does our server answer at all? Tells a network that is away from a story that cannot get through.
export async function reachable() {
  try {
    const { status, text } = await ask("GET", "/api/health", { patience: 10000 });
    return status === 200 && JSON.parse(text).ok === true;
  } catch {
    return false;
  }
}
