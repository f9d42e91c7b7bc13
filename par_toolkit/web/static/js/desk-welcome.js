// A one-time link holds its code behind "#": put it in the form, and take it out of the address.
"use strict";

const code = decodeURIComponent(window.location.hash.slice(1));
const token = document.getElementById("token");
if (token && code) {
  token.value = code;
  token.closest("[data-code]").hidden = true;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  document.getElementById("password").focus();
}
