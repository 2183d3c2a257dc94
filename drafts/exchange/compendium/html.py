"""The compendium as one HTML page that needs nothing else: it reads and prints anywhere."""

from collections.abc import Iterable, Sequence
from html import escape

from drafts.exchange import html
from drafts.exchange.compendium.outline import NOTE_NONE, Block, Outline, Part
from drafts.exchange.compendium.told import Heads, Told, Voice
from drafts.exchange.language import direction
from drafts.model import ClauseKind

_STYLE = """
h2 { border-block-start: 1px solid #c9c8c0; padding-block-start: .8em; }
h2 .label, h3 { color: #5a5a55; }
h2 .label { margin: 0 .6em 0 0; float: none; display: inline; }
h3 { font: 600 1rem/1.3 system-ui, sans-serif; }
.comment { margin-block: 1.2em; padding-inline-start: 1rem; border-inline-start: 3px solid #dcdad0; }
.comment p { margin-block: .35em; }
.head { font: 600 .85rem/1.4 system-ui, sans-serif; break-after: avoid; }
.number { color: #5a5a55; margin-inline-end: .5em; }
.note, .place, .together { color: #5a5a55; font-size: .92em; }
.word { font: 600 .8rem/1.4 system-ui, sans-serif; }
.proposed { background: #f4f3ee; padding: .3em .6em; }
.answer { border-inline-start: 3px solid #3f6b4f; padding-inline-start: .6em; }
"""


class Writer:
    """Begin, add comments, end: each gives the bytes that come next."""

    def __init__(self, heads: Heads, voice: Voice) -> None:
        self.outline = Outline(heads, voice)
        self.heads = heads
        self._open = False
        clauses = html.elements(heads.clauses)
        self._clauses = dict(zip((one.id for one in heads.clauses), clauses, strict=True))

    def begin(self) -> bytes:
        """The head."""
        tag, told = self.outline.voice.tag, self.heads.round
        lines = [
            *html.opened(tag, told.title, _STYLE),
            f'<h1 dir="auto">{escape(told.title)}</h1>',
            *(f'<p class="about" dir="auto">{escape(line)}</p>' for line in self.outline.about()),
        ]
        return ("\n".join(lines) + "\n").encode()

    def add(self, told: Sequence[Told]) -> bytes:
        """More comments."""
        return "".join(self._elements(self.outline.blocks(told))).encode()

    def end(self) -> bytes:
        """What closes the page."""
        none = "" if self.outline.count else f"<p>{escape(self.outline.voice(NOTE_NONE))}</p>\n"
        return f"{self._close()}{none}</body>\n</html>\n".encode()

    def _elements(self, blocks: Iterable[Block]) -> Iterable[str]:
        for block in blocks:
            if block.part is Part.CLAUSE:
                yield self._close() + self._clause(block)
            elif block.part is Part.GROUP or block.part is Part.WHO:
                level = 2 if block.part is Part.GROUP and self.heads.order == "contributor" else 3
                yield f'{self._close()}<h{level} dir="auto">{escape(block.text)}</h{level}>\n'
            elif block.part is Part.HEAD:
                yield self._close() + self._head(block)
            else:
                word = f'<span class="word">{escape(block.label)}:</span> ' if block.label else ""
                yield f'<p class="{block.part}"{_language(block)}>{word}{escape(block.text)}</p>\n'

    def _head(self, block: Block) -> str:
        self._open = True
        number = f'<span class="number">{block.label}</span>'
        return (
            f'<div class="comment" id="n-{block.label}">\n<p class="head" dir="auto">{number}{escape(block.text)}</p>\n'
        )

    def _close(self) -> str:
        was, self._open = self._open, False
        return "</div>\n" if was else ""

    def _clause(self, block: Block) -> str:
        if block.clause is None:
            return f"<h2>{escape(block.text)}</h2>\n"
        element = self._clauses[block.clause.id]
        if block.clause.kind is ClauseKind.HEADING:
            return f"{element}\n"
        return f"<h2>{escape(block.label or '–')}</h2>\n{element}\n"


def _language(block: Block) -> str:
    return f' lang="{escape(block.lang)}" dir="{direction(block.lang)}"' if block.lang else ' dir="auto"'
