"""Queries about proposals as their own parties have them."""

from sqlalchemy import insert, select, update

from drafts import tables as t
from drafts.model import Proposal, ProposalState
from drafts.store import rows
from drafts.store.rows import Queries, ms


class Proposals(Queries):
    """The table ``proposal``."""

    async def add(self, proposal: Proposal) -> None:
        """A new one; its draft is there already."""
        await self._run(
            insert(t.proposal),
            {
                "id": proposal.id,
                "draft_id": proposal.draft_id,
                "party_id": proposal.party_id,
                "person_id": proposal.person_id,
                "kind": proposal.kind.value,
                "state": proposal.state.value,
                "clause_id": proposal.clause_id,
                "base_number": proposal.base_number,
                "base_seq": proposal.base_seq,
                "base_text": proposal.base_text,
                "after_id": proposal.after_id,
                "reason": proposal.reason,
                "number": proposal.number,
                "created_at": ms(proposal.created_at),
            },
        )

    async def get(self, proposal_id: str) -> Proposal | None:
        """The proposal of an id."""
        row = await self._one(select(t.proposal).where(t.proposal.c.id == proposal_id))
        return row and rows.proposal(row)

    async def known_to(self, draft_id: str, party_id: str) -> list[Proposal]:
        """The proposals for a draft that a party writes or shares, private and tabled, the oldest first."""
        joined = select(t.proposal, t.draft.c.circle).join(t.draft, t.draft.c.id == t.proposal.c.id)
        found = joined.where(t.proposal.c.draft_id == draft_id).order_by(t.proposal.c.created_at, t.proposal.c.id)
        return [rows.proposal(row) for row in await self._all(found) if party_id in (row.circle or "").split()]

    async def tabled(self, draft_id: str) -> dict[str, tuple[int, ProposalState]]:
        """The numbers and states of the proposals that were ever on the table of a draft, by id."""
        columns = (t.proposal.c.id, t.proposal.c.number, t.proposal.c.state)
        found = select(*columns).where(t.proposal.c.draft_id == draft_id, t.proposal.c.number.is_not(None))
        return {row.id: (row.number, ProposalState(row.state)) for row in await self._all(found)}

    async def set_state(self, proposal_id: str, state: ProposalState, number: int | None = None) -> None:
        """What became of it. ``number``: as the log of the draft says that it is proposed for; without one its own log
        says it, which has no say any more once it is tabled."""
        changed = update(t.proposal).where(t.proposal.c.id == proposal_id)
        if number is None:
            await self._run(changed.where(t.proposal.c.number.is_(None)).values(state=state.value))
        else:
            await self._run(changed.values(state=state.value, number=number))

    async def reword(self, proposal: Proposal) -> None:
        """Change its reason and where it stands."""
        values = {
            "reason": proposal.reason,
            "after_id": proposal.after_id,
            "base_number": proposal.base_number,
            "base_seq": proposal.base_seq,
            "base_text": proposal.base_text,
        }
        await self._run(update(t.proposal).where(t.proposal.c.id == proposal.id).values(values))
