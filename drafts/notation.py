"""The notation of a compilation text: who proposes which words, and who says what to them, in the text itself.

    The States [shall] (Norvale: delete) (Costamar: retain) [should] (Norvale, Zubara) cooperate.

A bracket with a *group* behind it is the notation's; every other bracket is the text's own. A group has the parties in
alphabetical order and what they say:

    (Norvale, Zubara)           the words in the bracket are theirs
    (Norvale: delete)           of words that stand: it proposes to delete them; of proposed ones: it opposes them
    (Costamar: retain)          it opposes their deletion
    (Costamar: reserve)         likewise support, can accept, oppose, conditional, conditional on OP4
    (Costamar: reserve, on an earlier wording)

What is said of a clause as a whole stands behind it: ``(Norvale: move after OP4)``, ``(Norvale: retain)`` for "no
change", ``(Norvale: on an earlier text)`` for a proposal that has to be reviewed, and positions on the clause. A clause
that is to be deleted, or that is proposed as a new one, stands in a bracket as a whole, with its groups behind.
Alternatives to the same words stand side by side: ``[old] (A, B: delete) [one] (A) [two] (B)``.

``write`` takes the plainest form that reads back as the same: groups name the proposal's number, as in ``(Norvale,
proposal 7)``, only where the parties alone would not tell proposals apart, and a backslash stands before brackets of
the text's own only where they would be taken for the notation's.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

Known: TypeAlias = Callable[[str], bool]  # whether a name is a party's
_CLOSING = frozenset(".,;:!?)]}»”’،؛؟。，、；：！？）」』")
_AWKWARD = re.compile(r"[()\[\]:;,\\*]")
_GROUP = re.compile(r"\(((?:[^()\[\]\\]|\([^()\[\]\\]*\))+)\)")
_CHAIN = re.compile(rf"\](?: {_GROUP.pattern})+")
_NUMBER = re.compile(r"proposal (\d{1,9})\Z")
_EARLIER = ", on an earlier wording"
ESCAPED: Final = re.compile(r"[\[\]()\\]")


class Says(StrEnum):
    """What a group says. The order is the one in which groups stand."""

    WORDS = ""
    DELETE = "delete"
    MOVE = "move after"  # a place; without one: to the beginning
    RETAIN = "retain"
    SUPPORT = "support"
    CAN_ACCEPT = "can accept"
    RESERVE = "reserve"
    OPPOSE = "oppose"
    CONDITIONAL = "conditional"  # on a place, or on something
    STALE = "on an earlier text"


ORDER: Final = {says: at for at, says in enumerate(Says)}
_FRONT = "move to the beginning"
_ON = "conditional on "
_BEHIND = "move after "
ALONE: Final = frozenset(Says) - {Says.WORDS, Says.DELETE}  # what may stand behind a clause without a bracket


@dataclass(frozen=True, slots=True)
class Group:
    """Parties that say the same. ``place``: the label of a clause. ``earlier``: said of an earlier wording.
    ``proposal``: the number of the proposal that it belongs to, 0 for the clause's own or where it is not told."""

    names: tuple[str, ...]
    says: Says = Says.WORDS
    place: str = ""
    earlier: bool = False
    proposal: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a bracket, with the groups behind it, in their order (``in_order``)."""

    text: str
    groups: tuple[Group, ...]

    @property
    def proposed(self) -> bool:
        """Whether they do not stand in the text."""
        return bool(self.groups) and self.groups[0].says is Says.WORDS


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that proposals change: the words that stand there (None: none), and what is proposed in their place."""

    base: Words | None
    others: tuple[Words, ...]

    @property
    def all(self) -> tuple[Words, ...]:
        """As they stand in the text."""
        return (*((self.base,) if self.base else ()), *self.others)


@dataclass(frozen=True, slots=True)
class Notated:
    """A clause in the notation: its text with spots, and the groups behind the whole."""

    parts: tuple[str | Spot, ...]
    groups: tuple[Group, ...] = ()

    @property
    def proposed(self) -> bool:
        """Whether the clause as a whole does not stand in the text."""
        return bool(self.groups) and self.groups[0].says is Says.WORDS

    def every(self) -> Iterator[Group]:
        """All groups, in the order of the text."""
        for spot in self.spots():
            for words in spot.all:
                yield from words.groups
        yield from self.groups

    def spots(self) -> list[Spot]:
        """The places that proposals change."""
        return [part for part in self.parts if isinstance(part, Spot)]


def name_of(name: str, code: str) -> str:
    """What a party is called in the notation: its name, or its code where the name has signs of the notation."""
    return code if _AWKWARD.search(name) or _NUMBER.match(name) or not name.strip() else name


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names in alphabetical order, each once."""
    return tuple(sorted(set(names), key=lambda name: (name.casefold(), name)))


def in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """The groups as they stand behind a bracket: what is proposed, then what is said to it."""
    return tuple(sorted(groups, key=lambda g: (ORDER[g.says], g.place, g.earlier, g.proposal, g.names)))


def settled(clause: Notated) -> Notated:
    """One shape for what can be told in two: a bracket round the whole clause is the clause's own."""
    if clause.groups or len(clause.parts) != 1 or not isinstance(spot := clause.parts[0], Spot) or len(spot.all) != 1:
        return clause
    return Notated((spot.all[0].text,) if spot.all[0].text else (), spot.all[0].groups)


def group_text(group: Group, *, numbered: bool) -> str:
    """A group as it stands in the text."""
    names = ", ".join(group.names)
    number = f", proposal {group.proposal}" if numbered and group.proposal else ""
    return f"({names}{number}{_says(group)})"


def _says(group: Group) -> str:
    if group.says is Says.WORDS:
        return ""
    said = group.says.value
    if group.says is Says.MOVE:
        said = f"{_BEHIND}{group.place}" if group.place else _FRONT
    elif group.says is Says.CONDITIONAL and group.place:
        said = _ON + group.place
    return f": {said}{_EARLIER if group.earlier else ''}"


# ── what stands ──


def base(clause: Notated) -> str:
    """The text as it stands: no proposal is taken."""
    return "" if clause.proposed else spelled(clause.parts, lambda spot: spot.base.text if spot.base else "")


def spelled(parts: Iterable[str | Spot], chosen: Callable[[Spot], str]) -> str:
    """The text with one wording for each spot. Where nothing is chosen, two spaces that meet are one, and none stays
    at the ends or before a mark that closes."""
    out, gap = "", False
    for part in parts:
        words = part if isinstance(part, str) else chosen(part)
        if isinstance(part, str) and gap and words:
            if not out or out.endswith(" "):
                words = words.removeprefix(" ")
            if out.endswith(" ") and words[:1] in _CLOSING:
                out = out[:-1]
        out += words
        gap = not words
    return out.removesuffix(" ") if gap else out


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Bracket:
    """A bracket that is open still."""


def read(text: str, known: Known) -> Notated:
    """A clause in the notation. What is no group of known parties, and every bracket without one, is text."""
    return settled(_Reader(text, known).clause())


def parsed_group(content: str, known: Known) -> Group | None:
    """What stands in a group's parentheses, or None where that is no group of known parties."""
    names, colon, said = content.rpartition(": ")
    if not colon:
        names, said = content, ""
    found = _verb(said)
    if found is None:
        return None
    says, place, earlier = found
    told = [name.strip() for name in names.split(", ")]
    number = _NUMBER.match(told[-1])
    if number:
        told.pop()
    if not told or not all(known(name) for name in told):
        return None
    return Group(ordered(told), says, place, earlier, int(number[1]) if number else 0)


def suspects(text: str, known: Known) -> list[str]:
    """Names behind a bracket that would be parties' if they were known: told so by what they say, or by beginning with
    a capital."""
    found: list[str] = []
    for chain in _CHAIN.finditer(text):
        for content in _GROUP.findall(chain[0]):
            names, colon, said = content.rpartition(": ")
            told = [name.strip() for name in (names if colon else content).split(", ")]
            if colon and _verb(said) is None:
                continue
            if colon or all(name[:1].isupper() for name in told):
                found += [name for name in told if not known(name) and not _NUMBER.match(name)]
    return found


def _verb(said: str) -> tuple[Says, str, bool] | None:
    earlier = said.endswith(_EARLIER)
    said = said.removesuffix(_EARLIER)
    if said == _FRONT:
        return Says.MOVE, "", earlier
    for start, says in ((_BEHIND, Says.MOVE), (_ON, Says.CONDITIONAL)):
        if said.startswith(start) and len(said) > len(start):
            return says, said[len(start) :], earlier
    found = next((says for says in Says if says.value == said and says is not Says.MOVE), None)
    return None if found is None else (found, "", earlier)


class _Reader:
    """Reads one clause from the left. ``items`` are strings, words in brackets, and brackets that are open still."""

    def __init__(self, text: str, known: Known) -> None:
        self.text = text
        self.known = known
        self.items: list[str | Words | _Bracket] = []
        self.groups: tuple[Group, ...] = ()

    def clause(self) -> Notated:
        at = 0
        while at < len(self.text):
            at = self._step(at)
        return Notated(tuple(_parts(self.items)), self.groups)

    def _step(self, at: int) -> int:
        char = self.text[at]
        if char == "\\" and ESCAPED.match(self.text[at + 1 : at + 2]):
            self._put(self.text[at + 1])
            return at + 2
        if char == "[":
            self.items.append(_Bracket())
        elif char == "]":
            return self._close(at)
        elif char == "(" and self._behind(at):
            return len(self.text)
        else:
            end = at + 1
            while end < len(self.text) and self.text[end] not in "[]\\(":
                end += 1
            self._put(self.text[at:end])
            return end
        return at + 1

    def _put(self, words: str) -> None:
        if self.items and isinstance(self.items[-1], str):
            self.items[-1] += words
        else:
            self.items.append(words)

    def _close(self, at: int) -> int:
        start = next((n for n in range(len(self.items) - 1, -1, -1) if isinstance(self.items[n], _Bracket)), None)
        groups, end = self._chain(at + 1)
        if start is None:
            self._put("]")
            return at + 1
        inner = self.items[start + 1 :]
        plain = all(isinstance(item, str) for item in inner)
        whole = start == 0 and end == len(self.text)
        if not groups or not (plain or whole):
            self.items[start:] = []
            self._put("[")
            for item in inner:
                self._again(item)
            self._put("]")
            return at + 1
        if whole and not plain:
            self.items[:] = inner
            self.groups = groups
        else:
            self.items[start:] = [Words("".join(str(item) for item in inner), groups)]
        return end

    def _again(self, item: str | Words | _Bracket) -> None:
        if isinstance(item, str):
            self._put(item)
        else:
            self.items.append(item)

    def _chain(self, at: int) -> tuple[tuple[Group, ...], int]:
        """The groups that stand from here on, each behind a space, and where they end."""
        found: list[Group] = []
        while self.text.startswith(" (", at):
            content = _GROUP.match(self.text, at + 1)
            group = parsed_group(content[1], self.known) if content else None
            if group is None or content is None:
                break
            found.append(group)
            at = content.end()
        return in_order(found), at

    def _behind(self, at: int) -> bool:
        """Whether from here to the end there are groups on the clause as a whole; takes them if so."""
        before = self.items[-1] if self.items else None
        if not isinstance(before, str) or not before.endswith(" "):
            return False
        groups, end = self._chain(at - 1)
        if not groups or end != len(self.text) or any(group.says not in ALONE for group in groups):
            return False
        self.items[-1] = before[:-1]
        self.groups = groups
        return True


def _parts(items: Sequence[str | Words | _Bracket]) -> Iterator[str | Spot]:
    """Strings and spots in turn: words in brackets with a space between are alternatives of one spot."""
    told: list[str | Words] = []
    for item in items:
        if isinstance(item, Words):
            told.append(item)
        else:
            words = "[" if isinstance(item, _Bracket) else item
            if told and isinstance(told[-1], str):
                told[-1] += words
            elif words:
                told.append(words)
    at = 0
    while at < len(told):
        item = told[at]
        at += 1
        if isinstance(item, str):
            yield item
            continue
        run = [item]
        while at + 1 < len(told) and told[at] == " " and isinstance(after := told[at + 1], Words) and after.proposed:
            run.append(after)
            at += 2
        first = run[0]
        yield Spot(None if first.proposed else first, tuple(run if first.proposed else run[1:]))
