"""What a comment of a consultation may be on, and where its words stand: checked against the text of the round's
version, which never changes. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from drafts.brackets import TokenKind, spans
from drafts.change import narrow, widen
from drafts.consultation import Granularity, Remark, RemarkKind, Round, Spot, View
from drafts.errors import Invalid
from drafts.model import Clause, ClauseKind
from drafts.register import digest

WORDED_SPOTS: Final = frozenset({Spot.SPAN, Spot.CLAUSE, Spot.MISSING})
"""Where words can be proposed: a whole text or section is not rewritten in a comment."""

_MENTION: Final = re.compile(r"(?<![\w@])@([A-Z]{2,6})(?!\w)")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")  # half a character
_FINEST: Final = {
    Granularity.SECTION: frozenset({Spot.SECTION}),
    Granularity.CLAUSE: frozenset({Spot.SECTION, Spot.CLAUSE}),
    Granularity.LINE: frozenset({Spot.SECTION, Spot.CLAUSE, Spot.SPAN}),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as somebody types it. ``start``/``end``: UTF-16 units of the clause; without them the words of
    ``quote`` are looked for there. ``name``: the pseudonym that it is made under, '' for the party's own name."""

    spot: Spot
    clause_id: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str = ""
    kind: RemarkKind = RemarkKind.GENERAL
    view: View = View.NEUTRAL
    body: str = ""
    proposed: str = ""
    language: str = "en"
    question_id: str | None = None
    name: str = ""
    near: int | None = None  # where the words of ``quote`` were selected, in UTF-16 units of the text as it is shown


def said(remark: Remark) -> Said:
    """What a remark says, as it could be typed again."""
    return Said(
        remark.spot,
        remark.clause_id,
        remark.start,
        remark.end,
        remark.quote,
        remark.kind,
        remark.view,
        remark.body,
        remark.proposed,
        remark.language,
        remark.question_id,
        remark.who if remark.pseudonym else "",
    )


def takes(told: Round, spot: Spot) -> bool:
    """Whether a round takes comments on such a place. The whole and what is missing can always be commented on."""
    return spot in {Spot.WHOLE, Spot.MISSING} or spot in _FINEST[told.granularity]


def placed(told: Round, clauses: Sequence[Clause], typed: Said) -> Said:
    """The same with its place checked and its quote as the text has it. Raises Invalid."""
    if not takes(told, typed.spot):
        raise Invalid("too_fine", "This consultation takes no comments on so small a part of the text.")
    bare = replace(typed, start=None, end=None, quote="", near=None)
    if typed.spot is Spot.WHOLE:
        return replace(bare, clause_id=None)
    if typed.spot is Spot.MISSING and not typed.clause_id:
        return replace(bare, clause_id=None)
    clause = next((one for one in clauses if one.id == typed.clause_id), None)
    if clause is None:
        raise Invalid("no_clause", "There is no such clause.")
    if typed.spot is Spot.SECTION and clause.kind is not ClauseKind.HEADING:
        raise Invalid("no_section", "A section is named by its heading.")
    if typed.spot is not Spot.SPAN:
        return bare
    start, end = span(clause.text, typed.start, typed.end, typed.quote, typed.near)
    return replace(typed, start=start, end=end, quote=narrow(widen(clause.text)[start:end]), near=None)


def span(text: str, start: int | None, end: int | None, quote: str, near: int | None = None) -> tuple[int, int]:
    """Where words stand in a clause: at ``start`` to ``end`` when the quote stands there, else where it stands nearest
    to ``near``. Asterisks of emphasis are not shown to readers, so a quote may lack them, and ``near`` does not count
    them. Raises Invalid."""
    wide, wanted = widen(text), widen(quote.replace("*", ""))
    inside = start is not None and end is not None and 0 <= start < end <= len(wide)
    if inside and not _SURROGATE.search(quote) and wide[start:end].replace("*", "") == wanted:
        return start or 0, end or 0
    shown = _shown(wide)
    plain = "".join([wide[at] for at in shown])
    words = widen(" ".join(unicodedata.normalize("NFC", quote).replace("*", "").split()))
    found = _nearest(plain, words, near or 0)
    if found is None or _SURROGATE.search(quote):
        raise Invalid("not_in_clause", "These words do not stand in the clause. Copy them from the text.")
    return shown[found], shown[found + len(words) - 1] + 1


def _shown(wide: str) -> list[int]:
    """The places of a text that readers see: all but the asterisks of emphasis."""
    at = 0
    shown: list[int] = []
    for token in spans(wide):
        if token.kind is not TokenKind.MARK:
            shown += range(at, at + len(token.text))
        at += len(token.text)
    return shown


def _nearest(plain: str, words: str, near: int) -> int | None:
    at, found = plain.find(words) if words else -1, None
    while at >= 0:
        if found is None or abs(at - near) < abs(found - near):
            found = at
        at = plain.find(words, at + 1)
    return found


def complete(remark: Remark, standing: str) -> None:
    """Refuse to send what is not finished. ``standing``: the words that proposed ones would take the place of, ''
    for something missing. Raises Invalid."""
    if remark.kind is RemarkKind.GENERAL:
        if not remark.body:
            raise Invalid("empty_comment", "Write something first.")
        return
    if remark.spot not in WORDED_SPOTS:
        raise Invalid("words_for_what", "Words are proposed for a clause, for words of it, or for what is missing.")
    if not remark.proposed:
        raise Invalid("no_words", "Write the words that you propose, or make it a general comment.")
    if remark.proposed == standing:
        raise Invalid("same_words", "The words that you propose are those that stand there already.")


def standing_at(remark: Remark, clauses: Sequence[Clause]) -> str:
    """The words that a remark's proposed ones would take the place of."""
    if remark.spot is Spot.SPAN:
        return remark.quote
    if remark.spot is not Spot.CLAUSE:
        return ""
    return next((one.text for one in clauses if one.id == remark.clause_id), "")


def fingerprint(salt: str, remark: Remark) -> str:
    """The digest of what a remark says that the register keeps, and its sender is given."""
    return digest(salt, remark.view.value, remark.body, remark.proposed, remark.quote, remark.who)


def mentioned(text: str) -> tuple[str, ...]:
    """The codes of the parties that a text addresses as ``@NVL``, each once."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))
