"""The compendium for print, set by Typst from ``print/compendium.typ``. It has to be whole before it can be set, so
there is a limit; every other form goes on without one."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from drafts.errors import TooLarge
from drafts.exchange import pdf
from drafts.exchange.compendium.outline import NOTE_NONE, Block, Outline, Part
from drafts.exchange.compendium.told import Heads, Told, Voice
from drafts.exchange.glyphs import Printable
from drafts.exchange.language import direction
from drafts.exchange.pdf import NOTE_MISSING, NOTE_PAGE
from drafts.model import ClauseKind

MOST: Final = 2_000  # comments
MOST_LETTERS: Final = 1_500_000  # code points of all blocks together


class Writer:
    """Add comments, then ``data``, which ``typeset`` makes a file of (seconds: beside the event loop)."""

    def __init__(self, heads: Heads, voice: Voice) -> None:
        self.outline = Outline(heads, voice)
        self.heads = heads
        self._show = Printable()
        self._blocks: list[dict[str, Any]] = []
        self._letters = 0

    def add(self, told: Sequence[Told]) -> None:
        """More comments. Raises TooLarge ``print_too_long``, Invalid ``print_script``."""
        self._blocks += self._shapes(self.outline.blocks(told))
        if self.outline.count > MOST or self._letters > MOST_LETTERS:
            raise too_long()

    def data(self) -> dict[str, Any]:
        """Everything, for ``typeset``."""
        heads, voice = self.heads, self.outline.voice
        words = {message: voice(message) for message in (NOTE_PAGE, NOTE_MISSING)}
        show = self._show.text
        running = (heads.forum, heads.symbol, heads.version.label, heads.round.title)
        return {
            "lang": pdf.tag(voice.tag),
            "dir": direction(voice.tag),
            "title": show(heads.round.title) or "–",
            "head": [show(one) for one in running if one],
            "about": [show(line) for line in self.outline.about()],
            "page": words[NOTE_PAGE],
            "none": "" if self.outline.count else voice(NOTE_NONE),
            "blocks": self._blocks,
            "missing": pdf.missing(self._show, words),
        }

    def _shapes(self, blocks: Iterable[Block]) -> Iterable[dict[str, Any]]:
        for block in blocks:
            self._letters += len(block.text)
            yield self._shape(block)

    def _shape(self, block: Block) -> dict[str, Any]:
        heading = block.part is Part.CLAUSE and (block.clause is None or block.clause.kind is ClauseKind.HEADING)
        words = block.text.replace("*", "") if heading else block.text
        level = 2 if block.part is Part.WHO or (block.part is Part.GROUP and self.heads.order == "clause") else 1
        return {
            "part": "heading" if heading else block.part.value,
            "level": level,
            "label": self._show.text(block.label),
            "text": self._show.text(words),
            "lang": pdf.tag(block.lang) if block.lang else "",
            "dir": direction(block.lang) if block.lang else "",
        }


def typeset(data: dict[str, Any]) -> bytes:
    """The file."""
    return pdf.typeset("compendium.typ", data, None)


def too_long() -> TooLarge:
    """What is too much for print."""
    return TooLarge(
        "print_too_long",
        "A PDF holds at most {most} comments, and this is more or longer than can be printed. Choose Word, HTML or a "
        "spreadsheet, or filter the comments.",
        most=MOST,
    )
