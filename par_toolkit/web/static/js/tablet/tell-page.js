// The page of a telling.
import { Telling } from "./telling.js";

new Telling(document.getElementById("tell-form"));
