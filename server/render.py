"""A clause's text as HTML: redline, brackets and emphasis. ``web/src/paint.ts`` makes the same from the same runs.

The plan, in the order of the text:

1. What stands now (kept and inserted runs, joined) is read for brackets and emphasis as one text; each deleted run is
   read by itself, for emphasis only: a struck bracket is no bracket any more.
2. Every run is one element: bare text, ``<ins>``, ``<del>``, or ``<del class="both">`` for words that one party put
   in and another took out. The authors are told in words first inside (for screen readers) and as codes behind.
3. Inside a run the pieces of one bracket depth share a ``<span class="br" data-d>`` (1, 2, 3, then 1 again: colours
   repeat, the figure at the opening glyph goes on). Nothing crosses a run: a bracket that spans runs is several
   spans.
4. Emphasis is innermost, per piece of text; its asterisks are not shown, glyphs are upright.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from drafts.brackets import Token, TokenKind, spans
from drafts.change import narrow
from drafts.redline import Mark, Run
from drafts.words import Hunk, Op
from server.i18n import Tongue

_MARKS: Final = frozenset("[]*")
_STANDING: Final = frozenset({Mark.KEPT, Mark.INS})


@dataclass(frozen=True, slots=True)
class Names:
    """The parties behind the author indexes of a room: their short codes and their names, escaped."""

    codes: tuple[str, ...]
    names: tuple[str, ...]


def escape(text: str) -> str:
    """Text for the inside of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Text for the inside of a double-quoted attribute."""
    return escape(text).replace('"', "&quot;")


def text(runs: Sequence[Run], names: Names, tongue: Tongue) -> str:
    """The runs of a clause (wide, as the redline gives them) as HTML."""
    told = [(run, narrow(run.text)) for run in runs]
    tokens = _Tokens("".join(said for run, said in told if run.mark in _STANDING))
    out: list[str] = []
    for run, said in told:
        if run.mark is Mark.KEPT:
            out.append(_painted(tokens.take(len(said)), tongue))
        elif run.mark is Mark.INS:
            out.append(_inserted(run, _painted(tokens.take(len(said)), tongue), names, tongue))
        else:
            out.append(_deleted(run, _struck(said), names, tongue))
    return "".join(out)


def plain(clause: str, tongue: Tongue) -> str:
    """A text without changes as HTML: brackets and emphasis only."""
    return _painted(_Tokens(clause).take(len(clause)), tongue)


def _inserted(run: Run, inner: str, names: Names, tongue: Tongue) -> str:
    said = escape(tongue._("inserted by {name}:", name="\0")).replace("\0", names.names[run.by])
    return (
        f'<ins><span class="sr" dir="auto">{said} </span>{inner}</ins>'
        f'<span class="by i-ins" aria-hidden="true">{names.codes[run.by]}</span>'
    )


def _deleted(run: Run, inner: str, names: Names, tongue: Tongue) -> str:
    remover = names.names[run.del_by]
    if run.mark is Mark.INSDEL:
        said = escape(tongue._("inserted by {name}, deleted by {other}:", name="\0", other="\1"))
        said = said.replace("\0", names.names[run.by]).replace("\1", remover)
        opening, codes = '<del class="both">', f"{names.codes[run.by]}, {names.codes[run.del_by]}"
    else:
        said = escape(tongue._("deleted by {name}:", name="\0")).replace("\0", remover)
        opening, codes = "<del>", names.codes[run.del_by]
    return (
        f'{opening}<span class="sr" dir="auto">{said} </span>{inner}</del>'
        f'<span class="by i-del" aria-hidden="true">{codes}</span>'
    )


def _struck(removed: str) -> str:
    if "*" not in removed:
        return escape(removed)
    return "".join(
        f"<em>{escape(token.text)}</em>" if token.emphasis else escape(token.text)
        for token in spans(removed)
        if token.kind is not TokenKind.MARK
    )


def _painted(tokens: Iterable[Token], tongue: Tongue) -> str:
    out: list[str] = []
    around = 0
    for token in tokens:
        if token.kind is TokenKind.MARK:
            continue
        if token.depth != around:
            if around:
                out.append("</span>")
            around = token.depth
            if around:
                out.append(f'<span class="br" data-d="{(around - 1) % 3 + 1}">')
        if token.kind is TokenKind.TEXT:
            out.append(f"<em>{escape(token.text)}</em>" if token.emphasis else escape(token.text))
        else:
            out.append(_glyph(token.text, token.depth if token.balanced else 0, tongue))
    if around:
        out.append("</span>")
    return "".join(out)


@lru_cache(maxsize=512)
def _glyph(bracket: str, depth: int, tongue: Tongue) -> str:
    """A bracket's glyph; ``depth`` 0 for one without a partner."""
    if not depth:
        said = escape(tongue._("bracket without a partner"))
        return f'<span class="bk lone"><span class="sr" dir="auto">{said} </span>{bracket}</span>'
    if bracket == "]":
        return '<span class="bk">]</span>'
    said = escape(tongue._("bracket depth {n} opens", n=depth))
    figure = f'<sup aria-hidden="true">{depth}</sup>' if depth > 1 else ""
    return f'<span class="bk"><span class="sr" dir="auto">{said} </span>[{figure}</span>'


class _Tokens:
    """The tokens of a text, handed out by lengths; only plain text is ever cut in two."""

    def __init__(self, text: str) -> None:
        if _MARKS.isdisjoint(text):
            self._rest: Iterator[Token] = iter((Token(text, TokenKind.TEXT, emphasis=False, depth=0),))
        else:
            self._rest = iter(spans(text))
        self._left: Token | None = None

    def take(self, length: int) -> Iterator[Token]:
        """The tokens of the next ``length`` characters."""
        while length > 0:
            token = self._left or next(self._rest)
            self._left = None
            if len(token.text) > length:
                self._left = Token(token.text[length:], token.kind, token.emphasis, token.depth, token.balanced)
                token = Token(token.text[:length], token.kind, token.emphasis, token.depth, token.balanced)
            length -= len(token.text)
            yield token


# ── comparisons: brackets stay plain characters there, and what happened to whole clauses is told beside them ──


def old_side(hunks: Sequence[Hunk], tongue: Tongue) -> str:
    """The old wording of a compared clause, what went marked as deleted."""
    return _side(hunks, Op.DELETE, "del", tongue._("deleted:"))


def new_side(hunks: Sequence[Hunk], tongue: Tongue) -> str:
    """The new wording of a compared clause, what came marked as inserted."""
    return _side(hunks, Op.INSERT, "ins", tongue._("inserted:"))


def both_sides(hunks: Sequence[Hunk], tongue: Tongue) -> str:
    """Both wordings in one text."""
    tokens = _Tokens("".join(hunk.text for hunk in hunks if hunk.op is not Op.DELETE))
    out: list[str] = []
    for hunk in hunks:
        if hunk.op is Op.DELETE:
            out.append(_marked("del", tongue._("deleted:"), _struck(hunk.text)))
        elif hunk.op is Op.INSERT:
            out.append(_marked("ins", tongue._("inserted:"), _set(tokens.take(len(hunk.text)))))
        else:
            out.append(_set(tokens.take(len(hunk.text))))
    return "".join(out)


def _side(hunks: Sequence[Hunk], change: Op, element: str, said: str) -> str:
    mine = [hunk for hunk in hunks if hunk.op in {Op.KEEP, change}]
    tokens = _Tokens("".join(hunk.text for hunk in mine))
    out: list[str] = []
    for hunk in mine:
        inner = _set(tokens.take(len(hunk.text)))
        out.append(_marked(element, said, inner) if hunk.op is change else inner)
    return "".join(out)


def _marked(element: str, said: str, inner: str) -> str:
    return f'<{element}><span class="sr" dir="auto">{escape(said)} </span>{inner}</{element}>'


def _set(tokens: Iterable[Token]) -> str:
    return "".join(
        f"<em>{escape(token.text)}</em>" if token.emphasis and token.kind is TokenKind.TEXT else escape(token.text)
        for token in tokens
        if token.kind is not TokenKind.MARK
    )
