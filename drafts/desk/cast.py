"""What stands around a draft's text: the people and parties that a redline names, the versions it is shown against."""

from dataclasses import dataclass

from drafts.model import Member, Party, Version
from drafts.state import State
from drafts.store import Store


@dataclass(frozen=True, slots=True)
class Cast:
    """``parties`` by id: all of the forum. ``names`` by person id: everybody who wrote, also those who left the forum
    since. ``members`` by person id: who is in the forum now. ``issued``: the draft's versions, by number."""

    parties: dict[str, Party]
    names: dict[str, str]
    members: dict[str, Member]
    issued: list[Version]


async def of(store: Store, state: State) -> Cast:
    """Everybody who wrote in a draft or is in its forum. The caller has asked whether the draft may be read."""
    forum_id = state.draft.forum_id
    async with store.read() as q:
        parties = await q.forums.parties(forum_id)
        members = await q.forums.members(forum_id)
        names = await q.people.names(sorted({person for person, _ in state.authors}))
        issued = await q.drafts.versions(state.draft.id)
    return Cast({p.id: p for p in parties}, names, {m.person_id: m for m in members}, issued)
