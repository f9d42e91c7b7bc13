// Says that something of the queue, the pairing or the numbers changed: in this page and in every
// other tab. What changed is not said; whoever shows it looks again.

export const changes = new EventTarget();

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("par") : null;

channel?.addEventListener("message", (event) => tell(event.data));

// `what` is one word: "finished", "sent", "refused", "paused", "paired" or "retry".
export function announce(what) {
  tell(what);
  channel?.postMessage(what);
}

function tell(what) {
  changes.dispatchEvent(new CustomEvent("change", { detail: what }));
}
