// The codes behind '#' in a square that was scanned: put them where they would be typed. What stands
// behind '#' is never sent in an address, and it leaves the address bar at once.

const behind = /^#(table|seat)-(\d{6,8})(?:-([0-9a-f]{20}))?$/;
const [, kind, digits, square = ""] = behind.exec(window.location.hash) ?? [];
const field = kind && document.getElementById(`${kind}-code`);

if (field) {
  field.value = digits;
  document.getElementById("table-square").value = square;
  window.history.replaceState(null, "", window.location.pathname);
  field.closest("form").querySelector("button").focus();
}
