"""Write a run's report as one page without scripts, or as a notebook for Jupyter."""

import json
import pprint
from collections.abc import Mapping
from html import escape
from typing import Any

from analysis.report_blocks import Block, Data, Figures, Heading, Items, Report, Words

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif;
  overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: 0.92rem; }
caption { text-align: start; font-weight: 600; padding-block: 0.4rem; }
th, td { text-align: start; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0;
  border-bottom: 1px solid #888; }
tbody th { font-weight: 400; }
pre { white-space: pre-wrap; font-size: 0.85rem; }
@media print { body { max-width: none; margin: 0; font-size: 10pt; }
  h2, caption { break-after: avoid; } tr { break-inside: avoid; } }
"""

_SPECIAL = "\\`*_{}[]()#+-.!|~$"


def as_html(report: Report) -> str:
    """Return one page that needs nothing beside it."""
    title = escape(report.title)
    return (
        f'<!doctype html>\n<html lang="{escape(report.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n"
        + "\n".join(_html(block) for block in report.blocks)
        + "\n</main>\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Words(text):
            return f"<p>{escape(text)}</p>"
        case Items(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Figures():
            head = "".join(f'<th scope="col">{escape(one)}</th>' for one in block.headings)
            rows = "".join(
                f'<tr><th scope="row">{escape(first)}</th>'
                + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
                + "</tr>"
                for first, *rest in block.rows
            )
            caption = f"<caption>{escape(block.caption)}</caption>"
            return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        case Data(_, intro, values):
            text = (
                json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
                if isinstance(values, Mapping)
                else " ".join(values)
            )
            return f"<details><summary>{escape(intro)}</summary><pre>{escape(text)}</pre></details>"


def as_notebook(report: Report) -> str:
    """Return a notebook (nbformat 4.5): the same words, and the figures as a Python value."""
    cells = [_markdown(f"# {_plain(report.title)}")]
    for block in report.blocks:
        if isinstance(block, Data):
            cells.append(_markdown(_plain(block.intro)))
            held = dict(block.values) if isinstance(block.values, Mapping) else list(block.values)
            text = pprint.pformat(held, width=96, sort_dicts=True, compact=True)
            cells.append(_code(f"{block.name} = {text}\n{block.name}"))
        else:
            cells.append(_markdown(_text(block)))
    notebook = {
        "cells": [{"id": f"cell-{place}", **cell} for place, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _text(block: Heading | Words | Items | Figures) -> str:
    match block:
        case Heading(text):
            return f"## {_plain(text)}"
        case Words(text):
            return _plain(text)
        case Items(items):
            return "\n".join(f"- {_plain(item)}" for item in items)
        case Figures():
            lines = [block.headings, ("---",) * len(block.headings), *block.rows]
            rows = ["| " + " | ".join(map(_cell, line)) + " |" for line in lines]
            return "\n".join([f"**{_plain(block.caption)}**", "", *rows])


def _cell(text: str) -> str:
    return text if text == "---" else _plain(text)


def _plain(text: str) -> str:
    """Return words as words: nothing of them is taken for Markdown, HTML or a formula."""
    line = " ".join(text.split())
    return escape("".join(f"\\{char}" if char in _SPECIAL else char for char in line), quote=False)


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
