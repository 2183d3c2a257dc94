"""One text out of two that were made from the same one: what a person is shown to start from. Pure.

What only one side changed is as that side has it; where both changed the same words, both wordings stand in brackets
beside each other. It is a suggestion: nothing is done with it before somebody has read it.
"""

from typing import NamedTuple

from drafts import brackets
from drafts.merge import Spans
from drafts.words import Op, hunks


class _Edit(NamedTuple):
    start: int  # of the base, code points
    end: int
    text: str


def both(base: str, theirs: str, live: str) -> str:
    """A text with what ``theirs`` and ``live`` each made of ``base``. Its brackets are paired if those of both are."""
    if live in {"", base} or theirs == live:
        return theirs
    if theirs in {"", base}:
        return live
    made = _merged(base, _edits(base, theirs), _edits(base, live))
    if brackets.parse(made).unbalanced:
        return _beside(live, theirs)
    return made


def _edits(base: str, text: str) -> list[_Edit]:
    found: list[_Edit] = []
    at = 0
    for hunk in hunks(base, text):
        end = at if hunk.op is Op.INSERT else at + len(hunk.text)
        if hunk.op is not Op.KEEP:
            came = hunk.text if hunk.op is Op.INSERT else ""
            if found and found[-1].end == at:
                found[-1] = _Edit(found[-1].start, end, found[-1].text + came)
            else:
                found.append(_Edit(at, end, came))
        at = end
    return found


def _merged(base: str, theirs: list[_Edit], live: list[_Edit]) -> str:
    words = Spans(base)
    out: list[str] = []
    at = 0
    while theirs or live:
        mine: tuple[list[_Edit], list[_Edit]] = ([], [])
        start = end = min(edits[0] for edits in (theirs, live) if edits).start
        grown = True
        while grown:  # what has no whole word between it and what is in already is part of the same place
            grown = False
            for edits, held in zip((theirs, live), mine, strict=True):
                while edits and _meet(words, (start, end), edits[0]):
                    held.append(edits.pop(0))
                    end, grown = max(end, held[-1].end), True
        there, here = (_applied(base, start, end, held) for held in mine)
        out += [base[at:start], _settled(base[start:end], there, here)]
        at = end
    return "".join([*out, base[at:]])


def _meet(words: Spans, place: tuple[int, int], edit: _Edit) -> bool:
    (first, last), (begins, ends) = words.reach(*place), words.reach(edit.start, edit.end)
    return first <= ends and begins <= last


def _applied(base: str, start: int, end: int, edits: list[_Edit]) -> str:
    out: list[str] = []
    at = start
    for edit in edits:
        out += [base[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, base[at:end]])


def _settled(base: str, theirs: str, live: str) -> str:
    if live in {theirs, base}:
        return theirs
    return live if theirs == base else _beside(live, theirs)


def _beside(live: str, theirs: str) -> str:
    """Both wordings in brackets, the spaces around them kept."""
    before = " " if live[:1] == " " or theirs[:1] == " " else ""
    after = " " if live[-1:] == " " or theirs[-1:] == " " else ""
    said = [f"[{text.strip()}]" for text in (live, theirs) if text.strip()]
    return before + " ".join(said) + after
