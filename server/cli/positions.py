"""``adref positions`` and ``adref stage``: who stands where, and which stage a draft is in."""

import sys
from typing import Annotated

import msgspec
import typer

from drafts import commands as do
from drafts.desk import drafts, live, positions
from drafts.desk.positions import Matrix, Thing, Wish
from drafts.errors import Invalid
from drafts.model import Stage, Stance, new_id
from drafts.state import State
from drafts.store import Store
from server.api.positions import matrix
from server.cli import frame
from server.cli.frame import on_database, out

app = typer.Typer(help="What parties say to proposals and clauses.", no_args_is_help=True)
_Draft = Annotated[str, typer.Argument(help="A draft's id or symbol.")]
_By = Annotated[str, typer.Option("--as", help="E-mail address of the person.")]
_ON = "The number of a proposal (P3 or 3), the label of a clause (OP2), or an id."


@app.command("list")
def every(
    draft: _Draft,
    by: _By,
    page: Annotated[int, typer.Option(min=1, help="Fifty things are a page.")] = 1,
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Closed proposals too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List proposals and clauses with who stands where, as far as the person may see it."""

    async def work(store: Store) -> Matrix:
        found, one = await frame.draft(store, draft), await frame.person(store, by)
        return await positions.matrix(store, one.id, found.id, Wish(closed, page=page))

    found = on_database(work)
    if as_json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(matrix(found))) + b"\n")
        sys.stdout.buffer.flush()
        return
    labels = found.state.addresses()
    for thing in found.things:
        out.print(_name(thing, labels), markup=False)
        for stance in Stance:
            those = [one for one in thing.listed if one["stance"] == stance]
            if those:
                codes = ", ".join(one["party"]["code"] + ("*" if one["earlier"] else "") for one in those)
                out.print(f"  {stance.value:12} {len(those):3}  {codes}", markup=False)
    if any(one["earlier"] for thing in found.things for one in thing.listed):
        out.print("* for an earlier wording")
    if found.pages > 1:
        out.print(f"Page {found.page} of {found.pages}")


@app.command("take")
def take(
    draft: _Draft,
    on: Annotated[str, typer.Argument(help=_ON)],
    by: _By,
    stance: Annotated[Stance | None, typer.Argument(help="Left out: the position is taken back.")] = None,
    note: Annotated[str, typer.Option(help="A reservation or an objection needs one.")] = "",
    condition: Annotated[str, typer.Option("--if", help="Label or id of the clause it depends on.")] = "",
) -> None:
    """Take a position for the person's party, on a proposal as it is worded now or on a clause."""

    async def work(store: Store) -> str:
        found, one = await frame.draft(store, draft), await frame.person(store, by)
        state, me = await drafts.state(store, one.id, found.id)
        named = _named(state, on)
        tabled = state.floor.proposals.get(named)
        wording = tabled.wording if tabled else 0
        about = _named(state, condition) if condition else None
        asked = do.TakePosition(new_id(), named, stance, note, about, wording)
        await live.perform(store, one.id, found.id, asked)
        return me.party.code

    out.print(f"{on_database(work)}: {stance.value if stance else 'taken back'}", markup=False)


def stage(
    draft: _Draft,
    by: Annotated[str, typer.Option("--as", help="E-mail address of chair or secretariat; to change it.")] = "",
    to: Annotated[Stage | None, typer.Argument(help="The stage that it is in from now on.")] = None,
) -> None:
    """Print the stage of a draft, or change it."""

    async def work(store: Store) -> Stage:
        found = await frame.draft(store, draft)
        if to is None:
            return found.stage
        await live.perform(store, (await frame.person(store, by)).id, found.id, do.SetDraft(new_id(), stage=to))
        return to

    out.print(on_database(work).value)


def _name(thing: Thing, labels: dict[str, str]) -> str:
    clause = labels.get(thing.clause or "", "") or thing.clause or "new clause"
    if thing.tabled is None:
        return clause
    state = "" if thing.open else f" ({thing.tabled.state.value.replace('_', ' ')})"
    return f"P{thing.tabled.number} on {clause}{state}"


def _named(state: State, named: str) -> str:
    """The id of a proposal or a clause. Raises Invalid."""
    if named in state.floor.proposals or named in state.by_id:
        return named
    number = named.upper().removeprefix("P")
    found = [p.id for p in state.floor.proposals.values() if str(p.number) == number]
    found = found or [clause for clause, label in state.addresses().items() if label and label == named]
    if len(found) != 1:
        raise Invalid("not_named", "There is no proposal and no clause {name}.", name=named[:40])
    return found[0]
