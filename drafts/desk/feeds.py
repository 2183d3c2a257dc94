"""What the public can follow of a draft: its public consultations, and the versions that these are on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from drafts.consultation import Phase, Round
from drafts.desk import admit, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Refusal
from drafts.model import Forum, Version
from drafts.store import Store


class Happening(StrEnum):
    """What an entry tells."""

    ISSUED = "issued"  # a version that a public consultation is on
    ANNOUNCED = "announced"
    OPENED = "opened"
    CLOSED = "closed"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. ``key`` stays the same for ever; ``version``: of ISSUED."""

    key: str
    kind: Happening
    at: datetime
    round: Round
    version: Version


@dataclass(frozen=True, slots=True)
class Feed:
    """What happened to a draft in public, the latest first. ``title``: as its latest public version has it."""

    title: str
    language: str
    forum: Forum
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        """When something happened last."""
        return self.entries[0].at


async def public(store: Store, draft_id: str, at: datetime) -> Feed:
    """The feed of a draft. Raises NotFound where nothing of it is public."""
    async with store.read() as q:
        known = await q.rounds.of_draft(draft_id)
    entered = []
    for one in known:
        try:
            entered.append(await rounds.enter(store, None, one.id, at))
        except Refusal:
            continue
    if not entered:
        raise admit.nothing()
    entries: dict[str, Entry] = {}
    for one_entered in entered:
        version, content = await rounds.version(store, one_entered, one_entered.round.version)
        for entry in _of(one_entered, version, at):
            entries.setdefault(entry.key, entry)
    ordered = sorted(entries.values(), key=lambda entry: (entry.at, entry.key), reverse=True)
    return Feed(content.title, content.language, entered[-1].forum, tuple(ordered))


def _of(entered: Entered, version: Version, at: datetime) -> list[Entry]:
    told = entered.round
    moments = [
        (f"version-{told.draft_id}-{version.number}", Happening.ISSUED, version.issued_at),
        (f"round-{told.id}-announced", Happening.ANNOUNCED, told.announced_at),
        (f"round-{told.id}-opened", Happening.OPENED, told.opens_at if told.opens_at <= at else None),
        (f"round-{told.id}-closed", Happening.CLOSED, told.closes_at if told.phase(at) is Phase.CLOSED else None),
        (f"round-{told.id}-answered", Happening.ANSWERED, told.answered_at),
    ]
    return [Entry(key, kind, moment, told, version) for key, kind, moment in moments if moment is not None]
