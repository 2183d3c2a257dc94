"""Change: how a text moves from one number to the next. A port of CodeMirror's ChangeSet that gives the same JSON.

A text is handled here as a **wide** string: a Python string in which a character outside the BMP stands as its two
surrogates, so that every index is a UTF-16 unit, as in JavaScript. ``widen`` and ``narrow`` convert at the edge and
cost nothing for texts without such characters.

A Change is a list of sections ``(length, inserted)``: ``inserted`` is -1 for text that is kept, otherwise the length
of what replaces ``length`` units. JSON form: ``n`` keep, ``[n]`` delete, ``[n, "text"]`` replace. Source of the
algebra:
@codemirror/state 6 (addSection, mapSet, composeSets); a differential test holds the two together.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from drafts.errors import Invalid, TooLarge

MAX_INSERT = 64 * 1024  # UTF-16 units that one Change may insert
MAX_SECTIONS = 2_000
MAX_TEXT = 64 * 1024  # UTF-16 units of one clause

# No line break, no NUL, no other C0 control (tab included), no line or paragraph separator: a clause is one paragraph.
_FORBIDDEN = frozenset([*map(chr, range(0x20)), "\x7f", "\x85", "\u2028", "\u2029"])


_SURROGATE = re.compile("[\ud800-\udfff]")


def widen(text: str) -> str:
    """``text`` with each astral character as two surrogates."""
    if text.isascii() or max(text) < "\U00010000":
        return text
    return "".join(c if c < "\U00010000" else _pair(ord(c)) for c in text)


def _pair(code: int) -> str:
    code -= 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def narrow(wide: str) -> str:
    """The real Unicode of a wide string."""
    if wide.isascii() or not _SURROGATE.search(wide):
        return wide
    return wide.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def is_high(unit: str) -> bool:
    """Whether a unit is the first half of a pair."""
    return "\ud800" <= unit <= "\udbff"


def is_low(unit: str) -> bool:
    """Whether a unit is the second half of a pair."""
    return "\udc00" <= unit <= "\udfff"


class _Walk:
    """Walks the sections of a Change piece by piece (SectionIter). ``ins`` is -2 at the end."""

    __slots__ = ("i", "ins", "inserts", "len", "off", "sections")

    def __init__(self, change: "Change") -> None:
        self.sections = change.sections
        self.inserts = change.inserts
        self.i = 0
        self.next()

    def next(self) -> None:
        if self.i < len(self.sections):
            self.len, self.ins = self.sections[self.i]
            self.i += 1
        else:
            self.len, self.ins = 0, -2
        self.off = 0

    @property
    def done(self) -> bool:
        return self.ins == -2

    @property
    def text(self) -> str:
        return self.inserts[self.i - 1]

    def bit(self, length: int) -> str:
        return self.inserts[self.i - 1][self.off : self.off + length]

    def forward(self, length: int) -> None:
        if length == self.len:
            self.next()
        else:
            self.len -= length
            self.off += length

    def forward2(self, length: int) -> None:
        """Forward in the text after the change."""
        if self.ins == -1:
            self.forward(length)
        elif length == self.ins:
            self.next()
        else:
            self.ins -= length
            self.off += length


class _Build:
    """Collects sections, joining neighbours of one kind as CodeMirror does (addSection, addInsert)."""

    __slots__ = ("inserts", "sections")

    def __init__(self) -> None:
        self.sections: list[tuple[int, int]] = []
        self.inserts: list[str] = []

    def add(self, length: int, ins: int, text: str = "", *, join: bool = False) -> None:
        if length == 0 and ins <= 0:
            if text:
                self.inserts[-1] += text
            return
        if self.sections:
            last_len, last_ins = self.sections[-1]
            if ins <= 0 and ins == last_ins:
                self._put(last_len + length, last_ins, text)
                return
            if length == 0 and last_len == 0:
                self._put(0, last_ins + ins, text)
                return
            if join:
                self._put(last_len + length, last_ins + ins, text)
                return
        self.sections.append((length, ins))
        self.inserts.append(text)

    def _put(self, length: int, ins: int, text: str) -> None:
        self.sections[-1] = (length, ins)
        if text:
            self.inserts[-1] += text

    def done(self) -> "Change":
        return Change(tuple(self.sections), tuple(self.inserts))


class Change:
    """One step of a text. Values do not change; equality is by sections and inserted text."""

    __slots__ = ("inserts", "sections")

    def __init__(self, sections: tuple[tuple[int, int], ...], inserts: tuple[str, ...]) -> None:
        self.sections = sections
        self.inserts = inserts  # wide text per section, '' where nothing is inserted

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Change) and self.sections == other.sections and self.inserts == other.inserts

    def __hash__(self) -> int:
        return hash((self.sections, self.inserts))

    def __repr__(self) -> str:
        return f"Change({self.to_json()!r})"

    # ── making ──

    @classmethod
    def replace(cls, length: int, start: int, end: int, text: str = "") -> "Change":
        """In a text of ``length`` units, put ``text`` (wide) in the place of ``[start, end)``."""
        build = _Build()
        build.add(start, -1)
        if end > start or text:
            build.add(end - start, len(text), text)
        build.add(length - end, -1)
        return build.done()

    @classmethod
    def of(cls, sections: Iterable[tuple[int, str | None]]) -> "Change":
        """From ``(length, None)`` to keep and ``(length, wide text)`` to replace, in order."""
        build = _Build()
        for length, text in sections:
            if text is None:
                build.add(length, -1)
            else:
                build.add(length, len(text), text)
        return build.done()

    @classmethod
    def from_json(cls, data: Sequence[Any]) -> "Change":
        """From the JSON form, as ChangeSet.fromJSON reads it.

        Raises Invalid when it is not one, TooLarge beyond the limits.
        """
        if not isinstance(data, list):
            raise Invalid("bad_change", "A change is a list of sections; this is not one.")
        if len(data) > MAX_SECTIONS:
            raise TooLarge("change_sections", "A change has at most {limit} sections.", limit=MAX_SECTIONS)
        sections: list[tuple[int, int]] = []
        inserts: list[str] = []
        for part in data:
            length, text = _section(part)
            sections.append((length, -1 if text is None else len(text)))
            inserts.append(text or "")
        if sum(map(len, inserts)) > MAX_INSERT:
            raise TooLarge("change_size", "A change inserts at most {limit} characters.", limit=MAX_INSERT)
        return cls(tuple(sections), tuple(inserts))

    @classmethod
    def from_log(cls, data: Sequence[Any]) -> "Change":
        """From the JSON of an act in the log. It was checked when it came in; mapping and composing may since have
        given it more sections than a client may send."""
        sections: list[tuple[int, int]] = []
        inserts: list[str] = []
        for part in data:
            if isinstance(part, int):
                sections.append((part, -1))
                inserts.append("")
            else:
                text = widen(part[1]) if len(part) > 1 else ""
                sections.append((part[0], len(text)))
                inserts.append(text)
        return cls(tuple(sections), tuple(inserts))

    def to_json(self) -> list[Any]:
        """The JSON form (real Unicode, no surrogates)."""
        return [
            length if ins < 0 else ([length, narrow(text)] if ins else [length])
            for (length, ins), text in zip(self.sections, self.inserts, strict=True)
        ]

    # ── facts ──

    @property
    def length(self) -> int:
        """Units of the text before."""
        return sum(length for length, _ in self.sections)

    @property
    def new_length(self) -> int:
        """Units of the text after."""
        return sum(length if ins < 0 else ins for length, ins in self.sections)

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not self.sections or (len(self.sections) == 1 and self.sections[0][1] < 0)

    # ── algebra ──

    def apply(self, text: str) -> str:
        """The (wide) text after. Raises ValueError when the lengths do not match."""
        if self.length != len(text):
            raise ValueError(f"change of a text of {self.length} units, but the text has {len(text)}")
        out: list[str] = []
        position = 0
        for (length, ins), insert in zip(self.sections, self.inserts, strict=True):
            if ins < 0:
                out.append(text[position : position + length])
            elif ins:
                out.append(insert)
            position += length
        return "".join(out)

    def compose(self, other: "Change") -> "Change":
        """This change, then ``other``, as one."""
        if self.empty:
            return other
        if other.empty:
            return self
        return _compose(self, other)

    def map(self, other: "Change", *, before: bool = False) -> "Change":
        """This change as it applies after ``other``, which stands on the same text. ``before``: where both insert at
        one place, this one's text comes first."""
        if other.empty:
            return self
        return _aside(self, other) or _map(self, other, before)

    def map_pos(self, position: int, assoc: int = -1) -> int:
        """Where a position of the text before stands after; ``assoc`` +1 moves behind text inserted at it, -1 stays."""
        old = new = 0
        for length, ins in self.sections:
            end = old + length
            if ins < 0:
                if end > position:
                    return new + position - old
                new += length
            else:
                if end > position or (end == position and assoc < 0 and not length):
                    return new if position == old or assoc < 0 else new + ins
                new += ins
            old = end
        if position > old:
            raise ValueError(f"position {position} beyond a text of {old} units")
        return new

    def invert(self, text: str) -> "Change":
        """The change that takes this one back; ``text`` is the (wide) text before."""
        sections: list[tuple[int, int]] = []
        inserts: list[str] = []
        position = 0
        for length, ins in self.sections:
            if ins < 0:
                sections.append((length, -1))
                inserts.append("")
            else:
                sections.append((ins, length))
                inserts.append(text[position : position + length])
            position += length
        return Change(tuple(sections), tuple(inserts))

    def part(self, at: int) -> tuple["Change", "Change"]:
        """What it does before and from position ``at`` of the text before, as changes of those two halves. Text
        inserted right at ``at`` belongs to the first; a replacement across ``at`` puts its text into the first."""
        head, tail = _Build(), _Build()
        position = 0
        for (length, ins), text in zip(self.sections, self.inserts, strict=True):
            end = position + length
            if end <= at:
                head.add(length, ins, text)
            elif position >= at:
                tail.add(length, ins, text)
            else:
                head.add(at - position, -1 if ins < 0 else ins, text)
                tail.add(end - at, -1 if ins < 0 else 0)
            position = end
        return head.done(), tail.done()

    def check(self, text: str) -> None:
        """Raises Invalid unless the change fits the (wide) text: length, and no position inside a surrogate pair."""
        if self.length != len(text):
            raise Invalid("change_length", "The change does not fit the text it names.")
        position = 0
        for length, _ in self.sections:
            position += length
            if 0 < position < len(text) and is_low(text[position]) and is_high(text[position - 1]):
                raise Invalid("inside_character", "A position lies inside a character.")
        if self.new_length > MAX_TEXT and self.new_length > self.length:
            raise TooLarge("clause_size", "A clause holds at most {limit} characters. Split it first.", limit=MAX_TEXT)


def _section(part: Any) -> tuple[int, str | None]:
    """One JSON section as (length, wide text or None when kept)."""
    if _count(part) and part:
        return part, None
    if not isinstance(part, list) or not 1 <= len(part) <= 2 or not _count(part[0]):
        raise Invalid("bad_change", "A change is a list of sections; this is not one.")
    if len(part) == 1:
        if part[0] == 0:
            raise Invalid("bad_change", "A change is a list of sections; this is not one.")
        return part[0], ""
    text = part[1]
    if not isinstance(text, str) or not text:
        raise Invalid("bad_change", "A change is a list of sections; this is not one.")
    if not _FORBIDDEN.isdisjoint(text):
        raise Invalid("line_break", "A clause is one paragraph: no line breaks or control characters.")
    if not text.isascii() and _SURROGATE.search(text):
        raise Invalid("half_character", "The text holds half a character.")
    return part[0], widen(text)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_TEXT * 2


def _aside(change: Change, over: Change) -> Change | None:
    """The usual case of ``map``: one edit each, with kept text between them, so that one only shifts the other. A late
    push goes over each act in its way; when many write in one clause these are many."""
    sections, others = change.sections, over.sections
    if not 1 <= len(sections) <= 3 or not 1 <= len(others) <= 3:
        return None
    first, first_over = sections[0][1] < 0, others[0][1] < 0
    last, last_over = sections[-1][1] < 0, others[-1][1] < 0
    if len(sections) != 1 + first + last or len(others) != 1 + first_over + last_over:
        return None
    if sections[first][1] < 0 or others[first_over][1] < 0 or (0, -1) in sections:
        return None  # not as CodeMirror would write it
    start, start_over = sections[0][0] if first else 0, others[0][0] if first_over else 0
    gone, came = others[first_over]
    end, end_over = start + sections[first][0], start_over + gone
    rest, rest_over = sections[-1][0] if last else 0, others[-1][0] if last_over else 0
    if end + rest != end_over + rest_over:
        return None
    if end < start_over:
        return Change((*sections[:-1], (rest + came - gone, -1)), change.inserts)
    if end_over < start:
        return Change(((start + came - gone, -1), *sections[1:]), change.inserts)
    return None


def _map(change: Change, over: Change, before: bool) -> Change:
    build = _Build()
    a, b = _Walk(change), _Walk(over)
    inserted = 0  # the section of ``change`` (1-based) whose text is already in
    while True:
        if (a.done and b.len) or (b.done and a.len):
            raise ValueError("changes of texts of different lengths")
        if a.ins == -1 and b.ins == -1:  # both keep
            length = min(a.len, b.len)
            build.add(length, -1)
            a.forward(length)
            b.forward(length)
        elif b.ins >= 0 and (
            a.ins < 0 or inserted == a.i or (a.off == 0 and (b.len < a.len or (b.len == a.len and not before)))
        ):
            inserted = _skip(build, a, b, inserted)
        elif a.ins >= 0:
            inserted = _take(build, a, b, inserted)
        elif a.done and b.done:
            return build.done()
        else:
            raise ValueError("changes of texts of different lengths")


def _skip(build: _Build, a: _Walk, b: _Walk, inserted: int) -> int:
    """A section of ``b`` comes first: pass over it, and over what ``a`` does inside it."""
    length = b.len
    build.add(b.ins, -1)
    while length:
        if a.done:
            raise ValueError("changes of texts of different lengths")
        piece = min(a.len, length)
        if a.ins >= 0 and inserted < a.i and a.len <= piece:
            build.add(0, a.ins, a.text)
            inserted = a.i
        a.forward(piece)
        length -= piece
    b.next()
    return inserted


def _take(build: _Build, a: _Walk, b: _Walk, inserted: int) -> int:
    """Take a section of ``a`` up to the start of the next insertion in ``b``."""
    length, left = 0, a.len
    while left:
        if b.ins == -1:
            piece = min(left, b.len)
            length += piece
            left -= piece
            b.forward(piece)
        elif b.ins == 0 and b.len < left:
            left -= b.len
            b.next()
        else:
            break
    fresh = inserted < a.i
    build.add(length, a.ins if fresh else 0, a.text if fresh else "")
    inserted = a.i
    a.forward(a.len - left)
    return inserted


def _compose(first: Change, second: Change) -> Change:
    build = _Build()
    a, b = _Walk(first), _Walk(second)
    joined = False
    while not (a.done and b.done):
        if a.ins == 0:  # a deletion in the first
            build.add(a.len, 0, join=joined)
            a.next()
        elif b.len == 0 and not b.done:  # an insertion in the second
            build.add(0, b.ins, b.text, join=joined)
            b.next()
        elif a.done or b.done:
            raise ValueError("changes of texts of different lengths")
        else:
            length, before = min(a.len if a.ins < 0 else a.ins, b.len), len(build.sections)
            _both(build, a, b, length, joined)
            joined = (a.ins > length or (b.ins >= 0 and b.len > length)) and (joined or len(build.sections) > before)
            a.forward2(length)
            b.forward(length)
    return build.done()


def _both(build: _Build, a: _Walk, b: _Walk, length: int, joined: bool) -> None:
    """A piece of ``length`` units that the first leaves and the second goes over."""
    if a.ins == -1:
        ins = -1 if b.ins == -1 else (0 if b.off else b.ins)
        build.add(length, ins, b.text if ins > 0 else "", join=joined)
    elif b.ins == -1:
        build.add(0 if a.off else a.len, length, a.bit(length), join=joined)
    else:
        ins = 0 if b.off else b.ins
        build.add(0 if a.off else a.len, ins, b.text if ins else "", join=joined)


def rebase(updates: Sequence[Change], over: Iterable[Change]) -> list[Change]:
    """``updates`` (each on the one before) as they apply after ``over`` (likewise), both from one text.

    One at a time: composing first, as the npm package's batch function does, drifts apart (ARCHITECTURE.md, rule 2).
    """
    moved = list(updates)
    for other in over:
        for index, update in enumerate(moved):
            moved[index] = update.map(other)
            other = other.map(update, before=True)  # noqa: PLW2901 - the other side walks along
    return moved
