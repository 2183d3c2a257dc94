"""A text as one HTML page that needs nothing else: it reads and prints anywhere. Written only.

Each clause has its id as the element's, ``c-ID``, to link to. Tracked changes are ``ins`` and ``del`` with the author's
sign behind them, and name and time in the title.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC
from html import escape

from drafts.exchange import runs
from drafts.exchange.document import Document, Written
from drafts.exchange.language import direction
from drafts.exchange.parsed import Content, Piece, Signed
from drafts.exchange.runs import NOTE_TRACKED, NOTE_UNSIGNED, Look, Signs
from drafts.model import Clause, ClauseKind

MESSAGES = (NOTE_TRACKED, NOTE_UNSIGNED)

_STYLE = """
body { font: 12pt/1.5 "Source Serif 4", "Noto Naskh Arabic", Georgia, serif; color: #1d1d1b; background: #fff;
  max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin-block: 0 .25rem; }
h2, h3, h4, h5, h6 { font-size: 1.1rem; margin-block: 1.75em .5em; break-after: avoid; }
.about { color: #5a5a55; margin-block: 0 2rem; }
.clause { margin-block: .6em; margin-inline-start: 3.5rem; orphans: 2; widows: 2; }
.label { float: left; margin-left: -3.5rem; min-width: 3rem; color: #5a5a55; font-size: .85em; }
:root[dir="rtl"] .clause:not([dir="ltr"]) > .label, .clause[dir="rtl"] > .label { float: right; margin-inline: 0;
  margin-right: -3.5rem; text-align: right; }
.clause.chapeau { margin-inline-start: 0; }
.depth1 { margin-inline-start: 6rem; }
.depth2 { margin-inline-start: 8rem; }
.depth3 { margin-inline-start: 10rem; }
.bracket { font-weight: 600; color: #8a5a00; }
ins { text-decoration: underline; background: #e3f2e6; }
del { text-decoration: line-through; background: #fbe6e4; }
ins del { text-decoration: underline line-through; }
.by { display: inline-block; text-decoration: none; padding-inline: .2em;
  font: 600 .65em/1 system-ui, sans-serif; vertical-align: super; }
:target { outline: 2px solid #8a5a00; outline-offset: .3em; }
@page { margin: 22mm 20mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } .bracket { color: inherit; } }
"""
_MAX_HEADING = 6
_MAX_DEPTH = 3


def write(content: Content) -> str:
    """A bare text as a page; every word of it is escaped, and its policy allows nothing to be loaded or run."""
    head = ("", content.title, content.symbol, content.version_label, content.date, content.language)
    return write_document(Document(*head, "", 0, 0, "", tuple(Written(clause) for clause in content.clauses)))


def write_document(document: Document, words: Mapping[str, str] | None = None) -> str:
    """The page of a document, without its comments. ``words``: translations of MESSAGES, English where none is."""
    about = [document.symbol, document.version_label, document.date.isoformat() if document.date else ""]
    language = document.language or "en"
    page = _Page(document)
    return "\n".join(
        [
            *opened(language, document.title),
            f"<h1>{escape(document.title)}</h1>",
            f'<p class="about">{" · ".join(f"<bdi>{escape(part)}</bdi>" for part in about if part)}</p>',
            *page.legend(words or {}),
            *page.clauses(),
            "</body>",
            "</html>",
            "",
        ],
    )


def opened(language: str, title: str, style: str = "") -> list[str]:
    """The lines of a page up to the beginning of its body, with the rules of ``style`` behind ours."""
    return [
        "<!DOCTYPE html>",
        f'<html lang="{escape(language)}" dir="{direction(language)}">',
        "<head>",
        '<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}{style}</style>",
        "</head>",
        "<body>",
    ]


def elements(clauses: Iterable[Clause]) -> list[str]:
    """An element for each clause of a bare text."""
    written = tuple(Written(clause) for clause in clauses)
    return list(_Page(Document("", "", "", "", None, "", "", 0, 0, "", written)).clauses())


class _Page:
    """The clauses of one document, each id once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._signs = Signs(document.clauses)
        self._told: set[str] = set()

    def legend(self, words: Mapping[str, str]) -> list[str]:
        """What the marks mean and whose the signs are, where changes are tracked."""
        if not self._document.since:
            return []
        message = NOTE_TRACKED if self._signs.names else NOTE_UNSIGNED
        said = (words.get(message) or message).format(since=self._document.since)
        names = (f"<bdi>{escape(sign)} = {escape(name)}</bdi>" for name, sign in self._signs.names.items())
        return [f'<p class="about" dir="auto">{escape(said)} {"; ".join(names)}</p>']

    def clauses(self) -> Iterable[str]:
        """An element for each clause."""
        numbered = runs.numbered(self._document.clauses)
        return (self._clause(one, label) for one, label in zip(self._document.clauses, numbered, strict=True))

    def _clause(self, one: Written, label: str) -> str:
        clause, words = one.clause, self._words(one)
        facts = self._id(one)
        if clause.lang:
            facts += f' lang="{escape(clause.lang)}" dir="{direction(clause.lang)}"'
        if clause.kind is ClauseKind.HEADING:
            level = min(clause.depth + 2, _MAX_HEADING)
            return f"<h{level}{facts}>{words}</h{level}>"
        depth = min(max(clause.depth, 1), _MAX_DEPTH) if clause.kind is ClauseKind.SUB else 0
        mark = f'<bdi class="label">{escape(label)}</bdi> ' if label else ""
        return f'<p class="clause {clause.kind} depth{depth}"{facts}>{mark}{words}</p>'

    def _id(self, one: Written) -> str:
        """A clause that moved stands twice, and is linked to where it went."""
        name = one.clause.id
        if not name or one.dele is not None or name in self._told:
            return ""
        self._told.add(name)
        return f' id="c-{escape(name)}"'

    def _words(self, one: Written) -> str:
        told = runs.pieces(one)
        shown = runs.looks((piece.text, piece.ins is not None, piece.dele is not None) for piece in told)
        words = [self._piece(piece, looks) for piece, looks in zip(told, shown, strict=True)]
        if one.mark_ins or one.mark_dele:
            words.append(self._marked("¶", one.mark_ins, one.mark_dele))
        return "".join(words)

    def _piece(self, piece: Piece, looks: list[Look]) -> str:
        return self._marked(_plain(looks), piece.ins, piece.dele)

    def _marked(self, words: str, ins: Signed | None, dele: Signed | None) -> str:
        if dele:
            words = f"<del{_who(dele)}>{words}{self._sign('−', dele)}</del>"
        return f"<ins{_who(ins)}>{words}{self._sign('+', ins)}</ins>" if ins else words

    def _sign(self, what: str, by: Signed) -> str:
        return f'<bdi class="by">{what}{escape(self._signs.of(by))}</bdi>'


def _who(by: Signed) -> str:
    at = by.at.astimezone(UTC) if by.at else None
    title = " · ".join(part for part in (by.author, f"{at:%Y-%m-%d %H:%M} UTC" if at else "") if part)
    when = f' datetime="{at:%Y-%m-%dT%H:%M:%SZ}"' if at else ""
    return f' title="{escape(title)}"{when}'


def _plain(looks: Iterable[Look]) -> str:
    """Neighbours in italics are one ``em``."""
    made: list[str] = []
    inside = False
    for one in looks:
        if one.italic != inside:
            made.append("<em>" if one.italic else "</em>")
            inside = one.italic
        made.append(f'<span class="bracket">{escape(one.text)}</span>' if one.bracket else escape(one.text))
    return "".join(made) + ("</em>" if inside else "")
