"""The comments of a consultation: the list with its filters, one of them with its thread, and what one's own party
wrote and what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.access import Verb
from drafts.change import narrow, widen
from drafts.consultation import (
    SENT,
    Disposition,
    Remark,
    RemarkKind,
    Spot,
    View,
    Wanted,
)
from drafts.decide import MAX_COMMENT
from drafts.desk import answering, remarks, replies, rounds, together
from drafts.desk.rounds import Entered
from drafts.errors import NotFound, Refusal
from drafts.model import Group, Party, new_id
from drafts.store.replies import Wording
from server import pace
from server.auth import Signed
from server.i18n import Tongue
from server.pages import answer_links, composing, consulting, view
from server.pages.comment_text import marked
from server.pages.forms import Form
from server.pages.remark_cards import Card, Place, card, cards, difference, places
from server.words import word

Act = Callable[[Remark], Awaitable[None]]
_MOST_CURSOR: Final = 18  # digits


# ── the list ──


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the filter that is set: what it says, and the address without it."""

    says: str
    href: str


async def listed(request: Request) -> Response:
    """The comments that fit the filter in the address, newest first; ``before`` and ``after`` go through the pages."""
    entered, spoken = await consulting.enter(request), view.tongue(request)
    wanted = consulting.wanted(request.query_params)
    store, base = request.app.state.store, f"/consultations/{entered.round.id}/comments"
    content = await rounds.text(store, entered)
    known = places(content.clauses)
    before, after = _cursor(request, "before"), _cursor(request, "after")
    copies: dict[str, int] = {}
    asked = replace(wanted, states=wanted.states or SENT)  # drafts stand on their party's own page
    every = "all" if wanted.bundle or request.query_params.get("copies") == "all" else None
    if every:
        found, counts = await remarks.listed(store, entered, asked, before=before, after=after)
    else:
        found, counts, copies = await remarks.folded(store, entered, asked, before=before, after=after)
    return await consulting.page(
        request,
        entered,
        "consultation_comments.html",
        "comments",
        base=base,
        wanted=wanted,
        found=found,
        cards=cards(entered, found.remarks, known, spoken),
        ways=await answer_links.ways(store, entered, [one.answer for one in found.remarks], spoken),
        counts=counts,
        copies=copies,
        unfolded=f"{base}?{consulting.query(wanted, copies='all')}" if any(n > 1 for n in copies.values()) else "",
        chips=_chips(wanted, known, entered, spoken, base),
        names=known.names,
        language=content.language,
        languages_known=composing.languages(spoken, content.language, wanted.language),
        groups=list(Group),
        views=list(View),
        spots=list(Spot),
        kinds=list(RemarkKind),
        dispositions=list(Disposition) if entered.sight.answers else [],
        older=f"{base}?{consulting.query(wanted, before=found.before, copies=every)}" if found.before else "",
        newer=f"{base}?{consulting.query(wanted, after=found.after, copies=every)}" if found.after else "",
        address=f"{base}?{consulting.query(wanted)}",
    )


def _cursor(request: Request, field: str) -> int | None:
    value = request.query_params.get(field, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _MOST_CURSOR else None


def _chips(wanted: Wanted, known: Place, entered: Entered, spoken: Tongue, base: str) -> list[Chip]:
    """What is set, field by field."""
    _ = spoken._
    questions = {one.id: f"{one.position}. {one.text[:60]}" for one in entered.round.questions}
    said: list[tuple[str, str]] = []
    if wanted.words:
        said.append((_("Words: {words}", words=wanted.words), "words"))
    if wanted.groups:
        said.append((consulting.group_names(spoken, wanted.groups), "groups"))
    for name, values, kind in (
        ("views", wanted.views, "view"),
        ("spots", wanted.spots, "spot"),
        ("kinds", wanted.kinds, "remark_kind"),
        ("states", wanted.states, "remark"),
        ("dispositions", wanted.dispositions, "disposition"),
    ):
        if values:
            said.append((spoken.several(sorted(_(word(one, kind)) for one in values)), name))
    if wanted.clauses:
        clauses = [_("the text as a whole") if one is None else known.names.get(one, one) for one in wanted.clauses]
        said.append((spoken.several(sorted(clauses)[:8]), "clauses"))
    if wanted.answered is not None:
        said.append((_("Answered") if wanted.answered else _("Not answered"), "answered"))
    if wanted.late is not None:
        said.append((_("Late") if wanted.late else _("In time"), "late"))
    if wanted.language:
        said.append((spoken.name_of(wanted.language), "language"))
    if wanted.question:
        said.append((_("Question {question}", question=questions.get(wanted.question, "–")), "question"))
    for name, value, says in (
        ("party", wanted.party, _("From one source")),
        ("bundle", wanted.bundle, _("One bundle")),
        ("contribution", wanted.contribution, _("From one contribution")),
        ("mine", wanted.mine, _("Your party’s")),
    ):
        if value:
            said.append((says, name))
    return [Chip(says, f"{base}?{consulting.query(consulting.without(wanted, name))}") for says, name in said]


# ── one comment ──


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier wording: until when it stood, and what became of it next, word by word."""

    until: int
    view: str
    body: Markup
    proposed: Markup | None


async def one(request: Request) -> Response:
    """A comment with its place in the text, its thread and history, and what became of it."""
    return await _one(request, None, {})


async def _one(request: Request, why: Refusal | None, typed: dict[str, str]) -> Response:
    entered, spoken = await consulting.enter(request), view.tongue(request)
    store = request.app.state.store
    content = await rounds.text(store, entered)
    known = places(content.clauses)
    thread = await replies.thread(store, entered, request.path_params["number"])
    shown = card(entered, thread.remark, known, spoken, whole=True)
    asked: list[tuple[Party, str]] = []
    if shown.mine:
        asked = await together.said(store, entered, thread.remark.id)
    return await consulting.page(
        request,
        entered,
        "consultation_comment.html",
        "comments",
        status=why.status if why else 200,
        one=shown,
        ways=await answer_links.ways(store, entered, [thread.remark.answer], spoken),
        given=await answering.history(
            store, consulting.reader(request), entered.round.id, thread.remark.number, entered.inside.at
        ),
        thread=thread,
        context=_context(thread.remark, known, spoken),
        clause=known.clauses.get(thread.remark.clause_id or ""),
        language=content.language,
        history=_history(thread.wordings.get(thread.remark.id, []), thread.remark, spoken),
        replied={reply.id: thread.wordings.get(reply.id, []) for reply in thread.replies},
        asked=asked,
        may={
            verb.value: thread.may(entered, verb)
            for verb in (
                Verb.REMARK_CHANGE,
                Verb.REMARK_WITHDRAW,
                Verb.REPLY_WRITE,
                Verb.REMARK_REPORT,
                Verb.REMARK_JOIN,
            )
        },
        joining=await together.own_word(store, entered, thread.remark.id),
        languages_known=composing.languages(spoken, content.language, thread.remark.language),
        fresh=new_id(16),
        done=request.query_params.get("done", ""),
        sent=request.query_params.get("sent") == "1" and shown.mine,
        most=MAX_COMMENT,
        why=spoken.refusal(why) if why else "",
        typed={name: typed.get(name, "") for name in ("reply", "body", "id", "change", "proposed")},
        reports=True,
    )


def _context(remark: Remark, known: Place, spoken: Tongue) -> Markup | None:
    """The clause that it is on, its words marked."""
    clause = known.clauses.get(remark.clause_id or "")
    if clause is None:
        return None
    found: list[tuple[int, int]] = []
    start, end = remark.start, remark.end
    if start is not None and end is not None and narrow(widen(clause.text)[start:end]) == remark.quote:
        found.append((start, end))
    return view.markup(marked(clause.text, found, spoken))


def _history(old: list[Wording], remark: Remark, spoken: Tongue) -> list[Before]:
    """Earlier wordings, the latest first, each against the next."""
    bodies = [one.body for one in old] + [remark.body]
    words = [one.proposed for one in old] + [remark.proposed]
    told = [
        Before(
            int(one.at.timestamp() * 1000),
            one.view,
            difference(one.body, bodies[at + 1], spoken),
            difference(one.proposed, words[at + 1], spoken) if one.proposed or words[at + 1] else None,
        )
        for at, one in enumerate(old)
    ]
    return told[::-1]


# ── what is done with one ──


async def change(request: Request, signed: Signed, form: Form) -> Response:
    """Give a comment of one's own other words."""

    async def done(remark: Remark) -> None:
        typed = composing.read(_placed(form, remark))
        await remarks.change(store, signed.person.id, remark.round_id, consulting.at(request), remark.id, typed)

    store = request.app.state.store
    return await _do(request, form, done, "changed")


def _placed(form: Form, remark: Remark) -> Form:
    """The form with the place that the comment has: it does not change."""
    return Form(form.values | {"spot": remark.spot.value, "clause": remark.clause_id or ""})


async def withdraw(request: Request, signed: Signed, form: Form) -> Response:
    """Take a comment of one's own back."""

    async def done(remark: Remark) -> None:
        reason = form.text("reason", most=remarks.MAX_REASON)
        await remarks.withdraw(store, signed.person.id, remark.round_id, consulting.at(request), remark.id, reason)

    store = request.app.state.store
    return await _do(request, form, done, "withdrawn")


async def reply(request: Request, signed: Signed, form: Form) -> Response:
    """Reply to a comment, or give one's reply other words (``reply``: its id)."""

    async def done(remark: Remark) -> None:
        at, body = consulting.at(request), form.text("body", most=MAX_COMMENT)
        if form.text("reply", most=32):
            await replies.change(store, signed.person.id, remark.round_id, at, form.text("reply", most=32), body)
        else:
            pace.check(request)
            name = form.text("id", most=32)
            await replies.write(store, signed.person.id, remark.round_id, at, remark.number, name, body)

    store = request.app.state.store
    return await _do(request, form, done, "replied")


async def _do(request: Request, form: Form, act: Act, said: str) -> Response:
    """Do something with the comment in the address; when it is refused, its page says why and keeps the words."""
    entered = await consulting.enter(request)
    number = request.path_params["number"]
    thread = await replies.thread(request.app.state.store, entered, number)
    try:
        await act(thread.remark)
    except Refusal as refusal:
        if refusal.status in {403, 404} or view.wants_json(request):
            raise
        return await _one(request, refusal, form.values)
    return RedirectResponse(f"/consultations/{entered.round.id}/comments/{number}?done={said}", 303)


# ── one's own ──


async def mine(request: Request, _signed: Signed) -> Response:
    """What one's party has not sent, is asked to join, and has sent, with what became of it."""
    entered, spoken = await consulting.enter(request), view.tongue(request)
    if entered.member is None:
        raise NotFound("not_found", "There is nothing at this address.")
    store = request.app.state.store
    content = await rounds.text(store, entered)
    known = places(content.clauses)
    own = await remarks.mine(store, entered)
    wanted = Wanted(mine=True, states=SENT)
    found, counts = await remarks.listed(
        store, entered, wanted, before=_cursor(request, "before"), after=_cursor(request, "after")
    )
    base = f"/consultations/{entered.round.id}/mine"

    def drawn(part: tuple[Remark, ...]) -> list[Card]:
        return [card(entered, remark, known, spoken, whole=True) for remark in part]

    return await consulting.page(
        request,
        entered,
        "consultation_mine.html",
        "mine",
        base=f"/consultations/{entered.round.id}",
        sends=entered.may(Verb.REMARK_SEND),
        drafts=drawn(own.drafts),
        asked=drawn(own.asked),
        joined=drawn(own.joined),
        sent=cards(entered, found.remarks, known, spoken),
        ways=await answer_links.ways(store, entered, [one.answer for one in found.remarks], spoken),
        counts=counts,
        found=found,
        language=content.language,
        older=f"{base}?before={found.before}" if found.before else "",
        newer=f"{base}?after={found.after}" if found.after else "",
    )
