"""A written contribution in paragraphs: which clause each may be about, and what of it was made into comments.

Offsets count UTF-16 units of the contribution's text. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from drafts.change import widen
from drafts.importing import named, plain_label
from drafts.model import Clause, ClauseKind

LIKE: Final = 72  # percent: from here on a paragraph is said to quote a clause
_HEADING: Final = 60  # characters: what is shorter and no sentence stands over what follows
_LEAST: Final = 24  # characters of a clause or paragraph that are compared by their words
_DEEPER: Final = r"((?:\s?\([a-zA-Z]{1,4}\))*)"
_NAMES: Final = re.compile(
    rf"\b(?:(OP|PP)\s?(\d+){_DEEPER}"
    rf"|(?:operative paragraph|paragraph|para|clause|article|norm)\.?\s+(\d+){_DEEPER})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its place in the text. ``number`` counts from 0."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Likely:
    """The clause that a paragraph may be about: because it names it (``likeness`` 0), or quotes it (percent)."""

    clause_id: str
    likeness: int = 0


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text: empty lines part them."""
    found: list[Paragraph] = []
    at = 0
    for part in text.split("\n\n"):
        size = len(widen(part))
        if part.strip():
            found.append(Paragraph(len(found), at, at + size, part))
        at += size + 2
    return found


def taken(found: Sequence[Paragraph], spans: Iterable[tuple[int, int]]) -> set[int]:
    """The numbers of the paragraphs of which comments were made. ``spans``: where the comments were taken from."""
    told = list(spans)
    return {one.number for one in found if any(start < one.end and one.start < end for start, end in told)}


def likely(found: Sequence[Paragraph], clauses: Sequence[Clause]) -> dict[int, Likely]:
    """For each paragraph (its number) the clause that it names first, or else quotes; a heading that names a clause
    holds for the paragraphs below it, until another is named."""
    labels = named(clauses)
    texts = [one for one in clauses if len(one.text) >= _LEAST and one.kind is not ClauseKind.HEADING]
    told: dict[int, Likely] = {}
    above: Likely | None = None
    for one in found:
        clause_id = _named(one.text, labels)
        like = Likely(clause_id) if clause_id else _quoted(one.text, texts)
        if clause_id:
            above = like if len(one.text) < _HEADING and not one.text.endswith((".", "。")) else None
        if like or above:
            told[one.number] = like or above or Likely("")
    return told


def _named(text: str, labels: dict[str, str]) -> str | None:
    for found in _NAMES.finditer(text):
        prefix, number, deeper, bare, below = found.groups()
        label = f"{prefix or ''}{number or bare}{deeper or below or ''}"
        for name in (label, f"{prefix or ''}{number or bare}"):
            if (clause_id := labels.get(plain_label(name))) is not None:
                return clause_id
    return None


def _quoted(text: str, clauses: Sequence[Clause]) -> Likely | None:
    if len(text) < _LEAST:
        return None
    best, which = 0.0, ""
    for one in clauses:
        score = fuzz.partial_ratio(one.text, text, score_cutoff=max(best, LIKE))
        if score > best:
            best, which = score, one.id
    return Likely(which, round(best)) if which else None
