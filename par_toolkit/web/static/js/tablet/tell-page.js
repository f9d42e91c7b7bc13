// The page of a telling.
import { Telling } from "./telling.js";

// Where a server showed what was posted to it, Reload or Back would post it again, and show the
// words to whoever holds the tablet then (promise 3). Now this entry of the history asks for no more.
window.history.replaceState(null, "", window.location.href);

new Telling(document.getElementById("tell-form"));
