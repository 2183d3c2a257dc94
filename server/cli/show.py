"""Texts and comparisons on a terminal. Marks survive without colour: {+inserted+} and [-deleted-] words."""

from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from drafts.compare import Change, Comparison, Op, Row
from drafts.exchange import Content
from drafts.model import Clause
from drafts.numbering import labels
from server.cli.frame import out

_SIGNS = {Op.INSERT: ("{+", "+}", "green"), Op.DELETE: ("[-", "-]", "red")}
_WORDS = {
    Change.CHANGED: "changed",
    Change.MOVED: "moved",
    Change.MOVED_CHANGED: "moved and changed",
    Change.INSERTED: "new",
    Change.DELETED: "deleted",
    Change.SPLIT: "split off",
    Change.MERGED: "merged into another",
}


def labelled(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses with their labels."""
    return [replace(clause, label=label) for clause, label in zip(clauses, labels(clauses), strict=True)]


def line(clause: Clause) -> str:
    """A clause on one line, as an outline shows it."""
    start = clause.text if len(clause.text) <= 70 else f"{clause.text[:69]}…"
    return f"{'  ' * clause.depth}{clause.label or clause.kind.value:6} {start}"


def comparison(old: Content, new: Content, found: Comparison) -> None:
    """What differs, clause by clause, and the counts."""
    out.print(f"--- {name(old)}\n+++ {name(new)}", style="bold", markup=False)
    for row in found.rows:
        if row.change in _WORDS:
            out.print()
            out.print(_head(row), style="cyan", markup=False)
            out.print(_words(row))
    counts = found.counts
    told = [
        (counts.changed + counts.moved_changed, "changed"),
        (counts.moved + counts.moved_changed, "moved"),
        (counts.inserted, "new"),
        (counts.split, "split off"),
        (counts.merged, "merged"),
        (counts.deleted, "deleted"),
    ]
    out.print()
    if found.equal:
        out.print("The two texts are the same, word for word.")
        return
    clauses = ", ".join(f"{count} {what}" for count, what in told if count)
    out.print(f"Clauses: {clauses}. Words: {counts.words_added} added, {counts.words_removed} removed.")


def name(content: Content) -> str:
    """What a text is called."""
    return " ".join(part for part in (content.title, content.version_label or content.symbol) if part)


def _head(row: Row) -> str:
    here = row.new or row.old
    if here is None:
        return ""
    before = f" (was {row.old.label})" if row.old and row.new and row.old.label != row.new.label else ""
    shape = ", another kind of clause" if row.kind_changed else ""
    sure = f" ({row.confidence} % sure)" if row.confidence < 100 else ""
    return f"{here.label or here.kind.value}{before}: {_WORDS[row.change]}{shape}{sure}"


def _words(row: Row) -> Text:
    told = Text()
    for hunk in row.hunks:
        if hunk.op in _SIGNS:
            before, after, colour = _SIGNS[hunk.op]
            told.append(f"{before}{hunk.text}{after}", colour)
        else:
            told.append(hunk.text)
    return told
