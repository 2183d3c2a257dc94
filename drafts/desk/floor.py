"""The table of a draft as one member sees it: proposals, what parties say to them, states of clauses, the stage.

Plain JSON, the same for pages, API and the live socket. What is not open to somebody is not in what they get: whole
proposals, what others say (``positions``), who broke a silence, notes to brackets that are another party's own. Times
are UTC milliseconds. ``Views`` is for one moment; it works out once what several members share.
"""

from typing import Any, Final, TypeAlias

from drafts import readings, tallies
from drafts.access import ProposalIn, SilenceIn, Verb, may
from drafts.bracketing import notes, reads
from drafts.desk import cast as casts
from drafts.desk import drafts
from drafts.desk.cast import Cast
from drafts.floor import BracketNote, Marking, Offered, Silence, Tabled
from drafts.model import PLACED, Member
from drafts.state import ClauseState, State
from drafts.store import Store
from drafts.tallies import Stand, Tally
from drafts.words import Op, hunks

View: TypeAlias = dict[str, Any]
_SIGNS = {Op.KEEP: "=", Op.INSERT: "+", Op.DELETE: "-"}


def proposal_view(actor: Member, state: State, cast: Cast, tabled: Tabled) -> View | None:
    """A proposal as the actor sees it; None when it is not open to them."""
    return Views(state, cast).proposal(actor, tabled)


def clause_view(actor: Member, state: State, cast: Cast, clause_id: str) -> View | None:
    """How far a clause is, and what was said to that; None for a clause that there never was."""
    return Views(state, cast).clause(actor, clause_id)


def draft_view(actor: Member, state: State, cast: Cast) -> View:
    """The stage, the silence procedure, and what the actor may do now."""
    return Views(state, cast).draft(actor)


async def all(store: Store, person_id: str | None, draft_id: str) -> View:  # noqa: A001  # reads ``floor.all(…)``
    """The whole table: ``{seq, proposals, clauses, draft}``. Clauses of which there is nothing to say are left out.
    Raises NotFound."""
    state, member = await drafts.state(store, person_id, draft_id)
    return Views(state, await casts.of(store, state)).all(member)


MOST_LISTED: Final = 12  # positions that a brief view lists


class Views:
    """The table at one moment, for any number of members. ``brief``: of a proposal or clause that many have spoken to
    the positions are counted and not listed: with 193 parties the lists are larger than everything else."""

    def __init__(self, state: State, cast: Cast, *, brief: bool = False) -> None:
        self.state = state
        self.cast = cast
        self._most = MOST_LISTED if brief else len(cast.parties)
        self._bases: dict[str, View] = {}
        self._equal: dict[str | None, dict[str, list[Tabled]]] = {}
        self._tallies: dict[str, tuple[Tally, View, list[View]]] = {}

    def all(self, actor: Member) -> View:
        """Everything that is open to the actor."""
        proposals = [view for p in self.state.floor.proposals.values() if (view := self.proposal(actor, p))]
        clauses = [self._clause(actor, c) for c in self.state.standing() if self._told(actor, c)]
        return {"seq": self.state.draft.seq, "proposals": proposals, "clauses": clauses, "draft": self.draft(actor)}

    # ── proposals ──

    def open_to(self, actor: Member, tabled: Tabled) -> bool:
        """Whether the actor may know of a proposal: those behind it always do."""
        if may(actor, Verb.PROPOSALS_READ, self.state.draft) is None:
            return True
        return actor.party.id in tabled.backers() and may(actor, Verb.DRAFT_READ, self.state.draft) is None

    def proposal(self, actor: Member, tabled: Tabled) -> View | None:
        """See ``proposal_view``."""
        if not self.open_to(actor, tabled):
            return None
        return self._base(tabled) | {
            "equal": [p.number for p in self._same(tabled) if self.open_to(actor, p)],
            "closing": self._closing(actor, tabled),
            "positions": self.positions(actor, tabled.id, open_=tabled.open),
            "may": self._may_proposal(actor, tabled),
        }

    def _may_proposal(self, actor: Member, tabled: Tabled) -> View:
        draft, inside = self.state.draft, ProposalIn(self.state.draft, tabled.party)
        tables = tabled.open and may(actor, Verb.PROPOSAL_TABLE, draft) is None
        return {
            "own": tabled.open and may(actor, Verb.PROPOSAL_OWN, inside) is None,
            "sponsor": tables and actor.party.id != tabled.party,
            "position": tabled.open and may(actor, Verb.POSITION_TAKE, draft) is None,
            "decide": tabled.open and may(actor, Verb.PROPOSAL_DECIDE, draft) is None,
        }

    def _base(self, tabled: Tabled) -> View:
        """What everybody sees who sees the proposal."""
        found = self._bases.get(tabled.id)
        if found is not None:
            return found
        reading = self._reading(tabled)
        shape = tabled.shape
        found = self._bases[tabled.id] = {
            "id": tabled.id,
            "number": tabled.number,
            "kind": tabled.kind.value,
            "clause": tabled.clause,
            "after": tabled.after,
            "place": readings.place(self.state, tabled) if tabled.kind in PLACED else None,
            "shape": [shape[0].value, shape[1], shape[2]] if shape else None,
            "state": tabled.state.value,
            "party": self.party(tabled.party),
            "name": self.cast.name(tabled.person),
            "at": tabled.at,
            "reason": tabled.reason,
            "wording": tabled.wording,
            "worded_at": tabled.worded_at,
            "sponsors": [self.party(party) for party in tabled.backers()[1:]],
            "text": tabled.text,
            "pieces": _pieces(reading.pieces),
            "stale": reading.stale.value,
            "why": reading.why,
            "conflicts": [{"base": c.base, "theirs": c.theirs, "live": c.live} for c in reading.conflicts],
            "done": tabled.open and reading.done,
            "offered": self._offered(tabled, tabled.offered),
        }
        return found

    def _reading(self, tabled: Tabled) -> readings.Reading:
        """Against the text as it is; of one that is closed, against its clause as it was."""
        return readings.against(self.state, tabled) if tabled.open else readings.reading(tabled, tabled.old)

    def _same(self, tabled: Tabled) -> list[Tabled]:
        """The other proposals of the same outcome."""
        if not tabled.open:
            return []
        found = self._equal.get(tabled.clause)
        if found is None:
            found = self._equal[tabled.clause] = self._groups(tabled.clause)
        return [p for p in found.get(tabled.id, []) if p.id != tabled.id]

    def _groups(self, clause_id: str | None) -> dict[str, list[Tabled]]:
        known = self.state.floor.proposals
        rivals = [p for p in self.state.floor.of_clause(clause_id) if p.open]
        clause = self.state.clause(clause_id) if clause_id else None
        live = None if clause is None or clause.gone else clause.text
        groups = readings.equal(rivals, live) if len(rivals) > 1 else []
        return {one: [known[p] for p in group] for group in groups for one in group}

    def _closing(self, actor: Member, tabled: Tabled) -> View | None:
        closing = tabled.closing
        if closing is None:
            return None
        into = self.state.floor.proposals.get(closing.into)
        return {
            "state": tabled.state.value,
            "at": closing.at,
            "party": self.party(closing.party),
            "reason": closing.reason,
            "into": into.number if into and self.open_to(actor, into) else None,
        }

    def _offered(self, tabled: Tabled, offered: Offered | None) -> View | None:
        if offered is None:
            return None
        reading = readings.offer(self.state, tabled, offered)
        return {
            "text": offered.text,
            "pieces": _pieces(reading.pieces if tabled.open else hunks(offered.old, offered.text)),
            "stale": reading.stale.value if tabled.open else "",
            "party": self.party(offered.party),
            "note": offered.note,
            "at": offered.at,
            "accepts": offered.accepts,
            "answer": offered.answer,
        }

    # ── positions ──

    def positions(self, actor: Member, on: str, *, open_: bool) -> View | None:
        """What parties say; only what is said for the actor's own party where the others' is not open to them."""
        draft = self.state.draft
        reads = may(actor, Verb.POSITIONS_READ, draft) is None
        tally, counts, listed = self._tally(on)
        stand = tally.by_party.get(actor.party.id)
        own = stand is not None and (reads or actor.party.id in self._speaks(stand))
        mine = self._mine(stand) if stand is not None and own else None
        if reads:
            return {"counts": counts, "mine": mine, "list": listed if len(listed) <= self._most else []}
        takes = open_ and may(actor, Verb.POSITION_TAKE, draft) is None
        return {"counts": None, "mine": mine, "list": None} if mine or takes else None

    def _speaks(self, stand: Stand) -> tuple[str, ...]:
        """Who knows of a position although positions are not open: who took it, and in whose name it was taken."""
        return (stand.by, *(stand.position.parties if stand.position else (stand.party,)))

    def _tally(self, on: str) -> tuple[Tally, View, list[View]]:
        found = self._tallies.get(on)
        if found is None:
            tally = tallies.of(self.state.floor, on, alignments=self.cast.alignments)
            counts = {stance.value: number for stance, number in tally.counts.items()}
            listed = [self._stand(stand) for stand in tally.by_party.values()]
            listed.sort(key=lambda view: view["party"]["name"])
            found = self._tallies[on] = (tally, counts, listed)
        return found

    def _mine(self, stand: Stand) -> View:
        view = self._stand(stand)
        return {name: view[name] for name in ("stance", "note", "condition", "earlier", "sponsor", "by")}

    def _stand(self, stand: Stand) -> View:
        position = stand.position
        return {
            "party": self.party(stand.party),
            "stance": stand.stance.value,
            "note": position.note if position else "",
            "condition": position.condition if position else None,
            "for": [self.party(p) for p in position.parties] if position and stand.by == stand.party else [],
            "by": self.party(stand.by) if stand.by != stand.party else None,
            "sponsor": stand.sponsor,
            "at": position.at if position else None,
            "earlier": stand.earlier,
        }

    # ── clauses ──

    def clause(self, actor: Member, clause_id: str) -> View | None:
        """See ``clause_view``."""
        clause = self.state.clause(clause_id)
        return None if clause is None else self._clause(actor, clause)

    def _told(self, actor: Member, clause: ClauseState) -> bool:
        """Whether there is anything to tell the actor of a clause."""
        floor = self.state.floor
        return (
            clause.state_by >= 0
            or clause.id in floor.markings
            or bool(self._brackets(actor, clause))
            or self._spoken(actor, clause)
        )

    def _spoken(self, actor: Member, clause: ClauseState) -> bool:
        """Whether anybody, as far as the actor may know, says something to a clause."""
        if not self.state.floor.positions.get(clause.id):
            return False
        said = self.positions(actor, clause.id, open_=False)
        # Brief views list nothing where many spoke: it is the counts that tell.
        return said is not None and bool(said["mine"] or any((said["counts"] or {}).values()))

    def _clause(self, actor: Member, clause: ClauseState) -> View:
        draft, there = self.state.draft, clause.gone is None
        marking = self.state.floor.markings.get(clause.id, Marking())
        return {
            "id": clause.id,
            "status": clause.state,
            "by": self.party(self.state.owners[clause.state_by]) if clause.state_by >= 0 else None,
            "at": clause.state_at,
            "reason": marking.reason,
            "objections": [
                {"party": self.party(said.party), "reason": said.reason, "at": said.at} for said in marking.objections
            ],
            "positions": self.positions(actor, clause.id, open_=there),
            "brackets": self._brackets(actor, clause),
            "may": {
                "status": there and may(actor, Verb.CLAUSE_LOCK, draft) is None,
                "object": there and clause.locked and may(actor, Verb.CLAUSE_OBJECT, draft) is None,
                "position": there and may(actor, Verb.POSITION_TAKE, draft) is None,
            },
        }

    def _brackets(self, actor: Member, clause: ClauseState) -> list[View]:
        """Whose the brackets are that begin in the clause: from their opening glyph to behind the closing one, or only
        the opening glyph where they close in a later clause."""
        return [
            self._bracket(one.note) | {"from": one.start, "to": one.end}
            for one in (notes(self.state, clause) if clause.anchors else ())
            if reads(actor, one.note)
        ]

    def _bracket(self, note: BracketNote) -> View:
        return {
            "note": note.id,
            "owner": self.party(note.owner),
            "reason": note.reason.value,
            "link": note.link,
            "words": note.words,
            "private": note.private,
            "at": note.at,
        }

    # ── the draft ──

    def draft(self, actor: Member) -> View:
        """See ``draft_view``."""
        draft, silences = self.state.draft, self.state.floor.silences
        return {
            "stage": draft.stage.value,
            "mode": draft.mode.value,
            "proposals": draft.proposals.value,
            "positions": draft.positions.value,
            "open": sum(self.open_to(actor, p) for p in self.state.floor.open()),
            "silence": self.silence(actor, silences[-1]) if silences else None,
            "may": {name: may(actor, verb, draft) is None for name, verb in _VERBS.items()} | self._may_break(actor),
        }

    def _may_break(self, actor: Member) -> View:
        """Until the deadline, which is for the reader to look at, also when another party was first."""
        silences = self.state.floor.silences
        latest = silences[-1] if silences and silences[-1].outcome in {"", "broken"} else None
        said = latest is None or any(b.party == actor.party.id for b in latest.breaks)
        return {"break": not said and may(actor, Verb.SILENCE_BREAK, self.state.draft) is None}

    def silence(self, actor: Member, silence: Silence) -> View:
        """A silence procedure with the breaks that the actor may hear of."""
        draft, forum = self.state.draft, self.cast.forum
        heard = [b for b in silence.breaks if may(actor, Verb.BREAKS_READ, SilenceIn(draft, forum, b.party)) is None]
        return {
            "id": silence.id,
            "version": silence.version,
            "label": silence.label,
            "hash": silence.hash,
            "party": self.party(silence.party),
            "name": self.cast.name(silence.person),
            "started_at": silence.started_at,
            "deadline": silence.deadline,
            "minimum": silence.minimum,
            "note": silence.note,
            "outcome": silence.outcome,
            "ended_at": silence.ended_at,
            "reason": silence.reason,
            "breaks": [
                {"party": self.party(b.party), "reason": b.reason, "clauses": list(b.clauses), "at": b.at}
                for b in heard
            ],
        }

    def party(self, party_id: str) -> View:
        """A party by its id; one that the forum does not know any more has dashes for names."""
        party = self.cast.parties.get(party_id)
        if party is None:
            return {"id": party_id, "code": "–", "name": "–", "group": ""}
        return {"id": party.id, "code": party.code, "name": party.name, "group": party.group.value}


_VERBS = {
    "edit": Verb.DRAFT_EDIT,
    "propose": Verb.PROPOSAL_WRITE,
    "table": Verb.PROPOSAL_TABLE,
    "decide": Verb.PROPOSAL_DECIDE,
    "position": Verb.POSITION_TAKE,
    "object": Verb.CLAUSE_OBJECT,
    "status": Verb.CLAUSE_LOCK,
    "stage": Verb.STAGE_SET,
    "proposals": Verb.PROPOSALS_READ,
    "positions": Verb.POSITIONS_READ,
    "desk": Verb.DESK_READ,
    "silence": Verb.SILENCE_LEAD,
    "explain": Verb.SILENCE_EXPLAIN,
}


def _pieces(found: Any) -> list[list[str]]:
    return [[_SIGNS[hunk.op], hunk.text] for hunk in found]
