"""Doors about the comments of a consultation: reading them by pages, sending, changing, withdrawing, replying."""

from dataclasses import replace

import msgspec

from drafts.access import shows
from drafts.commenting import Said, said
from drafts.consultation import Answer, Remark, Reply, Shown
from drafts.desk import moderating, remarks, replies, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Invalid
from drafts.store.rows import ms
from server import pace
from server.api import schema_consultations as s
from server.api import views
from server.api.consultations import at, enter
from server.api.door import Ask
from server.wanted import wanted

MOST = 200


def view(entered: Entered, remark: Remark) -> s.Comment:
    """A remark as ``rounds.trace`` gives it to its reader, or as its own party has just written it: what those who lead
    have decided about it and not published is theirs alone."""
    answer = remark.answer if entered.sight.leads else remark.shown
    mine = bool(entered.sight.party_id) and remark.owner_id == entered.sight.party_id
    trace = not mine and shows(entered.sight, remark, frozenset(p.id for p in remark.together)) is Shown.TRACE
    return s.Comment(
        id=remark.id,
        number=remark.number,
        state=remark.state,
        trace=trace,
        spot=remark.spot,
        clause=remark.clause_id,
        quote=remark.quote,
        start=remark.start,
        end=remark.end,
        kind=remark.kind,
        view=remark.view,
        body=remark.body,
        proposed=remark.proposed,
        language=remark.language,
        group=remark.group,
        who=remark.who,
        party=None if remark.party is None else views.party(remark.party),
        together=[views.party(party) for party in remark.together],
        question=remark.question_id,
        late=remark.late,
        mine=mine,
        sent_at=None if remark.sent_at is None else ms(remark.sent_at),
        edited_at=None if remark.edited_at is None else ms(remark.edited_at),
        bundle=remark.bundle_id,
        hidden_reason=remark.hidden_reason,
        answer=None if answer is None else given(answer, remark),
    )


def given(answer: Answer, remark: Remark | None = None) -> s.Given:
    """An answer, and whether it is published for a remark."""
    published = remark is not None and remark.shown is not None and remark.shown.id == answer.id
    return s.Given(answer.disposition, answer.rationale, answer.link, ms(answer.at), published)


async def every(ask: Ask) -> s.Comments:
    """A page of the comments that the asker sees and wants."""
    entered = await enter(ask)
    limit = max(1, ask.number("limit", MOST))
    before, after = (ask.number(name, 2**53) if ask.queries[name] else None for name in ("before", "after"))
    if before is not None and after is not None:
        raise Invalid("bad_query", "Give before or after, not both.")
    asked = wanted(ask.request.query_params)
    async with ask.store.read() as q:
        found = await q.remarks.slice(entered.round.id, entered.sight, asked, before=before, after=after, limit=limit)
        shown = [rounds.trace(entered, await rounds.remark_in(q, entered, one)) for one in found.remarks]
    return s.Comments([view(entered, one) for one in shown], found.total, found.before, found.after)


async def one(ask: Ask) -> s.CommentThread:
    """A comment with its replies."""
    entered = await enter(ask)
    thread = await replies.thread(ask.store, entered, ask.part("number"))
    return s.CommentThread(view(entered, thread.remark), [_reply(one) for one in thread.replies])


def _reply(reply: Reply) -> s.Reply:
    edited = None if reply.edited_at is None else ms(reply.edited_at)
    return s.Reply(
        reply.id,
        reply.person_name,
        views.party(reply.party),
        reply.body,
        ms(reply.created_at),
        edited,
        reply.hidden_reason,
    )


async def send(ask: Ask) -> s.Receipt:
    """Send a comment, or keep it as a draft of the asker's party."""
    body: s.CommentIn = ask.body
    typed = Said(
        body.spot,
        body.clause,
        body.start,
        body.end,
        body.quote,
        body.kind,
        body.view,
        body.body,
        body.proposed,
        body.language,
        body.question,
        body.name,
    )
    round_id, now = ask.path("round"), at(ask)
    entered = await enter(ask)
    if body.draft:
        kept = await remarks.save(ask.store, ask.person.id, round_id, now, body.id, typed)
        return s.Receipt(view(entered, kept), "")
    await remarks.save(ask.store, ask.person.id, round_id, now, body.id, typed)  # kept, whatever stands in the way
    pace.check(ask.request)
    receipt = await remarks.hand_in(ask.store, ask.person.id, round_id, now, body.id)
    return s.Receipt(view(entered, receipt.remark), receipt.digest)


async def change(ask: Ask) -> s.Receipt:
    """Give a comment that was sent other words."""
    body: s.CommentSet = ask.body
    entered, old = await _mine(ask)
    new = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not msgspec.UNSET}
    receipt = await remarks.change(
        ask.store, ask.person.id, entered.round.id, at(ask), old.id, replace(said(old), **new)
    )
    return s.Receipt(view(entered, receipt.remark), receipt.digest)


async def withdraw(ask: Ask) -> s.Comment:
    """Take a comment back; that it was there stays to be seen."""
    body: s.WithdrawIn = ask.body
    entered, old = await _mine(ask)
    return view(
        entered, await remarks.withdraw(ask.store, ask.person.id, entered.round.id, at(ask), old.id, body.reason)
    )


async def reply(ask: Ask) -> s.Reply:
    """Reply to a comment."""
    body: s.ReplyIn = ask.body
    pace.check(ask.request)
    number = ask.part("number")
    return _reply(await replies.write(ask.store, ask.person.id, ask.path("round"), at(ask), number, body.id, body.body))


async def _mine(ask: Ask) -> tuple[Entered, Remark]:
    entered = await enter(ask)
    return entered, (await replies.thread(ask.store, entered, ask.part("number"))).remark


async def hide(ask: Ask) -> s.Comment:
    """Hide a comment with a reason; its sender is told."""
    body: s.HideIn = ask.body
    round_id, number = ask.path("round"), ask.part("number")
    await moderating.hide(ask.store, ask.person.id, round_id, number, body.reason, at(ask))
    return (await one(ask)).comment


async def show(ask: Ask) -> s.Comment:
    """Show it again."""
    await moderating.show(ask.store, ask.person.id, ask.path("round"), ask.part("number"), at(ask))
    return (await one(ask)).comment
