"""Adopts texts at the end of a kept silence: at the deadline, or as soon as the server runs again after it.

Nothing is remembered but what the log has: each look asks for the drafts under silence and for their deadlines. The
room decides (drafts/silence.py), in the same transaction that writes, so that several processes and a stop at any
moment still adopt a text once.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from drafts import commands as do
from drafts.acts import Act, ActKind
from drafts.errors import Refusal
from drafts.model import Draft, Member, Role, new_id
from drafts.room import Outcome
from drafts.store import Store, Work
from server.looker import Looker

log: Final = logging.getLogger("adref.adopter")

Ask: TypeAlias = Callable[[Member, str, do.Command], Awaitable[Outcome]]


class Adopter(Looker):
    """``ask`` carries out a command for a member."""

    LOOK = 5.0
    log = log

    def __init__(self, store: Store, ask: Ask, present: Callable[[], int]) -> None:
        super().__init__(present)
        self._store = store
        self._ask = ask

    async def look(self) -> float:
        """Adopt what is due. The seconds until the next look."""
        async with self._store.read() as q:
            running = [(draft, act) for draft in await q.drafts.in_silence() if (act := await _begun(q, draft))]
        wait = self.LOOK
        for draft, act in running:
            left = (act.body["deadline"] - self._present()) / 1000
            if left > 0:
                wait = min(wait, left)
                continue
            try:
                await self._adopt(draft, act)
            except Exception:
                log.exception("draft %s could not be adopted; it is tried again", draft.id)
        return wait

    async def _adopt(self, draft: Draft, act: Act) -> None:
        async with self._store.read() as q:
            starter = await _starter(q, draft, act)
        try:
            await self._ask(starter, draft.id, do.Adopt(f"adopt-{new_id()}", act.body["procedure"]))
        except Refusal as refusal:  # it was broken in the last moment, or another process was first
            log.info("draft %s is not adopted: %s", draft.id, refusal)


async def _begun(q: Work, draft: Draft) -> Act | None:
    """The act that began the procedure that runs."""
    return await q.log.latest(draft.id, ActKind.SILENCE)


async def _starter(q: Work, draft: Draft, act: Act) -> Member:
    """Who the adoption is written down for: whoever started the procedure, also when they have left the forum."""
    names = await q.people.names([act.person_id])
    party = await q.forums.party(draft.forum_id, party_id=act.party_id)
    if party is None:
        raise ValueError(f"the party {act.party_id} of act {act.seq} is not in the forum")
    return Member(act.person_id, names.get(act.person_id, ""), draft.forum_id, party, Role.CHAIR)
