"""``adref concordance`` and ``removed``: what lies between two texts of one draft, read as the operator."""

import asyncio
import sys
from typing import Annotated, NamedTuple

import msgspec
import typer

from drafts.compare import compare
from drafts.concordance import concordance as concordance_of
from drafts.desk import cast, drafts, moments, pairs, versions
from drafts.desk.cast import Cast
from drafts.errors import NotFound
from drafts.model import Clause
from drafts.moments import Moment
from drafts.removals import Removal, What, removals
from drafts.state import State
from drafts.store import Store
from server import concordance_csv
from server.cli import frame
from server.cli.frame import on_database, out
from server.cli.texts import version_number
from server.i18n import Tongue

_Draft = Annotated[str, typer.Argument(help="A draft's id or symbol.")]
_Old = Annotated[str, typer.Argument(help="A version's number or label, or live.")]
_New = Annotated[str, typer.Argument(help="Likewise.")]
_Json = Annotated[bool, typer.Option("--json", help="For programs.")]


class _Point(NamedTuple):
    clauses: list[Clause]
    seq: int


def concordance(
    draft: _Draft,
    old: _Old,
    new: _New,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="For spreadsheets.")] = False,
    as_json: _Json = False,
) -> None:
    """Tell what every clause was called in one version and is called in another."""
    state, first, last = on_database(lambda store: _points(store, draft, old, new))
    lineage, merged = state.origins(), state.joined()
    found = compare(first.clauses, last.clauses, lineage, merged=merged)
    entries = concordance_of(found, first.clauses, last.clauses, state.proposed())
    if as_csv:
        _write(concordance_csv.write(entries).encode())
    elif as_json:
        _write_json(entries)
    else:
        for one in entries:
            changed = f" from proposal {one.proposal}" if one.proposal else ", changed" if one.changed else ""
            text = one.beginning if len(one.beginning) <= 50 else f"{one.beginning[:49]}…"
            out.print(
                f"{one.old or '–':10} {one.new or '–':10} {f'{one.origin.value}{changed}':20} {text}",
                markup=False, soft_wrap=True,
            )  # fmt: skip


def removed(draft: _Draft, old: _Old, new: _New, *, as_json: _Json = False) -> None:
    """List all text that one version had and a later one has not, with who removed it, when and why."""

    async def work(store: Store) -> tuple[list[Removal], Cast]:
        state, *points = await _points(store, draft, old, new)
        first, last = sorted(points, key=lambda point: point.seq)
        words = await moments.of(store, state.draft.id, state.draft.seq)
        found = await asyncio.to_thread(removals, words, first.clauses, first.seq, last.seq)
        return found, await cast.of(store, state)

    found, people = on_database(work)
    if as_json:
        _write_json([pairs.plain_removal(one, people) for one in found])
        return
    for one in found:
        what = {What.CLAUSE: "clause deleted", What.JOINED: "joined to another clause"}.get(one.what, "words removed")
        who = ", ".join(dict.fromkeys(_who(moment, people) for moment in one.moments))
        when = Tongue("en").minute(one.moments[-1].at)
        out.print(f"{one.label or 'heading'}: {what} by {who}, {when}", style="cyan", markup=False, soft_wrap=True)
        if one.text:
            out.print(f"  [-{one.text}-]", style="red", markup=False, soft_wrap=True)
        if one.reason:
            out.print(f"  Reason: {one.reason}", markup=False, soft_wrap=True)
    if not found:
        out.print("Nothing was removed between these two.")


async def _points(store: Store, named: str, old: str, new: str) -> tuple[State, _Point, _Point]:
    draft = await frame.draft(store, named)
    state = await drafts.restored(store, await store.load(draft.id))
    return state, await _point(store, state, old), await _point(store, state, new)


async def _point(store: Store, state: State, named: str) -> _Point:
    if named == versions.LIVE:
        return _Point(list(versions.live(state).clauses), state.draft.seq)
    async with store.read() as q:
        found = await q.drafts.version(state.draft.id, int(await version_number(store, state.draft, named)))
    if found is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return _Point(list(versions.read(found[1]).clauses), found[0].seq)


def _who(moment: Moment, people: Cast) -> str:
    party = people.parties.get(moment.party_id)
    name = people.names.get(moment.person_id, "–")
    return f"{party.name} ({name})" if party else name


def _write_json(found: object) -> None:
    _write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
