"""What lies on the table of a draft: proposals, positions, objections, notes to brackets, silence procedures.

A part of ``State``, made by the same acts in the same way. It holds what was said and by whom; what follows from it and
from the text (is a proposal stale, how do the words stand) is worked out by ``readings.py`` when somebody looks.
Times are UTC milliseconds. Names are ids.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from drafts.acts import Act, ActKind
from drafts.model import LOCKED, BracketReason, ClauseKind, ProposalKind, ProposalState, Stance

_OPEN = ProposalState.TABLED


@dataclass(frozen=True, slots=True)
class Sponsorship:
    """A party's time as a sponsor; ``until`` 0: it still is one."""

    party: str
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """How a proposal was closed. ``seq``: the first act that took its words into the text, 0 when none did."""

    at: int
    person: str
    party: str
    reason: str
    into: str = ""  # the proposal it was merged into
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """An outcome that the chair proposed for one or several proposals: what text ``base`` of their clause, which read
    ``old``, could become. ``accepts`` None: not answered yet."""

    seq: int
    at: int
    person: str
    party: str
    proposals: tuple[str, ...]
    text: str
    note: str
    accepts: bool | None = None
    answered_at: int = 0
    answered_by: str = ""  # person
    answer: str = ""
    base: int = 0
    old: str = ""


@dataclass(frozen=True, slots=True)
class Tabled:
    """A proposal as everybody who may see it has it. ``number`` counts in the draft, ``wording`` its revisions from 1.

    ``old`` is the text of ``clause`` at number ``base``, ``text`` what it should become (or the new clause's words)."""

    id: str
    number: int
    kind: ProposalKind
    clause: str | None
    after: str | None
    shape: tuple[ClauseKind, int, str] | None
    base: int
    old: str
    text: str
    reason: str
    party: str
    person: str
    at: int
    seq: int
    sponsors: tuple[Sponsorship, ...] = ()
    wording: int = 1
    worded_at: int = 0  # when this wording was given
    state: ProposalState = ProposalState.TABLED
    closing: Closing | None = None
    offered: Offered | None = None

    @property
    def open(self) -> bool:
        """Whether it is still on the table."""
        return self.state is _OPEN

    def backers(self) -> list[str]:
        """The parties behind it now: the proposer first, then its sponsors as they joined."""
        return [self.party, *(s.party for s in self.sponsors if not s.until)]


@dataclass(frozen=True, slots=True)
class Position:
    """What a party says to a proposal's wording or to a clause. ``parties``: in whose name besides its own."""

    on: str
    party: str
    stance: Stance
    note: str
    condition: str | None
    wording: int
    parties: tuple[str, ...]
    person: str
    at: int
    seq: int


@dataclass(frozen=True, slots=True)
class Objection:
    """A delegation's objection to a clause's being marked as agreed."""

    party: str
    person: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class BracketNote:
    """Whose a bracket is and why it stands. Where it stands is an anchor of its clause, under ``anchor``."""

    id: str
    owner: str
    reason: BracketReason
    link: str | None
    words: str
    private: bool
    person: str
    at: int

    @property
    def anchor(self) -> str:
        """The key of its place among the clause's anchors: threads' ids never have a colon."""
        return f"b:{self.id}"


@dataclass(frozen=True, slots=True)
class Break:
    """A party's breaking of a silence."""

    party: str
    person: str
    reason: str
    clauses: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence procedure on an issued version. ``outcome``: '' while it runs, else adopted, broken or cancelled;
    ``parties``: those that could break it when it began."""

    id: str
    version: int
    label: str
    hash: str
    started_at: int
    deadline: int
    minimum: int  # seconds
    note: str
    person: str
    party: str
    outcome: str = ""
    ended_at: int = 0
    reason: str = ""  # of a cancellation
    breaks: tuple[Break, ...] = ()
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation of position."""

    party: str
    person: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Marking:
    """Why a clause's state was changed last, and who objected since it was marked as agreed."""

    reason: str = ""
    objections: tuple[Objection, ...] = ()


@dataclass(slots=True)
class Floor:
    """The table. ``positions`` has the latest of each party on each thing; the log has the others."""

    proposals: dict[str, Tabled] = field(default_factory=dict)  # by id, in the order in which they were tabled
    positions: dict[str, dict[str, Position]] = field(default_factory=dict)  # proposal or clause -> party -> position
    markings: dict[str, Marking] = field(default_factory=dict)  # by clause
    brackets: dict[str, BracketNote] = field(default_factory=dict)
    silences: list[Silence] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    pledged: list[str] = field(default_factory=list)  # in a proposal's own text: parties that will sponsor it

    def of_clause(self, clause_id: str | None) -> list[Tabled]:
        """The proposals on a clause, all states, in order."""
        return [p for p in self.proposals.values() if p.clause == clause_id]

    def open(self) -> list[Tabled]:
        """The proposals that are on the table."""
        return [p for p in self.proposals.values() if p.open]

    def speakers(self) -> set[str]:
        """The ids of the persons who said something on the table."""
        said: list[Any] = [*self.proposals.values(), *self.silences, *self.explanations]
        said += [position for held in self.positions.values() for position in held.values()]
        said += [one for found in self.silences for one in found.breaks]
        said += [one for marking in self.markings.values() for one in marking.objections]
        return {one.person for one in said}

    @property
    def silence(self) -> Silence | None:
        """The procedure that runs."""
        return self.silences[-1] if self.silences and not self.silences[-1].outcome else None

    # ── acts ──

    def apply(self, act: Act, *, own: bool = False) -> None:
        """Let one act take effect; ``own``: in the log of a proposal's own text. ValueError for one that cannot be."""
        if own and act.kind is ActKind.SPONSOR:
            self._pledge(act)
        else:
            _APPLY[act.kind](self, act)

    def _proposal(self, act: Act) -> Tabled:
        found = self.proposals.get(act.body["proposal"])
        if found is None:
            raise ValueError(f"no proposal {act.body['proposal']}")
        return found

    def _put(self, proposal: Tabled) -> None:
        self.proposals[proposal.id] = proposal

    def _table(self, act: Act) -> None:
        b = act.body
        shape = (ClauseKind(b["shape"][0]), int(b["shape"][1]), str(b["shape"][2])) if b["shape"] else None
        sponsors = tuple(Sponsorship(party, act.at) for party in b["sponsors"])
        self._put(
            Tabled(
                b["proposal"],
                b["number"],
                ProposalKind(b["kind"]),
                act.clause_id,
                b["after"],
                shape,
                b["base"],
                b["old"],
                b["text"],
                b["reason"],
                act.party_id,
                act.person_id,
                act.at,
                act.seq,
                sponsors,
                worded_at=act.at,
            )
        )

    def _revise(self, act: Act) -> None:
        b, found = act.body, self._proposal(act)
        self._put(
            replace(
                found,
                base=b["base"],
                old=b["old"],
                text=b["text"],
                reason=b["reason"] or found.reason,
                wording=b["wording"],
                worded_at=act.at if b["wording"] != found.wording else found.worded_at,
                offered=None,
            )
        )

    def _withdraw(self, act: Act) -> None:
        closing = Closing(act.at, act.person_id, act.party_id, act.body["reason"])
        self._put(replace(self._proposal(act), state=ProposalState.WITHDRAWN, closing=closing))

    def _close(self, act: Act) -> None:
        b = act.body
        closing = Closing(act.at, act.person_id, act.party_id, b["reason"], b["into"] or "", b["seq"] or 0)
        self._put(replace(self._proposal(act), state=ProposalState(b["state"]), closing=closing))

    def _pledge(self, act: Act) -> None:
        others = [party for party in self.pledged if party != act.party_id]
        self.pledged = [*others, act.party_id] if act.body["joins"] else others

    def _sponsor(self, act: Act) -> None:
        found = self._proposal(act)
        if act.body["joins"]:
            sponsors = (*found.sponsors, Sponsorship(act.party_id, act.at))
        else:
            sponsors = tuple(
                replace(s, until=act.at) if s.party == act.party_id and not s.until else s for s in found.sponsors
            )
        self._put(replace(found, sponsors=sponsors))

    def _offer(self, act: Act) -> None:
        b = act.body
        offered = Offered(
            act.seq, act.at, act.person_id, act.party_id, tuple(b["proposals"]), b["text"], b["note"],
            base=b["base"], old=b["old"],
        )  # fmt: skip
        for proposal_id in b["proposals"]:
            self._put(replace(self.proposals[proposal_id], offered=offered))

    def _answer(self, act: Act) -> None:
        found = self._proposal(act)
        if found.offered is None:
            raise ValueError(f"nothing was offered for {found.id}")
        told = replace(
            found.offered, accepts=act.body["accepts"], answered_at=act.at, answered_by=act.person_id,
            answer=act.body["note"],
        )  # fmt: skip
        self._put(replace(found, offered=told))

    def _position(self, act: Act) -> None:
        b = act.body
        held = self.positions.setdefault(b["on"], {})
        if b["stance"] is None:
            held.pop(act.party_id, None)
            return
        held[act.party_id] = Position(
            b["on"], act.party_id, Stance(b["stance"]), b["note"], b["if"], b["wording"], tuple(b["for"]),
            act.person_id, act.at, act.seq,
        )  # fmt: skip

    def lock(self, act: Act) -> None:
        """A clause's state was changed, with this reason. Objections stay until it is marked as agreed again."""
        if act.clause_id is None:
            raise ValueError(f"act {act.seq} names no clause")
        past = self.markings.get(act.clause_id, Marking())
        objections = () if act.body["state"] in LOCKED else past.objections
        self.markings[act.clause_id] = Marking(act.body.get("reason", ""), objections)

    def _object(self, act: Act) -> None:
        if act.clause_id is None:
            raise ValueError(f"act {act.seq} names no clause")
        marking = self.markings.get(act.clause_id, Marking())
        objection = Objection(act.party_id, act.person_id, act.body["reason"], act.at)
        self.markings[act.clause_id] = replace(marking, objections=(*marking.objections, objection))

    def _bracket(self, act: Act) -> None:
        b = act.body
        if b["from"] is None:
            self.brackets.pop(b["note"], None)
            return
        self.brackets[b["note"]] = BracketNote(
            b["note"],
            b["owner"],
            BracketReason(b["reason"]),
            b["link"],
            b["words"],
            b["private"],
            act.person_id,
            act.at,
        )

    def _silence(self, act: Act) -> None:
        b = act.body
        self.silences.append(
            Silence(
                b["procedure"],
                b["version"],
                b["label"],
                b["hash"],
                act.at,
                b["deadline"],
                b["minimum"],
                b["note"],
                act.person_id,
                act.party_id,
                parties=tuple(b["parties"]),
            )
        )

    def _ending(self, act: Act) -> Silence:
        if not self.silences or self.silences[-1].id != act.body["procedure"]:
            raise ValueError(f"no silence procedure {act.body['procedure']}")
        return self.silences[-1]

    def _break(self, act: Act) -> None:
        found = self._ending(act)
        said = Break(act.party_id, act.person_id, act.body["reason"], tuple(act.body["clauses"]), act.at)
        self.silences[-1] = replace(
            found, outcome="broken", ended_at=found.ended_at or act.at, breaks=(*found.breaks, said)
        )

    def _adopt(self, act: Act) -> None:
        self.silences[-1] = replace(self._ending(act), outcome="adopted", ended_at=act.at)

    def _cancel(self, act: Act) -> None:
        self.silences[-1] = replace(self._ending(act), outcome="cancelled", ended_at=act.at, reason=act.body["reason"])

    def _explain(self, act: Act) -> None:
        self.explanations.append(Explanation(act.party_id, act.person_id, act.body["text"], act.at))

    # ── checkpoint ──

    def to_bytes(self) -> bytes:
        """The table as a checkpoint keeps it."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def of_bytes(cls, data: bytes) -> "Floor":
        """From ``to_bytes``. Raises msgspec.ValidationError (a ValueError) for another release's."""
        return msgspec.msgpack.decode(data, type=Floor)


_APPLY: dict[ActKind, Callable[[Floor, Act], None]] = {
    ActKind.TABLE: Floor._table,
    ActKind.REVISE: Floor._revise,
    ActKind.WITHDRAW: Floor._withdraw,
    ActKind.SPONSOR: Floor._sponsor,
    ActKind.OFFER: Floor._offer,
    ActKind.ANSWER: Floor._answer,
    ActKind.CLOSE: Floor._close,
    ActKind.POSITION: Floor._position,
    ActKind.OBJECT: Floor._object,
    ActKind.BRACKET: Floor._bracket,
    ActKind.SILENCE: Floor._silence,
    ActKind.BREAK: Floor._break,
    ActKind.ADOPT: Floor._adopt,
    ActKind.CANCEL: Floor._cancel,
    ActKind.EXPLAIN: Floor._explain,
}
KINDS: frozenset[ActKind] = frozenset(_APPLY)  # the acts of the table


def subject(act: Act) -> dict[str, Any]:
    """What an act of the table is about, as ids: ``proposals``, ``clauses``, ``draft`` (its stage or silence)."""
    b = act.body
    proposals = [*b.get("proposals", ()), *([b["proposal"]] if "proposal" in b else ())]
    if act.kind is ActKind.POSITION and b["on"] != act.clause_id:
        proposals.append(b["on"])
    whole = act.kind in {ActKind.SILENCE, ActKind.BREAK, ActKind.ADOPT, ActKind.CANCEL, ActKind.EXPLAIN, ActKind.SET}
    return {"proposals": proposals, "clauses": [act.clause_id] if act.clause_id else [], "draft": whole}
