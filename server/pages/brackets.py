"""The brackets of a draft: the list by clause, the burn-down, the forms that put, lift and say whose; and the text as
if they were gone."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import commands as do
from drafts.bracketed import AsIf, Kind, as_if, survey
from drafts.bracketing import MAX_WORDS
from drafts.burndown import Point
from drafts.change import widen
from drafts.desk import brackets, drafts, forums
from drafts.desk.brackets import Burn, Found, Item
from drafts.errors import Conflict, Invalid, NotFound, Refusal
from drafts.model import BracketReason, Clause
from server import charts
from server.auth import Signed
from server.hub import operation
from server.i18n import Tongue
from server.pages import view
from server.pages.forms import Form
from server.sheet import beginning, version_sheet
from server.words import REASONS


@dataclass(frozen=True, slots=True)
class Choice:
    """A clause in a list to choose from."""

    id: str
    name: str
    chosen: bool


async def page(request: Request, signed: Signed) -> Response:
    """All brackets; with ``clause`` and ``at`` also the form about the one that opens there."""
    query = request.query_params
    found = await brackets.of_draft(request.app.state.store, signed.person.id, request.path_params["draft_id"])
    clause, start = query.get("clause", ""), query.get("at", "")
    if start and not (start.isascii() and start.isdecimal() and len(start) < 8):
        raise NotFound("not_found", "There is nothing at this address.")
    return await _page(request, signed, found, found.at(clause, int(start)) if start else None)


async def change(request: Request, signed: Signed, form: Form) -> Response:
    """Put, lift or say whose, by the field ``act``: ``put`` (``clause``, ``quote``), ``lift`` (``lift``), ``strike``
    and ``note`` (``where``). Places are CLAUSE.NUMBER.AT."""
    draft_id = request.path_params["draft_id"]
    found = await brackets.of_draft(request.app.state.store, signed.person.id, draft_id)
    try:
        command = _command(form, found)
        await request.app.state.hub.perform(signed.person.id, draft_id, command)
    except (Invalid, Conflict) as refusal:
        item = _named(form, found) if form.values.get("act") == "note" else None
        return await _page(request, signed, found, item, form, refusal)
    return RedirectResponse(f"/drafts/{draft_id}/brackets#b-{command.clause}", 303)


def _command(form: Form, found: Found) -> do.PutBracket | do.LiftBracket:
    act = form.text("act", most=10)
    if act in {"lift", "strike"} or form.text("lift", most=60):
        clause, number, at = _where(form.text("lift", most=60) or form.text("where", most=60))
        return do.LiftBracket(operation(), clause, number, at, with_text=act == "strike")
    if act == "note":
        clause, number, start = _where(form.text("where", most=60))
        end = start
    elif act == "put":
        clause, number, start, end = _quoted(form, found)
    else:
        raise Invalid("bad_choice", "Please choose one of the list.")
    reason = form.choice("reason", BracketReason, BracketReason.CONTENTIOUS)
    link = form.text("link", most=32) or None if reason is BracketReason.LINKED else None
    words = form.text("words", most=MAX_WORDS)
    return do.PutBracket(operation(), clause, number, start, end, reason, link, words, form.flag("private"))


def _where(text: str) -> tuple[str, int, int]:
    clause, _, rest = text.partition(".")
    number, _, at = rest.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 9 for part in (number, at)):
        raise NotFound("not_found", "There is nothing at this address.")
    return clause, int(number), int(at)


def _quoted(form: Form, found: Found) -> tuple[str, int, int, int]:
    """The words of the form in the clause as it stands: they must stand there once."""
    clause = found.state.clause(form.text("clause", most=32, needed=True))
    quote = widen(form.text("quote", most=5_000))
    if clause is None or clause.gone is not None:
        raise Invalid("no_clause", "There is no such clause.")
    if not quote:
        raise Invalid("no_quote", "Write the words that are to stand in brackets.")
    times = clause.wide.count(quote)
    if times != 1:
        raise Invalid(
            "no_quote", "These words stand there {times} times: write them exactly, and enough of them.", times=times
        )
    start = clause.wide.index(quote)
    return clause.id, clause.number, start, start + len(quote)


def _named(form: Form, found: Found) -> Item | None:
    clause, _, start = _where(form.text("where", most=60))
    return next((item for item in found.pairs if (item.clause, item.start) == (clause, start)), None)


async def _page(
    request: Request,
    signed: Signed,
    found: Found,
    item: Item | None,
    form: Form | None = None,
    why: Refusal | None = None,
) -> Response:
    spoken = view.tongue(request)
    burn = await brackets.burndown(request.app.state.store, signed.person.id, found.state.draft.id)
    typed = dict(form.values) if form else _said(item)
    told = [point for point in _told(burn) if point.version or point is burn.days[-1]]
    return view.page(
        request,
        "brackets.html",
        status=why.status if why else 200,
        why=spoken.refusal(why) if why else "",
        me=found.me,
        draft=found.state.draft,
        found=found,
        groups=_groups(found),
        item=item,
        typed=typed,
        choices=_choices(found, typed.get("clause", "")),
        links=_choices(found, typed.get("link", "")),
        reasons=[(reason.value, spoken._(REASONS[reason])) for reason in BracketReason],
        reason_of=lambda reason: spoken._(REASONS[reason]),
        kind_of=lambda kind: _kind(kind, spoken),
        chart=chart(burn, spoken),
        points=told[::-1],
        days=burn.days[::-1],
        owners=lambda point: _owners(point, burn, spoken),
        most=MAX_WORDS,
    )


def _said(item: Item | None) -> dict[str, str]:
    """What one's own party said to a bracket, to start from."""
    mine = next((said for said in item.said if said.mine), None) if item else None
    if mine is None:
        return {}
    note = mine.note
    private = "1" if note.private else ""
    return {"reason": note.reason.value, "link": note.link or "", "words": note.words, "private": private}


def _groups(found: Found) -> list[tuple[str, str, list[Item]]]:
    """Clauses with brackets, in order: id, name, brackets."""
    return [
        (clause.id, _clause_name(found, clause.id), items)
        for clause in found.state.standing()
        if (items := found.of_clause(clause.id))
    ]


def _clause_name(found: Found, clause_id: str) -> str:
    clause = found.state.by_id[clause_id]
    return found.labels.get(clause_id) or f"“{beginning(clause.text, 28)}”"


def _choices(found: Found, chosen: str) -> list[Choice]:
    return [
        Choice(c.id, f"{found.labels.get(c.id, '')} {beginning(c.text)}".strip(), c.id == chosen)
        for c in found.state.standing()
    ]


def _kind(kind: Kind, spoken: Tongue) -> str:
    _ = spoken._
    return {
        Kind.PLAIN: _("words"),
        Kind.ALTERNATIVE: _("alternative"),
        Kind.OPTION: _("option"),
        Kind.PLACEHOLDER: _("placeholder"),
    }[kind]


# ── burn-down ──


def chart(burn: Burn, spoken: Tongue) -> Markup:
    """Open brackets by version and day as a picture that says its numbers."""
    points = _told(burn)
    dots = [
        charts.Dot(point.at, point.pairs, point.label, spoken.day(point.at) if point.label else "") for point in points
    ]
    shown = [point for point in points if point.label or point is points[-1]]
    numbers = ", ".join(f"{point.label or spoken.day(point.at)} {point.pairs}" for point in shown)
    said = spoken._("Open brackets by version: {numbers}.", numbers=numbers)
    now = spoken.ngettext("{n} open", "{n} open", points[-1].pairs) if points else ""
    return view.markup(charts.line(dots, said, now))


def _told(burn: Burn) -> list[Point]:
    return sorted([*burn.versions, *burn.days], key=lambda point: (point.at, not point.version))


def _owners(point: Point, burn: Burn, spoken: Tongue) -> list[tuple[str, int]]:
    """Name and number of pairs, by the alphabet; those that nobody said anything of come last."""
    held = point.owners(burn.me.party.id)
    named = [(burn.parties[party].name if party in burn.parties else "–", n) for party, n in held.items() if party]
    rest = held.get("", 0)
    return sorted(named) + ([(spoken._("nobody said"), rest)] if rest else [])


# ── as if ──


async def as_if_page(request: Request, signed: Signed) -> Response:
    """The text as if all brackets were lifted, or all bracketed text deleted."""
    store, spoken = request.app.state.store, view.tongue(request)
    try:
        what = AsIf(request.query_params.get("brackets", AsIf.LIFTED.value))
    except ValueError:
        raise NotFound("not_found", "There is nothing at this address.") from None
    state, me = await drafts.state(store, signed.person.id, request.path_params["draft_id"])
    forum, _ = await forums.enter(store, me.person_id, state.draft.forum_id)
    before = state.live()
    after = as_if(before, what)
    seen = survey([clause.text for clause in before])
    return view.page(
        request,
        "as_if.html",
        me=me,
        draft=state.draft,
        forum=forum,
        what=what.value,
        doc=view.markup(version_sheet(after, state.draft.language, spoken)),
        pairs=len(seen.pairs),
        alternatives=len({pair.group for pair in seen.pairs if pair.group}),
        unbalanced=len(seen.unbalanced),
        gone=_gone(before, after),
    )


def _gone(before: Sequence[Clause], after: Sequence[Clause]) -> list[str]:
    left = {clause.id for clause in after}
    return [clause.label or f"“{beginning(clause.text, 28)}”" for clause in before if clause.id not in left]
