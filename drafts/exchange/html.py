"""A text as one HTML page that needs nothing else: it reads and prints anywhere. Written only."""

from html import escape

from drafts.brackets import TokenKind, spans
from drafts.exchange.language import direction
from drafts.exchange.parsed import Content
from drafts.model import Clause, ClauseKind
from drafts.numbering import labels

_STYLE = """
body { font: 12pt/1.5 "Source Serif 4", "Noto Naskh Arabic", Georgia, serif; color: #1d1d1b; background: #fff;
  max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin-block: 0 .25rem; }
h2, h3, h4, h5, h6 { font-size: 1.1rem; margin-block: 1.75em .5em; break-after: avoid; }
.about { color: #5a5a55; margin-block: 0 2rem; }
.clause { margin-block: .6em; margin-inline-start: 3.5rem; orphans: 2; widows: 2; }
.clause .label { float: inline-start; margin-inline-start: -3.5rem; min-width: 3rem; color: #5a5a55; font-size: .85em; }
.clause.chapeau { margin-inline-start: 0; }
.depth1 { margin-inline-start: 6rem; }
.depth2 { margin-inline-start: 8rem; }
.depth3 { margin-inline-start: 10rem; }
.bracket { font-weight: 600; color: #8a5a00; }
@page { margin: 22mm 20mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } .bracket { color: inherit; } }
"""
_MAX_HEADING = 6
_MAX_DEPTH = 3


def write(content: Content) -> str:
    """The page; every word of it is escaped, and its policy allows nothing to be loaded or run."""
    numbered = zip(content.clauses, labels(content.clauses), strict=True)
    about = [content.symbol, content.version_label, content.date.isoformat() if content.date else ""]
    language = content.language or "en"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(language)}" dir="{direction(language)}">',
            "<head>",
            '<meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(content.title)}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            f"<h1>{escape(content.title)}</h1>",
            f'<p class="about">{" · ".join(f"<bdi>{escape(part)}</bdi>" for part in about if part)}</p>',
            *(_clause(clause, label) for clause, label in numbered),
            "</body>",
            "</html>",
            "",
        ],
    )


def _clause(clause: Clause, label: str) -> str:
    language = f' lang="{escape(clause.lang)}" dir="{direction(clause.lang)}"' if clause.lang else ""
    if clause.kind is ClauseKind.HEADING:
        level = min(clause.depth + 2, _MAX_HEADING)
        return f"<h{level}{language}>{_words(clause.text)}</h{level}>"
    depth = min(max(clause.depth, 1), _MAX_DEPTH) if clause.kind is ClauseKind.SUB else 0
    mark = f'<bdi class="label">{escape(label)}</bdi> ' if label else ""
    return f'<p class="clause {clause.kind} depth{depth}"{language}>{mark}{_words(clause.text)}</p>'


def _words(text: str) -> str:
    pieces: list[str] = []
    inside = False
    for token in spans(text):
        if token.kind is TokenKind.MARK:
            inside = not inside
            pieces.append("<em>" if inside else "</em>")
        elif token.kind is TokenKind.TEXT:
            pieces.append(escape(token.text))
        else:
            pieces.append(f'<span class="bracket">{token.text}</span>')
    return "".join(pieces)
