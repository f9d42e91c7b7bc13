// The codes behind '#' in a square that was scanned: put them where they would be typed. What stands
// behind '#' is never sent in an address, and it leaves the address bar at once.

const [, kind, digits] = /^#(table|seat)-(\d{6,8})$/.exec(window.location.hash) ?? [];
const field = kind && document.getElementById(`${kind}-code`);

if (field) {
  field.value = digits;
  window.history.replaceState(null, "", window.location.pathname);
  field.closest("form").querySelector("button").focus();
}
