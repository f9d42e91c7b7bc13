// The microphone: whether there is one that may be used, and what it records.
const TYPES = [
  "audio/webm;codecs=opus",
  "audio/ogg;codecs=opus",
  "audio/mp4;codecs=mp4a.40.2",
  "audio/mp4",
];

// What the browser says when it gives no microphone -> the words for it.
const REFUSALS = {
  NotAllowedError: "voice-denied",
  SecurityError: "voice-denied",
  NotFoundError: "voice-none",
  NotReadableError: "voice-busy",
  AbortError: "voice-busy",
};

// Return the type that this browser records and every desk can play; undefined where it has none.
export function type() {
  return TYPES.find((one) => window.MediaRecorder.isTypeSupported(one));
}

// Say whether this browser can record here, and a microphone is there.
export async function canRecord() {
  const policy = document.permissionsPolicy ?? document.featurePolicy;
  const may = policy?.allowsFeature("microphone") ?? true;
  if (!may || !window.MediaRecorder || !navigator.mediaDevices?.getUserMedia || !type()) {
    return false;
  }
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.some((device) => device.kind === "audioinput");
  } catch {
    return false;
  }
}

// Ask for the microphone; the browser asks the person the first time.
export function open() {
  return navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
}

export function release(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

// Return the words that say why there is no microphone.
export function refusal(error) {
  return REFUSALS[error.name] ?? "voice-broken";
}
