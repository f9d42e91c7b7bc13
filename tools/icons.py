"""Draw the icons of the home screen from the site's own sign, with the Chromium of the tests.

    .venv/bin/python tools/icons.py

Writes par_toolkit/web/static/icons/*.png from favicon.svg; needed again only when the sign changes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "par_toolkit" / "web" / "static"
#: file -> (pixels, share of the width that the sign takes, whether its corners are round)
ICONS = {
    "icon-180": (180, 1.0, False),  # iOS rounds the corners itself
    "icon-192": (192, 1.0, True),
    "icon-512": (512, 1.0, True),
    # A phone may cut this to any shape; what matters lies in the middle four fifths.
    "icon-maskable-512": (512, 0.72, False),
}


def drawing(sign: str, *, share: float, round_corners: bool) -> str:
    """Return an SVG of the sign, drawn to its edges or within a margin of its own colour."""
    ground, rest = re.match(r"(?s)<svg[^>]*>(<rect[^>]*/>)(.*)</svg>", sign).groups()  # type: ignore[union-attr]
    if not round_corners:
        ground = re.sub(r' rx="\d+"', "", ground)
    move = 16 * (1 - share)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{ground}'
        f'<g transform="translate({move} {move}) scale({share})">{rest}</g></svg>'
    )


def main() -> None:
    """Draw every icon."""
    sys.path.insert(0, str(ROOT))
    from tests.browser.chromium import launch

    sign = (STATIC / "favicon.svg").read_text("utf-8").strip()
    with sync_playwright() as playwright, launch(playwright) as browser:
        for name, (pixels, share, round_corners) in ICONS.items():
            page = browser.new_page(viewport={"width": pixels, "height": pixels})
            svg = drawing(sign, share=share, round_corners=round_corners)
            page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{svg}")
            path = STATIC / "icons" / f"{name}.png"
            page.screenshot(path=path, omit_background=True)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
