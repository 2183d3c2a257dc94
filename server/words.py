"""What the states and kinds of a negotiation are called, in one place: pages, files and scripts say the same.

``word(value)`` gives the English name, which is a message of the catalogue; in templates ``word(value)`` gives it in
the reader's language. Where a view has the bare value and not the enum's member, ``kind`` says whose it is: ``stage``,
``status``, ``proposal``, ``state``, ``stance``, ``reason``, ``openness``, ``outcome``; of consultations ``view``,
``disposition``, ``remark``, ``remark_kind``, ``spot``.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from drafts.consultation import Disposition, RemarkKind, RemarkState, Spot, View
from drafts.model import BracketReason, ClauseStatus, Group, Openness, ProposalKind, ProposalState, Stage, Stance
from server.i18n import Tongue


def _(message: str) -> str:
    """Marks a message for the catalogue; it is translated where it is shown."""
    return message


STAGES: Final[Mapping[str, str]] = {
    Stage.PREPARATION: _("Preparation"),
    Stage.CONSULTATION: _("Consultation"),
    Stage.FIRST_READING: _("First reading"),
    Stage.SECOND_READING: _("Second reading"),
    Stage.SILENCE: _("Silence procedure"),
    Stage.ADOPTED: _("Adopted"),
    Stage.WITHDRAWN: _("Withdrawn"),
}
STATUSES: Final[Mapping[str, str]] = {
    ClauseStatus.OPEN: _("open"),
    ClauseStatus.UNDER_DISCUSSION: _("under discussion"),
    ClauseStatus.CONVERGING: _("converging"),
    ClauseStatus.AGREED_AD_REF: _("agreed ad ref"),
    ClauseStatus.AGREED: _("agreed"),
    ClauseStatus.PLACEMENT_TBD: _("placement tbd"),
    ClauseStatus.DEFERRED: _("deferred"),
}
PROPOSALS: Final[Mapping[str, str]] = {
    ProposalKind.ADD: _("add"),
    ProposalKind.MODIFY: _("modify"),
    ProposalKind.DELETE: _("delete"),
    ProposalKind.MOVE: _("move"),
    ProposalKind.EDITORIAL: _("editorial"),
    ProposalKind.NO_CHANGE: _("no change"),
}
STATES: Final[Mapping[str, str]] = {
    ProposalState.DRAFT: _("draft"),
    ProposalState.SHARED: _("shared"),
    ProposalState.TABLED: _("tabled"),
    ProposalState.ACCEPTED: _("accepted"),
    ProposalState.ACCEPTED_IN_PART: _("accepted in part"),
    ProposalState.MERGED: _("merged"),
    ProposalState.WITHDRAWN: _("withdrawn"),
    ProposalState.NOT_RETAINED: _("not retained"),
}
STANCES: Final[Mapping[str, str]] = {
    Stance.SUPPORT: _("Support"),
    Stance.CAN_ACCEPT: _("Can accept"),
    Stance.RESERVE: _("Reserve"),
    Stance.OPPOSE: _("Oppose"),
    Stance.CONDITIONAL: _("Conditional"),
}
REASONS: Final[Mapping[str, str]] = {
    BracketReason.CONTENTIOUS: _("contentious"),
    BracketReason.AWAITING: _("awaiting instructions"),
    BracketReason.TACTICAL: _("tactical"),
    BracketReason.LINKED: _("linked to another clause"),
    BracketReason.ALTERNATIVE: _("alternative"),
    BracketReason.PLACEHOLDER: _("placeholder"),
}
OPENNESS: Final[Mapping[str, str]] = {
    Openness.EVERYONE: _("everybody who may read the draft"),
    Openness.DELEGATIONS: _("delegations"),
    Openness.LEADS: _("chair and secretariat"),
}
OUTCOMES: Final[Mapping[str, str]] = {  # of a silence procedure
    "": _("running"),
    "adopted": _("adopted"),
    "broken": _("broken"),
    "cancelled": _("cancelled"),
}
VIEWS: Final[Mapping[str, str]] = {
    View.SUPPORT: _("Support"),
    View.WITH_CHANGES: _("Support with changes"),
    View.OPPOSE: _("Oppose"),
    View.NEUTRAL: _("Neutral"),
}
GROUPS: Final[Mapping[str, str]] = {
    Group.GOVERNMENT: _("Governments"),
    Group.INDUSTRY: _("Industry"),
    Group.CIVIL_SOCIETY: _("Civil society"),
    Group.ACADEMIA: _("Academia"),
}
DISPOSITIONS: Final[Mapping[str, str]] = {
    Disposition.ACCEPTED: _("accepted"),
    Disposition.ACCEPTED_IN_PART: _("accepted in part"),
    Disposition.NOT_ACCEPTED: _("not accepted"),
    Disposition.NOTED: _("noted"),
    Disposition.OUT_OF_SCOPE: _("out of scope"),
}
REMARKS: Final[Mapping[str, str]] = {
    RemarkState.DRAFT: _("draft"),
    RemarkState.HELD: _("waits for the secretariat"),
    RemarkState.OPEN: _("sent"),
    RemarkState.HIDDEN: _("hidden"),
    RemarkState.WITHDRAWN: _("withdrawn"),
}
REMARK_KINDS: Final[Mapping[str, str]] = {
    RemarkKind.GENERAL: _("General"),
    RemarkKind.DRAFTING: _("With proposed words"),
}
SPOTS: Final[Mapping[str, str]] = {
    Spot.SPAN: _("Selected words"),
    Spot.CLAUSE: _("Clause"),
    Spot.SECTION: _("Section"),
    Spot.WHOLE: _("Whole text"),
    Spot.MISSING: _("What is missing"),
}
CONSULTATION: Final[Mapping[str, Mapping[str, str]]] = {  # no script of the room asks for these
    "view": VIEWS,
    "disposition": DISPOSITIONS,
    "remark": REMARKS,
    "remark_kind": REMARK_KINDS,
    "spot": SPOTS,
    "group": GROUPS,
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "stage": STAGES,
    "status": STATUSES,
    "proposal": PROPOSALS,
    "state": STATES,
    "stance": STANCES,
    "reason": REASONS,
    "openness": OPENNESS,
    "outcome": OUTCOMES,
}
_KINDS: Final[Mapping[type[StrEnum], str]] = {
    Stage: "stage",
    ClauseStatus: "status",
    ProposalKind: "proposal",
    ProposalState: "state",
    Stance: "stance",
    BracketReason: "reason",
    Openness: "openness",
    View: "view",
    Disposition: "disposition",
    RemarkState: "remark",
    RemarkKind: "remark_kind",
    Spot: "spot",
    Group: "group",
}


def word(value: StrEnum | str, kind: str = "") -> str:
    """The English name of a state or kind: a message of the catalogue. KeyError for a value that has none."""
    if isinstance(value, StrEnum):
        kind = kind or _KINDS[type(value)]
    return (WORDS.get(kind) or CONSULTATION[kind])[value]


def for_scripts(tongue: Tongue) -> dict[str, dict[str, str]]:
    """All names in a reader's language, by kind and value, for the page's data block."""
    return {kind: {str(value): tongue._(name) for value, name in names.items()} for kind, names in WORDS.items()}
