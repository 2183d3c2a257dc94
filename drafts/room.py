"""One draft edited live, without I/O: a command or a push goes in, numbered acts come out, or a refusal.

The room decides against its state and applies what it decided at once, so that the next in the same batch sees it. The
caller (server/hub.py, or desk/live.py for doors outside the hub) commits the batch and only then acknowledges and
spreads it; when the commit fails the room is thrown away and loaded again from the log.
"""

import unicodedata
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from drafts import commands as do
from drafts.access import Verb, demand
from drafts.acts import Act, ActKind, Body
from drafts.change import MAX_TEXT, Change, is_high, is_low, narrow, widen
from drafts.errors import Conflict, Invalid, Refusal, TooLarge
from drafts.late import Gap, Item, Late, NeedHistory, Placed, composed, follow
from drafts.model import Audience, ClauseKind, Comment, Draft, Member, Place, Thread, Version, new_id
from drafts.state import ClauseState, State
from drafts.versions import content, digest
from drafts.words import Op, hunks

MAX_CLAUSES = 2_000
MAX_UPDATES = 500  # updates in one push
MAX_INSERTED = 200  # clauses of one insert command
MAX_COMMENT = 20_000  # characters
KEPT = 20_000  # text acts in memory; older ones are read from the log when a very late client needs them
KEPT_OPS = 5_000


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


class Room:
    """A draft's state, with enough of its history in memory to rebase late updates and recognise repeats."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._history: dict[str, list[tuple[Act, Change]]] = {}  # text acts per clause, without holes, newest last
        self._order: list[str] = []  # clause id per kept text act, oldest first
        self._ops: OrderedDict[str, tuple[str, int]] = OrderedDict()  # op -> (person, seq)
        self._carried: OrderedDict[tuple[str, str], int] = OrderedDict()  # (client, joined clause) -> last counter

    @classmethod
    def load(cls, draft: Draft, checkpoint: tuple[int, bytes] | None, tail: Sequence[Act]) -> "Room":
        """From the store: the last checkpoint and the acts after it."""
        room = cls(State.restore(draft, checkpoint, ()))
        room.heal(tail)
        room.state.draft = replace(draft, seq=room.state.draft.seq)
        return room

    @property
    def seq(self) -> int:
        """Number of the last act."""
        return self.state.draft.seq

    def heal(self, acts: Iterable[Act]) -> None:
        """Take in acts that were decided elsewhere (another process, or before this room was loaded)."""
        for act in acts:
            self._take(act, None)

    def remember(self, clause: str, acts: Sequence[Act]) -> None:
        """Older text acts of a clause, fetched for a late client: every act of its text up to those in memory
        (others among them are passed over)."""
        present = self._history.get(clause, [])
        first = present[0][0].number if present else None
        older = [a for a in acts if a.number and "change" in a.body and (first is None or a.number < first)]
        self._history[clause] = [(a, Change.from_log(a.body["change"])) for a in older] + present
        self._order[:0] = [clause] * len(older)

    def _take(self, act: Act, change: Change | None) -> None:
        if act.number is not None and change is None and "change" in act.body:
            change = Change.from_log(act.body["change"])
        self.state.apply(act, change)
        if change is not None and act.clause_id is not None:
            self._history.setdefault(act.clause_id, []).append((act, change))
            self._order.append(act.clause_id)
            if len(self._order) > KEPT * 2:
                self._forget()
        if act.kind is ActKind.CARRY and act.body["client"] is not None:
            self._note_carried(act)
        if act.client is not None and (act.counter is None or act.kind is ActKind.INSERT):
            self._ops[act.client] = (act.person_id, act.seq)
            if len(self._ops) > KEPT_OPS:
                self._ops.popitem(last=False)

    def _note_carried(self, act: Act) -> None:
        """A clause that was joined into another has no acts any more that would show which updates are known."""
        origin = self.state.clause(act.body["path"][0])
        if origin is not None and origin.gone is not None:
            self._carried[act.body["client"], origin.id] = act.body["counter"]
            if len(self._carried) > KEPT_OPS:
                self._carried.popitem(last=False)

    def _forget(self) -> None:
        for clause in self._order[:-KEPT]:
            self._history[clause].pop(0)
        del self._order[:-KEPT]

    def knows(self, op: str) -> bool:
        """Whether the operation is among the recent ones in memory."""
        return op in self._ops

    def recall(self, op: str, person_id: str, seq: int) -> None:
        """An operation that was found in the log."""
        self._ops[op] = (person_id, seq)

    def history(self, clause: str, number: int) -> Sequence[tuple[Act, Change]]:
        """The acts of a clause's text after ``number``. Raises NeedHistory when they are not all in memory."""
        state = self.state.clause(clause)
        if state is None:
            raise Gap
        wanted = state.number - number
        if wanted <= 0:
            if wanted < 0:
                raise Gap
            return ()
        kept = self._history.get(clause, [])
        if wanted > len(kept):
            raise NeedHistory(clause, number)
        return kept[len(kept) - wanted :]

    # ── pushes ──

    def push(self, actor: Member, push: do.Push, at: int) -> Outcome:
        """Updates of one editor. Raises a Refusal (nothing changed), Gap or NeedHistory. What is in the log already
        needs no right any more: the chair may have taken the pen between a push and its repeat."""
        demand(actor, Verb.DRAFT_READ, self.state.draft)
        if not 1 <= len(push.updates) <= MAX_UPDATES or push.base < 0 or push.counter < 0:
            raise Invalid("bad_push", "A push carries between 1 and {limit} updates.", limit=MAX_UPDATES)
        items = [Item(change, push.counter + index) for index, change in enumerate(push.updates)]
        late = Late(self.state, self.history, push.clause, push.client)
        placed = late.bring(push.base, items, self._carried.get((push.client, push.clause), -1))
        if any(place.items for place in placed):
            demand(actor, Verb.DRAFT_EDIT, self.state.draft)
        texts: dict[str, str] = {}
        for place in placed:
            texts[place.clause.id] = _checked(place, texts.get(place.clause.id, place.clause.wide))
        outcome = Outcome()
        origin = self.state.clause(push.clause)
        if origin is not None and origin.gone is not None:
            outcome.carried = origin.gone.into
        for place in placed:
            self._append(outcome, actor, push, place, at)
        return outcome

    def _append(self, outcome: Outcome, actor: Member, push: do.Push, place: Placed, at: int) -> None:
        if place.path:
            if place.items and not (words := composed(item.change for item in place.items)).empty:
                self._carry(outcome, actor, place, words, (push.client, place.items[-1].counter), at)
            return
        for item in place.items:
            body: Body = {"change": item.change.to_json()}
            ident = (push.client, item.counter)
            self._act(outcome, actor, at, ActKind.EDIT, place.clause, body, ident, item.change)
        if place.fix is not None:
            self._carry(outcome, actor, place, place.fix, (None, None), at)

    def _carry(
        self,
        outcome: Outcome,
        actor: Member,
        place: Placed,
        change: Change,
        ident: tuple[str | None, int | None],
        at: int,
    ) -> None:
        body: Body = {"change": change.to_json(), "path": list(place.path), "client": ident[0], "counter": ident[1]}
        self._act(outcome, actor, at, ActKind.CARRY, place.clause, body, change=change)

    def _act(
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
        """One more act: numbered, applied, remembered. A change makes the clause's next text number."""
        clause_id = clause.id if isinstance(clause, ClauseState) else clause
        number = clause.number + 1 if change is not None and isinstance(clause, ClauseState) else None
        if kind is ActKind.INSERT:
            number = 0
        client, counter = ident or (None, None)
        act = Act(self.seq + 1, at, actor.person_id, actor.party.id, kind, clause_id, number, client, counter, body)
        self._take(act, change)
        outcome.acts.append(act)
        return act

    # ── commands ──

    def command(self, actor: Member, command: do.Command, at: int) -> Outcome:
        """Carry a command out. Raises a Refusal (nothing changed) or NeedHistory."""
        if not 1 <= len(command.op) <= 48:
            raise Invalid("bad_op", "An operation id has between 1 and 48 characters.")
        known = self._ops.get(command.op)
        if known is not None:
            if known[0] != actor.person_id:
                raise Conflict("op_taken", "This operation id is in use.")
            return Outcome(known=known[1])
        outcome = Outcome()
        try:
            _COMMANDS[type(command)](self, outcome, actor, command, at)
        except Gap:
            raise Invalid("no_place", "There is no such place in the clause.") from None
        return outcome

    def _standing(self, clause_id: str) -> ClauseState:
        clause = self.state.clause(clause_id)
        if clause is None:
            raise Invalid("no_clause", "There is no such clause.")
        if clause.gone is not None:
            raise Conflict("clause_gone", "The clause was deleted meanwhile.")
        return clause

    def _editable(self, actor: Member, clause_id: str) -> ClauseState:
        demand(actor, Verb.DRAFT_EDIT, self.state.draft)
        clause = self._standing(clause_id)
        _unlocked(clause)
        return clause

    def _insert(self, outcome: Outcome, actor: Member, c: do.Insert, at: int) -> None:
        demand(actor, Verb.DRAFT_EDIT, self.state.draft)
        if c.after is not None and self.state.clause(c.after) is None:
            raise Invalid("no_clause", "There is no such clause.")
        _shape(c.kind, c.depth, c.lang)
        if not 1 <= len(c.texts) <= MAX_INSERTED:
            raise TooLarge("too_many_clauses", "At most {limit} clauses at once.", limit=MAX_INSERTED)
        if len(self.state.standing()) + len(c.texts) > MAX_CLAUSES:
            raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
        texts = [clean(text) for text in c.texts]
        after = c.after
        for index, text in enumerate(texts):
            body = {"after": after, "kind": c.kind.value, "depth": c.depth, "lang": c.lang, "text": text}
            act = self._act(outcome, actor, at, ActKind.INSERT, new_id(), body, (c.op, index))
            after = act.clause_id

    def _split(self, outcome: Outcome, actor: Member, c: do.Split, at: int) -> None:
        demand(actor, Verb.DRAFT_EDIT, self.state.draft)
        clause, position = follow(self.state, self.history, c.clause, c.number, c.at, -1)
        _unlocked(clause)
        _whole(clause.wide, position)
        if len(self.state.standing()) >= MAX_CLAUSES:
            raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
        length = len(clause.wide)
        change = Change.replace(length, position, length)
        body = {"at": position, "into": new_id(), "change": change.to_json()}
        self._act(outcome, actor, at, ActKind.SPLIT, clause, body, (c.op, None), change)

    def _join(self, outcome: Outcome, actor: Member, c: do.Join, at: int) -> None:
        clause = self._editable(actor, c.clause)
        standing = self.state.standing()
        index = standing.index(clause)
        if index == 0:
            raise Conflict("first_clause", "There is no clause before this one.")
        before = standing[index - 1]
        _unlocked(before)
        space = " " if before.wide and clause.wide and before.wide[-1] != " " and clause.wide[0] != " " else ""
        length = len(before.wide)
        if length + len(clause.wide) + 1 > MAX_TEXT:
            raise TooLarge("clause_size", "A clause holds at most {limit} characters. Split it first.", limit=MAX_TEXT)
        change = Change.replace(length, length, length, space + clause.wide)
        body = {"of": clause.id, "at": length + len(space), "change": change.to_json()}
        self._act(outcome, actor, at, ActKind.JOIN, before, body, (c.op, None), change)

    def _move(self, outcome: Outcome, actor: Member, c: do.Move, at: int) -> None:
        demand(actor, Verb.DRAFT_EDIT, self.state.draft)
        clause = self._standing(c.clause)
        block = self.state.block(clause)
        if any(part.locked for part in block):
            demand(actor, Verb.CLAUSE_LOCK, self.state.draft)
        if c.after is not None and self.state.clause(c.after) is None:
            raise Invalid("no_clause", "There is no such clause.")
        if c.after in {part.id for part in block}:
            raise Invalid("into_itself", "A clause cannot be moved behind its own sub-clauses.")
        body = {"after": c.after, "with": [part.id for part in block[1:]]}
        self._act(outcome, actor, at, ActKind.MOVE, clause, body, (c.op, None))

    def _delete(self, outcome: Outcome, actor: Member, c: do.Delete, at: int) -> None:
        clause = self._editable(actor, c.clause)
        if len(c.reason) > 500:
            raise TooLarge("reason_size", "A reason has at most {limit} characters.", limit=500)
        body = {"reason": clean(c.reason)}
        self._act(outcome, actor, at, ActKind.DELETE, clause, body, (c.op, None))

    def _restore(self, outcome: Outcome, actor: Member, c: do.Restore, at: int) -> None:
        demand(actor, Verb.DRAFT_EDIT, self.state.draft)
        clause = self.state.clause(c.clause)
        if clause is None:
            raise Invalid("no_clause", "There is no such clause.")
        if clause.gone is None:
            raise Conflict("not_deleted", "The clause is there.")
        if clause.gone.into is not None:
            raise Conflict("joined", "The clause was joined into another; its words are there.")
        if len(self.state.standing()) >= MAX_CLAUSES:
            raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
        self._act(outcome, actor, at, ActKind.RESTORE, clause, {}, (c.op, None))

    def _reshape(self, outcome: Outcome, actor: Member, c: do.Shape, at: int) -> None:
        clause = self._editable(actor, c.clause)
        _shape(c.kind, c.depth, c.lang)
        body = {"kind": c.kind.value, "depth": c.depth, "lang": c.lang}
        self._act(outcome, actor, at, ActKind.SHAPE, clause, body, (c.op, None))

    def _lock(self, outcome: Outcome, actor: Member, c: do.Lock, at: int) -> None:
        demand(actor, Verb.CLAUSE_LOCK, self.state.draft)
        clause = self._standing(c.clause)
        if c.state not in ("open", "agreed_ad_ref"):
            raise Invalid("bad_state", "A clause is open or agreed ad ref.")
        self._act(outcome, actor, at, ActKind.LOCK, clause, {"state": c.state}, (c.op, None))

    def _set(self, outcome: Outcome, actor: Member, c: do.SetDraft, at: int) -> None:
        demand(actor, Verb.DRAFT_SET, self.state.draft)
        body: Body = {}
        if c.title is not None:
            body["title"] = _short(c.title, 500, "A draft needs a title.")
        if c.symbol is not None:
            body["symbol"] = _short(c.symbol, 100, None)
        if c.mode is not None:
            body["mode"] = c.mode.value
        if c.observers is not None:
            body["observers"] = c.observers
        self._act(outcome, actor, at, ActKind.SET, None, body, (c.op, None))

    def _issue(self, outcome: Outcome, actor: Member, c: do.Issue, at: int) -> None:
        demand(actor, Verb.VERSION_ISSUE, self.state.draft)
        label = _short(c.label, 50, "A version needs a label, such as Rev.1.")
        if label in self.state.issued:
            raise Conflict("label_taken", "There is a version {label} already.", label=label)
        if len(c.note) > MAX_COMMENT:
            raise TooLarge("note_size", "A cover note has at most {limit} characters.", limit=MAX_COMMENT)
        number, moment = len(self.state.issued) + 1, datetime.fromtimestamp(at / 1000, UTC)
        symbol, seq, note = _short(c.symbol, 100, None) or self.state.draft.symbol, self.seq + 1, c.note.strip()
        text = content(
            self.state, number=number, label=label, symbol=symbol, status=c.status, note=note, at=moment, seq=seq
        )
        version = Version(
            self.state.draft.id, number, label, symbol, c.status, note, seq, moment, actor.person_id, actor.party.id,
            digest(text), self.state.hash,
        )  # fmt: skip
        body = {"version": number, "label": label, "hash": version.hash}
        self._act(outcome, actor, at, ActKind.ISSUE, None, body, (c.op, None))
        outcome.versions.append((version, text))

    def _open_thread(self, outcome: Outcome, actor: Member, c: do.OpenThread, at: int) -> None:
        demand(actor, Verb.THREAD_OPEN, self.state.draft)
        if c.audience is Audience.DELEGATIONS:
            demand(actor, Verb.THREAD_OPEN_DELEGATIONS, self.state.draft)
        body = comment_body(c.body)
        clause, start, end = self._stand(c)
        quote = narrow(clause.wide[start:end]) if clause and start is not None and end is not None else ""
        moment, thread_id = datetime.fromtimestamp(at / 1000, UTC), new_id()
        first = Comment(new_id(), thread_id, actor.person_id, actor.person_name, actor.party, body, moment)
        thread = Thread(
            thread_id, self.state.draft.id, c.place, clause.id if clause else None, quote, c.audience, moment, None,
            None, (first,),
        )  # fmt: skip
        mark: Body = {"thread": thread_id, "from": start, "to": end}
        self._act(outcome, actor, at, ActKind.MARK, clause, mark, (c.op, None))
        outcome.threads.append(thread)

    def _stand(self, c: do.OpenThread) -> tuple[ClauseState | None, int | None, int | None]:
        """The clause a new thread stands on now, and its span there."""
        if c.place is Place.DRAFT:
            return None, None, None
        if c.clause is None:
            if c.place is Place.MISSING:
                return None, None, None
            raise Invalid("no_clause", "There is no such clause.")
        if c.place is not Place.SPAN:
            return self._standing(c.clause), None, None
        if c.start >= c.end:
            raise Invalid("empty_span", "Select the words that the comment is about.")
        clause, start = follow(self.state, self.history, c.clause, c.number, c.start, 1)
        last, end = follow(self.state, self.history, c.clause, c.number, c.end, -1)
        if last is not clause:
            end = len(clause.wide)
        if start >= end:
            raise Conflict("words_gone", "The words were deleted meanwhile. Comment on the clause instead.")
        _whole(clause.wide, start)
        _whole(clause.wide, end)
        return clause, start, end

    def _edit(self, outcome: Outcome, actor: Member, c: do.Edit, at: int) -> None:
        clause = self._editable(actor, c.clause)
        if c.number != clause.number:
            raise Conflict(
                "text_moved_on",
                "The clause is at text {number} now. Read it again and repeat the edit.",
                number=clause.number,
            )
        change = _word_change(clause.text, clean(c.text))
        if not change.empty:
            change.check(clause.wide)
        self._act(outcome, actor, at, ActKind.EDIT, clause, {"change": change.to_json()}, (c.op, None), change)


_COMMANDS: dict[type, Any] = {
    do.Insert: Room._insert,
    do.Split: Room._split,
    do.Join: Room._join,
    do.Move: Room._move,
    do.Delete: Room._delete,
    do.Restore: Room._restore,
    do.Shape: Room._reshape,
    do.Lock: Room._lock,
    do.SetDraft: Room._set,
    do.Issue: Room._issue,
    do.OpenThread: Room._open_thread,
    do.Edit: Room._edit,
}


def _word_change(old: str, new: str) -> Change:
    """From the old to the new text, word by word."""
    parts = [(h.op, widen(h.text)) for h in hunks(old, new)]
    return Change.of(
        (0, text) if op is Op.INSERT else (len(text), "" if op is Op.DELETE else None) for op, text in parts
    )


def _checked(place: Placed, text: str) -> str:
    """The clause's text after these changes, if it takes them: not locked, no position inside a character, not too
    large."""
    if any(not item.change.empty for item in place.meant):
        _unlocked(place.clause)
    for item in place.items:
        item.change.check(text)
        text = item.change.apply(text)
    return text if place.fix is None else place.fix.apply(text)


def _unlocked(clause: ClauseState) -> None:
    if clause.locked:
        raise Conflict("clause_locked", "The clause was agreed ad ref; it has to be re-opened before it can change.")


def _whole(wide: str, position: int) -> None:
    if 0 < position < len(wide) and is_low(wide[position]) and is_high(wide[position - 1]):
        raise Invalid("inside_character", "A position lies inside a character.")


def _shape(kind: ClauseKind, depth: int, lang: str) -> None:
    if (kind is ClauseKind.SUB and not 1 <= depth <= 3) or (kind is not ClauseKind.SUB and not 0 <= depth <= 3):
        raise Invalid("bad_depth", "A sub-clause has a depth from 1 to 3.")
    if len(lang) > 16 or not all(part.isalnum() and part.isascii() for part in lang.split("-") if lang):
        raise Invalid("bad_language", "A language is named by its tag, such as en or pt-BR.")


def _short(text: str, limit: int, needed: str | None) -> str:
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
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\x00", "").strip()
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    if not text:
        raise Invalid("empty_comment", "Write something first.")
    if len(text) > MAX_COMMENT:
        raise TooLarge("comment_size", "A comment has at most {limit} characters.", limit=MAX_COMMENT)
    return text


__all__ = ["Gap", "NeedHistory", "Outcome", "Refusal", "Room", "clean", "comment_body"]
