"""Who stands where: parties against proposals and clauses, one thing with its history, and the forms to take a
position, to say how far a clause is, and to object to that."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import commands as do
from drafts import readings
from drafts.decide import MAX_REASON
from drafts.desk import drafts, positions
from drafts.desk.floor import View, Views
from drafts.desk.positions import Matrix, One, Thing, Turn, Wish
from drafts.errors import Forbidden, Invalid, NotFound, Refusal
from drafts.model import ClauseStatus, Party, ProposalKind, Stance
from drafts.stances import MAX_NOTE
from server import render
from server.auth import Signed
from server.hub import operation
from server.i18n import Tongue
from server.pages import view
from server.pages.forms import Form, local
from server.pages.record import Names
from server.render import escape
from server.words import word

GLYPHS: Final = {
    Stance.SUPPORT: ("+", "cp-s"),
    Stance.CAN_ACCEPT: ("✓", "cp-c"),
    Stance.RESERVE: ("~", "cp-r"),
    Stance.OPPOSE: ("✕", "cp-o"),
    Stance.CONDITIONAL: ("⇢", "cp-x"),
}
_WORDLESS: Final = frozenset({ProposalKind.MOVE, ProposalKind.NO_CHANGE})
_MOST_PAGES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """A thing as the page heads it. ``by_stance``: the parties of each stance that somebody takes."""

    thing: Thing
    name: str
    clause: str
    counts: dict[Stance, int]
    by_stance: list[tuple[Stance, list[View]]]
    mine: View | None


async def page(request: Request, signed: Signed) -> Response:
    """All of it, or one thing with its history (``on``)."""
    on = request.query_params.get("on", "")
    return await _one(request, signed, on) if on else await _all(request, signed)


async def _all(request: Request, signed: Signed) -> Response:
    query = request.query_params
    number = query.get("page", "1")
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:6]) <= _MOST_PAGES):
        raise Invalid("bad_page", "There is no such page.")
    wish = Wish(query.get("closed") == "1", query.get("clause", ""), query.get("party", ""), int(number[:6]))
    found = await positions.matrix(request.app.state.store, signed.person.id, request.path_params["draft_id"], wish)
    spoken = view.tongue(request)
    names = Names(found.state, spoken)
    kept = [("clause", wish.clause), ("party", wish.party), ("closed", "1" if wish.closed else "")]
    return view.page(
        request,
        "positions.html",
        me=found.me,
        draft=found.state.draft,
        found=found,
        columns=[_column(thing, names, spoken) for thing in found.things],
        rows=_rows(found, spoken),
        stances=list(Stance),
        glyphs=GLYPHS,
        clauses=list(names.all()),
        parties=sorted(found.people.parties.values(), key=lambda party: party.name),
        wish=wish,
        link="?" + urlencode([pair for pair in kept if pair[1]] + [("page", "")]),
    )


def _column(thing: Thing, names: Names, spoken: Tongue) -> Column:
    said = thing.positions or {}
    return Column(
        thing,
        _called(thing, names, spoken),
        names.of(thing.clause) if thing.tabled else "",
        {Stance(name): number for name, number in (said.get("counts") or {}).items()},
        [(stance, those) for stance in Stance if (those := [one for one in thing.listed if one["stance"] == stance])],
        said.get("mine"),
    )


def _called(thing: Thing, names: Names, spoken: Tongue) -> str:
    if thing.tabled is None:
        return names.of(thing.id)
    return spoken._("P {number}", number=thing.tabled.number)


def _rows(found: Matrix, spoken: Tongue) -> list[tuple[Party, Markup]]:
    """Each party with the cells of its row."""
    seen: dict[tuple[object, ...], str] = {}
    rows = []
    columns = [_by_party(thing, found) for thing in found.things]
    for party in found.parties:
        cells = [_cell(column.get(party.id), seen, spoken) for column in columns]
        rows.append((party, view.markup("".join(cells))))
    return rows


def _by_party(thing: Thing, found: Matrix) -> dict[str, View]:
    stands = {one["party"]["id"]: one for one in thing.listed}
    if thing.positions and thing.positions["mine"]:
        stands.setdefault(found.me.party.id, thing.positions["mine"])
    return stands


def _cell(stand: View | None, seen: dict[tuple[object, ...], str], spoken: Tongue) -> str:
    if stand is None:
        return "<td></td>"
    group = stand["by"]["name"] if stand["by"] else ""
    key = (stand["stance"], stand["earlier"], stand["sponsor"], group)
    if key not in seen:
        glyph, style = GLYPHS[Stance(stand["stance"])]
        told = [spoken._(word(Stance(stand["stance"])))]
        told += [spoken._("as a sponsor")] if stand["sponsor"] else []
        told += [spoken._("through {party}", party=group)] if group else []
        told += [spoken._("for an earlier wording")] if stand["earlier"] else []
        said = escape(", ".join(told))
        was = " was" if stand["earlier"] else ""
        seen[key] = (
            f'<td><span class="cellpos {style}{was}" role="img" aria-label="{said}" title="{said}">{glyph}</span></td>'
        )
    return seen[key]


# ── one thing ──


async def _one(
    request: Request, signed: Signed, on: str, why: Refusal | None = None, given: dict[str, str] | None = None
) -> Response:
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    found = await positions.one(store, signed.person.id, draft_id, on)
    spoken = view.tongue(request)
    names = Names(found.state, spoken)
    said = found.thing.positions or {}
    return view.page(
        request,
        "position.html",
        status=why.status if why else 200,
        why=spoken.refusal(why) if why else "",
        me=found.me,
        draft=found.state.draft,
        found=found,
        column=_column(found.thing, names, spoken),
        shown=_shown(found),
        words=_words(found, spoken),
        given=given or _given(said.get("mine")),
        own=any(turn.new for turn in _own(found)),
        stances=list(Stance),
        glyphs=GLYPHS,
        turns=[(turn, _who(turn, found)) for turn in reversed(found.history)],
        name=names.of,
        codes=lambda ids: _codes(found, ids),
        clauses=[(c.id, names.of(c.id)) for c in found.state.standing() if c.id != found.thing.clause],
    )


def _shown(found: One) -> View | None:
    """The proposal's words against the text of today."""
    tabled = found.thing.tabled
    return Views(found.state, found.people).proposal(found.me, tabled) if tabled else None


def _words(found: One, spoken: Tongue) -> Markup:
    """The proposal against the text of today; the clause as it stands."""
    tabled, clause = found.thing.tabled, found.state.clause(found.thing.clause or "")
    if tabled is None:
        return view.markup(render.plain(clause.text, spoken) if clause else "")
    if tabled.kind in _WORDLESS:
        return view.markup("")
    return view.markup(render.both_sides(readings.against(found.state, tabled).pieces, spoken))


def _own(found: One) -> list[Turn]:
    """The last thing that one's own party said itself."""
    return [turn for turn in found.history if turn.party == found.me.party.id and turn.what == "position"][-1:]


def _given(mine: View | None) -> dict[str, str]:
    if mine is None:
        return {"stance": "", "note": "", "condition": ""}
    return {"stance": mine["stance"], "note": mine["note"], "condition": mine["condition"] or ""}


def _who(turn: Turn, found: One) -> tuple[str, str]:
    party = found.people.parties.get(turn.party)
    return (party.name if party else "–"), found.people.name(turn.person) or "–"


def _codes(found: One, ids: Iterable[str]) -> str:
    """The codes of parties, by themselves in order."""
    parties = found.people.parties
    return ", ".join(sorted(parties[one].code for one in ids if one in parties))


# ── posted ──


async def take(request: Request, signed: Signed, form: Form) -> Response:
    """Take a position on a proposal or a clause, or take it back (no ``stance``)."""
    draft_id, on = request.path_params["draft_id"], form.text("on", most=32, needed=True)
    given = {name: form.text(name, most=MAX_NOTE) for name in ("stance", "note", "condition")}
    stance = form.choice("stance", Stance) if given["stance"] else None
    condition = given["condition"][:32] or None if stance is Stance.CONDITIONAL else None
    wording = form.number("wording") if "wording" in form.values else await _wording(request, signed, on)
    asked = do.TakePosition(operation(), on, stance, given["note"], condition, wording)
    try:
        await request.app.state.hub.perform(signed.person.id, draft_id, asked)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        if view.wants_json(request):
            raise
        return await _one(request, signed, on, refusal, given)
    back = f"/drafts/{draft_id}/positions?on={on}"
    return RedirectResponse(local(form.text("next", most=500), back), 303)


async def _wording(request: Request, signed: Signed, on: str) -> int:
    """The wording of a proposal as it is: what a form means that names none."""
    state, _ = await drafts.state(request.app.state.store, signed.person.id, request.path_params["draft_id"])
    tabled = state.floor.proposals.get(on)
    return tabled.wording if tabled else 0


async def status(request: Request, signed: Signed, form: Form) -> Response:
    """Say how far a clause is."""
    draft_id, clause = request.path_params["draft_id"], request.path_params["clause_id"]
    asked = do.Lock(operation(), clause, form.choice("state", ClauseStatus), form.text("reason", most=MAX_REASON))
    await request.app.state.hub.perform(signed.person.id, draft_id, asked)
    return RedirectResponse(local(form.text("next", most=500), f"/drafts/{draft_id}#c-{clause}"), 303)


async def object_(request: Request, signed: Signed, form: Form) -> Response:
    """Object to a clause's being marked as agreed."""
    draft_id, clause = request.path_params["draft_id"], request.path_params["clause_id"]
    asked = do.Object(operation(), clause, form.text("reason", most=MAX_REASON))
    await request.app.state.hub.perform(signed.person.id, draft_id, asked)
    return RedirectResponse(local(form.text("next", most=500), f"/drafts/{draft_id}#c-{clause}"), 303)
