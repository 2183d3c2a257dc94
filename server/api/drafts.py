"""Doors about drafts: reading and bringing texts, editing clauses, commands, redline, and the log."""

import asyncio
from typing import Any

import msgspec

from drafts import commands as do
from drafts import exchange
from drafts.access import hears
from drafts.desk import drafts, forums
from drafts.errors import Invalid, Refusal
from drafts.model import Clause
from drafts.room import Outcome
from server import wire
from server.api import schema as s
from server.api import views
from server.api.door import Ask
from server.live import command_of
from server.sitting import act_frame

MAX_PAGE = 1_000  # acts in one answer


async def of_forum(ask: Ask) -> list[s.Draft]:
    """The drafts of a forum that the asker may read."""
    _, member, found = await drafts.of_forum(ask.store, ask.person.id, ask.path("forum"))
    return [views.draft(draft, member) for draft in found]


async def one(ask: Ask) -> s.DraftText:
    """A draft with its clauses."""
    return views.text(*await drafts.state(ask.store, ask.person.id, ask.path("draft")))


async def create(ask: Ask) -> s.DraftText:
    """Bring a text."""
    body: s.DraftIn = ask.body
    facts = (body.title, body.symbol, body.kind.value, body.language, body.mode.value, body.observers)
    await forums.enter(ask.store, ask.person.id, ask.path("forum"))  # a stranger's file is not even read
    clauses = await _clauses(body)
    draft = await drafts.create(ask.store, ask.person.id, ask.path("forum"), *facts, clauses, stage=body.stage.value)
    return views.text(*await drafts.state(ask.store, ask.person.id, draft.id))


async def _clauses(body: s.DraftIn) -> list[Clause]:
    if body.clauses and body.text:
        raise Invalid("two_texts", "Send clauses or text, not both.")
    if body.clauses:
        return [Clause("", c.kind, c.depth, c.text, "", c.lang) for c in body.clauses]
    parsed = await asyncio.to_thread(exchange.read_text, body.text, exchange.Format.MARKDOWN)
    return [Clause(c.id, c.kind, c.depth, c.text, "", c.lang) for c in parsed.clauses]


# ── changes ──


async def set_facts(ask: Ask) -> s.Done:
    """Title, symbol, mode, stage, and who may read what."""
    body: s.DraftSet = ask.body
    facts: dict[str, Any] = {
        name: value
        for name in ("title", "symbol", "mode", "observers", "stage", "proposals", "positions")
        if (value := getattr(body, name)) is not msgspec.UNSET
    }
    if not facts:
        raise Invalid("nothing_to_set", "Name at least one fact to change.")
    return await perform(ask, do.SetDraft(ask.op(), **facts))


async def edit_clause(ask: Ask) -> s.Done:
    """A clause should read so."""
    body: s.TextIn = ask.body
    return await perform(ask, do.Edit(ask.op(), ask.path("clause"), body.number, body.text))


async def command(ask: Ask) -> s.Done:
    """A command as the live socket takes it."""
    return await perform(ask, command_of(ask.body))


async def perform(ask: Ask, asked: do.Command) -> s.Done:
    """Through the draft's sitting, and back when it is on disk."""
    draft_id = ask.path("draft")
    await drafts.open(ask.store, ask.person.id, draft_id)  # who may not read it learns nothing else about it
    return done(await ask.hub.perform(ask.person.id, draft_id, asked))


def done(outcome: Outcome) -> s.Done:
    """What a command made."""
    acts = [act.seq for act in outcome.acts]
    made = [act.body["into"] if act.kind.value == "split" else act.clause_id for act in outcome.acts]
    new = [one for act, one in zip(outcome.acts, made, strict=True) if act.kind.value in {"insert", "split"}]
    last = acts[-1] if acts else outcome.known or 0
    return s.Done(acts, last, [str(one) for one in new], outcome.known is not None)


# ── what happened ──


async def redline(ask: Ask) -> s.Redline:
    """Who inserted and deleted what since a version."""
    state, _ = await drafts.state(ask.store, ask.person.id, ask.path("draft"))
    since = len(state.issued) if not ask.queries["since"] else ask.number("since", len(state.issued))
    _, _, parties, _, _ = await forums.people(ask.store, ask.person.id, state.draft.forum_id)
    return views.redline(state, since, parties)


async def acts(ask: Ask) -> s.Acts:
    """A page of the log as the asker may hear it; where comments stand is told with their threads."""
    draft, member = await drafts.open(ask.store, ask.person.id, ask.path("draft"))
    forum, _ = await forums.enter(ask.store, ask.person.id, draft.forum_id)
    after, limit = ask.number("after", 10**15), ask.number("limit", MAX_PAGE)
    if not limit:
        raise Refusal("bad_query", "A page has at least one act.")
    page = await ask.store.acts(draft.id, after, limit=limit)
    more = page[-1].seq if page and page[-1].seq < draft.seq else None
    return s.Acts([act_frame(act) for act in page if hears(member, act, draft, forum)], more)


COMMAND = (
    wire.Insert
    | wire.Split
    | wire.Join
    | wire.Move
    | wire.Delete
    | wire.Restore
    | wire.Shape
    | wire.Lock
    | wire.SetMode
    | wire.PutBracket
    | wire.LiftBracket
    | wire.Position
    | wire.Sponsor
    | wire.Object
)
"""The frames of the live socket that are commands."""
