"""A merge comes down: what each item of a plan (merge.py) comes to in the text as it stands now. No I/O.

First everything is judged, so that a refusal or a call for older acts leaves nothing behind; then it is done, as the
acts that people make by hand: words, joins and splits; new and moved clauses in the order of the file; kinds;
deletions; the file's comments. What others did since under an item makes it a conflict (``Clash``), never a silent
edit. Who may not edit but propose gets private proposals instead (proposing.py); who may do neither, and what there is
no proposal for, comments.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from drafts import commands as do
from drafts.access import Verb, demand, may
from drafts.acts import ActKind, Body
from drafts.change import MAX_TEXT, Change, narrow, rebase, widen
from drafts.decide import MAX_COMMENT, Acting, Outcome, open_thread
from drafts.errors import Invalid, TooMany
from drafts.footing import Footing, Past, depth_of
from drafts.merge import Added, Cut, Item, Joined, Moved, Removed, Shaped, Words, clauses_of, glue, glued
from drafts.model import Audience, ClauseKind, Comment, Member, Place, Stage, new_id
from drafts.outside import Why
from drafts.patches import OWN, Part, Patch, as_one, growth, steps
from drafts.proposing import Proposing
from drafts.stages import takes_comment
from drafts.state import ClauseState
from drafts.tally import Tally, proposal
from drafts.weigh import Fate, weigh


def land(room: Acting, outcome: Outcome, actor: Member, c: do.Merge, at: int) -> None:
    """Decide a merge. Its report is in the outcome. Raises a Refusal or NeedHistory before anything is done."""
    draft = room.state.draft
    demand(actor, Verb.DRAFT_READ, draft)
    if c.plan.parties - {actor.party.id}:
        demand(actor, Verb.EDIT_FOR, draft)
    if not 1 <= c.base_seq <= room.seq:
        raise Invalid("no_base", "The text never was as this says it was.")
    editing = may(actor, Verb.DRAFT_EDIT, draft) is None
    proposing = not editing and may(actor, Verb.PROPOSAL_WRITE, draft) is None
    landing = _Landing(room, outcome, actor, c, at)
    rest = () if editing else landing.propose() if proposing else c.plan.items
    if not (editing or proposing) or rest or c.said:
        demand(actor, Verb.THREAD_OPEN, draft)
        if Audience.DELEGATIONS in {c.audience, c.heard}:
            demand(actor, Verb.THREAD_OPEN_DELEGATIONS, draft)
    if rest and not proposing:
        takes_comment(draft, Place.CLAUSE)
    if editing:
        landing.edit()
    landing.comment(rest)
    landing.remarks()
    outcome.report = landing.tally.report(c.brought, c.base_seq, landing.on.before, landing.threads, c.notes)


@dataclass(slots=True)
class _Landing:
    room: Acting
    outcome: Outcome
    actor: Member
    c: do.Merge
    at: int
    on: Footing = field(init=False)
    tally: Tally = field(init=False)
    threads: int = 0

    def __post_init__(self) -> None:
        self.on = Footing(self.room, self.c)
        self.tally = Tally(self.room.state, self.on.ids)

    # ── what is done ──

    def edit(self) -> None:
        """Do what can be done without asking."""
        items = self.c.plan.items
        for item in items:
            if isinstance(item, Words):
                self._words(item)
            elif isinstance(item, Joined):
                self._joined(item)
            elif isinstance(item, Cut):
                self._cut(item)
        for item in sorted((i for i in items if isinstance(i, Added | Moved)), key=lambda i: i.at):
            if isinstance(item, Added):
                self._added(item)
            else:
                self._moved(item)
        for item in items:
            if isinstance(item, Shaped):
                self._shaped(item)
        for item in items:
            if isinstance(item, Removed):
                self._removed(item)

    def _act(
        self, kind: ActKind, clause: ClauseState | str, body: Body, change: Change | None = None, party: str = OWN
    ) -> str:
        """One more act of this merge; the first has the operation alone, the others are counted behind it."""
        made = len(self.outcome.acts)
        ident = (self.c.op, made or None)
        actor = self.actor if party == OWN else replace(self.actor, party=replace(self.actor.party, id=party))
        act = self.room.act(self.outcome, actor, self.at, kind, clause, body, ident, change)
        return act.clause_id or ""

    def _write(self, clause: ClauseState, base: str, patches: Sequence[Patch], since: Sequence[Change]) -> None:
        """Bring patches of ``base`` into the clause, over the changes since, one at a time."""
        made = steps(base, patches)
        moved = rebase([change for _, change in made], since)
        for (party, _), change in zip(made, moved, strict=True):
            if not change.empty:
                self._act(ActKind.EDIT, clause, {"change": change.to_json()}, change, party)

    # ── words ──

    def _words(self, item: Words) -> None:
        past = self.on.past[item.clause]
        base = widen(item.base)
        if past.state.gone is None and past.state.wide == widen(item.theirs):
            self.tally.tell(self.tally.already, item, item.patches)
        elif past.why is not None:
            self.tally.clash(item, past.why, item.patches)
        elif not item.sure:
            self.tally.clash(item, Why.UNSURE, item.patches)
        else:
            self._weighed(item, past, base)

    def _weighed(self, item: Words, past: Past, base: str) -> None:
        found = weigh(base, item.patches, past.since(base))
        clear = [item.patches[at] for at in found.of(Fate.CLEAR)]
        there = [item.patches[at] for at in found.of(Fate.ALREADY)]
        if there:
            self.tally.tell(self.tally.already, item, there)
        if clear and len(past.state.wide) + growth(clear) > MAX_TEXT:
            self.tally.clash(item, Why.TOO_LONG, clear)
        elif clear:
            self._write(past.state, base, clear, past.changes)
            self.tally.tell(self.tally.done, item, clear)
        for together in found.clashes():
            why = Why.UNPAIRED if all(found.fates[at] is Fate.UNPAIRED for at in together) else Why.OVERLAP
            self.tally.clash(item, why, [item.patches[at] for at in together])

    # ── splits and joins ──

    def _cut(self, item: Cut) -> None:
        past, base = self.on.past[item.clause], widen(item.base)
        standing = self.room.state.standing()
        if past.state.gone is None and self._reads(standing, past.state, item.texts):
            first = standing.index(past.state)
            self.on.ids |= {at: standing[first + step].id for step, at in enumerate(item.at)}
            self.tally.tell(self.tally.already, item, item.patches)
            return
        why = past.why or (None if item.sure else Why.UNSURE)
        if why is None:
            cuts = [Patch(place, place, ()) for place in item.places]
            found = weigh(base, [*item.patches, *cuts], past.since(base))
            if any(fate is not Fate.CLEAR for fate in found.fates):
                why = Why.OVERLAP
            elif len(past.state.wide) + growth(item.patches) > MAX_TEXT or not self.on.takes(len(item.ends)):
                why = Why.TOO_LONG
        if why is not None:
            self.tally.clash(item, why, item.patches)
            return
        mine = as_one(base, item.patches)
        after = past.since(base).map(mine, before=True)
        ends = [after.map_pos(end, -1) for end in item.ends]
        self._write(past.state, base, item.patches, past.changes)
        for step, end in reversed(list(enumerate(ends, 1))):
            length = len(past.state.wide)
            change = Change.replace(length, end, length)
            body = {"at": end, "into": new_id(), "change": change.to_json()}
            self._act(ActKind.SPLIT, past.state, body, change)
            self.on.ids[item.at[step]] = str(body["into"])
        self.tally.tell(self.tally.done, item, item.patches)

    def _reads(self, standing: Sequence[ClauseState], first: ClauseState, texts: Sequence[str]) -> bool:
        at = standing.index(first)
        return [clause.text for clause in standing[at : at + len(texts)]] == list(texts)

    def _joined(self, item: Joined) -> None:
        pasts = [self.on.past[clause] for clause in item.clauses]
        first = pasts[0].state
        self.on.ids[item.at] = first.id
        gone = all(past.state.gone is not None and past.state.gone.into == first.id for past in pasts[1:])
        if first.gone is None and gone and first.text == item.theirs:
            self.tally.tell(self.tally.already, item, item.patches)
            return
        why = self._joinable(item, pasts)
        if why is not None:
            self.tally.clash(item, why, item.patches)
            return
        base, since = widen(glued(item.bases)), self._side_by_side(item, pasts)
        for past in pasts[1:]:
            self._join(first, past.state)
        self._write(first, base, item.patches, [since])
        self.tally.tell(self.tally.done, item, item.patches)

    def _joinable(self, item: Joined, pasts: Sequence[Past]) -> Why | None:
        why = next((past.why for past in pasts if past.why is not None), None)
        if why is not None or not item.sure:
            return why or Why.UNSURE
        standing = self.room.state.standing()
        places = [standing.index(past.state) for past in pasts]
        if places != list(range(places[0], places[0] + len(places))):
            return Why.MOVED
        base = widen(glued(item.bases))
        joints = [len(widen(glued(item.bases[:count]))) for count in range(1, len(item.bases))]
        meets = [Patch(place, place, ()) for place in joints]
        found = weigh(base, [*item.patches, *meets], self._side_by_side(item, pasts))
        if any(fate is not Fate.CLEAR for fate in found.fates):
            return Why.OVERLAP
        whole = sum(len(past.state.wide) + 1 for past in pasts)
        return Why.TOO_LONG if whole + growth(item.patches) > MAX_TEXT else None

    def _side_by_side(self, item: Joined, pasts: Sequence[Past]) -> Change:
        """What others did to the clauses, as a change of their texts joined."""
        sections: list[tuple[int, str | None]] = []
        before = ""
        for past, text in zip(pasts, item.bases, strict=True):
            base = widen(text)
            sections.append((len(glue(before, base)), None))
            change = past.since(base)
            told = zip(change.sections, change.inserts, strict=True)
            sections += [(length, None if ins < 0 else words) for (length, ins), words in told]
            before += glue(before, base) + base
        return Change.of(sections)

    def _join(self, first: ClauseState, other: ClauseState) -> None:
        space = glue(first.wide, other.wide)
        length = len(first.wide)
        change = Change.replace(length, length, length, space + other.wide)
        body = {"of": other.id, "at": length + len(space), "change": change.to_json()}
        self._act(ActKind.JOIN, first, body, change)

    # ── new and moved clauses ──

    def _added(self, item: Added) -> None:
        depth = depth_of(item.kind, item.depth)
        twin = self.on.twin(item)
        if twin is not None:
            self.on.ids[item.at] = twin.id
            self.tally.tell(self.tally.already, item)
            return
        after = self.on.behind_new(self.on.anchor(item.at, ()), depth)
        parts = [part for part in item.parts if part.dele is None]
        whole = "".join(part.text for part in parts)
        if len(whole) > MAX_TEXT or not self.on.takes(1):
            self.tally.clash(item, Why.TOO_LONG, (), after=after, shape=(item.kind.value, depth, item.lang))
            return
        sizes: dict[str, int] = {}
        for part in parts:
            sizes[part.ins or OWN] = sizes.get(part.ins or OWN, 0) + len(part.text)
        main = max(sizes, key=lambda who: sizes[who]) if sizes else OWN
        first = "".join(part.text for part in parts if (part.ins or OWN) == main)
        body = {"after": after, "kind": item.kind.value, "depth": depth, "lang": item.lang, "text": narrow(first)}
        self.on.ids[item.at] = made = self._act(ActKind.INSERT, new_id(), body, party=main)
        state = self.room.state.clause(made)
        if len(sizes) > 1 and state is not None:
            rest = tuple(Part(p.text) if (p.ins or OWN) == main else Part(p.text, p.ins) for p in parts)
            self._write(state, first, [Patch(0, len(first), rest)], [])
        self.tally.tell(self.tally.done, item)

    def _moved(self, item: Moved) -> None:
        past = self.on.past[item.clause]
        state = past.state
        block = self.room.state.block(state) if state.gone is None else [state]
        held = [part for part in block[1:] if part.id in item.following or part.gone or part.id not in self.on.base]
        ids = {state.id, *(part.id for part in held)}
        target = self.on.anchor(item.at, ids)
        if past.why is not Why.DELETED and past.why is not Why.JOINED and self.on.in_place(state, target):
            self.tally.tell(self.tally.already if past.why is Why.MOVED else self.tally.done, item)
            return
        why = past.why or (None if item.sure else Why.UNSURE) or (Why.LOCKED if any(c.locked for c in held) else None)
        if why is not None:
            self.tally.clash(item, why, (), after=target)
            return
        depth = state.depth if state.kind is ClauseKind.SUB else 0
        body = {"after": self.on.behind_new(target, depth), "with": [part.id for part in held]}
        if body["after"] in ids:
            body["after"] = target
        self._act(ActKind.MOVE, state, body)
        self.tally.tell(self.tally.done, item)

    # ── kinds and deletions ──

    def _shaped(self, item: Shaped) -> None:
        past = self.on.past[item.clause]
        state = past.state
        depth = depth_of(item.kind, item.depth)
        why = past.why
        if state.gone is None and (state.kind, state.depth) == (item.kind, depth):
            self.tally.tell(self.tally.already, item)
        elif why is not None or (state.kind, state.depth) != item.was:
            self.tally.clash(item, why or Why.OVERLAP, (), shape=(item.kind.value, depth, item.lang))
        else:
            self._act(ActKind.SHAPE, state, {"kind": item.kind.value, "depth": depth, "lang": state.lang})
            self.tally.tell(self.tally.done, item)

    def _removed(self, item: Removed) -> None:
        past = self.on.past[item.clause]
        base = widen(item.base)
        if past.why is Why.DELETED:
            self.tally.tell(self.tally.already, item)
        elif past.why is not None:
            self.tally.clash(item, past.why, ())
        elif past.state.wide != base:
            self.tally.clash(item, Why.OVERLAP, ())
        else:
            self._act(ActKind.DELETE, past.state, {"reason": ""}, party=item.party)
            self.tally.tell(self.tally.done, item)

    # ── instead of edits, and beside them: proposals and comments ──

    def propose(self) -> tuple[Item, ...]:
        """Let the items become proposals; those that cannot."""
        made = Proposing(self.room.state, self.actor, self.c.brought or self.c.op, self.at, self.on, self.tally)
        made.propose(self.c.plan.items)
        if len(made.begun) > self.c.most:
            raise TooMany(
                "too_many_proposed",
                "The file would become {count} proposals; your party can write {limit} more at a time.",
                count=len(made.begun),
                limit=self.c.most,
            )
        self.outcome.begun += made.begun
        return tuple(made.rest)

    def comment(self, items: Iterable[Item]) -> None:
        """Tell these items as comment threads with the proposed wording. What a thread cannot hold is listed alone."""
        general = self.room.state.draft.stage is Stage.FIRST_READING
        for item in items:
            clause = next(iter(clauses_of(item)), None)
            if isinstance(item, Added):
                clause = self.on.anchor(item.at, ())
            state = self.room.state.clause(clause) if clause else None
            place = Place.DRAFT if state is None or state.gone else Place.CLAUSE
            if isinstance(item, Added) and place is Place.CLAUSE:
                place = Place.MISSING
            behind = self.on.anchor(item.at, {item.clause}) if isinstance(item, Moved) else None
            body = proposal(item, self._name(behind) if behind else "")
            if (general and place is not Place.DRAFT) or len(body) > MAX_COMMENT:
                self.tally.tell(self.tally.left, item, getattr(item, "patches", ()))
                continue
            self._thread(place, state, body)
            self.tally.tell(self.tally.commented, item, getattr(item, "patches", ()))

    def _name(self, clause: str) -> str:
        state = self.room.state.clause(clause)
        return self.tally.labels.get(clause) or (f"“{state.text[:40]}”" if state else "")

    def remarks(self) -> None:
        """Open a thread for each of the file's comments, on the words that it quotes where they stand; in
        the first reading on the whole."""
        general = self.room.state.draft.stage is Stage.FIRST_READING
        for said in self.c.said:
            clause = self.on.ids.get(said.at)
            state = self.room.state.clause(clause) if clause else None
            if state is None or state.gone is not None or general:
                quoted = f"“{said.quote}”: " if said.quote else ""
                self._thread(Place.DRAFT, None, quoted + said.bodies[0], said.bodies[1:], audience=self.c.heard)
            else:
                start = _nearest(state.text, said.quote, said.start)
                if start is None:
                    self._thread(Place.CLAUSE, state, said.bodies[0], said.bodies[1:], audience=self.c.heard)
                else:
                    span = (len(widen(state.text[:start])), len(widen(state.text[: start + len(said.quote)])))
                    self._thread(Place.SPAN, state, said.bodies[0], said.bodies[1:], span, self.c.heard)
            self.threads += 1

    def _thread(
        self,
        place: Place,
        clause: ClauseState | None,
        body: str,
        replies: Sequence[str] = (),
        span: tuple[int, int] = (0, 0),
        audience: Audience | None = None,
    ) -> None:
        body = unicodedata.normalize("NFC", body)[:MAX_COMMENT]  # nothing may be refused half way
        named, number = (clause.id, clause.number) if clause is not None else (None, 0)
        asked = do.OpenThread(self.c.op, place, body, named, number, *span, audience or self.c.audience)
        open_thread(self.room, self.outcome, self.actor, asked, self.at)
        if replies:
            opened = self.outcome.threads[-1]
            first = opened.comments[0]
            more = (
                Comment(new_id(), opened.id, first.person_id, first.person_name, first.party, text, moment)
                for step, text in enumerate(replies, 1)
                for moment in [first.created_at + timedelta(milliseconds=step)]
            )
            self.outcome.threads[-1] = replace(opened, comments=(first, *more))


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Where ``quote`` stands in the text, nearest to ``start``; None when it does not."""
    found = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return min(found, key=lambda place: abs(place - start)) if found else None
