"""What each command comes to: its checks, and the acts it makes. The room numbers, applies and remembers them.

A decision raises a Refusal before it made any act, so that nothing is half done.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from drafts import commands as do
from drafts import stages
from drafts.access import Verb, demand
from drafts.acts import Act, ActKind, Begun, Body, Since
from drafts.change import MAX_TEXT, Change, is_high, is_low, narrow, widen
from drafts.errors import Conflict, Invalid, TooLarge
from drafts.late import follow
from drafts.model import (
    LOCKED,
    Audience,
    ClauseKind,
    ClauseStatus,
    Comment,
    Member,
    Place,
    ProposalState,
    Thread,
    Version,
    new_id,
)
from drafts.outside import Report
from drafts.state import ClauseState, State
from drafts.versions import content, digest
from drafts.words import Op, hunks

MAX_CLAUSES = 2_000
MAX_INSERTED = 200  # clauses of one insert command
MAX_COMMENT = 20_000  # characters
MAX_REASON = 1_000  # characters, of what everybody reads about a decision


@dataclass(slots=True)
class Outcome:
    """What became of one push or command. ``acts`` are applied already; empty when it was a repeat (``known`` is then
    the seq of the act it made the first time). ``carried``: the clause a push went to because its own was joined into
    it."""

    acts: list[Act] = field(default_factory=list)
    versions: list[tuple[Version, str]] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    carried: str | None = None
    known: int | None = None
    report: Report | None = None  # of a merge
    begun: list[Begun] = field(default_factory=list)  # private proposals that a merge becomes
    proposals: list[tuple[str, ProposalState, int | None]] = field(default_factory=list)  # id, state, number


class Acting(Protocol):
    """What a decision needs of the room."""

    state: State

    @property
    def seq(self) -> int:
        """Number of the last act."""

    def history(self, clause: str, number: int) -> Sequence[tuple[Act, Change]]:
        """The acts of a clause's text after ``number``. Raises NeedHistory, Gap."""

    def act(
        self,
        outcome: Outcome,
        actor: Member,
        at: int,
        kind: ActKind,
        clause: ClauseState | str | None,
        body: Body,
        ident: tuple[str, int | None] | None = None,
        change: Change | None = None,
    ) -> Act:
        """One more act."""

    def since(self, op: str, seq: int) -> Since:
        """What happened to the clauses after an act, for the command with this operation id."""


def standing(room: Acting, clause_id: str) -> ClauseState:
    """The clause, which is there. Raises Invalid, Conflict."""
    clause = room.state.clause(clause_id)
    if clause is None:
        raise Invalid("no_clause", "There is no such clause.")
    if clause.gone is not None:
        raise Conflict("clause_gone", "The clause was deleted meanwhile.")
    return clause


def _editable(room: Acting, actor: Member, clause_id: str) -> ClauseState:
    demand(actor, Verb.DRAFT_EDIT, room.state.draft)
    clause = standing(room, clause_id)
    unlocked(clause)
    return clause


def _insert(room: Acting, outcome: Outcome, actor: Member, c: do.Insert, at: int) -> None:
    demand(actor, Verb.DRAFT_EDIT, room.state.draft)
    if c.after is not None and room.state.clause(c.after) is None:
        raise Invalid("no_clause", "There is no such clause.")
    check_shape(c.kind, c.depth, c.lang)
    if not 1 <= len(c.texts) <= MAX_INSERTED:
        raise TooLarge("too_many_clauses", "At most {limit} clauses at once.", limit=MAX_INSERTED)
    if len(room.state.standing()) + len(c.texts) > MAX_CLAUSES:
        raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
    texts = [clean(text) for text in c.texts]
    after = c.after
    for index, text in enumerate(texts):
        body = {"after": after, "kind": c.kind.value, "depth": c.depth, "lang": c.lang, "text": text}
        act = room.act(outcome, actor, at, ActKind.INSERT, new_id(), body, (c.op, index))
        after = act.clause_id


def _split(room: Acting, outcome: Outcome, actor: Member, c: do.Split, at: int) -> None:
    demand(actor, Verb.DRAFT_EDIT, room.state.draft)
    clause, position = follow(room.state, room.history, c.clause, c.number, c.at, -1)
    unlocked(clause)
    _whole(clause.wide, position)
    if len(room.state.standing()) >= MAX_CLAUSES:
        raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
    length = len(clause.wide)
    change = Change.replace(length, position, length)
    body = {"at": position, "into": new_id(), "change": change.to_json()}
    room.act(outcome, actor, at, ActKind.SPLIT, clause, body, (c.op, None), change)


def _join(room: Acting, outcome: Outcome, actor: Member, c: do.Join, at: int) -> None:
    clause = _editable(room, actor, c.clause)
    standing = room.state.standing()
    index = standing.index(clause)
    if index == 0:
        raise Conflict("first_clause", "There is no clause before this one.")
    before = standing[index - 1]
    unlocked(before)
    space = " " if before.wide and clause.wide and before.wide[-1] != " " and clause.wide[0] != " " else ""
    length = len(before.wide)
    if length + len(clause.wide) + 1 > MAX_TEXT:
        raise TooLarge("clause_size", "A clause holds at most {limit} characters. Split it first.", limit=MAX_TEXT)
    change = Change.replace(length, length, length, space + clause.wide)
    body = {"of": clause.id, "at": length + len(space), "change": change.to_json()}
    room.act(outcome, actor, at, ActKind.JOIN, before, body, (c.op, None), change)


def _move(room: Acting, outcome: Outcome, actor: Member, c: do.Move, at: int) -> None:
    demand(actor, Verb.DRAFT_EDIT, room.state.draft)
    clause = standing(room, c.clause)
    block = room.state.block(clause)
    if any(part.locked for part in block):
        demand(actor, Verb.CLAUSE_LOCK, room.state.draft)
    if c.after is not None and room.state.clause(c.after) is None:
        raise Invalid("no_clause", "There is no such clause.")
    if c.after in {part.id for part in block}:
        raise Invalid("into_itself", "A clause cannot be moved behind its own sub-clauses.")
    body = {"after": c.after, "with": [part.id for part in block[1:]]}
    room.act(outcome, actor, at, ActKind.MOVE, clause, body, (c.op, None))


def _delete(room: Acting, outcome: Outcome, actor: Member, c: do.Delete, at: int) -> None:
    clause = _editable(room, actor, c.clause)
    if len(c.reason) > 500:
        raise TooLarge("reason_size", "A reason has at most {limit} characters.", limit=500)
    body = {"reason": clean(c.reason)}
    room.act(outcome, actor, at, ActKind.DELETE, clause, body, (c.op, None))


def _restore(room: Acting, outcome: Outcome, actor: Member, c: do.Restore, at: int) -> None:
    demand(actor, Verb.DRAFT_EDIT, room.state.draft)
    clause = room.state.clause(c.clause)
    if clause is None:
        raise Invalid("no_clause", "There is no such clause.")
    if clause.gone is None:
        raise Conflict("not_deleted", "The clause is there.")
    if clause.gone.into is not None:
        raise Conflict("joined", "The clause was joined into another; its words are there.")
    if len(room.state.standing()) >= MAX_CLAUSES:
        raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
    room.act(outcome, actor, at, ActKind.RESTORE, clause, {}, (c.op, None))


def _reshape(room: Acting, outcome: Outcome, actor: Member, c: do.Shape, at: int) -> None:
    clause = _editable(room, actor, c.clause)
    check_shape(c.kind, c.depth, c.lang)
    body = {"kind": c.kind.value, "depth": c.depth, "lang": c.lang}
    room.act(outcome, actor, at, ActKind.SHAPE, clause, body, (c.op, None))


def _lock(room: Acting, outcome: Outcome, actor: Member, c: do.Lock, at: int) -> None:
    demand(actor, Verb.CLAUSE_LOCK, room.state.draft)
    clause = standing(room, c.clause)
    if c.state not in set(ClauseStatus):
        raise Invalid("bad_state", "There is no such state of a clause.")
    if c.state == clause.state:
        raise Conflict("same_state", "The clause is marked so already.")
    reason = short(c.reason, MAX_REASON)
    if clause.locked and c.state not in LOCKED and not reason:
        raise Invalid("say_why", "Say why the clause is re-opened; everybody sees the reason.")
    room.act(outcome, actor, at, ActKind.LOCK, clause, {"state": c.state, "reason": reason}, (c.op, None))


def _set(room: Acting, outcome: Outcome, actor: Member, c: do.SetDraft, at: int) -> None:
    draft = room.state.draft
    demand(actor, Verb.DRAFT_SET, draft)
    told: Body = {
        "title": None if c.title is None else short(c.title, 500, "A draft needs a title."),
        "symbol": None if c.symbol is None else short(c.symbol, 100),
        "mode": c.mode and c.mode.value,
        "observers": c.observers,
        "stage": c.stage and c.stage.value,
        "proposals": c.proposals and c.proposals.value,
        "positions": c.positions and c.positions.value,
    }
    body = {name: value for name, value in told.items() if value is not None and value != getattr(draft, name)}
    stages.fixed(draft, body)
    if c.stage is not None and c.stage is not draft.stage:
        demand(actor, Verb.STAGE_SET, draft)
        stages.fixed(replace(draft, stage=c.stage), body)
        stages.goes(room.state, c.stage, c.issued)
    room.act(outcome, actor, at, ActKind.SET, None, body, (c.op, None))


def _issue(room: Acting, outcome: Outcome, actor: Member, c: do.Issue, at: int) -> None:
    demand(actor, Verb.VERSION_ISSUE, room.state.draft)
    label = short(c.label, 50, "A version needs a label, such as Rev.1.")
    if label in room.state.issued:
        raise Conflict("label_taken", "There is a version {label} already.", label=label)
    if len(c.note) > MAX_COMMENT:
        raise TooLarge("note_size", "A cover note has at most {limit} characters.", limit=MAX_COMMENT)
    number, moment = len(room.state.issued) + 1, datetime.fromtimestamp(at / 1000, UTC)
    symbol, seq, note = short(c.symbol, 100, None) or room.state.draft.symbol, room.seq + 1, c.note.strip()
    text = content(
        room.state, number=number, label=label, symbol=symbol, status=c.status, note=note, at=moment, seq=seq
    )
    version = Version(
        room.state.draft.id, number, label, symbol, c.status, note, seq, moment, actor.person_id, actor.party.id,
        digest(text), room.state.hash,
    )  # fmt: skip
    body = {"version": number, "label": label, "hash": version.hash}
    room.act(outcome, actor, at, ActKind.ISSUE, None, body, (c.op, None))
    outcome.versions.append((version, text))


def open_thread(room: Acting, outcome: Outcome, actor: Member, c: do.OpenThread, at: int) -> None:
    """A new thread, and the act that says where it stands."""
    demand(actor, Verb.THREAD_OPEN, room.state.draft)
    if c.audience is Audience.DELEGATIONS:
        demand(actor, Verb.THREAD_OPEN_DELEGATIONS, room.state.draft)
    stages.takes_comment(room.state.draft, c.place)
    body = comment_body(c.body)
    clause, start, end = _stand(room, c)
    quote = narrow(clause.wide[start:end]) if clause and start is not None and end is not None else ""
    moment, thread_id = datetime.fromtimestamp(at / 1000, UTC), new_id()
    first = Comment(new_id(), thread_id, actor.person_id, actor.person_name, actor.party, body, moment)
    thread = Thread(
        thread_id, room.state.draft.id, c.place, clause.id if clause else None, quote, c.audience, moment, None,
        None, (first,),
    )  # fmt: skip
    mark: Body = {"thread": thread_id, "from": start, "to": end}
    room.act(outcome, actor, at, ActKind.MARK, clause, mark, (c.op, None))
    outcome.threads.append(thread)


def _stand(room: Acting, c: do.OpenThread) -> tuple[ClauseState | None, int | None, int | None]:
    """The clause a new thread stands on now, and its span there."""
    if c.place is Place.DRAFT:
        return None, None, None
    if c.clause is None:
        if c.place is Place.MISSING:
            return None, None, None
        raise Invalid("no_clause", "There is no such clause.")
    if c.place is not Place.SPAN:
        return standing(room, c.clause), None, None
    if c.start >= c.end:
        raise Invalid("empty_span", "Select the words that the comment is about.")
    clause, start = follow(room.state, room.history, c.clause, c.number, c.start, 1)
    last, end = follow(room.state, room.history, c.clause, c.number, c.end, -1)
    if last is not clause:
        end = len(clause.wide)
    if start >= end:
        raise Conflict("words_gone", "The words were deleted meanwhile. Comment on the clause instead.")
    _whole(clause.wide, start)
    _whole(clause.wide, end)
    return clause, start, end


def _edit(room: Acting, outcome: Outcome, actor: Member, c: do.Edit, at: int) -> None:
    clause = _editable(room, actor, c.clause)
    if c.number != clause.number:
        raise Conflict(
            "text_moved_on",
            "The clause is at text {number} now. Read it again and repeat the edit.",
            number=clause.number,
        )
    change = word_change(clause.text, clean(c.text))
    if not change.empty:
        change.check(clause.wide)
    room.act(outcome, actor, at, ActKind.EDIT, clause, {"change": change.to_json()}, (c.op, None), change)


COMMANDS: Final[dict[type, Callable[["Acting", Outcome, Member, Any, int], None]]] = {
    do.Insert: _insert,
    do.Split: _split,
    do.Join: _join,
    do.Move: _move,
    do.Delete: _delete,
    do.Restore: _restore,
    do.Shape: _reshape,
    do.Lock: _lock,
    do.SetDraft: _set,
    do.Issue: _issue,
    do.OpenThread: open_thread,
    do.Edit: _edit,
}


def word_change(old: str, new: str) -> Change:
    """From the old to the new text, word by word."""
    parts = [(h.op, widen(h.text)) for h in hunks(old, new)]
    return Change.of(
        (0, text) if op is Op.INSERT else (len(text), "" if op is Op.DELETE else None) for op, text in parts
    )


def unlocked(clause: ClauseState) -> None:
    """Raises Conflict for a clause that is agreed."""
    if clause.locked:
        raise Conflict("clause_locked", "The clause was agreed ad ref; it has to be re-opened before it can change.")


def _whole(wide: str, position: int) -> None:
    if 0 < position < len(wide) and is_low(wide[position]) and is_high(wide[position - 1]):
        raise Invalid("inside_character", "A position lies inside a character.")


def check_shape(kind: ClauseKind, depth: int, lang: str) -> None:
    """Raises Invalid for what no clause can be."""
    if (kind is ClauseKind.SUB and not 1 <= depth <= 3) or (kind is not ClauseKind.SUB and not 0 <= depth <= 3):
        raise Invalid("bad_depth", "A sub-clause has a depth from 1 to 3.")
    if len(lang) > 16 or not all(part.isalnum() and part.isascii() for part in lang.split("-") if lang):
        raise Invalid("bad_language", "A language is named by its tag, such as en or pt-BR.")


def short(text: str, limit: int, needed: str | None = None) -> str:
    """One trimmed line of at most ``limit`` characters. Raises TooLarge; Invalid for none where one is ``needed``."""
    text = clean(text).strip()
    if needed and not text:
        raise Invalid("empty", needed)
    if len(text) > limit:
        raise TooLarge("too_long", "At most {limit} characters fit here.", limit=limit)
    return text


def clean(text: str) -> str:
    """One paragraph of NFC text: line breaks and other control characters become spaces. Raises TooLarge."""
    text = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        text = "".join(
            " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if not "\ud800" <= c <= "\udfff"
        )
    if len(widen(text)) > MAX_TEXT:
        raise TooLarge("clause_size", "A clause holds at most {limit} characters. Split it first.", limit=MAX_TEXT)
    return text


def comment_body(text: str) -> str:
    """A comment's words: NFC, trimmed, line breaks kept. Raises Invalid when empty, TooLarge when too long."""
    text = paragraphs(text)
    if not text:
        raise Invalid("empty_comment", "Write something first.")
    if len(text) > MAX_COMMENT:
        raise TooLarge("comment_size", "A comment has at most {limit} characters.", limit=MAX_COMMENT)
    return text


def paragraphs(text: str) -> str:
    """What somebody wrote, with its line breaks: NFC, trimmed, without control characters."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\x00", "").strip()
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
