"""One text of two: every tracked change accepted, or every one rejected.

A paragraph whose mark goes is joined with the next and takes that one's looks, as Word does it. A paragraph that goes
as a whole leaves nothing behind, not even its words as deleted ones: they are a paragraph of the other text.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from drafts.word_child.package import MAX_PARAGRAPHS, Refused
from drafts.word_child.styles import Numbering, Styles, number, value
from drafts.word_child.walk import Raw


def settled(raws: Iterable[Raw], styles: Styles, numbering: Numbering, *, accepted: bool) -> list[dict[str, Any]]:
    """The paragraphs of the accepted or of the rejected text, in order; empty ones among them, as long as those with
    words are not too many. Raises Refused."""
    found: list[dict[str, Any]] = []
    used: set[str] = set()
    for group in _groups(raws, accepted):
        paragraph = _paragraph(group, styles, numbering, used, accepted)
        found.append(paragraph)
        if len(found) > MAX_PARAGRAPHS:
            raise Refused("long")
    return found


def _groups(raws: Iterable[Raw], accepted: bool) -> Iterator[list[Raw]]:
    """The paragraphs that become one, in order, those that go altogether left out."""
    group: list[Raw] = []
    for raw in raws:
        if (raw.row_dele if accepted else raw.row_ins) >= 0:
            if group and raw.ends:
                yield group
                group = []
            continue
        mark_goes = (raw.mark_dele if accepted else raw.mark_ins) >= 0
        if not mark_goes or raw.ends or _has_words(raw, accepted):
            group.append(raw)
        if raw.ends or not mark_goes:
            if any(_has_words(one, accepted) for one in group) or not mark_goes:
                yield group
            group = []
    if group:
        yield group


def _has_words(raw: Raw, accepted: bool) -> bool:
    return any(run.text.strip() and (run.dele if accepted else run.ins) < 0 for run in raw.runs)


def _paragraph(
    group: list[Raw], styles: Styles, numbering: Numbering, used: set[str], accepted: bool
) -> dict[str, Any]:
    last = group[-1]
    style = value(last.layout, "pStyle") or styles.default
    outline = number(value(last.layout, "outlineLvl"))
    heading = styles.heading(style) if outline is None else (outline + 1 if outline < 9 else 0)
    level, label = -1, ""
    if any(_has_words(raw, accepted) for raw in group):
        level, label = numbering.place(last.layout, style)
    own = next((name for raw in group for name in raw.ids if name not in used), "")
    used.add(own)
    runs: list[tuple[str, bool, int, int]] = []
    comments: list[tuple[int, str, bool]] = []
    for raw in group:
        comments += [(len(runs) + before, name, starts) for before, name, starts in raw.comments]
        runs += raw.runs
    return {
        "runs": runs,
        "heading": heading,
        "title": styles.is_title(style),
        "level": level,
        "label": label,
        "cell": last.cell,
        "id": own,
        "comments": comments,
    }
