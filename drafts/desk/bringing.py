"""The proposals that a file becomes: a conflict turned into one, and all of them laid on the table."""

from drafts.access import Verb, demand, may
from drafts.acts import Begun
from drafts.desk import brought, drafts, proposals
from drafts.desk.live import Perform
from drafts.errors import NotFound, Refusal
from drafts.model import Draft, Member, Proposal, ProposalState, now
from drafts.outside import Brought, Clash, Report
from drafts.proposing import begun, known_as, of_conflict
from drafts.store import Store
from drafts.store.rows import ms


def instead(member: Member, draft: Draft) -> bool:
    """Whether what a member's file changes becomes private proposals instead of edits."""
    return may(member, Verb.DRAFT_EDIT, draft) is not None and may(member, Verb.PROPOSAL_WRITE, draft) is None


async def turned(store: Store, found: Brought, draft: Draft, member: Member, clash: Clash) -> Begun:
    """What a conflict becomes as a private proposal of the bringer's party, with the file's wording, on the text that
    the file was made from; nothing is written. Raises Forbidden, Invalid, Conflict, TooMany."""
    demand(member, Verb.PROPOSAL_WRITE, draft)
    state = await drafts.restored(store, await store.load(draft.id))
    async with store.read() as q:
        since = await q.log.since(draft.id, found.base_seq)
        if await proposals.left(q, draft.id, member) < 1:
            raise proposals.full()
    wanted = of_conflict(state, clash, since.numbers)
    return begun(state.draft, member, wanted, known_as(found.id, f"conflict {clash.id}"), ms(now()))


async def standing(store: Store, person_id: str | None, report: Report, draft_id: str) -> dict[str, Proposal]:
    """The proposals that a file became, as they are today, by id. Raises NotFound."""
    wanted = set(report.proposals)
    if not wanted:
        return {}
    return {one.id: one for one, _ in await proposals.mine(store, person_id, draft_id) if one.id in wanted}


async def table(store: Store, perform: Perform, person_id: str | None, brought_id: str) -> dict[str, Refusal]:
    """Lay the proposals that a file became on the table, in the order of the file, but for those that lie there or were
    put away; why some could not be. Raises NotFound; Forbidden at a stage without tabling."""
    found = await brought.get(store, person_id, brought_id)
    draft, member = await drafts.open(store, person_id, found.draft_id)
    if found.report is None:
        raise NotFound("not_found", "There is nothing at this address.")
    demand(member, Verb.PROPOSAL_TABLE, draft)
    known = await standing(store, person_id, found.report, draft.id)
    refused: dict[str, Refusal] = {}
    for proposal_id in found.report.proposals:
        one = known.get(proposal_id)
        if one is None or one.number is not None or one.state is ProposalState.WITHDRAWN:
            continue
        try:
            await proposals.table(store, perform, person_id, proposal_id)
        except Refusal as refusal:
            refused[proposal_id] = refusal
    return refused
