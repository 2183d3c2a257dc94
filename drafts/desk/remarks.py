"""Comments of a consultation as their own parties have them: kept as one types, sent, changed, withdrawn.

A comment is a draft of its party from the first word. Its id comes from the page, so that what is sent twice (a double
click, a lost answer) is there once. Sending gives it a number, and its sender a receipt: the digest that the round's
register keeps. What is kept is kept even when sending is refused.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from drafts import access, commenting
from drafts.access import RemarkIn, Verb, demand
from drafts.commenting import Said
from drafts.consultation import COUNTED, Phase, Remark, RemarkKind, RemarkState, Reveal, Shown, Slice, View, Wanted
from drafts.decide import MAX_COMMENT, paragraphs
from drafts.desk import admit, fields, pace, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Forbidden, Invalid, Refusal, TooLarge, TooMany
from drafts.exchange.parsed import Content
from drafts.model import Group, Member, new_id
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.pace import Sending
from drafts.store.remarks import PAGE
from drafts.store.replies import Wording
from drafts.store.rows import ms
from drafts.verbs import LEADS

MAX_DRAFTS: Final = 500  # comments that a party has not sent, in one round
MAX_PROPOSED: Final = 20_000  # characters
MAX_NAME: Final = 100
MAX_REASON: Final = 500
_ID: Final = re.compile(r"[0-9a-z]{10,32}\Z")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a sender keeps: the comment as it came in, with its number, and the digest that the register has of it."""

    remark: Remark
    digest: str


# ── writing ──


async def save(
    store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str, typed: Said, seen: int = 0
) -> Remark:
    """Keep what somebody types as a draft of their party. ``remark_id``: made by the page, 10 to 32 of ``0-9a-z``;
    ``seen``: when the draft that was continued had been kept (UTC ms; 0: a new one).

    A draft that was sent meanwhile is given back as it is when it says the same. Raises NotFound, Forbidden, Invalid,
    TooLarge, TooMany, and Conflict ``draft_moved_on`` when somebody else of the party has written into it since.
    """
    _check(remark_id)
    entered, plain, _ = await _typed(store, person_id, round_id, at, typed)
    async with store.write() as q:
        # Nobody sends or discards it between reading and writing.
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.REMARK_WRITE, lock=True)
        await _keep(q, entered, remark_id, plain, seen)
        return await _got(q, remark_id)


def _check(remark_id: str) -> None:
    if not _ID.match(remark_id):
        raise Invalid("bad_id", "This comment has no proper name. Load the page again.")


async def _typed(
    store: Store, person_id: str | None, round_id: str, at: datetime, typed: Said
) -> tuple[Entered, Said, Content]:
    """What was typed with its place checked, and the text that it is on."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.REMARK_WRITE)
    content = await rounds.text(store, entered)
    return entered, _plain(commenting.placed(entered.round, content.clauses, typed), entered), content


async def _keep(q: Work, entered: Entered, remark_id: str, plain: Said, seen: int) -> None:
    """Write it as a draft of the party."""
    me = demand(entered.member, Verb.REMARK_WRITE, entered.inside)
    found = await q.remarks.get(remark_id)
    who = await _who(q, entered, me, plain)
    made = _remark(remark_id, plain, entered, me, who)
    if found is not None:
        await _again(q, entered, me, found, made, seen)
        return
    if len(await q.own.drafts(entered.round.id, me.party.id)) >= MAX_DRAFTS:
        raise TooMany(
            "too_many_drafts",
            "Your party keeps {limit} comments unsent already. Send or discard some first.",
            limit=MAX_DRAFTS,
        )
    await q.remarks.add(made, new_id(26))


async def _again(q: Work, entered: Entered, me: Member, found: Remark, made: Remark, seen: int) -> None:
    """Write into a draft that is there already, unless it says the same."""
    if found.round_id != made.round_id or found.owner_id != me.party.id:
        raise admit.nothing()
    same = commenting.said(found) == commenting.said(made)
    if found.state is not RemarkState.DRAFT:
        if same:
            return
        raise Conflict("already_sent", "This comment was sent already. Change it on its own page.")
    demand(me, Verb.REMARK_CHANGE, await rounds.remark_in(q, entered, found))
    if same:
        return
    if seen != ms(found.edited_at or found.created_at) and found.person_id != me.person_id:
        raise Conflict("draft_moved_on", "Somebody of your party has changed this draft meanwhile.")
    if made.pseudonym and await q.remarks.together(found.id):
        raise _alone()
    at = entered.inside.at
    await q.remarks.change(replace(made, serial=found.serial, created_at=found.created_at, edited_at=at))
    await _asked_again(q, entered, found)


async def send(
    store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str, typed: Said, seen: int = 0
) -> Receipt:
    """Keep a comment, and send it. Sent once more it stays as it is. Raises what ``save`` raises, Invalid for one that
    is not finished, and Forbidden when the round takes none now: then it is kept as a draft."""
    _check(remark_id)
    _, plain, content = await _typed(store, person_id, round_id, at, typed)
    async with store.write() as q:  # one transaction for both: what is refused to be sent is kept at its end
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.REMARK_WRITE, lock=True)
        await _keep(q, entered, remark_id, plain, seen)
        try:
            return await _hand_in(q, entered, remark_id, content)
        except Refusal as refused:
            refusal = refused
    raise refusal


async def hand_in(store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str) -> Receipt:
    """Send a draft as it is kept. Raises NotFound, Forbidden, Invalid, TooMany (the draft stays)."""
    entered = await rounds.enter(store, person_id, round_id, at)
    content = await rounds.text(store, entered)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        return await _hand_in(q, entered, remark_id, content)


async def _hand_in(q: Work, entered: Entered, remark_id: str, content: Content) -> Receipt:
    """Send a draft; whatever refuses does so before anything is written."""
    of, me = await _own(q, entered, remark_id)
    if of.remark.state is not RemarkState.DRAFT:
        return await _receipt(q, of.remark)
    told, at = entered.round, entered.inside.at
    demand(me, Verb.REMARK_SEND, entered.inside)
    demand(me, Verb.REMARK_CHANGE, of)
    await pace.keep(q, Sending.REMARKS, me.party.id, at)
    commenting.complete(of.remark, commenting.standing_at(of.remark, content.clauses))
    await _waits(q, entered)
    sent = replace(
        of.remark,
        number=await q.rounds.numbers(told.id),
        state=RemarkState.HELD if told.reveal is Reveal.MODERATED else RemarkState.OPEN,
        late=told.phase(at) is Phase.CLOSED,
        sent_at=at,
        edited_at=None,
    )
    await q.remarks.change(sent)
    facts = {"number": sent.number, "late": sent.late}
    await _register(q, entered, sent, "sent", facts)
    await _mention(q, entered, sent, "")
    return await _receipt(q, sent)


async def change(
    store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str, typed: Said
) -> Receipt:
    """Give what was sent other words, while the round takes comments; its place stays. What it said is kept. In a
    moderated round it waits to be let through once more. Raises NotFound, Forbidden, Invalid, TooLarge."""
    entered = await rounds.enter(store, person_id, round_id, at)
    content = await rounds.text(store, entered)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        of, me = await _own(q, entered, remark_id)
        demand(me, Verb.REMARK_CHANGE, of)
        old = of.remark
        if old.state not in COUNTED:
            raise Conflict("not_sent", "This comment is not sent yet. Write on in the draft.")
        now = _plain(replace(typed, name=""), entered)
        new = replace(
            old, kind=now.kind, view=now.view, body=now.body, proposed=now.proposed, language=now.language
        )  # fmt: skip
        if commenting.said(new) == commenting.said(old):
            return await _receipt(q, old)
        commenting.complete(new, commenting.standing_at(new, content.clauses))
        new = replace(new, edited_at=at)
        if entered.round.reveal is Reveal.MODERATED and old.state is RemarkState.OPEN:
            await _waits(q, entered)
            new = replace(new, state=RemarkState.HELD)
        was = Wording(at, old.person_id, old.body, old.proposed, old.view.value)
        await q.replies.keep_wording(old.id, new_id(), was)
        await q.remarks.change(new)
        await _register(q, entered, new, "changed", {"number": new.number})
        await _asked_again(q, entered, old)
        await _mention(q, entered, new, old.body)
        return await _receipt(q, new)


async def withdraw(
    store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str, reason: str = ""
) -> Remark:
    """Take back what was sent: that it was there stays to be seen, with the reason if one is given. Once more changes
    nothing. Raises NotFound, Forbidden, TooLarge."""
    why = fields.line(reason, MAX_REASON)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        of, me = await _own(q, entered, remark_id)
        if of.remark.state is RemarkState.WITHDRAWN:
            return of.remark
        demand(me, Verb.REMARK_WITHDRAW, of)
        gone = replace(of.remark, state=RemarkState.WITHDRAWN, withdrawn_at=at, withdrawn_reason=why)
        await q.remarks.change(gone)
        await _register(q, entered, gone, "withdrawn", {"number": gone.number})
        return gone


async def discard(store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str) -> None:
    """Delete a draft that was never sent; one that is not there is discarded already. Raises Forbidden."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        if entered.member is None:
            raise admit.nothing()
        if await q.remarks.get(remark_id) is None:
            return
        of, me = await _own(q, entered, remark_id)
        if of.remark.state is not RemarkState.DRAFT:
            raise Conflict("already_sent", "This comment was sent already. Change it on its own page.")
        demand(me, Verb.REMARK_CHANGE, of)
        await q.own.discard(of.remark)


# ── reading ──


@dataclass(frozen=True, slots=True)
class Mine:
    """What a party has in a round: its drafts, and comments of others that it is asked to join or has joined."""

    drafts: tuple[Remark, ...]
    asked: tuple[Remark, ...]
    joined: tuple[Remark, ...]


async def mine(store: Store, entered: Entered) -> Mine:
    """For a member who has entered; the latest first."""
    me = entered.member
    if me is None:
        raise admit.nothing()
    async with store.read() as q:
        found = [
            await q.remarks.of_ids(ids)
            for ids in (
                await q.own.drafts(entered.round.id, me.party.id),
                await q.own.asked(entered.round.id, me.party.id, "asked"),
                await q.own.asked(entered.round.id, me.party.id, "joined"),
            )
        ]
        shown = [await traced(q, entered, part[::-1]) for part in found]
    return Mine(tuple(shown[0]), tuple(shown[1]), tuple(shown[2]))


async def traced(q: Work, entered: Entered, found: Sequence[Remark]) -> list[Remark]:
    """Remarks that the reader sees at least a trace of, as they may have them."""
    speakers = await q.own.speakers([one.id for one in found])
    nobody: frozenset[str] = frozenset()
    return [rounds.trace(entered, RemarkIn(entered.inside, one, speakers.get(one.id, nobody))) for one in found]


async def listed(
    store: Store, entered: Entered, wanted: Wanted, *, before: int | None = None, after: int | None = None
) -> tuple[Slice, dict[str, int]]:
    """A page of the comments that a reader sees and wants, newest first, each as they may have it; and how many replies
    stand under each whose words they see."""
    async with store.read() as q:
        found = await q.remarks.slice(entered.round.id, entered.sight, wanted, before=before, after=after)
        shown = await traced(q, entered, found.remarks)
        counts = await q.replies.counts([one.id for one in shown if one.body or one.proposed])
    return replace(found, remarks=tuple(shown)), counts


async def counted(store: Store, entered: Sequence[Entered]) -> dict[str, int]:
    """How many comments the reader's party has sent in each of some rounds; those without are left out."""
    parties = {one.sight.party_id for one in entered if one.sight.party_id}
    async with store.read() as q:
        return await q.own.sent([one.round.id for one in entered], sorted(parties))


async def folded(
    store: Store, entered: Entered, wanted: Wanted, *, before: int | None = None, after: int | None = None
) -> tuple[Slice, dict[str, int], dict[str, int]]:
    """The same with copies folded behind the earliest of each bundle that fits; with it how many fitting remarks each
    of these stands for, by remark id. ``total`` counts every remark."""
    round_id = entered.round.id
    async with store.read() as q:
        found = await q.bundles.folded(round_id, entered.sight, wanted, before=before, after=after, limit=PAGE)
        serials = sorted(found[:PAGE], reverse=True)
        shown = await traced(q, entered, (await q.remarks.of_serials(serials))[::-1])
        counts = await q.replies.counts([one.id for one in shown if one.body or one.proposed])
        ids = [one.bundle_id for one in shown if one.bundle_id is not None]
        copies = await q.bundles.copies(round_id, ids, entered.sight, wanted)
        total = await q.remarks.total(round_id, entered.sight, wanted)
    more = len(found) > PAGE
    older, newer = (more, before is not None) if after is None else (bool(serials), more)
    page = Slice(
        tuple(shown),
        total,
        before=serials[-1] if serials and older else None,
        after=serials[0] if serials and newer else None,
    )
    return page, counts, {one.id: copies.get(one.bundle_id or "", 1) for one in shown}


async def draft(store: Store, entered: Entered, remark_id: str) -> Remark:
    """A draft of the reader's party. Raises NotFound."""
    async with store.read() as q:
        found = await q.remarks.get(remark_id)
        of = await rounds.remark_in(q, entered, found)
    if of.remark.state is not RemarkState.DRAFT or of.remark.owner_id != entered.sight.party_id:
        raise admit.nothing()
    return of.remark


async def own_number(store: Store, entered: Entered, remark_id: str) -> int:
    """The number of a comment that the reader's party has sent; 0 for any other."""
    async with store.read() as q:
        found = await q.remarks.get(remark_id)
    own = found is not None and found.round_id == entered.round.id and found.owner_id == entered.sight.party_id
    return found.number if found is not None and own else 0


# ── parts ──


async def _own(q: Work, entered: Entered, remark_id: str) -> tuple[RemarkIn, Member]:
    """A remark of the member's own party. Raises NotFound for others'."""
    of = await rounds.remark_in(q, entered, await q.remarks.get(remark_id))
    if entered.member is None or of.remark.owner_id != entered.member.party.id:
        raise admit.nothing()
    return of, entered.member


async def _got(q: Work, remark_id: str) -> Remark:
    found = await q.remarks.get(remark_id)
    if found is None:
        raise admit.nothing()
    return found


async def _receipt(q: Work, remark: Remark) -> Receipt:
    return Receipt(remark, commenting.fingerprint(await q.remarks.salt(remark.id), remark))


def _plain(typed: Said, entered: Entered) -> Said:
    """What was typed, made plain and of bearable length. Raises Invalid, TooLarge."""
    body = paragraphs(typed.body)
    if len(body) > MAX_COMMENT:
        raise TooLarge("comment_size", "A comment has at most {limit} characters.", limit=MAX_COMMENT)
    if typed.question_id and typed.question_id not in {one.id for one in entered.round.questions}:
        raise Invalid("no_question", "This question is not asked any more.")
    return replace(
        typed,
        body=body,
        proposed=fields.line(typed.proposed, MAX_PROPOSED) if typed.kind is RemarkKind.DRAFTING else "",
        language=fields.tag(typed.language),
        view=View(typed.view),
        question_id=typed.question_id or None,
        name=fields.line(typed.name, MAX_NAME),
    )


async def _who(q: Work, entered: Entered, me: Member, typed: Said) -> str:
    """What is printed as the source: the party's name, or a pseudonym that nobody here bears."""
    if not typed.name:
        return me.party.name
    if not (entered.round.pseudonyms and entered.forum.pseudonyms):
        raise Forbidden("no_pseudonyms", "This consultation takes comments under the party's own name only.")
    taken = {name.casefold() for party in await q.forums.parties(entered.forum.id) for name in (party.name, party.code)}
    if typed.name.casefold() in taken:
        raise Invalid("name_taken", "A party here bears this name. Choose another.")
    return typed.name


def _remark(remark_id: str, typed: Said, entered: Entered, me: Member, who: str) -> Remark:
    return Remark(
        id=remark_id,
        round_id=entered.round.id,
        spot=typed.spot,
        clause_id=typed.clause_id,
        kind=typed.kind,
        view=typed.view,
        body=typed.body,
        language=typed.language,
        state=RemarkState.DRAFT,
        group=Group(me.party.group),
        who=who,
        owner_id=me.party.id,
        person_id=me.person_id,
        created_at=entered.inside.at,
        party=None if typed.name else me.party,
        start=typed.start,
        end=typed.end,
        quote=typed.quote,
        proposed=typed.proposed,
        question_id=typed.question_id,
        pseudonym=bool(typed.name),
    )


async def _register(q: Work, entered: Entered, remark: Remark, kind: str, facts: Mapping[str, object]) -> None:
    """A row about a remark. Of a pseudonymous one it does not say who acted: whoever reads the register must not learn
    what the pages hide."""
    me = entered.member
    known = me is not None and not remark.pseudonym
    told = commenting.fingerprint(await q.remarks.salt(remark.id), remark) if kind in {"sent", "changed"} else ""
    person, party = (me.person_id, me.party.id) if known and me else ("", "")
    entry = Entry(ms(entered.inside.at), person, party, kind, remark.id, told, facts)
    await q.register.add(entered.round.id, entry)


async def _waits(q: Work, entered: Entered) -> None:
    """Tell those who lead that comments wait for them, when the first begins to."""
    told = entered.round
    if told.reveal is Reveal.MODERATED and await q.own.held(told.id) == 0:
        leads = [one.person_id for one in await q.forums.members(entered.forum.id) if one.role in LEADS]
        await tell(q, entered, leads, "remark_in_moderation", "")


async def _asked_again(q: Work, entered: Entered, before: Remark) -> None:
    """Whoever had joined did not join these words: they are asked once more."""
    parties = {party.id for party in before.together}
    if parties:
        await q.own.say_together(before.id, sorted(parties), "asked", None, entered.inside.at)
        people = [one.person_id for one in await q.forums.members(entered.forum.id) if one.party.id in parties]
        await tell(q, entered, people, "asked_to_join", before.id)


async def _mention(q: Work, entered: Entered, remark: Remark, before: str) -> None:
    """Tell the people of parties that the words address, and did not before, as far as they may read them now."""
    codes = set(commenting.mentioned(remark.body)) - set(commenting.mentioned(before))
    if codes:
        await mention(q, entered, RemarkIn(entered.inside, remark), codes, remark.id)


async def mention(q: Work, entered: Entered, of: RemarkIn, codes: set[str], of_id: str) -> None:
    """Tell the people of some parties that they are addressed in or under a remark, if they may read it."""
    people = [
        one.person_id
        for one in await q.forums.members(entered.forum.id)
        if one.party.code in codes
        and one.person_id != entered.sight.person_id
        and access.may(one, Verb.REMARK_READ, of) is None
        and access.shows(access.sight(one, of.inside), of.remark, of.together) is Shown.WORDS
    ]
    await tell(q, entered, people, "mentioned", of_id, {"number": of.remark.number})


async def tell(
    q: Work, entered: Entered, people: list[str], kind: str, of_id: str, facts: Mapping[str, object] | None = None
) -> None:
    """Leave people a notice about something in the round."""
    await q.notices.tell(
        people,
        kind,
        entered.inside.at,
        forum_id=entered.forum.id,
        draft_id=entered.draft.id,
        round_id=entered.round.id,
        of_id=of_id,
        facts=facts,
    )


def _alone() -> Invalid:
    return Invalid("pseudonym_alone", "A comment under another name speaks for nobody else.")
