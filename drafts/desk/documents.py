"""Drafts as documents, for Word and for print: a version or the working text, clean or with tracked changes, with the
comments that the person may see."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from drafts.access import Verb
from drafts.change import narrow, widen
from drafts.compare import Comparison, compare
from drafts.desk import admit, cast, drafts, moments, threads, versions
from drafts.desk.cast import Cast
from drafts.desk.pairs import Pair
from drafts.exchange.document import Document, Note, Written
from drafts.exchange.parsed import Base, Content, Signed
from drafts.model import Clause, Draft, Group, Version
from drafts.moments import Moment
from drafts.state import State
from drafts.store import Store
from drafts.tracked import Sign, Tracked


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a draft, and the act it stands after. ``version`` None: the working text."""

    content: Content
    seq: int
    version: Version | None = None


async def of_draft(
    store: Store,
    person_id: str | None,
    draft_id: str,
    wanted: int | str,
    since: int | str | None = None,
    *,
    comments: bool = False,
) -> Document:
    """A version (its number) or the working text (``'live'``), with the changes since another version tracked.

    ``comments``: with the threads that the person may see. Raises NotFound.
    """
    async with store.read() as q:
        draft, _ = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
    made = await of(store, draft, wanted, since)
    if not comments:
        return made
    seen = await threads.all(store, person_id, draft_id)
    standing = {one.clause.id: one.clause for one in made.clauses if one.dele is None}
    notes = [note for thread in seen for note in _of_thread(thread, standing, live=wanted == versions.LIVE)]
    return replace(made, notes=tuple(notes))


def bare(document: Document) -> tuple[Content, Base]:
    """The document for the formats of bare text, and what an edited copy that comes back was made from."""
    clauses = [one.clause for one in document.clauses if one.dele is None]
    if document.compiled is not None:  # what is only proposed carries no id
        clauses = [one if one.id in document.compiled.texts else replace(one, id="") for one in clauses]
    head = (document.title, document.symbol, document.version_label, document.date, document.language)
    return Content(*head, clauses), Base(document.draft, document.seq, document.version)


async def of(store: Store, draft: Draft, wanted: int | str, since: int | str | None = None) -> Document:
    """The same for the operator, who reads everything, without comments. Raises NotFound."""
    async with store.read() as q:
        forum = await q.forums.get(draft.forum_id)
    state = None
    if since is not None or wanted == versions.LIVE:
        state = await drafts.restored(store, await store.load(draft.id))
    text = await _text(store, draft, wanted, state)
    made = _document(text, forum.name if forum else "", draft.id)
    if since is None or state is None:
        return made
    before = await _text(store, draft, since, state)
    clauses = await _tracked(store, state, before, text)
    return replace(made, clauses=clauses, since=before.content.version_label)


async def of_pair(store: Store, pair: Pair) -> Document:
    """The later of two sides with what lies between them as tracked changes. Each change is signed where the log of one
    draft says who made it, the earlier text being the one compared with; else by nobody."""
    new = pair.new
    async with store.read() as q:
        forum = await q.forums.get(new.draft.forum_id)
        found = await q.drafts.version(new.draft.id, new.number) if new.number else None
    text = Text(new.content, new.seq, found[0] if found else None)
    made = _document(text, forum.name if forum else "", "" if new.file else new.draft.id)
    since = pair.old.label or pair.old.content.version_label or pair.old.content.title
    if not pair.one_log or pair.old.seq > new.seq:
        return tracked(made, pair.found, since)
    told = Tracked(pair.found, pair.moments, pair.old.seq, new.seq, signed(pair.people))
    return replace(made, clauses=await asyncio.to_thread(told.clauses), since=since)


def loose(content: Content) -> Document:
    """A text that is in no draft."""
    return _document(Text(content, 0), "", "")


def tracked(document: Document, comparison: Comparison, since: str) -> Document:
    """The document with the changes of a comparison, signed by nobody: no log says who made them."""
    return replace(document, clauses=Tracked(comparison).clauses(), since=since)


async def _text(store: Store, draft: Draft, wanted: int | str, state: State | None) -> Text:
    if wanted == versions.LIVE and state is not None:
        return Text(versions.live(state), state.draft.seq)
    number = int(wanted) if str(wanted).isdecimal() and len(str(wanted)) < 9 else 0
    async with store.read() as q:
        found = await q.drafts.version(draft.id, number)
    if found is None:
        raise admit.nothing()
    return Text(versions.read(found[1]), found[0].seq, found[0])


def _document(text: Text, forum: str, draft_id: str) -> Document:
    content, version = text.content, text.version
    head = (forum, content.title, content.symbol, content.version_label, content.date, content.language)
    number, digest = (version.number, version.hash) if version else (0, "")
    return Document(*head, draft_id, text.seq, number, digest, tuple(Written(clause) for clause in content.clauses))


async def _tracked(store: Store, state: State, old: Text, new: Text) -> tuple[Written, ...]:
    signs = signed(await cast.of(store, state))
    record = await moments.of(store, state.draft.id, state.draft.seq)

    def work() -> tuple[Written, ...]:
        told = compare(old.content.clauses, new.content.clauses, state.origins(), merged=state.joined())
        return Tracked(told, record, old.seq, new.seq, signs).clauses()

    return await asyncio.to_thread(work)


def signed(people: Cast) -> Sign:
    """Who signs a moment of the draft: the party's name, at the act's time."""

    def sign(moment: Moment) -> Signed:
        party = people.parties.get(moment.party_id)
        return Signed(party.name if party else "–", datetime.fromtimestamp(moment.at / 1000, UTC))

    return sign


# ── comments ──


def _of_thread(thread: threads.ThreadView, clauses: Mapping[str, Clause], *, live: bool) -> list[Note]:
    clause = clauses.get(thread["clause"] or "")
    start, end = _span(thread, clause, live=live) if clause else (0, 0)
    first = thread["comments"][0]["id"]
    resolved = thread["resolved"] is not None
    found = []
    for comment in thread["comments"]:
        said = _said(comment)
        answers = "" if comment["id"] == first else first
        found.append(Note(comment["id"], clause.id if clause else "", start, end, *said, answers, resolved))
    return found


def _said(comment: Mapping[str, Any]) -> tuple[str, Group, str, datetime, str]:
    party = comment["party"]
    at = datetime.fromtimestamp(comment["at"] / 1000, UTC)
    return party["code"], Group(party["group"]), comment["name"], at, comment["body"]


def _span(thread: threads.ThreadView, clause: Clause, *, live: bool) -> tuple[int, int]:
    """Code points. In another text than the working one, the words are looked for by their quote; where they stand
    once they are meant, else the comment is on the clause."""
    if live:
        if thread["from"] is None:
            return 0, 0
        wide = widen(clause.text)
        return len(narrow(wide[: thread["from"]])), len(narrow(wide[: thread["to"]]))
    quote = thread["quote"]
    start = clause.text.find(quote) if quote and clause.text.count(quote) == 1 else -1
    return (start, start + len(quote)) if start >= 0 else (0, 0)
