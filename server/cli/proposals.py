"""``adref proposals``: a party's own and those on the table, for the person named with ``--as``.

A proposal is named by its id or, once it is tabled, by its number; a clause by its label (``OP3(a)``) or id.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

import typer

from drafts import commands as do
from drafts.desk import cast as casts
from drafts.desk import drafts, floor, live, proposals
from drafts.desk.proposals import Wish
from drafts.errors import NotFound
from drafts.model import WORDED, ClauseKind, Draft, Person, ProposalKind, new_id
from drafts.room import Outcome
from drafts.state import State
from drafts.store import Store
from drafts.words import Op, hunks
from server.cli import frame
from server.cli.frame import on_database, out

app = typer.Typer(help="Proposals: a party’s own, and those on the table.", no_args_is_help=True)
_Draft = Annotated[str, typer.Argument(help="A draft's id or symbol.")]
_Which = Annotated[str, typer.Argument(help="A proposal's id, or its number on the table.")]
_By = Annotated[str, typer.Option("--as", help="E-mail address of the person who acts.")]
_Reason = Annotated[str, typer.Option(help="Why, in a sentence.")]
_Clause = Annotated[str, typer.Option(help="A clause's label, such as OP3(a), or its id.")]
_SIGNS = {Op.KEEP: ("", ""), Op.INSERT: ("{+", "+}"), Op.DELETE: ("[-", "-]")}


@dataclass(frozen=True, slots=True)
class _At:
    """Where a command acts, and for whom."""

    store: Store
    draft: Draft
    person: Person
    state: State

    async def perform(self, person_id: str | None, draft_id: str, command: do.Command) -> Outcome:
        """Carry a command out without a hub."""
        return await live.perform(self.store, person_id, draft_id, command)

    async def do(self, command: do.Command) -> None:
        """On the draft itself."""
        await self.perform(self.person.id, self.draft.id, command)

    def clause(self, named: str) -> str:
        """The id of a clause. Raises NotFound."""
        wanted = named.replace(" ", "").casefold()
        for clause_id, label in self.state.addresses().items():
            if named in {clause_id, label} or (label and wanted == label.replace(" ", "").casefold()):
                return clause_id
        raise NotFound("no_clause", "There is no clause {name}.", name=named)

    def called(self, clause_id: str | None) -> str:
        """What a clause is called; '' for none."""
        return self.state.addresses().get(clause_id or "", "") or (clause_id or "")

    def proposal(self, named: str) -> str:
        """The id of a proposal."""
        numbers = {str(one.number): one.id for one in self.state.floor.proposals.values()}
        return numbers.get(named.removeprefix("P").strip(), named)


def _run(draft: str, by: str, work: Callable[[_At], Awaitable[None]]) -> None:
    async def run(store: Store) -> None:
        where, person = await frame.draft(store, draft), await frame.person(store, by)
        state, _ = await drafts.state(store, person.id, where.id)
        await work(_At(store, where, person, state))

    on_database(run)


@app.command("list")
def every(draft: _Draft, by: _By, *, closed: Annotated[bool, typer.Option(help="Closed ones too.")] = False) -> None:
    """List the party's own proposals, then those on the table."""

    async def work(at: _At) -> None:
        for one, text in await proposals.mine(at.store, at.person.id, at.draft.id):
            if one.number is None:
                shared = f" shared with {len(text.circle) - 1}" if len(text.circle) > 1 else ""
                out.print(
                    f"{one.id}  {one.state.value:12} {one.kind.value:9} {at.called(one.clause_id)}{shared}",
                    markup=False,
                )
        seen = await floor.all(at.store, at.person.id, at.draft.id)
        for view in seen["proposals"]:
            if closed or view["state"] == "tabled":
                stale = f"  stale: {view['stale']}" if view["stale"] else ""
                out.print(
                    f"P {view['number']:<9} {view['state']:12} {view['kind']:9} {at.called(view['clause'])}"
                    f"  {view['party']['code']}{stale}",
                    markup=False,
                )

    _run(draft, by, work)


@app.command("show")
def show(draft: _Draft, which: _Which, by: _By) -> None:
    """Show one with its words as {+inserted+} and [-deleted-]; of a tabled one what happened to it."""

    async def work(at: _At) -> None:
        chosen = at.proposal(which)
        if chosen not in at.state.floor.proposals:
            await _show_own(at, chosen)
            return
        _, me = await drafts.open(at.store, at.person.id, at.draft.id)
        people = await casts.of(at.store, at.state)
        view = floor.proposal_view(me, at.state, people, proposals.tabled(at.state, me, chosen))
        if view is None:
            raise NotFound("not_found", "There is nothing at this address.")
        signs = {"=": Op.KEEP, "+": Op.INSERT, "-": Op.DELETE}
        out.print(f"P {view['number']}  {view['kind']} {at.called(view['clause'])}  {view['state']}", markup=False)
        out.print(f"{view['party']['name']}" + "".join(f", {s['name']}" for s in view["sponsors"]), markup=False)
        out.print(_marked((signs[sign], text) for sign, text in view["pieces"]), markup=False)
        for said in (view["reason"], f"stale: {view['stale']}" if view["stale"] else ""):
            if said:
                out.print(said, markup=False)
        for act in await proposals.history(at.store, at.person.id, at.draft.id, chosen):
            party = people.parties.get(act.party_id)
            why = act.body.get("reason") or act.body.get("note") or ""
            out.print(f"  {act.seq:6} {act.kind.value:8} {party.code if party else '–'}  {why}".rstrip(), markup=False)

    _run(draft, by, work)


async def _show_own(at: _At, proposal_id: str) -> None:
    opened = await proposals.get(at.store, at.person.id, proposal_id)
    found = await proposals.standing(at.store, opened)
    one = opened.proposal
    out.print(f"{one.id}  {one.kind.value} {at.called(one.clause_id)}  {one.state.value}", markup=False)
    if one.kind in WORDED:
        out.print(_marked((h.op, h.text) for h in hunks(one.base_text, found.own.text)), markup=False)
    for said in (one.reason, "the clause has changed since" if found.behind else ""):
        if said:
            out.print(said, markup=False)


def _marked(pieces: Iterable[tuple[Op, str]]) -> str:
    return "".join(f"{_SIGNS[op][0]}{text}{_SIGNS[op][1]}" for op, text in pieces)


# ── a party's own ──


@app.command("begin")
def begin(  # noqa: PLR0913, PLR0917  # one option a fact, as typer reads them
    draft: _Draft,
    by: _By,
    kind: Annotated[ProposalKind, typer.Option(help="What it asks for.")] = ProposalKind.MODIFY,
    clause: _Clause = "",
    text: Annotated[str, typer.Option(help="The proposed words.")] = "",
    after: Annotated[str, typer.Option(help="The clause that a new or moved one goes behind.")] = "",
    shape: Annotated[ClauseKind, typer.Option(help="What a new clause is.")] = ClauseKind.OPERATIVE,
    depth: Annotated[int, typer.Option(help="1 to 3 for a new sub-clause.")] = 0,
    reason: _Reason = "",
    *,
    table: Annotated[bool, typer.Option("--table", help="Lay it on the table at once.")] = False,
) -> None:
    """Begin a proposal: private to the person's party until it is shared or tabled."""

    async def work(at: _At) -> None:
        new = kind is ProposalKind.ADD
        wish = Wish(
            kind,
            None if new else at.clause(clause),
            at.clause(after) if after else None,
            (shape, depth, "") if new else None,
            reason,
            text or None,
        )
        made = await proposals.begin(at.store, at.person.id, at.draft.id, wish)
        out.print(made.id, markup=False)
        if table:
            number = await proposals.table(at.store, at.perform, at.person.id, made.id)
            out.print(f"P {number}", markup=False)

    _run(draft, by, work)


@app.command("edit")
def edit(
    draft: _Draft, which: _Which, text: Annotated[str, typer.Argument(help="How it should read.")], by: _By
) -> None:
    """Give a proposal's own text other words; what is on the table stays as it is."""

    async def work(at: _At) -> None:
        opened = await proposals.get(at.store, at.person.id, at.proposal(which))
        own = (await proposals.standing(at.store, opened)).own
        await at.perform(at.person.id, opened.proposal.id, do.Edit(new_id(20), own.id, own.number, text))

    _run(draft, by, work)


@app.command("share")
def share(
    draft: _Draft,
    which: _Which,
    by: _By,
    codes: Annotated[list[str] | None, typer.Option("--with", help="A party's seat code; several times.")] = None,
) -> None:
    """Say which parties know of it besides one's own; without any: none."""

    async def work(at: _At) -> None:
        wanted = []
        async with at.store.read() as q:
            for code in codes or []:
                party = await q.forums.party(at.draft.forum_id, code=code.upper())
                if party is None:
                    raise NotFound("no_party", "There is no party {code}.", code=code)
                wanted.append(party.id)
        await proposals.share(at.store, at.perform, at.person.id, at.proposal(which), wanted)

    _run(draft, by, work)


@app.command("table")
def table(draft: _Draft, which: _Which, by: _By) -> None:
    """Lay it on the table."""

    async def work(at: _At) -> None:
        number = await proposals.table(at.store, at.perform, at.person.id, at.proposal(which))
        out.print(f"P {number}", markup=False)

    _run(draft, by, work)


@app.command("put-away")
def put_away(
    draft: _Draft,
    which: _Which,
    by: _By,
    *,
    back: Annotated[bool, typer.Option("--back", help="Take it up again.")] = False,
) -> None:
    """Give up a proposal that is not tabled; it is kept."""
    _run(draft, by, lambda at: proposals.discard(at.store, at.perform, at.person.id, at.proposal(which), away=not back))


@app.command("take-in")
def take_in(
    draft: _Draft,
    which: _Which,
    by: _By,
    *,
    seen: Annotated[
        bool, typer.Option("--seen", help="The same words changed, and the text reads as it should.")
    ] = False,
) -> None:
    """Bring what became of the clause since into the proposal's own text."""
    _run(draft, by, lambda at: proposals.take_in(at.store, at.perform, at.person.id, at.proposal(which), seen=seen))


@app.command("reword")
def reword(draft: _Draft, which: _Which, by: _By, reason: _Reason = "") -> None:
    """Put the words of its own text on the table in the place of those that lie there."""
    _run(draft, by, lambda at: proposals.reword(at.store, at.perform, at.person.id, at.proposal(which), reason))


@app.command("review")
def review(draft: _Draft, which: _Which, by: _By) -> None:
    """Say that a stale proposal stands as it is."""
    _run(draft, by, lambda at: proposals.review(at.store, at.perform, at.person.id, at.proposal(which)))


@app.command("withdraw")
def withdraw(draft: _Draft, which: _Which, by: _By, reason: _Reason = "") -> None:
    """Take one's proposal off the table."""
    _run(draft, by, lambda at: at.do(do.Withdraw(new_id(20), at.proposal(which), reason)))


# ── others', and deciding ──


@app.command("sponsor")
def sponsor(
    draft: _Draft,
    which: _Which,
    by: _By,
    *,
    leave: Annotated[bool, typer.Option("--leave", help="Leave them.")] = False,
) -> None:
    """Join a proposal's sponsors."""

    async def work(at: _At) -> None:
        chosen = at.proposal(which)
        if chosen in at.state.floor.proposals:
            await at.do(do.Sponsor(new_id(20), chosen, joins=not leave))
        else:
            await proposals.pledge(at.store, at.perform, at.person.id, chosen, joins=not leave)

    _run(draft, by, work)


@app.command("offer")
def offer(
    draft: _Draft,
    which: Annotated[list[str], typer.Argument(help="Proposals: ids or numbers.")],
    by: _By,
    text: Annotated[str, typer.Option(help="What the clause could become.")],
    note: Annotated[str, typer.Option(help="A word to their owners.")] = "",
) -> None:
    """Offer the owners of proposals an outcome."""
    _run(draft, by, lambda at: at.do(do.Offer(new_id(20), tuple(map(at.proposal, which)), text, note)))


@app.command("answer")
def answer(
    draft: _Draft,
    which: _Which,
    by: _By,
    note: Annotated[str, typer.Option(help="With a word.")] = "",
    *,
    accept: Annotated[bool, typer.Option("--accept/--decline", help="What the party says.")],
) -> None:
    """Answer what the chair offered for one's proposal."""
    _run(draft, by, lambda at: at.do(do.Answer(new_id(20), at.proposal(which), accept, note)))


@app.command("accept")
def accept(
    draft: _Draft,
    which: Annotated[list[str], typer.Argument(help="One proposal, or several to merge: ids or numbers.")],
    by: _By,
    hunk: Annotated[
        list[int] | None, typer.Option(help="Take only these of its changes, from 0; several times.")
    ] = None,
    reason: _Reason = "",
) -> None:
    """Take proposals into the text."""

    async def work(at: _At) -> None:
        ids = tuple(at.proposal(one) for one in which)
        first = at.state.floor.proposals.get(ids[0])
        clause = at.state.clause(first.clause or "") if first else None
        number = clause.number if clause else 0
        await at.do(do.Accept(new_id(20), ids, number, tuple(sorted(set(hunk))) if hunk else None, reason))

    _run(draft, by, work)


@app.command("not-retain")
def not_retain(draft: _Draft, which: _Which, by: _By, reason: _Reason = "") -> None:
    """Close a proposal without taking it into the text."""
    _run(draft, by, lambda at: at.do(do.NotRetain(new_id(20), at.proposal(which), reason)))
