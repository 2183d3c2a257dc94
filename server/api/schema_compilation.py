"""What the API takes and gives about compilation texts."""

from typing import Annotated

from msgspec import Meta, Struct

from drafts.model import ClauseKind, ProposalKind
from server.api.schema import Id, Number


class CompiledClause(Struct, frozen=True):
    """A clause of a compilation text. ``text`` is in the notation, ``base`` the text as it stands (null for a clause
    that is only proposed); ``proposals`` are the numbers of those told here."""

    id: Id
    label: str
    kind: ClauseKind
    depth: int
    lang: str
    text: str
    base: str | None
    proposals: list[int]


class Compilation(Struct, frozen=True):
    """A compilation text. ``positions``: whether what parties say to the proposals is open to you; ``parties``: the
    names in it; ``loose``: numbers of proposals that have no place in the text any more."""

    seq: Number
    positions: bool
    parties: list[str]
    clauses: list[CompiledClause]
    loose: list[int]


class CompilationIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that may be a compilation text: ``text`` in Markdown, or the bytes of a Word file in Base64."""

    text: str = ""
    file: Annotated[bytes, Meta(description="Base64.")] = b""


class SaidInFile(Struct, frozen=True):
    """A position as a file tells it, in the notation's words (``retain``, ``reserve`` …)."""

    party: str
    says: str
    place: str
    earlier: bool


class ProposalInFile(Struct, frozen=True):
    """A proposal as a file tells it. ``text``: what the clause would become, empty for kinds without words; ``place``:
    of a move, the label of the clause before, empty for the beginning; ``number``: 0 where the file does not say."""

    kind: ProposalKind
    parties: list[str]
    text: str
    place: str
    number: int
    stale: bool
    positions: list[SaidInFile]


class ClauseInFile(Struct, frozen=True):
    """A clause of a file. ``id`` is empty where the file does not say; ``base``: the text as it stands, null for a
    clause that is only proposed; ``positions``: on the clause itself."""

    id: str
    label: str
    kind: ClauseKind
    depth: int
    lang: str
    base: str | None
    proposals: list[ProposalInFile]
    positions: list[SaidInFile]


class CompilationInFile(Struct, frozen=True):
    """What a file holds. ``marked``: whether it says that it is a compilation text; ``parties``: the party that each
    name stands for, null for nobody in the forum. Nothing is kept."""

    title: str
    marked: bool
    parties: dict[str, Id | None]
    clauses: list[ClauseInFile]
    notes: list[str]
