"""``adref brackets``: what is not agreed in a draft, and how it became less. Read as the operator, or as a person."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer

from drafts.burndown import Point
from drafts.desk import brackets
from drafts.desk.brackets import Found, Item
from drafts.store import Store
from server.api.brackets import listed, point
from server.api.schema_brackets import Burndown
from server.cli import frame
from server.cli.frame import on_database, out

app = typer.Typer(help="Brackets: what is not agreed in a draft.", no_args_is_help=True)
_Draft = Annotated[str, typer.Argument(help="A draft's id or symbol.")]
_By = Annotated[str, typer.Option("--as", help="Read as this person (e-mail address); else as the operator.")]
_Json = Annotated[bool, typer.Option("--json", help="For programs.")]


@app.command("list")
def every(draft: _Draft, by: _By = "", *, as_json: _Json = False) -> None:
    """List all brackets with their place, kind, depth, owner and reason; those without a partner first."""

    async def work(store: Store) -> Found:
        found = await frame.draft(store, draft)
        if by:
            return await brackets.of_draft(store, (await frame.person(store, by)).id, found.id)
        return await brackets.of_operator(store, found)

    found = on_database(work)
    if as_json:
        _write_json(listed(found))
        return
    for one in found.unbalanced:
        out.print(f"{_label(one, found):10} no partner for {'[' if one.opens else ']'}  {one.words}", markup=False)
    for one in found.pairs:
        ends = f", closes in {found.labels[one.last] or one.last}" if one.spans else ""
        out.print(f"{_label(one, found):10} {one.depth} {one.kind.value:12} [{one.words}]{ends}", markup=False)
        for said in one.said:
            owner = said.owner.code if said.owner else "–"
            link = f" {said.label or 'a clause that is gone'}" if said.note.link else ""
            words = f": {said.note.words}" if said.note.words else ""
            out.print(f"{'':13} {owner}: {said.note.reason.value.replace('_', ' ')}{link}{words}", markup=False)
    told = found.total
    out.print(
        f"{told.pairs} open, {told.spanning} of them over the border of clauses; {told.unbalanced} without a partner; "
        f"{told.words} words in brackets."
    )


@app.command("burndown")
def burndown(draft: _Draft, by: _By = "", *, as_json: _Json = False) -> None:
    """Tell how many brackets there were in each version and on each day (UTC)."""

    async def work(store: Store) -> tuple[tuple[Point, ...], tuple[Point, ...], str]:
        found = await frame.draft(store, draft)
        if by:
            burn = await brackets.burndown(store, (await frame.person(store, by)).id, found.id)
            return burn.versions, burn.days, burn.me.party.id
        return *(await brackets.points(store, found)), ""

    versions, days, party = on_database(work)
    if as_json:
        _write_json(Burndown([point(one, party) for one in versions], [point(one, party) for one in days]))
        return
    out.print(f"{'':24} {'open':>6} {'words':>7} {'alone':>6}")
    for one in sorted([*versions, *days], key=lambda point: (point.at, not point.version)):
        day = datetime.fromtimestamp(one.at / 1000, UTC).date().isoformat()
        out.print(f"{day} {one.label:13} {one.pairs:6} {one.words:7} {one.unbalanced:6}", markup=False)


def _label(one: Item, found: Found) -> str:
    return found.labels[one.clause] or "–"


def _write_json(data: object) -> None:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")
    sys.stdout.buffer.flush()
