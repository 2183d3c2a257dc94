"""From the nouns to what the API gives."""

from typing import Any

import msgspec

from drafts import access, model
from drafts.access import Verb
from drafts.change import narrow
from drafts.redline import Mark, runs
from drafts.state import ClauseState, State
from drafts.store.rows import ms
from server.api import schema as s


def party(p: model.Party) -> s.Party:
    """A party."""
    return s.Party(p.id, p.name, p.code, p.group)


def member(m: model.Member) -> s.Member:
    """A person in a forum."""
    return s.Member(m.person_id, m.person_name, party(m.party), m.role)


def forum(f: model.Forum, you: model.Member) -> s.Forum:
    """A forum and what the asker is in it."""
    return s.Forum(
        id=f.id,
        name=f.name,
        level=f.level,
        created_at=ms(f.created_at),
        you=member(you),
        silence_minimum=f.silence_minimum,
        breaks=f.breaks,
        public=f.public,
        accredits=f.accredits,
        non_objection=f.non_objection,
        pseudonyms=f.pseudonyms,
        retention=f.retention,
    )


def invitation(i: model.Invitation) -> s.Invitation:
    """An invitation that is still open."""
    return s.Invitation(i.id, party(i.party), i.role, ms(i.created_at), ms(i.expires_at))


def draft(d: model.Draft, you: model.Member) -> s.Draft:
    """A draft and what the asker may do with it."""

    def can(verb: Verb) -> bool:
        return access.may(you, verb, d) is None

    may = s.May(
        edit=can(Verb.DRAFT_EDIT),
        lock=can(Verb.CLAUSE_LOCK),
        set=can(Verb.DRAFT_SET),
        issue=can(Verb.VERSION_ISSUE),
        comment_delegations=can(Verb.THREAD_OPEN_DELEGATIONS),
    )
    at = ms(d.created_at)
    return s.Draft(
        d.id, d.forum_id, d.title, d.symbol, d.kind, d.language, d.mode, d.observers, d.seq, at, may,
        d.stage, d.proposals, d.positions,
    )  # fmt: skip


def text(state: State, you: model.Member) -> s.DraftText:
    """A draft with its clauses."""
    clauses = [
        s.Clause(c.id, c.kind, c.depth, c.label, c.lang, c.text, state.by_id[c.id].number, state.by_id[c.id].state)
        for c in state.live()
    ]
    return s.DraftText(draft(state.draft, you), clauses)


def version(v: model.Version) -> s.Version:
    """An issued version."""
    at = ms(v.issued_at)
    return s.Version(
        v.number, v.label, v.symbol, v.status, v.note, v.seq, at, v.issued_by, v.party_id, v.hash, v.previous
    )


def thread(view: dict[str, Any]) -> s.Thread:
    """A thread as ``desk.threads`` made it for the asker."""
    return msgspec.convert(view, s.Thread)


# ── redline ──


def redline(state: State, since: int, parties: list[model.Party]) -> s.Redline:
    """The live text against version ``since`` (0: as it was brought in)."""
    shown = [c for c in state.clauses if c.gone is None or c.gone.epoch > since]
    names = state.labels()
    clauses = [_clause(state, c, since + 1, names.get(c.id, "")) for c in shown if not _never_shown(c, since + 1)]
    return s.Redline(since, state.draft.seq, clauses, {p.id: party(p) for p in parties})


def _never_shown(clause: ClauseState, baseline: int) -> bool:
    """Made and joined into another since: its words are shown there."""
    return clause.gone is not None and (clause.gone.into is not None or clause.born.epoch >= baseline)


def _clause(state: State, clause: ClauseState, baseline: int, label: str) -> s.RedlineClause:
    change, author = "kept", -1
    if clause.gone is not None:
        change, author = "deleted", clause.gone.author
    elif clause.born.epoch >= baseline:
        change, author = "new", clause.born.author
    elif clause.moved is not None and clause.moved.epoch >= baseline:
        change, author = "moved", clause.moved.author
    told = [
        s.Run(narrow(run.text), run.mark.value, _owner(state, run.by), _owner(state, run.del_by))
        for run in runs(clause.segments, baseline, state.owners)
        if run.mark is not Mark.KEPT or run.text
    ]
    reason = clause.gone.reason if clause.gone is not None else ""
    by = _owner(state, author)
    return s.RedlineClause(clause.id, clause.kind, clause.depth, label, clause.lang, change, by, reason, told)


def _owner(state: State, author: int) -> str | None:
    return state.owners[author] if author >= 0 else None
