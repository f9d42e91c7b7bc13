// A scanned slip holds the code behind "#": put it in the field, and take it out of the address.
"use strict";

const field = document.getElementById("code");
const digits = decodeURIComponent(window.location.hash.slice(1)).replace(/\D/g, "");
if (field && digits) {
  field.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  field.focus();
}
