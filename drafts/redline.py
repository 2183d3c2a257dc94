"""Who inserted and who deleted which words: the provenance of a text, folded change by change.

A text is a list of **segments**. Each knows in which *epoch* and by which author it was inserted and, when it is struck
out, in which epoch and by whom. Epochs count the issued versions: 0 is the text as brought in, 1 what was written
before the first version, n + 1 what was written after version n. One list therefore answers the redline against
*every* version (``runs``), and a step costs only the clause it touches.

Two rules keep the list short and fair: what a party deletes of its own words of the same epoch is gone without a mark
(no version ever showed it); what it deletes of another's words stays visible with both names.

Texts are wide strings (change.py), authors are indexes into the draft's list of authors, ``owners`` gives the party
of each. The browser folds with the same algorithm (web/src/redline.ts); a test holds the two together.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from drafts.change import Change

_NOT_FITTING = "the change does not fit the segments"


class Segment(NamedTuple):
    """A run of words with one history. ``dele`` is -1 while it stands, else the epoch it was deleted in."""

    text: str
    ins: int
    by: int
    dele: int = -1
    del_by: int = -1


class Mark(StrEnum):
    """What a run is, seen from a baseline."""

    KEPT = "kept"
    INS = "ins"
    DEL = "del"
    INSDEL = "insdel"  # inserted and deleted since, by different parties


class Run(NamedTuple):
    """A run of words as a redline shows it. ``by`` inserted it, ``del_by`` deleted it (-1: neither since the
    baseline)."""

    text: str
    mark: Mark
    by: int = -1
    del_by: int = -1


def live(segments: Sequence[Segment]) -> str:
    """The (wide) text as it stands."""
    return "".join(s.text for s in segments if s.dele < 0)


def fold(
    segments: Sequence[Segment], change: Change, epoch: int, author: int, owners: Sequence[str], *, tidy: bool = False
) -> list[Segment]:
    """The segments after ``author`` made ``change`` in ``epoch``.

    No two neighbours of what comes out have the same history. ``tidy`` says that this is so already; then segments
    that lie wholly before or behind what changes are taken over as they are: in a clause that many wrote in, that is
    nearly all of them.
    """
    steps = list(zip(change.sections, change.inserts, strict=True))
    walk = _Fold(segments, epoch, author, owners)
    if tidy and steps and steps[0][0][1] < 0:
        walk.begin(steps.pop(0)[0][0])
    end = steps.pop()[0][0] if tidy and steps and steps[-1][0][1] < 0 else None
    for (length, ins), text in steps:
        if ins < 0:
            walk.keep(length)
        else:
            walk.delete(length)
            if text:
                walk.insert(text, behind_deleted=length == 0)
    if end is None:
        walk.rest()
    else:
        walk.end(end)
    return walk.out


def cut(segments: Sequence[Segment], at: int) -> tuple[list[Segment], list[Segment]]:
    """The segments before and from live position ``at``; struck-out words at the cut stay with the head."""
    head: list[Segment] = []
    left = at
    for index, segment in enumerate(segments):
        if segment.dele >= 0 or (left and len(segment.text) <= left):
            head.append(segment)
            left -= len(segment.text) if segment.dele < 0 else 0
        elif left:
            head.append(segment._replace(text=segment.text[:left]))
            return head, [segment._replace(text=segment.text[left:]), *segments[index + 1 :]]
        else:
            return head, list(segments[index:])
    return head, []


def runs(segments: Sequence[Segment], baseline: int, owners: Sequence[str]) -> list[Run]:
    """What a reader sees of the text since ``baseline`` (epoch numbers from it on are "since"). Runs of one mark and
    the same parties are joined."""
    out: list[Run] = []
    for text, ins, by, dele, del_by in segments:
        fresh = ins >= baseline
        if dele < 0:
            run = Run(text, Mark.INS, by) if fresh else Run(text, Mark.KEPT)
        elif dele < baseline or (fresh and owners[by] == owners[del_by]):
            continue
        else:
            run = Run(text, Mark.INSDEL, by, del_by) if fresh else Run(text, Mark.DEL, -1, del_by)
        last = out[-1] if out else None
        if last and last.mark is run.mark and _same(last.by, run.by, owners) and _same(last.del_by, run.del_by, owners):
            out[-1] = last._replace(text=last.text + run.text)
        else:
            out.append(run)
    return out


def between(segments: Sequence[Segment], old: int, new: int, owners: Sequence[str]) -> list[Run]:
    """What became of the text after epoch ``old`` until epoch ``new`` (both included in the text they name: a version
    ``n`` holds the epochs up to ``n``). Runs as ``runs`` gives them; the same as ``runs(segments, old + 1, owners)``
    where ``new`` is the present epoch."""
    known = [s if s.dele <= new else s._replace(dele=-1, del_by=-1) for s in segments if s.ins <= new]
    return runs(known, old + 1, owners)


def _same(one: int, other: int, owners: Sequence[str]) -> bool:
    return one == other or (one >= 0 and other >= 0 and owners[one] == owners[other])


class _Fold:
    """Walks the old segments once, writing the new ones."""

    def __init__(self, segments: Sequence[Segment], epoch: int, author: int, owners: Sequence[str]) -> None:
        self.segments = segments
        self.index = 0
        self.offset = 0  # units of segments[index] already taken
        self.epoch = epoch
        self.author = author
        self.owners = owners
        self.out: list[Segment] = []

    def push(self, segment: Segment) -> None:
        if not segment.text:
            return
        if self.out and self.out[-1][1:] == segment[1:]:
            self.out[-1] = segment._replace(text=self.out[-1].text + segment.text)
        else:
            self.out.append(segment)

    def take(self, limit: int) -> Segment | None:
        """The next piece: a whole struck-out segment, or at most ``limit`` live units; None when ``limit`` is 0 and
        the next is live, or at the end."""
        if self.index >= len(self.segments):
            return None
        segment = self.segments[self.index]
        if segment.dele >= 0:
            self.index += 1
            return segment
        if not limit:
            return None
        piece = segment._replace(text=segment.text[self.offset : self.offset + limit])
        self.offset += len(piece.text)
        if self.offset == len(segment.text):
            self.index, self.offset = self.index + 1, 0
        return piece

    def begin(self, length: int) -> None:
        """Keep the first ``length`` units."""
        if not length:
            return
        for index, segment in enumerate(self.segments):
            if segment[3] < 0:
                size = len(segment[0])
                if length <= size:
                    self.index, self.out = index, list(self.segments[:index])
                    self.keep(length)
                    return
                length -= size
        raise ValueError(_NOT_FITTING)

    def end(self, length: int) -> None:
        """Keep the last ``length`` units, and what is struck out among and behind them."""
        left = sum([len(segment[0]) for segment in self.segments[self.index :] if segment[3] < 0])
        if left - self.offset != length:
            raise ValueError(_NOT_FITTING)
        piece = self.take(1 << 30)
        if piece is not None:
            self.push(piece)
            self.out += self.segments[self.index :]

    def keep(self, length: int) -> None:
        while length:
            piece = self.take(length)
            if piece is None:
                raise ValueError(_NOT_FITTING)
            length -= len(piece.text) if piece.dele < 0 else 0
            self.push(piece)

    def delete(self, length: int) -> None:
        while length:
            piece = self.take(length)
            if piece is None:
                raise ValueError(_NOT_FITTING)
            if piece.dele >= 0:
                self.push(piece)
                continue
            length -= len(piece.text)
            own = piece.ins == self.epoch and self.owners[piece.by] == self.owners[self.author]
            if not own:
                self.push(piece._replace(dele=self.epoch, del_by=self.author))

    def insert(self, text: str, *, behind_deleted: bool) -> None:
        """Plain typing goes on with one's own fresh words that it touches, else it stands behind the struck-out."""
        fresh = Segment(text, self.epoch, self.author)
        typing_on = bool(self.out) and self.out[-1][1:] == fresh[1:]
        if behind_deleted and not typing_on:
            while (piece := self.take(0)) is not None:
                self.push(piece)
        self.push(fresh)

    def rest(self) -> None:
        while (piece := self.take(1 << 30)) is not None:
            self.push(piece)
