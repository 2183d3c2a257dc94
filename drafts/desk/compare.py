"""The sides of a comparison: versions, live texts, other drafts and files, each opened through the access table.

A side is named by ``live``, a version's number, ``DRAFT@live``, ``DRAFT@NUMBER`` (another draft that the person may
read), ``file-ID`` (a file that the person's party brought to this draft) or ``proposal-ID`` (the text as a proposal for
this draft would have it: a tabled one that the person may see, or a private one of the person's circle).
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from drafts import compare
from drafts.access import Verb, may
from drafts.compare import Comparison
from drafts.desk import admit, brought, drafts, supposed, versions
from drafts.exchange.parsed import Content, Parsed, ParsedClause
from drafts.model import Clause, Draft, Member, Version
from drafts.numbering import labels
from drafts.outside import Brought
from drafts.state import State
from drafts.store import Store

LIVE: Final = versions.LIVE
_FILE: Final = "file-"
_PROPOSAL: Final = "proposal-"
MOST_DRAFTS: Final = 30  # other drafts that are offered; any can be named in the address


@dataclass(frozen=True, slots=True)
class Side:
    """One text to compare.

    ``named`` is its name in an address, in the shortest form. ``draft`` is the draft whose text it is, or to which the
    file was brought. ``number``: of the version, None for other texts. ``seq``: the act after which the draft had this
    text; 0 for a file and a proposal, of which no act is known. ``hash``: hex SHA-256 of the clauses. ``label``: of the
    version, the file's name, or the proposal's number and party; '' for a live text. ``at``: when it was issued or
    brought. ``lineage`` and ``merged`` are as ``compare`` has them, for all of the draft's clauses (empty for a file
    and a proposal).
    """

    named: str
    draft: Draft
    number: int | None
    seq: int
    hash: str
    label: str
    at: datetime | None
    content: Content
    lineage: Mapping[str, str]
    merged: Mapping[str, str]

    @property
    def live(self) -> bool:
        """Whether it is a text that goes on changing."""
        return self.number is None and self.seq > 0

    @property
    def file(self) -> bool:
        """Whether it was never the draft's text: brought from outside, or proposed."""
        return self.seq == 0


async def side(store: Store, person_id: str | None, draft_id: str, named: str) -> Side:
    """The text that a name stands for. Raises NotFound for what is not there or not for this person's eyes."""
    return (await sides(store, person_id, draft_id, [named]))[0]


async def sides(store: Store, person_id: str | None, draft_id: str, named: Sequence[str]) -> list[Side]:
    """The same for several names, in their order; each draft is read once."""
    opened = _Opened(store, person_id, draft_id)
    await opened.state(draft_id)  # nobody compares through a draft that is not theirs to read
    return [await opened.side(one) for one in named]


def between(old: Side, new: Side, progress: Callable[[float], None] | None = None) -> Comparison:
    """The comparison of two sides. Long ones take seconds: ask for it in a thread or another process."""
    lineage, merged = relations(old, new)
    return compare.compare(old.content.clauses, new.content.clauses, lineage, merged=merged, progress=progress)


def relations(first: Side, *others: Side) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """What is known of clauses that were cut and joined, as ``compare`` has it; None where the words alone can say it.
    Back in time what was joined is cut, and what was cut is joined."""
    if any(one.file or one.draft.id != first.draft.id for one in (first, *others)):
        return None, None
    if all(first.seq <= other.seq for other in others):
        return dict(first.lineage), dict(first.merged)
    if all(first.seq >= other.seq for other in others):
        return dict(first.merged), dict(first.lineage)
    return None, None


async def texts(store: Store, person_id: str | None, draft_id: str) -> list[tuple[Draft, list[Version]]]:
    """The drafts whose texts can be a side, with their versions: those of the draft's forum, this draft first, then
    the other drafts that the person may read, the latest first. Raises NotFound."""
    async with store.read() as q:
        draft, _ = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        found = await q.forums.of_person(person_id) if person_id else []
        of_forums = await q.drafts.of_forums([forum.id for forum, _ in found])
        own = {member.forum_id: member for _, member in found}
        others = [
            other
            for forum_id, drafted in of_forums.items()
            for other in drafted
            if other.id != draft.id and may(own[forum_id], Verb.DRAFT_READ, other) is None
        ]
        others.sort(key=lambda other: (other.forum_id == draft.forum_id, other.created_at), reverse=True)
        listed = [draft, *others[:MOST_DRAFTS]]
        return [(one, await q.drafts.versions(one.id)) for one in listed]


class _Opened:
    """Drafts and files that one person opens for one comparison."""

    def __init__(self, store: Store, person_id: str | None, draft_id: str) -> None:
        self.store = store
        self.person_id = person_id
        self.draft_id = draft_id
        self._states: dict[str, State] = {}
        self._members: dict[str, Member] = {}

    async def state(self, draft_id: str) -> State:
        if draft_id not in self._states:
            found = await drafts.state(self.store, self.person_id, draft_id)
            self._states[draft_id], self._members[draft_id] = found
        return self._states[draft_id]

    async def side(self, named: str) -> Side:
        if named.startswith(_FILE):
            return await self._file(named.removeprefix(_FILE))
        if named.startswith(_PROPOSAL):
            return await self._proposal(named.removeprefix(_PROPOSAL))
        of, at, which = named.rpartition("@")
        if at and not of:
            raise admit.nothing()
        state = await self.state(of or self.draft_id)
        prefix = "" if state.draft.id == self.draft_id else f"{state.draft.id}@"
        lineage, merged = state.origins(), state.joined()
        if which == LIVE:
            content, seq = versions.live(state), state.draft.seq
            return Side(prefix + LIVE, state.draft, None, seq, fingerprint(content), "", None, content, lineage, merged)
        version, content = await versions.one(self.store, self.person_id, state.draft.id, which)
        return Side(
            f"{prefix}{version.number}",
            state.draft,
            version.number,
            version.seq,
            fingerprint(content),
            version.label,
            version.issued_at,
            content,
            lineage,
            merged,
        )

    async def _proposal(self, proposal_id: str) -> Side:
        state, me = self._states[self.draft_id], self._members[self.draft_id]
        found = await supposed.of(self.store, self.person_id, state, me, proposal_id)
        content, party = found.content, found.party.name if found.party else "–"
        label = f"P {found.number} · {party}" if found.number else f"P · {party}"
        named = _PROPOSAL + proposal_id
        return Side(named, state.draft, None, 0, fingerprint(content), label, None, content, lineage={}, merged={})

    async def _file(self, brought_id: str) -> Side:
        found = await brought.get(self.store, self.person_id, brought_id)
        if found.draft_id != self.draft_id:
            raise admit.nothing()
        draft = (await self.state(found.draft_id)).draft
        content, digest = await asyncio.to_thread(_read, found, draft)
        return Side(_FILE + found.id, draft, None, 0, digest, found.name, found.at, content, lineage={}, merged={})


def _read(found: Brought, draft: Draft) -> tuple[Content, str]:
    content = of_file(found.parsed, draft)
    return content, fingerprint(content)


def of_file(parsed: Parsed, draft: Draft) -> Content:
    """What was read from a file in the shape of a version; clauses that carry no id have ''."""
    named = labels(parsed.clauses)
    clauses = [_clause(clause, label) for clause, label in zip(parsed.clauses, named, strict=True)]
    return Content(parsed.title, parsed.symbol, "", None, parsed.language or draft.language, clauses)


def _clause(found: ParsedClause, label: str) -> Clause:
    return Clause(found.id, found.kind, found.depth, found.text, label, found.lang)


def fingerprint(content: Content) -> str:
    """Hex SHA-256 of what a comparison looks at: ids, kinds, depths and texts, in order."""
    facts = [(clause.id, clause.kind.value, clause.depth, clause.text, clause.lang) for clause in content.clauses]
    return sha256(msgspec.json.encode(facts)).hexdigest()
