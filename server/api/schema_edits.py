"""What the API takes and gives of merges beyond their reports: settled conflicts, and proposals that are tabled."""

from msgspec import Struct

from drafts.model import ProposalState
from drafts.outside import How
from server.api.schema import ErrorBody, Id


class SettleIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How a conflict is settled. ``text``: the clause's own text, with ``text``; else what is said, with ``comment``
    (empty: the file's wording)."""

    how: How
    text: str = ""


class Laid(Struct, frozen=True):
    """A proposal that a file became. ``number`` is null while it is not tabled, ``why`` says why it could not be."""

    proposal: Id
    number: int | None
    state: ProposalState
    why: ErrorBody | None = None
