"""Merging what was brought (``brought``) into a draft: looking first, doing it, and settling what only a person can.

``perform`` is how commands reach the draft's room: ``hub.perform`` where there is a hub, else ``live.perform`` with its
store.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from drafts import commands as do
from drafts.access import Verb, may
from drafts.change import narrow, widen
from drafts.decide import MAX_COMMENT, word_change
from drafts.desk import bringing, brought, drafts, live, proposals, threads, versions
from drafts.desk.live import Perform
from drafts.errors import Conflict, Invalid, NotFound
from drafts.exchange.authors import authors
from drafts.exchange.parsed import Parsed, ParsedClause, Remark, sealed, tidy
from drafts.merge import Patch, Spans, applied, plan
from drafts.model import Audience, Clause, ClauseKind, Draft, Member, Place, now
from drafts.outside import After, Brought, Clash, How, Kind, Report, Settled, Stage, Why, report_text
from drafts.state import ClauseState, State
from drafts.store import Store, begin
from drafts.store.rows import ms
from drafts.weigh import changed_places


async def mapping(store: Store, person_id: str | None, brought_id: str) -> dict[str, str]:
    """Whom the authors in a file seem to stand for: author's name to party id. What the bringer's party said before,
    else the party of that name or code, or that a name such as ``Ines Valder (NVL, government)`` tells. Who is not in
    it is the bringer's own; so is everybody where the bringer may not bring in words for others. Raises NotFound."""
    async with store.read() as q:
        found, draft, member = await brought.admitted(q, person_id, brought_id)
        said = await q.brought.authors(draft.forum_id, member.party.id)
        parties = await q.forums.parties(draft.forum_id)
    if may(member, Verb.EDIT_FOR, draft) is not None:
        return {}
    known = {name: party.id for party in parties for name in (party.name.casefold(), party.code.casefold())}
    guessed = {}
    for author in _authors(found.parsed):
        names = [author.casefold(), author.rpartition("(")[2].partition(",")[0].rstrip(") ").casefold()]
        party = next((known[name] for name in names if name in known), None)
        if author in said or party is not None:
            guessed[author] = said.get(author, party or "")
    return guessed


async def preview(
    store: Store,
    person_id: str | None,
    brought_id: str,
    mapping: Mapping[str, str] | None = None,
    audience: Audience | None = None,
    *,
    remarks: bool = True,
) -> Report:
    """What merging the file would come to now; changes nothing. Of one that is applied: its report.

    ``mapping`` goes from authors' names to party ids; who is not in it is the bringer's own party. ``audience`` is who
    sees the threads made from the file's comments (None: delegations; everyone where the bringer is an observer; the
    bringer's own party where the file becomes private proposals), and where it does not, from what may not be edited.
    Without ``remarks`` the file's comments are left out.

    Raises NotFound; Forbidden where words would be brought in for another party by somebody who may not; Invalid when
    the file is of another text; TooMany when it would become more proposals than a party can write at a time.
    """
    found, draft, member = await _admitted(store, person_id, brought_id)
    if found.report is not None:
        return found.report
    command = await _command(store, found, draft, member, mapping or {}, audience, remarks=remarks)
    outcome = await live.rehearse(store, person_id, draft.id, command)
    return _told(outcome.report)


async def apply(
    store: Store,
    perform: Perform,
    person_id: str | None,
    brought_id: str,
    mapping: Mapping[str, str] | None = None,
    audience: Audience | None = None,
    *,
    remarks: bool = True,
) -> Report:
    """Merge the file, in one transaction, and remember whom its authors stand for. Once more: the same report, and
    nothing is done. Arguments and refusals as of ``preview``."""
    found, draft, member = await _admitted(store, person_id, brought_id)
    if found.report is not None:
        return found.report
    command = await _command(store, found, draft, member, mapping or {}, audience, remarks=remarks)
    await perform(person_id, draft.id, command)
    if mapping:
        async with store.write() as q:
            await q.brought.remember(draft.forum_id, member.party.id, mapping)
    return await report(store, person_id, brought_id)


async def report(store: Store, person_id: str | None, brought_id: str) -> Report:
    """What came of a file. Raises NotFound, also while it waits."""
    return _told((await brought.get(store, person_id, brought_id)).report)


async def settle(
    store: Store,
    perform: Perform,
    person_id: str | None,
    brought_id: str,
    conflict_id: str,
    how: How | str,
    text: str = "",
) -> Report:
    """Settle a conflict of an applied merge; the report with it settled.

    ``theirs``: do what the file says, over what others did at that place (their other changes of the clause stay).
    ``live``: leave the text as it is. ``text``: the clause reads ``text``. ``comment``: a thread on the clause with the
    proposed wording, or with ``text``. ``proposal``: a private proposal of the bringer's party with the file's wording,
    on the text that the file was made from.

    Raises NotFound; Conflict when it is settled already, the clause is locked, or its place in the text is gone;
    Forbidden for who may not edit, or not propose; Invalid for what has no kind of proposal; TooMany.
    """
    found, draft, member = await _admitted(store, person_id, brought_id)
    clash, made = _clash(found, conflict_id), None
    if How(how) is How.PROPOSAL:
        made = await bringing.turned(store, found, draft, member, clash)
    else:
        state, _ = await drafts.state(store, person_id, draft.id)
        for command in _commands(state, member, clash, How(how), text, f"s-{found.id}-{clash.id}"):
            await perform(person_id, draft.id, command)
    async with store.write() as q:
        found, _, _ = await brought.admitted(q, person_id, brought_id, lock=True)
        _clash(found, conflict_id)
        if made is not None:
            await begin(q, made)
        settled = Settled(How(how), member.person_id, ms(now()), made.proposal.id if made else "")
        after = _told(found.report).settle(conflict_id, settled)
        await q.brought.set(replace(found, kept_report=report_text(after)))
    return after


async def edited(
    store: Store,
    person_id: str | None,
    draft_id: str,
    texts: Mapping[str, str],
    base: int | After,
) -> Parsed:
    """The text of ``base`` (the number of a version, or ``After``) in which the clauses of these ids read so, as if it
    had come in a file. Raises NotFound; Invalid for a clause that it does not have, TooLarge for one that is too
    long."""
    draft, _ = await drafts.open(store, person_id, draft_id)
    if isinstance(base, After):
        if not 1 <= base.seq <= draft.seq:
            raise Invalid("no_base", "The text never was as this says it was.")
        before: Sequence[Clause] = (await drafts.at(store, draft, base.seq)).live()
    else:
        before = (await versions.get(store, person_id, draft_id, base)).clauses
    if not set(texts) <= {clause.id for clause in before}:
        raise Invalid("no_clause", "There is no such clause.")
    clauses = tuple(
        ParsedClause(c.kind, c.depth, tidy(texts[c.id]) if c.id in texts else c.text, c.lang, id=c.id) for c in before
    )
    return sealed(Parsed("", "", draft.language, clauses, rejected=clauses))


# ── before it happens ──


async def _admitted(store: Store, person_id: str | None, brought_id: str) -> tuple[Brought, Draft, Member]:
    async with store.read() as q:
        return await brought.admitted(q, person_id, brought_id)


def _told(report: Report | None) -> Report:
    if report is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return report


async def _command(
    store: Store,
    found: Brought,
    draft: Draft,
    member: Member,
    mapping: Mapping[str, str],
    audience: Audience | None,
    *,
    remarks: bool = True,
) -> do.Merge:
    async with store.read() as q:
        known = {party.id for party in await q.forums.parties(draft.forum_id)}
        most = await proposals.left(q, draft.id, member)
    if not set(mapping.values()) <= known:
        raise Invalid("no_party", "The forum has no such party.")
    parsed = found.parsed
    base = await _base(store, found, draft)
    made = await asyncio.to_thread(plan, base, parsed, mapping)
    delegations = may(member, Verb.THREAD_OPEN_DELEGATIONS, draft) is None
    usual = Audience.DELEGATIONS if delegations else Audience.EVERYONE
    private = bringing.instead(member, draft)
    shown, heard = (usual, audience or Audience.PARTY) if private else (audience or usual, None)
    said = _said(parsed, await _known(store, member, draft)) if remarks else ()
    return do.Merge(f"m-{found.id}", made, found.base_seq, found.id, said, shown, parsed.notes, most, heard)


async def _base(store: Store, found: Brought, draft: Draft) -> list[Clause]:
    """The text that the file was made from."""
    if found.base_version is not None:
        async with store.read() as q:
            version = await q.drafts.version(draft.id, found.base_version)
        if version is not None and version[0].seq == found.base_seq:
            return list(versions.read(version[1]).clauses)
    return (await drafts.at(store, draft, found.base_seq)).live()


async def _known(store: Store, member: Member, draft: Draft) -> set[tuple[str, str]]:
    """The comments that are here already, as a file of ours has them: author and body."""
    views = await threads.all(store, member.person_id, draft.id)
    return {
        (f"{c['name']} ({c['party']['code']}, {c['party']['group']})", " ".join(c["body"].split()))
        for view in views
        for c in view["comments"]
    }


def _said(parsed: Parsed, known: set[tuple[str, str]]) -> tuple[do.Said, ...]:
    """The file's comments with their replies, without those that came from here unchanged."""
    ids = {remark.id for remark in parsed.remarks}
    replies: dict[str, list[Remark]] = {}
    for remark in parsed.remarks:
        if remark.answers in ids and remark.answers != remark.id:
            replies.setdefault(remark.answers, []).append(remark)
    made = []
    for remark in parsed.remarks:
        if remark.answers in ids and remark.answers != remark.id:
            continue
        thread = [remark, *_below(remark, replies)]
        fresh = [one for one in thread if one.body.strip() and not _ours(one, known)]
        if fresh:
            bodies = tuple(f"{one.by.author}: {one.body}"[:MAX_COMMENT] for one in fresh)
            made.append(do.Said(remark.clause, remark.quote if remark.end else "", remark.start, bodies))
    return tuple(made)


def _below(remark: Remark, replies: Mapping[str, list[Remark]]) -> list[Remark]:
    found: list[Remark] = []
    waiting = list(replies.get(remark.id, ()))
    while waiting and len(found) < threads.MAX_COMMENTS:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            waiting += replies.get(one.id, ())
    return found


def _ours(remark: Remark, known: set[tuple[str, str]]) -> bool:
    return (remark.by.author, " ".join(remark.body.split())) in known


def _authors(parsed: Parsed) -> list[str]:
    return [one.name for one in authors(parsed)]


# ── conflicts ──


def _clash(found: Brought, conflict_id: str) -> Clash:
    """The open conflict. Raises NotFound, Conflict."""
    if found.state is not Stage.APPLIED:
        raise NotFound("not_found", "There is nothing at this address.")
    clash = next((one for one in _told(found.report).conflicts if one.id == conflict_id), None)
    if clash is None:
        raise NotFound("not_found", "There is nothing at this address.")
    if clash.settled is not None:
        raise Conflict("already_settled", "This was settled already.")
    return clash


def _commands(state: State, member: Member, clash: Clash, how: How, text: str, op: str) -> list[do.Command]:
    """What settling comes to."""
    if how is How.LIVE:
        return []
    clause = state.clause(clash.clause) if clash.clause else None
    if how is How.COMMENT:
        return [_comment(state, member, clash, clause, text, op)]
    if clash.kind is Kind.INSERT:
        kind, depth, lang = clash.shape or (ClauseKind.OPERATIVE.value, 0, "")
        wording = text if how is How.TEXT else clash.theirs
        return [do.Insert(op, clash.after, ClauseKind(kind), depth, lang, (wording,))]
    if clause is None or (clause.gone is not None and clause.gone.into is not None):
        raise _no_place()
    back: list[do.Command] = [do.Restore(f"{op}r", clause.id)] if clause.gone is not None else []
    if how is How.TEXT:
        return [*back, do.Edit(op, clause.id, clause.number, text)]
    return _theirs(state, clash, clause, op, back)


def _theirs(state: State, clash: Clash, clause: ClauseState, op: str, back: list[do.Command]) -> list[do.Command]:
    if clash.kind is Kind.DELETE:
        return [do.Delete(op, clause.id)]
    if clash.kind is Kind.MOVE:
        return [*back, do.Move(op, clause.id, clash.after)]
    if clash.kind is Kind.SHAPE:
        kind, depth, lang = clash.shape or (clause.kind.value, clause.depth, clause.lang)
        return [*back, do.Shape(op, clause.id, ClauseKind(kind), depth, lang or clause.lang)]
    if clash.why in {Why.SPLIT, Why.JOINED}:
        raise _no_place()
    if clash.kind is Kind.SPLIT:
        edit = do.Edit(op, clause.id, clause.number, clash.parts[0])
        rest = do.Insert(f"{op}i", clause.id, clause.kind, clause.depth, clause.lang, clash.parts[1:])
        return [*back, edit, rest]
    if clash.kind is Kind.JOIN:
        others = [other for name in clash.of if (other := state.clause(name)) is not None and other.gone is None]
        gone = [do.Delete(f"{op}d{number}", other.id) for number, other in enumerate(others)]
        return [*back, do.Edit(op, clause.id, clause.number, clash.theirs), *gone]
    return [*back, do.Edit(op, clause.id, clause.number, preferred(clash.base, clash.theirs, clause.text))]


def preferred(base: str, theirs: str, live: str) -> str:
    """The live text with what ``theirs`` makes of ``base`` put over it; what others did elsewhere stays. They did it
    at the same place where no whole word lies between."""
    wide = widen(base)
    mine = changed_places(wide, word_change(base, theirs))
    words = Spans(wide)
    others = changed_places(wide, word_change(base, live))
    elsewhere = [one for one in others if not any(_meet(words, one, patch) for patch in mine)]
    return narrow(applied(wide, sorted([*mine, *elsewhere], key=lambda patch: (patch.start, patch.end))))


def _meet(words: Spans, one: Patch, other: Patch) -> bool:
    (first, last), (begins, ends) = words.reach(one.start, one.end), words.reach(other.start, other.end)
    return first <= ends and begins <= last


def _comment(
    state: State, member: Member, clash: Clash, clause: ClauseState | None, text: str, op: str
) -> do.OpenThread:
    wording = "\n".join(clash.parts) or clash.theirs
    body = text.strip() or (f"Proposed wording: {wording}" if wording else "Proposed: to delete this clause.")
    delegations = may(member, Verb.THREAD_OPEN_DELEGATIONS, state.draft) is None
    audience = Audience.DELEGATIONS if delegations else Audience.EVERYONE
    if clause is None or clause.gone is not None:
        return do.OpenThread(op, Place.DRAFT, body[:MAX_COMMENT], audience=audience)
    return do.OpenThread(op, Place.CLAUSE, body[:MAX_COMMENT], clause.id, audience=audience)


def _no_place() -> Conflict:
    return Conflict(
        "settle_otherwise",
        "The clause was split or joined since. Keep the proposal as a comment, or edit the text itself.",
    )
