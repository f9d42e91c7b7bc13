"""Look at a page as people with other eyes, hands and screens meet it, and note what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

#: A telephone of the smallest sort and a desk computer; both are touched here.
WIDTHS = (320, 1280)
SCHEMES = {"en": "light", "fr": "dark"}
#: The least height of what is touched, in CSS pixels; a little less for rounding.
FINGER = 43.5

_SHAPE = """finger => {
    const root = document.documentElement;
    const seen = element => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.height > 1
            && element.checkVisibility({visibilityProperty: true});
    };
    const words = text => text.trim().split(/\\s+/).filter(word => /\\p{L}/u.test(word)).length;
    // A link within a sentence may be as tall as its words are (WCAG 2.2, 2.5.8).
    const inText = link => {
        if (link.tagName !== "A" || getComputedStyle(link).display !== "inline") return false;
        const around = link.closest("p, li, dd, td, figcaption, div").cloneNode(true);
        around.querySelectorAll("a").forEach(other => other.remove());
        return words(around.textContent) >= 3;
    };
    const height = element => {
        const parts = [element, ...(element.labels || [])];
        return Math.max(...parts.map(part => part.getBoundingClientRect().height));
    };
    const name = element => `${element.tagName.toLowerCase()} “${
        (element.innerText || element.name || element.id).trim().slice(0, 40)}”`;
    const touched = [...document.querySelectorAll(
        "a[href]:not(.skip), button, input:not([type=hidden]), select, textarea, summary")];
    const overflow = root.scrollWidth - root.clientWidth;
    const beyond = element => element.getBoundingClientRect().right > root.clientWidth + 1;
    const wide = overflow <= 0 ? [] : [...document.querySelectorAll("body *")]
        .filter(element => seen(element) && beyond(element)).slice(0, 3).map(name);
    return {
        overflow, wide,
        small: touched.filter(one => seen(one) && !inText(one) && height(one) < finger)
            .map(one => `${name(one)} is ${Math.round(height(one))} px high`),
    };
}"""

#: Other ways to read a page: its name, the width in CSS pixels, and the size of the root's letters.
#: A desk at 200 % is half as wide; letters at 200 % are 36 px. At 794 px lies a page of A4.
CLOSELY = (("a tablet", 768, ""), ("a desk at 200 %", 640, ""), ("large letters", 1280, "36px"))
PAPER = 794

_FITS = """size => {
    const root = document.documentElement;
    root.style.fontSize = size;
    const overflow = root.scrollWidth - root.clientWidth;
    root.style.fontSize = "";
    return overflow;
}"""

_PRINTED = """() => {
    const seen = element => element.checkVisibility({visibilityProperty: true});
    const style = getComputedStyle(document.body);
    const faults = [...document.querySelectorAll("nav, form, button")].filter(seen)
        .map(element => `prints a ${element.tagName.toLowerCase()}`);
    if (!seen(document.querySelector("h1"))) faults.push("does not print its heading");
    if (style.color !== "rgb(0, 0, 0)") faults.push(`prints in ${style.color}`);
    if (style.backgroundColor !== "rgb(255, 255, 255)")
        faults.push(`prints on ${style.backgroundColor}`);
    return faults;
}"""

_WORDS = """() => {
    // Not what was told or is data, which stays in the language in which it was written.
    const content = "[lang]:not(html), [dir=auto], pre, code, textarea, .rows, script, style";
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest(content))
            found.push(walk.currentNode.textContent.replace(/\\s+/g, " ").trim());
    }
    return found.filter(Boolean);
}"""


@dataclass(frozen=True)
class Look:
    """What was seen of one page in one language: its title, its own words, and all complaints."""

    address: str
    title: str
    words: frozenset[str]
    complaints: tuple[str, ...]


def look_at(page: Page, lang: str, axe: Callable[[Page], None], *, closely: bool = False) -> Look:
    """Look at `page` as it now stands, which is said to be in `lang`.

    At the width of a desk axe looks at it; at each width nothing may be cut off or too small.
    Looked at `closely` it must also fit a tablet, a desk or its letters at 200 %, and paper.
    """
    page.emulate_media(color_scheme=SCHEMES[lang])  # type: ignore[arg-type]
    complaints = [*_frame(page, lang)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        shape = page.evaluate(_SHAPE, FINGER)
        if shape["overflow"] > 0:
            complaints.append(f"{width} px: {shape['overflow']} px too wide: {shape['wide']}")
        complaints += [f"{width} px: {small}" for small in shape["small"]]
    try:
        axe(page)
    except AssertionError as found:
        complaints.append(str(found))
    complaints += _closely(page) if closely else []
    complaints += page.problems  # type: ignore[attr-defined]
    page.problems.clear()  # type: ignore[attr-defined]
    words = frozenset(page.evaluate(_WORDS))
    return Look(page.url, page.title(), words, tuple(complaints))


def _closely(page: Page) -> list[str]:
    """List where a page is too wide for other ways to read it, and what is wrong on paper."""
    faults = []
    for name, width, size in CLOSELY:
        page.set_viewport_size({"width": width, "height": 800})
        if (overflow := page.evaluate(_FITS, size)) > 0:
            faults.append(f"{name}: {overflow} px too wide")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 800})
    faults += [f"paper: {fault}" for fault in page.evaluate(_PRINTED)]
    if (overflow := page.evaluate(_FITS, "")) > 0:
        faults.append(f"paper: {overflow} px too wide")
    page.emulate_media(media="screen")
    return faults


def _frame(page: Page, lang: str) -> list[str]:
    """List what is wrong with the language, direction, title and heading of a page."""
    is_so: dict[str, Any] = page.evaluate(
        """() => ({
            lang: document.documentElement.lang, dir: document.documentElement.dir,
            headings: document.querySelectorAll("h1").length,
            mains: document.querySelectorAll("main").length, title: Boolean(document.title.trim()),
        })"""
    )
    must_be = {"lang": lang, "dir": "ltr", "headings": 1, "mains": 1, "title": True}
    return [f"{key} is {is_so[key]!r}" for key in must_be if is_so[key] != must_be[key]]
