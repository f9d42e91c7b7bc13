// A receipt code as a square to scan. The encoder is fetched only when a square is asked for.
const SVG = "http://www.w3.org/2000/svg";
const EDGE = 3;

// Put into `place` the square of the address at which this code opens "My story".
export async function draw(place, code) {
  const { encodeQR } = await import("../../vendor/qr.js");
  const rows = encodeQR(`${window.location.origin}/mine#${code}`, "raw", { border: EDGE, ecc: "medium" });
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", place.dataset.title);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", rows.map((row, y) => line(row, y)).join(""));
  svg.append(path);
  place.replaceChildren(svg);
}

function line(row, y) {
  return row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join("");
}

// Write a code large: four groups of four, two of them always side by side.
export function write(place, code) {
  const groups = code.match(/.{4}/g) ?? [];
  const pairs = [groups.slice(0, 2), groups.slice(2)].map((pair) => {
    const span = document.createElement("span");
    span.textContent = pair.join(" ");
    return span;
  });
  place.replaceChildren(pairs[0], " ", pairs[1]);
}
