"""Replies under the comments of a consultation: written, changed with a history, and told to whom they address."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from drafts import commenting
from drafts.access import RemarkIn, ReplyIn, Verb, demand, may
from drafts.consultation import Remark, Reply, Reveal, Shown
from drafts.decide import comment_body
from drafts.desk import admit, pace, remarks, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Invalid, TooMany
from drafts.hearing import shows
from drafts.model import new_id
from drafts.register import Entry, digest
from drafts.store import Store, Work
from drafts.store.pace import Sending
from drafts.store.replies import Wording
from drafts.store.rows import ms

MAX_REPLIES: Final = 500  # under one comment
_ID: Final = re.compile(r"[0-9a-z]{10,32}\Z")


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with all that hangs on it, for one reader. ``replies`` without the words of those that were hidden;
    ``wordings``: what the comment and its replies said before, by id; ``changes``: ids of replies that the reader may
    change. ``receipt``: for its own party, the digest in the register and the salt that it is made with."""

    of: RemarkIn
    remark: Remark
    replies: tuple[Reply, ...]
    wordings: dict[str, list[Wording]]
    changes: frozenset[str]
    receipt: tuple[str, str] | None

    def may(self, entered: Entered, verb: Verb) -> bool:
        """Whether the reader may do something with the comment."""
        return entered.member is not None and may(entered.member, verb, self.of) is None


async def thread(store: Store, entered: Entered, number: int) -> Thread:
    """The comment with a public number, for somebody who has entered its round. Raises NotFound."""
    async with store.read() as q:
        of = await rounds.remark_in(q, entered, await q.remarks.numbered(entered.round.id, number))
        told, remark = shows(entered.sight, of.remark, of.together), rounds.trace(entered, of)
        found = await q.replies.under(remark.id) if told is Shown.WORDS else []
        kept = await q.replies.wordings([remark.id, *[one.id for one in found]]) if told is Shown.WORDS else {}
        mine = bool(entered.sight.party_id) and remark.owner_id == entered.sight.party_id
        receipt = None
        if mine:
            salt = await q.remarks.salt(remark.id)
            receipt = (commenting.fingerprint(salt, of.remark), salt)
    shown = [_traced(entered, one) for one in found]
    hidden = {one.id for one in shown if one.hidden_reason and not one.body}
    changes = frozenset(one.id for one in shown if _changes(entered, of, one))
    wordings = {of_id: old for of_id, old in kept.items() if of_id not in hidden}
    if entered.round.reveal is Reveal.MODERATED and not (mine or entered.sight.leads):
        wordings.pop(remark.id, None)  # nobody may have let through what it said before
    return Thread(of, remark, tuple(shown), wordings, changes, receipt)


def _traced(entered: Entered, reply: Reply) -> Reply:
    """A reply as the reader may have it: of a hidden one its place and the reason, to its own party and those who lead
    its words too."""
    mine = bool(entered.sight.party_id) and reply.party.id == entered.sight.party_id
    return reply if not reply.hidden_reason or entered.sight.leads or mine else replace(reply, body="")


def _changes(entered: Entered, of: RemarkIn, reply: Reply) -> bool:
    return entered.member is not None and may(entered.member, Verb.REPLY_CHANGE, ReplyIn(of, reply)) is None


async def write(
    store: Store, person_id: str | None, round_id: str, at: datetime, number: int, reply_id: str, body: str
) -> Reply:
    """Reply to a comment. ``reply_id`` comes from the page, as a comment's does: sent twice, it is there once. Raises
    NotFound, Forbidden, Invalid, TooLarge, TooMany."""
    if not _ID.match(reply_id):
        raise Invalid("bad_id", "This comment has no proper name. Load the page again.")
    said = comment_body(body)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        of = await rounds.remark_in(q, entered, await q.remarks.numbered(round_id, number))
        me = demand(entered.member, Verb.REPLY_WRITE, of)
        there = await q.replies.under(of.remark.id)
        known = await q.replies.get(reply_id)
        if known is not None:
            if known.person_id != me.person_id or known.remark_id != of.remark.id:
                raise admit.nothing()
            return known
        await pace.keep(q, Sending.REPLIES, me.party.id, at)
        if len(there) >= MAX_REPLIES:
            raise TooMany("thread_full", "A thread holds at most {limit} comments. Open another.", limit=MAX_REPLIES)
        later = max(at, there[-1].created_at + timedelta(milliseconds=1)) if there else at  # replies go by their time
        reply = Reply(reply_id, of.remark.id, me.person_id, me.person_name, me.party, said, later)
        salt = new_id(26)
        await q.replies.add(reply, salt)
        await _register(q, entered, reply, "replied", salt, number)
        codes = set(commenting.mentioned(said))
        await remarks.mention(q, entered, of, codes, reply_id)
        people = await _told(q, entered, of, codes)
        await remarks.tell(q, entered, people, "remark_replied", reply_id, {"number": number})
        return reply


async def change(
    store: Store, person_id: str | None, round_id: str, at: datetime, reply_id: str, body: str
) -> tuple[Reply, int]:
    """Give one's own reply other words; what it said is kept. Gives it with the comment's number. Raises NotFound,
    Forbidden, Invalid, TooLarge."""
    said = comment_body(body)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        reply = await q.replies.get(reply_id)
        of = await rounds.remark_in(q, entered, None if reply is None else await q.remarks.get(reply.remark_id))
        if reply is None:
            raise admit.nothing()
        demand(entered.member, Verb.REPLY_CHANGE, ReplyIn(of, reply))
        if said == reply.body:
            return reply, of.remark.number
        await q.replies.keep_wording(reply_id, new_id(), Wording(at, reply.person_id, reply.body))
        await q.replies.reword(reply_id, said, at)
        now = replace(reply, body=said, edited_at=at)
        await _register(q, entered, now, "reply_changed", await q.replies.salt(reply_id), of.remark.number)
        fresh = set(commenting.mentioned(said)) - set(commenting.mentioned(reply.body))
        await remarks.mention(q, entered, of, fresh, reply_id)
        return now, of.remark.number


async def _register(q: Work, entered: Entered, reply: Reply, kind: str, salt: str, number: int) -> None:
    told = digest(salt, reply.body)
    at, party = ms(entered.inside.at), reply.party.id
    await q.register.add(
        entered.round.id, Entry(at, reply.person_id, party, kind, reply.id, told, {"number": number})
    )  # fmt: skip


async def _told(q: Work, entered: Entered, of: RemarkIn, codes: set[str]) -> list[str]:
    """Whose comment it is: its party's people, or the one behind a pseudonym; not who replies, nor who is told that
    they are addressed."""
    remark, me = of.remark, entered.sight.person_id
    return [
        one.person_id
        for one in await q.forums.members(entered.forum.id)
        if one.party.id == remark.owner_id
        and one.person_id != me
        and one.party.code not in codes
        and (not remark.pseudonym or one.person_id == remark.person_id)
    ]
