"""What lies on a table of ``tests/engine/table.py``: proposals, laid there without asking anybody."""

from drafts.acts import ActKind
from drafts.decide import Outcome
from drafts.floor import Tabled
from drafts.model import WORDED, ClauseKind, Member, ProposalKind
from tests.engine.table import START, Table


def lay(
    made: Table,
    actor: Member,
    kind: ProposalKind,
    clause: str | None,
    text: str = "",
    *,
    after: str | None = None,
    shape: tuple[ClauseKind, int, str] | None = None,
    sponsors: tuple[str, ...] = (),
) -> Tabled:
    """A proposal on the clause as it stands."""
    state = made[clause] if clause is not None else None
    number = len(made.room.state.floor.proposals) + 1
    if kind is ProposalKind.ADD:
        shape = shape or (ClauseKind.OPERATIVE, 0, "")
    body = {
        "proposal": f"p{number}", "number": number, "kind": kind.value, "reason": "so", "sponsors": list(sponsors),
        "after": after, "shape": shape, "base": state.number if state else 0,
        "old": state.text if state and kind in WORDED else "", "text": text if kind in WORDED else "",
    }  # fmt: skip
    outcome = Outcome()
    made.room.act(outcome, actor, START + len(made.log), ActKind.TABLE, state, body)
    made.keep(outcome)
    return now(made, f"p{number}")


def now(made: Table, proposal: str) -> Tabled:
    """The proposal as it is."""
    return made.room.state.floor.proposals[proposal]
