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
from typing import Final, NamedTuple, TypeAlias

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


def in_pieces(texts: Sequence[str], tongue: Tongue) -> list[str]:
    """The pieces of one text, each as HTML by itself; brackets and emphasis are those of the whole."""
    tokens = _Tokens("".join(texts))
    return [_painted(tokens.take(len(text)), tongue) for text in texts]


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


class Credit(NamedTuple):
    """Who made a change: the party's code, what is said of it at length, and where the record tells it."""

    code: str
    name: str
    says: str
    href: str


Credits: TypeAlias = Sequence[Sequence[Credit]]  # of each hunk


def old_side(hunks: Sequence[Hunk], tongue: Tongue, credits: Credits = ()) -> str:  # noqa: A002  # the word for it
    """The old wording of a compared clause, what went marked as deleted."""
    return _compared(hunks, credits, tongue, Op.DELETE)


def new_side(hunks: Sequence[Hunk], tongue: Tongue, credits: Credits = ()) -> str:  # noqa: A002
    """The new wording of a compared clause, what came marked as inserted."""
    return _compared(hunks, credits, tongue, Op.INSERT)


def both_sides(hunks: Sequence[Hunk], tongue: Tongue, credits: Credits = ()) -> str:  # noqa: A002
    """Both wordings in one text."""
    return _compared(hunks, credits, tongue, Op.DELETE, Op.INSERT)


def _compared(hunks: Sequence[Hunk], known: Credits, tongue: Tongue, *shown: Op) -> str:
    main = Op.INSERT if Op.INSERT in shown else Op.DELETE  # with what was kept, this is one text
    whole = "".join(hunk.text for hunk in hunks if hunk.op in {Op.KEEP, main})
    tokens = _Tokens(whole) if "*" in whole else None  # most texts have no emphasis, and nothing else is read here
    out: list[str] = []
    for number, hunk in enumerate(hunks):
        if hunk.op is not Op.KEEP and hunk.op not in shown:
            continue
        if hunk.op not in {Op.KEEP, main}:
            inner = _struck(hunk.text)
        else:
            inner = _set(tokens.take(len(hunk.text))) if tokens else escape(hunk.text)
        if hunk.op is not Op.KEEP and hunk.text.isspace():  # between parts that were cut or joined: nobody's word
            out.append(inner if hunk.op is main else "")
            continue
        by = known[number] if number < len(known) else ()
        out.append(inner if hunk.op is Op.KEEP else _marked(hunk.op, inner, by, tongue))
    return "".join(out)


def _marked(op: Op, inner: str, by: Sequence[Credit], tongue: Tongue) -> str:
    element = "ins" if op is Op.INSERT else "del"
    said, codes = escape(_said(op, by, tongue)), "".join(_code(credit, element) for credit in by)
    return f'<{element}><span class="sr" dir="auto">{said} </span>{inner}</{element}>{codes}'


def _said(op: Op, by: Sequence[Credit], tongue: Tongue) -> str:
    if not by:
        return tongue._("inserted:") if op is Op.INSERT else tongue._("deleted:")
    names = ", ".join(dict.fromkeys(credit.name for credit in by))
    return (
        tongue._("inserted by {name}:", name=names) if op is Op.INSERT else tongue._("deleted by {name}:", name=names)
    )


def _code(credit: Credit, element: str) -> str:
    return (
        f'<a class="by i-{element}" href="{attribute(credit.href)}" title="{attribute(credit.says)}">'
        f"{escape(credit.code)}</a>"
    )


def _set(tokens: Iterable[Token]) -> str:
    return "".join(
        f"<em>{escape(token.text)}</em>" if token.emphasis and token.kind is TokenKind.TEXT else escape(token.text)
        for token in tokens
        if token.kind is not TokenKind.MARK
    )
