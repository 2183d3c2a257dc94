"""Writing a clause in the notation of a compilation text (``notation.py``): the plainest form that reads back."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from drafts.heard import Heard, Said, heard, on_clause
from drafts.notation import (
    ALONE,
    ESCAPED,
    Group,
    Known,
    Notated,
    Says,
    Spot,
    Words,
    group_text,
    in_order,
    ordered,
    read,
    settled,
)

_SIGNS = frozenset("[]()\\")


class _Form(NamedTuple):
    numbered: bool = False
    bracketed: bool = False  # the clause as a whole, whatever its groups say
    escaped: bool = False


_FORMS = [_Form(n, b, e) for e, n, b in product((False, True), repeat=3)]  # the plainest first


def write(clause: Notated, known: Known) -> tuple[Notated, str]:
    """The plainest form of a clause that reads back as the same, and the text that it is. ``known``: the parties that
    a reader will know."""
    clause = settled(clause)
    plain = merged(clause) if _parties_tell(clause) else None
    form, told = _Form(), clause
    for form in _FORMS:
        if (form.bracketed and not clause.groups) or (plain is None and not form.numbered):
            continue
        told = clause if plain is None or form.numbered else plain
        text = _text(told, form)
        if _unmistakable(told, form) or read(text, known) == told:
            return told, text
    return told, _text(told, form)


def _parties_tell(clause: Notated) -> bool:
    """Whether the parties alone, without the numbers, tell the proposals of a clause apart."""
    numbers = {group.proposal for group in clause.every()}
    if len(numbers) < 2:
        return True
    behind: dict[str, int] = {}  # the proposal of each name
    places: dict[int, list[int]] = {}  # the words of each proposal
    certain = not any(group.says is Says.STALE for group in clause.groups)
    for at, words in enumerate(words for spot in clause.spots() for words in spot.all):
        own = [group for group in words.groups if group.says is (Says.WORDS if words.proposed else Says.DELETE)]
        for group in own:
            if any(behind.setdefault(name, group.proposal) != group.proposal for name in group.names):
                return False
            places.setdefault(group.proposal, []).append(at)
        certain = certain and (len(own) == 1 or len(own) == len(words.groups))
    whole = {group.proposal for group in clause.groups}
    if certain and len(whole) < 2 and len({tuple(one) for one in places.values()}) == len(places):
        return True
    return _meaning(merged(clause)) == _meaning(clause)


def _unmistakable(clause: Notated, form: _Form) -> bool:
    """Whether no sign of the notation stands in the words, so that the text can be read in one way only."""
    last = clause.parts[-1] if clause.parts else ""
    if clause.groups and isinstance(last, Spot) and not form.bracketed and not _in_brackets(clause):
        return False  # groups on the clause would be taken for those of its last words
    return all(
        _SIGNS.isdisjoint(text)
        for part in clause.parts
        for text in ([part] if isinstance(part, str) else [words.text for words in part.all])
    )


def _in_brackets(clause: Notated) -> bool:
    return any(group.says not in ALONE for group in clause.groups)


def _meaning(clause: Notated) -> tuple[frozenset[Heard], frozenset[Said]]:
    """What a clause says, whatever its proposals are numbered."""
    found = frozenset(replace(one, number=0) for one in heard(clause))
    return found, frozenset(on_clause(clause))


def merged(clause: Notated) -> Notated:
    """Without numbers: groups that say the same are one."""

    def of(words: Words) -> Words:
        return Words(words.text, in_order(_together(words.groups)))

    parts = tuple(
        Spot(of(part.base) if part.base else None, tuple(of(one) for one in part.others))
        if isinstance(part, Spot)
        else part
        for part in clause.parts
    )
    return Notated(parts, in_order(_together(clause.groups)))


def _together(groups: Sequence[Group]) -> list[Group]:
    if len({(group.says, group.place, group.earlier) for group in groups}) == len(groups):
        return [Group(group.names, group.says, group.place, group.earlier) for group in groups]
    found: dict[tuple[Says, str, bool], set[str]] = {}
    for group in groups:
        found.setdefault((group.says, group.place, group.earlier), set()).update(group.names)
    return [Group(ordered(names), *key) for key, names in found.items()]


def _text(clause: Notated, form: _Form) -> str:
    body = "".join(
        _own(part, form) if isinstance(part, str) else " ".join(_bracket(words, form) for words in part.all)
        for part in clause.parts
    )
    if not clause.groups:
        return body
    behind = " ".join(group_text(group, numbered=form.numbered) for group in clause.groups)
    if form.bracketed or _in_brackets(clause) or not body:
        body = f"[{body}]"
    return f"{body} {behind}"


def _own(words: str, form: _Form) -> str:
    return ESCAPED.sub(lambda found: "\\" + found[0], words) if form.escaped else words


def _bracket(words: Words, form: _Form) -> str:
    groups = " ".join(group_text(group, numbered=form.numbered) for group in words.groups)
    return f"[{_own(words.text, form)}] {groups}"
