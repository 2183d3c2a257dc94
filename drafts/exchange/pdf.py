"""A text and a comparison as PDF for print, set by Typst: tagged (PDF/UA-1), with the fonts that Adref ships.

The layout stands in ``print/*.typ``. The words go there as data, one JSON string, and are never read as markup. No font
and no package of the machine or the network is used. Text of 55,000 words takes seconds: ask for it in a worker.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from drafts.compare import Change, Comparison, Op, Row
from drafts.exchange import runs
from drafts.exchange.document import Document, Note, Written
from drafts.exchange.glyphs import FONTS, Printable
from drafts.exchange.language import direction
from drafts.exchange.runs import NOTE_TRACKED, NOTE_UNSIGNED, Signs
from drafts.model import Clause, ClauseKind

PRINT = Path(__file__).parent / "print"

NOTE_PAGE = "Page {page} of {pages}"
NOTE_MISSING = "Characters that the fonts of this PDF lack are printed by their Unicode numbers: {characters}"
NOTE_COMMENTS = "Comments"
NOTE_WHOLE = "Whole draft"
NOTE_RESOLVED = "resolved"
NOTE_NEW = "New"
NOTE_DELETED = "Deleted"
NOTE_CHANGED = "Changed"
NOTE_MOVED = "Moved"
NOTE_MOVED_CHANGED = "Moved and changed"
NOTE_SPLIT = "Split off"
NOTE_MERGED = "Merged into another"
NOTE_MOVED_AWAY = "Moved from here"
NOTE_KIND = "Another kind of clause"
NOTE_OUTCOME = "What happened"
NOTE_MARKS = "Deleted words are struck through on the left, inserted ones underlined on the right."
NOTE_EQUAL = "The two texts are the same, word for word."

MESSAGES = (
    *(NOTE_PAGE, NOTE_TRACKED, NOTE_UNSIGNED, NOTE_MISSING, NOTE_COMMENTS, NOTE_WHOLE, NOTE_RESOLVED, NOTE_NEW),
    *(NOTE_DELETED, NOTE_CHANGED, NOTE_MOVED, NOTE_MOVED_CHANGED, NOTE_SPLIT, NOTE_MERGED, NOTE_MOVED_AWAY),
    *(NOTE_KIND, NOTE_OUTCOME, NOTE_MARKS, NOTE_EQUAL),
)
_OUTCOMES = {
    Change.CHANGED: NOTE_CHANGED,
    Change.MOVED: NOTE_MOVED,
    Change.MOVED_CHANGED: NOTE_MOVED_CHANGED,
    Change.INSERTED: NOTE_NEW,
    Change.DELETED: NOTE_DELETED,
    Change.SPLIT: NOTE_SPLIT,
    Change.MERGED: NOTE_MERGED,
    Change.MOVED_AWAY: NOTE_MOVED_AWAY,
}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # a moment of making would make every copy of a version another file


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands over a comparison: the draft's forum, title and language, and the names of the two texts."""

    forum: str
    title: str
    old: str
    new: str
    language: str = "en"


def write(document: Document, *, lines: bool = True, words: Mapping[str, str] | None = None) -> bytes:
    """The document in portrait, with line numbers or without; comments come as an annex.

    ``words``: translations of MESSAGES, English where there are none. Raises Invalid ``print_script`` for a text in a
    script that the fonts lack.
    """
    return typeset("text.typ", _portrait(document, words or {}) | {"lines": lines}, document.date)


def side_by_side(comparison: Comparison, heads: Heads, *, words: Mapping[str, str] | None = None) -> bytes:
    """The comparison in landscape: old text, what happened, new text. ``words`` and refusals are as of ``write``."""
    say, show = words or {}, Printable()
    rows = [_row(row, show, say) for row in comparison.rows]
    data = {
        "lang": tag(heads.language),
        "dir": direction(heads.language or "en"),
        "title": show.text(heads.title) or "–",
        "head": [show.text(heads.forum)],
        "old": show.text(heads.old),
        "new": show.text(heads.new),
        "page": _said(say, NOTE_PAGE),
        "outcome": _said(say, NOTE_OUTCOME),
        "about": [_said(say, NOTE_EQUAL if comparison.equal else NOTE_MARKS)],
        "rows": rows,
    }
    return typeset("compare.typ", data | {"missing": missing(show, say)}, None)


# ── what goes into the templates ─────────────────────────────────────────────────────────────────────────────────────


def _portrait(document: Document, say: Mapping[str, str]) -> dict[str, Any]:
    show = Printable()
    signs = Signs(document.clauses)
    numbered = runs.numbered(document.clauses)
    clauses = [_clause(one, label, show, signs) for one, label in zip(document.clauses, numbered, strict=True)]
    date = document.date.isoformat() if document.date else ""
    about = [document.symbol, document.version_label, date]
    since = ""
    if document.since:
        since = _said(say, NOTE_TRACKED if signs.names else NOTE_UNSIGNED).format(since=document.since)
    return {
        "lang": tag(document.language),
        "dir": direction(document.language or "en"),
        "title": show.text(document.title) or "–",
        "head": [show.text(part) for part in (document.forum, *about, document.hash[:12]) if part],
        "about": [show.text(part) for part in about if part],
        "hash": document.hash,
        "since": show.text(since),
        "signs": [[sign, show.text(name)] for name, sign in signs.names.items()],
        "page": _said(say, NOTE_PAGE),
        "clauses": _levelled(clauses),
        "comments": _said(say, NOTE_COMMENTS),
        "notes": _notes(
            document, dict(zip((one.clause.id for one in document.clauses), numbered, strict=True)), show, say
        ),
        "missing": missing(show, say),
    }


def _clause(one: Written, label: str, show: Printable, signs: Signs) -> dict[str, Any]:
    marked = [(piece.text, signs.of(piece.ins), signs.of(piece.dele)) for piece in runs.pieces(one)]
    return _shape(one.clause) | {"label": show.text(label), "runs": _runs(marked, show)}


def _shape(clause: Clause) -> dict[str, Any]:
    """Kind, depth, and language where it is the clause's own."""
    lang = clause.lang
    return {
        "kind": str(clause.kind),
        "depth": max(clause.depth, 1) if clause.kind is ClauseKind.SUB else clause.depth,
        "lang": tag(lang) if lang else "",
        "dir": direction(lang) if lang else "",
    }


def _levelled(clauses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the levels of headings, which begin at 1 and leave none out: PDF/UA asks for it."""
    last = 0
    for clause in clauses:
        if clause["kind"] == ClauseKind.HEADING:
            last = clause["level"] = min(clause["depth"] + 1, last + 1, 6)
    return clauses


def _notes(
    document: Document, names: Mapping[str, str], show: Printable, say: Mapping[str, str]
) -> list[dict[str, Any]]:
    answers: dict[str, list[Note]] = {}
    for note in document.notes:
        answers.setdefault(note.answers, []).append(note)
    texts = {one.clause.id: one.clause.text for one in document.clauses}
    places = {one.clause.id: at for at, one in enumerate(document.clauses, 1)}
    found: list[dict[str, Any]] = []
    for note in sorted(answers.get("", []), key=lambda one: (places.get(one.clause, 0), one.start)):
        where = names.get(note.clause, "") if note.clause else _said(say, NOTE_WHOLE)
        quote = texts.get(note.clause, "")[note.start : note.end].replace("*", "")
        found.append(_note(note, show, say) | {"where": show.text(where), "quote": show.text(quote), "answer": False})
        found += [
            _note(answer, show, say) | {"where": "", "quote": "", "answer": True} for answer in answers.get(note.id, [])
        ]
    return found


def _note(note: Note, show: Printable, say: Mapping[str, str]) -> dict[str, Any]:
    who = f"{note.author} ({note.party})" if note.author else note.party
    resolved = f" · {_said(say, NOTE_RESOLVED)}" if note.resolved else ""
    when = f"{note.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{resolved}"
    return {"who": show.text(who), "when": when, "body": [show.text(line) for line in note.body.splitlines()]}


def _row(row: Row, show: Printable, say: Mapping[str, str]) -> dict[str, Any]:
    outcome = [_said(say, _OUTCOMES[row.change])] if row.change in _OUTCOMES else []
    if row.kind_changed:
        outcome.append(_said(say, NOTE_KIND))
    hunks = row.hunks
    if row.change is Change.MOVED_AWAY and row.old:
        hunks = ()
    marked = [(hunk.text, "+" if hunk.op is Op.INSERT else "", "-" if hunk.op is Op.DELETE else "") for hunk in hunks]
    shown = _runs(marked, show)
    return {
        "changed": row.change is not Change.SAME,
        "outcome": outcome,
        "old": _cell(row.old, [run for run in shown if not run["ins"]], show),
        "new": _cell(row.new, [run for run in shown if not run["del"]], show),
    }


def _cell(clause: Clause | None, shown: list[dict[str, Any]], show: Printable) -> dict[str, Any] | None:
    if clause is None:
        return None
    text = shown or _runs([(clause.text, "", "")], show)
    return _shape(clause) | {"label": show.text(clause.label), "runs": text}


def _runs(marked: Iterable[tuple[str, str, str]], show: Printable) -> list[dict[str, Any]]:
    """Runs of one look: ``em`` in italics, ``br`` a bracket, ``ins`` and ``del`` by whom (a sign, '' for nobody)."""
    told = list(marked)
    shown = runs.looks((text, bool(ins), bool(dele)) for text, ins, dele in told)
    found: list[dict[str, Any]] = []
    for (_, ins, dele), looks in zip(told, shown, strict=True):
        own = [
            {"t": show.text(one.text), "em": one.italic, "br": one.bracket, "ins": ins, "del": dele, "by": ""}
            for one in looks
        ]
        if own and (ins or dele):
            own[-1]["by"] = " ".join(sign for sign in (ins and f"+{ins}", dele and f"−{dele}") if sign)
        found += own
    return found


def _said(say: Mapping[str, str], message: str) -> str:
    return say.get(message) or message


def missing(show: Printable, say: Mapping[str, str]) -> str:
    """The note on characters that no font has, '' when there are none."""
    if not show.missing:
        return ""
    characters = ", ".join(f"U+{ord(char):04X}" for char in sorted(show.missing))
    return _said(say, NOTE_MISSING).format(characters=characters)


def tag(language: str) -> str:
    """A language as Typst takes it; ``en`` for what it does not know."""
    primary = language.partition("-")[0].lower()
    return primary if re.fullmatch("[a-z]{2,3}", primary) else "en"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def typeset(template: str, data: Mapping[str, Any], date: Any) -> bytes:
    """The PDF that a template of ``print/`` makes of data; ``date``: of the document, if it has one."""
    made = datetime(date.year, date.month, date.day, tzinfo=UTC) if date else _EPOCH
    return typst.compile(
        str(PRINT / template),
        root=str(PRINT),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=made,
    )
