"""What the API takes and gives of silence procedures."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, convert

from drafts.desk.silence import Certificate, Proceedings
from server.api.schema import Id, Ms, Op, _In
from server.api.schema_floor import Seat, Silence

Reason = Annotated[str, Meta(max_length=2_000)]


class Explained(Struct, frozen=True):
    """An explanation of position."""

    party: Seat
    text: str
    at: Ms


class Procedure(Struct, frozen=True):
    """A silence procedure and the explanations of position that were given during or after it."""

    silence: Silence
    explanations: list[Explained]


class Silences(Struct, frozen=True):
    """The silence procedures of a draft, the newest first. ``minimum``: the seconds that the forum wants of the next;
    ``hindrance``: for chair and secretariat, why none can be started now; ``unopened``: for them, while one runs, the
    parties of which nobody has opened the text since it began."""

    procedures: list[Procedure]
    minimum: int
    hindrance: str
    unopened: list[Seat]


class StartIn(_In, frozen=True, forbid_unknown_fields=True):
    """Start one on the last version: until ``deadline``, or for ``lasts`` seconds and up to the next full minute."""

    deadline: Ms | UnsetType = UNSET
    lasts: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    note: Reason = ""
    op: Op | UnsetType = UNSET


class BreakIn(_In, frozen=True, forbid_unknown_fields=True):
    """Break the silence. ``procedure``: the latest when left out."""

    reason: Reason
    clauses: tuple[Id, ...] = ()
    procedure: Id | UnsetType = UNSET
    op: Op | UnsetType = UNSET


class CancelIn(_In, frozen=True, forbid_unknown_fields=True):
    """End a procedure without an outcome."""

    reason: Reason
    procedure: Id | UnsetType = UNSET
    op: Op | UnsetType = UNSET


class ExplainIn(_In, frozen=True, forbid_unknown_fields=True):
    """An explanation of position, for the record."""

    text: Annotated[str, Meta(max_length=20_000)]
    op: Op | UnsetType = UNSET


class Named(Struct, frozen=True):
    """A clause as the version calls it."""

    id: Id
    label: str


class Broken(Struct, frozen=True):
    """Who broke the silence, and why."""

    party: Seat
    reason: str
    clauses: list[Named]
    at: Ms


class Paper(Struct, frozen=True):
    """The certificate of how a silence procedure ended. ``hash``: SHA-256 of the version that was under silence;
    ``parties``: those that could break it; ``breaks`` as far as they are open to you; ``late``: the adoption was
    recorded more than a minute after the deadline, since no server ran; ``act`` and ``proof``: number and hash, in the
    log, of the act of adoption, 0 and empty for another outcome."""

    draft: Id
    forum: str
    title: str
    symbol: str
    procedure: Id
    version: int
    label: str
    hash: str
    started_at: Ms
    started_by: Seat
    minimum: int
    note: str
    deadline: Ms
    outcome: str
    ended_at: Ms
    late: bool
    reason: str
    parties: list[Seat]
    breaks: list[Broken]
    explanations: list[Explained]
    act: int
    proof: str


def of(told: Proceedings, hindrance: str) -> Silences:
    """What a member sees."""
    return Silences(
        [
            Procedure(convert(one, Silence), convert(told.explanations[one["id"]], list[Explained]))
            for one in told.procedures
        ],
        told.forum.silence_minimum,
        hindrance,
        [Seat(party.id, party.code, party.name, party.group.value) for party in told.unopened],
    )


def paper(found: Certificate) -> Paper:
    """A certificate as a file and as the API gives it."""
    told = found.procedure
    breaks = [
        Broken(
            convert(one["party"], Seat),
            one["reason"],
            [Named(clause, found.labels.get(clause, "")) for clause in one["clauses"]],
            one["at"],
        )
        for one in told["breaks"]
    ]
    return Paper(
        found.draft.id,
        found.forum.name,
        found.title,
        found.symbol,
        told["id"],
        told["version"],
        told["label"],
        told["hash"],
        told["started_at"],
        convert(told["party"], Seat),
        told["minimum"],
        told["note"],
        told["deadline"],
        told["outcome"],
        told["ended_at"],
        found.late,
        told["reason"],
        [Seat(party.id, party.code, party.name, party.group.value) for party in found.parties],
        breaks,
        convert(found.explanations, list[Explained]),
        found.act,
        found.proof,
    )
