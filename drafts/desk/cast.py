"""What stands around a draft's text: the people and parties that a redline or the table names, the versions it is shown
against, and the forum's rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from drafts.model import Forum, Member, Party, Version
from drafts.state import State
from drafts.store import Store


@dataclass(frozen=True, slots=True)
class Cast:
    """``parties`` by id: all of the forum. ``names`` by person id: everybody who wrote or tabled, also those who
    left the forum since. ``members`` by person id: who is in the forum now. ``issued``: the draft's versions, by
    number. ``alignments``: for whom a party speaks besides itself, by its id."""

    parties: dict[str, Party]
    names: dict[str, str]
    members: dict[str, Member]
    issued: list[Version]
    forum: Forum
    alignments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def name(self, person_id: str) -> str:
        """What a person is called; '' for one whom nobody here knows."""
        if person_id in self.members:
            return self.members[person_id].person_name
        return self.names.get(person_id, "")


async def of(store: Store, state: State) -> Cast:
    """Everybody who wrote in a draft, spoke on its table or is in its forum. The caller has asked whether the draft may
    be read."""
    forum_id = state.draft.forum_id
    async with store.read() as q:
        forum = await q.forums.get(forum_id)
        parties = await q.forums.parties(forum_id)
        members = await q.forums.members(forum_id)
        alignments = await q.forums.alignments(forum_id)
        names = await q.people.names(sorted({person for person, _ in state.authors} | state.floor.speakers()))
        issued = await q.drafts.versions(state.draft.id)
    if forum is None:
        raise LookupError(f"no forum {forum_id}")
    return Cast({p.id: p for p in parties}, names, {m.person_id: m for m in members}, issued, forum, alignments)
