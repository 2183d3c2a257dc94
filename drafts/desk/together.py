"""Comments on behalf of several parties: the one that writes asks the others, and only those that join are named."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from drafts.access import Verb, demand
from drafts.consultation import RemarkState
from drafts.desk import admit, remarks, rounds
from drafts.errors import Conflict, Forbidden, Invalid, TooMany
from drafts.model import Member, Party
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.rows import ms

MOST: Final = 30  # parties that one comment asks


async def ask(
    store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str, codes: Sequence[str]
) -> list[Party]:
    """Ask parties, by their seat codes, to join a comment of one's own, sent or not: their people read it from now on.
    Those asked before are not asked twice; gives the new ones. Raises NotFound, Forbidden, Invalid, TooMany."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        of = await rounds.remark_in(q, entered, await q.remarks.get(remark_id))
        me = demand(entered.member, Verb.REMARK_CHANGE, of)
        if of.remark.pseudonym:
            raise Invalid("pseudonym_alone", "A comment under another name speaks for nobody else.")
        known = await q.remarks.together(remark_id)
        parties = {party.code: party for party in await q.forums.parties(entered.forum.id)}
        fresh: dict[str, Party] = {}
        for code in [code.strip().upper() for code in codes if code.strip()]:
            party = parties.get(code)
            if party is None or party.group not in entered.round.groups:
                raise Invalid("no_such_party", "No party that is asked here has the code {code}.", code=code[:12])
            if party.id != me.party.id and party.id not in known:
                fresh[party.id] = party
        if len(known) + len(fresh) > MOST:
            raise TooMany("too_many_together", "A comment asks at most {limit} other parties.", limit=MOST)
        for party_id in fresh:
            await q.remarks.ask_together(remark_id, party_id, "asked", at)
        people = [one.person_id for one in await q.forums.members(entered.forum.id) if one.party.id in fresh]
        await remarks.tell(q, entered, people, "asked_to_join", remark_id)
        return list(fresh.values())


async def answer(
    store: Store, person_id: str | None, round_id: str, at: datetime, remark_id: str, *, joins: bool
) -> None:
    """Say for one's party that it joins a comment, or that it does not (any more). Once more changes nothing. Joining
    what was sent ends when the round takes no comments any more. Raises NotFound, Forbidden, Conflict."""
    said = "joined" if joins else "declined"
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, lock=True)
        remark = await q.remarks.get(remark_id)
        me = entered.member
        if remark is not None and me is not None and (await q.remarks.together(remark_id)).get(me.party.id) == said:
            return
        of = await rounds.remark_in(q, entered, remark)
        me = demand(me, Verb.REMARK_JOIN, of)
        sent = of.remark.number > 0
        if joins and sent and not entered.round.takes(at):
            raise Forbidden("round_closed", "The consultation takes no comments any more.")
        if of.remark.state in {RemarkState.WITHDRAWN, RemarkState.HIDDEN}:
            raise Conflict("not_open", "This comment is not open any more.")
        await q.own.say_together(remark_id, [me.party.id], said, me.person_id, at)
        if sent:
            entry = Entry(ms(at), me.person_id, me.party.id, said, remark_id, "", {"number": of.remark.number})
            await q.register.add(round_id, entry)
        people = await _people(q, entered.forum.id, of.remark.owner_id)
        await remarks.tell(q, entered, people, said, remark_id, {"party": me.party.name})


async def said(store: Store, entered: rounds.Entered, remark_id: str) -> list[tuple[Party, str]]:
    """The parties that a comment of the reader's own party asks, with what they said, by name. Raises NotFound."""
    async with store.read() as q:
        of = await rounds.remark_in(q, entered, await q.remarks.get(remark_id))
        if not entered.sight.party_id or of.remark.owner_id != entered.sight.party_id:
            raise admit.nothing()
        states = await q.remarks.together(remark_id)
        return [(one, states[one.id]) for one in await q.forums.parties(entered.forum.id) if one.id in states]


async def own_word(store: Store, entered: rounds.Entered, remark_id: str) -> str:
    """What the reader's party has said to joining a comment: asked, joined, declined; '' where it was not asked."""
    async with store.read() as q:
        return (await q.remarks.together(remark_id)).get(entered.sight.party_id, "")


async def _people(q: Work, forum_id: str, party_id: str | None) -> list[str]:
    members: list[Member] = await q.forums.members(forum_id)
    return [one.person_id for one in members if one.party.id == party_id]
