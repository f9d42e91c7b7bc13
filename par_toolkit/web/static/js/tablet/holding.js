// While a telling is open: no new version of these pages takes over, and no way out leaves words.

// `hidden()` is called when the page is no longer seen, `gone()` when it goes. Returns
// {deaf(), release()}: to hear of neither any more, and to let the lock go.
export function hold({ hidden, gone }) {
  const heard = new AbortController();
  const { signal } = heard;
  document.addEventListener("visibilitychange", () => document.hidden && hidden(), { signal });
  window.addEventListener("pagehide", gone, { signal });
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  navigator.locks?.request("par-telling", { mode: "shared" }, () => held);
  return { deaf: () => heard.abort(), release };
}
