"""Write a report as one page that needs nothing beside it, reads on a phone and prints well."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from par_toolkit.reporting.blocks import (
    Block,
    Document,
    Heading,
    Items,
    Quoted,
    Said,
    Sentence,
    SideBySide,
    Table,
)

STYLE = """
:root { color-scheme: light dark; --line: #767676; --wash: #f2f4f3; --strong: #0b5c4a; }
@media (prefers-color-scheme: dark) { :root { --wash: #22282a; --strong: #7fd0ba; } }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, serif;
  overflow-wrap: anywhere; }
h1, h2, h3, table, .whose { font-family: system-ui, sans-serif; line-height: 1.25; }
h1 { font-size: 1.9rem; }
h2 { margin-block: 2.5rem 0.75rem; padding-block-start: 0.75rem;
  border-block-start: 2px solid var(--strong); font-size: 1.4rem; }
h3 { margin-block: 1.75rem 0.5rem; font-size: 1.1rem; }
.said { margin: 0.5rem 0 1rem; padding-inline-start: 1rem;
  border-inline-start: 3px solid var(--line); }
.said p, .view p { margin: 0; white-space: pre-wrap; }
blockquote { margin: 0.5rem 1rem 1rem; font-style: italic; }
blockquote p { margin: 0; white-space: pre-wrap; }
.whose { font-size: 0.9rem; font-weight: 600; }
.side { display: grid; gap: 1rem; margin-block: 0.75rem 1.25rem;
  grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); }
.view { padding: 0.75rem 1rem; border: 1px solid var(--line); background: var(--wash); }
.note { padding: 0.6rem 1rem; border: 2px solid var(--strong); }
table { inline-size: 100%; margin-block: 1rem; border-collapse: collapse; font-size: 0.92rem; }
caption { padding-block: 0.4rem; text-align: start; font-weight: 600; }
th, td { padding: 0.35rem 0.7rem 0.35rem 0; border-block-end: 1px solid var(--line);
  text-align: start; vertical-align: top; white-space: pre-wrap; min-inline-size: 4.5em; }
thead th { overflow-wrap: normal; }
tbody th { font-weight: 400; }
@media print {
  :root { color-scheme: light; --wash: #fff; --strong: #000; }
  @page { margin: 18mm; }
  body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; }
  h1, h2, h3, caption, thead { break-after: avoid; }
  tr, .view, blockquote { break-inside: avoid; }
}
"""


def html(document: Document) -> str:
    """Return the report as a whole page without scripts."""
    title = escape(document.title)
    parts = "\n".join(_block(block) for block in document.blocks)
    return (
        f'<!doctype html>\n<html lang="{escape(document.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="author" content="{escape(document.author)}">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{parts}\n</main>\n</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Sentence(text, note):
            return f'<p class="note">{escape(text)}</p>' if note else f"<p>{escape(text)}</p>"
        case Quoted():
            return f"<blockquote{_language(block)}>{_words(block.words)}</blockquote>"
        case Said():
            by = f'<p class="whose">{escape(block.by)}</p>' if block.by else ""
            return f'<div class="said"{_language(block)}>{by}{_words(block.words)}</div>'
        case SideBySide(views):
            return f'<div class="side">{"".join(_view(*one) for one in views)}</div>'
        case Items(lines):
            return "<ul>" + "".join(f'<li dir="auto">{escape(one)}</li>' for one in lines) + "</ul>"
        case Table():
            return _table(block)


def _language(said: Said) -> str:
    return f' lang="{escape(said.language)}"' if said.language else ""


def _words(text: str) -> str:
    return f'<p dir="auto">{escape(text)}</p>'


def _view(whose: str, words: str) -> str:
    head = f'<p class="whose" dir="auto">{escape(whose)}</p>' if whose else ""
    return f'<div class="view">{head}{_words(words)}</div>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.headings)
    body = "".join(_row(row) for row in table.rows)
    return (
        f"<table><caption>{escape(table.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: Sequence[str]) -> str:
    first, *rest = row
    cells = "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in rest)
    return f'<tr><th scope="row" dir="auto">{escape(first)}</th>{cells}</tr>'
