"""The two texts of the demo exercise as they were brought in. Written for this program, taken from nowhere."""

from typing import Final, NamedTuple

from drafts.model import ClauseKind, DraftKind, Mode

_HEAD, _PRE, _OP, _CHAP, _SUB = (
    ClauseKind.HEADING,
    ClauseKind.PREAMBULAR,
    ClauseKind.OPERATIVE,
    ClauseKind.CHAPEAU,
    ClauseKind.SUB,
)


class Line(NamedTuple):
    """One clause of the text; ``key`` is its name in the story."""

    key: str
    kind: ClauseKind
    text: str
    depth: int = 0
    lang: str = ""


class Text(NamedTuple):
    """A draft to be brought in. Observers read what is open to all, not what is in the chair's pen."""

    title: str
    symbol: str
    kind: DraftKind
    mode: Mode
    lines: tuple[Line, ...]


_NORMS: Final = (
    Line("h-preamble", _HEAD, "Preamble"),
    Line(
        "trust",
        _PRE,
        "*Recognizing* that digital services now carry much of the daily life of societies, and that confidence among "
        "States depends in part on their steady operation,",
    ),
    Line(
        "earlier",
        _PRE,
        "*Building on* earlier discussions among the officials of the region [, each within its own mandate],",
    ),
    Line(
        "origin",
        _PRE,
        "*Concerned* that a mistaken view of where an incident began may harden into a dispute before the facts are "
        "known, *Convinced* that regular and courteous contact between the persons in charge is the least costly of "
        "all measures,",
    ),
    Line(
        "small",
        _PRE,
        "*Teniendo presente* que las administraciones pequeñas necesitan tiempo, personal y equipos antes de poder "
        "aplicar plenamente las medidas voluntarias [, así como recursos previsibles],",
        lang="es",
    ),
    Line("h-contact", _HEAD, "Points of contact"),
    Line(
        "directory",
        _OP,
        "*Invites* each State to name one diplomatic and one technical point of contact for a shared directory, and "
        "to keep both entries current;",
    ),
    Line(
        "answer",
        _OP,
        "*Invites* each State that receives a request for help through the directory to acknowledge it within "
        "[24 hours] [[two] working days], and, where it can, to:",
    ),
    Line("share", _SUB, "share technical details that help to contain the incident, without delay;", 1),
    Line(
        "confidence",
        _SUB,
        "keep in confidence what the requesting State marks as such [, unless its law requires otherwise], provided "
        "that:",
        1,
    ),
    Line("marking", _SUB, "the marking is made in writing at the time of the request; and", 2),
    Line("lifting", _SUB, "it is lifted [not later than [90] days] after the incident is closed;", 2),
    Line("language", _SUB, "name the language in which it prefers to continue;", 1),
    Line(
        "test",
        _OP,
        "*Requests* the secretariat to test the directory twice in each calendar year and to report how many "
        "contacts replied, without naming those that did not;",
    ),
    Line(
        "changes",
        _OP,
        "*تدعو* الدول إلى إبلاغ الأمانة بأي تغيير في بيانات جهات الاتصال في غضون [خمسة عشر] يوما من حدوثه؛",
        lang="ar",
    ),
    Line("understandings", _CHAP, "In using the directory, States are guided by the following understandings:"),
    Line("no-admission", _SUB, "a request implies neither an accusation nor an admission;", 1),
    Line("no-answer", _SUB, "the absence of an answer is not of itself an unfriendly act [;] [, but is noted;]", 1),
    Line("h-restraint", _HEAD, "Restraint"),
    Line(
        "teams",
        _OP,
        "*Calls upon* States [not to use] [to refrain from using] their incident response teams to disturb the "
        "systems of another State;",
    ),
    Line(
        "services",
        _OP,
        "*Encourages* States to spare the systems that carry [health, [water [and sanitation],] and emergency] "
        "services, and to say so in their national policies;",
    ),
    Line(
        "weakness",
        _OP,
        "*Invites* States to make it simple and safe for researchers to report a weakness to the body that can mend "
        "it;",
    ),
    Line(
        "attribution",
        _OP,
        "*Affirms* that a State which intends to attribute an incident in public should first [seek] [make a "
        "reasonable effort to seek] the views of the State whose networks appear to be involved;",
    ),
    Line("h-capacity", _HEAD, "Capacity and cooperation"),
    Line(
        "exercises",
        _OP,
        "*Recommends* that table-top exercises for points of contact be held at least once in every "
        "[12] [18] [24] months, and that:",
    ),
    Line("lessons", _SUB, "lessons be written down without naming those who took part;", 1),
    Line(
        "stakeholders",
        _SUB,
        "industry, civil society and academia be invited to the parts that concern them [, if the host so decides];",
        1,
    ),
    Line(
        "training",
        _OP,
        "*Asks* those in a position to do so to offer training places [and travel support] to officials of States "
        "that are setting up their first point of contact;",
    ),
    Line(
        "costs",
        _OP,
        "*Notes* that the costs of the directory are met from [voluntary contributions] [to be completed];",
    ),
    Line(
        "review",
        _OP,
        "*Decides* to look again at these measures at [the second meeting after their adoption] [a date to be "
        "agreed], on the basis of a short report by the secretariat.",
    ),
)  # fmt: skip

_NOTICE: Final = (
    Line(
        "calm",
        _PRE,
        "*Mindful* that an exercise which nobody was told about can look like its opposite from across a border,",
    ),
    Line("practice", _PRE, "*Welcoming* the practice of those States that tell their neighbours in good time,"),
    Line(
        "notice",
        _OP,
        "*Encourages* States to give notice through the directory of exercises that may be visible on networks beyond "
        "their borders, at least [seven] [fourteen] days before they begin;",
    ),
    Line("contents", _CHAP, "Such a notice may contain:"),
    Line("dates", _SUB, "the dates between which effects may be seen;", 1),
    Line("nature", _SUB, "the general nature of the exercise [and the kinds of network concerned];", 1),
    Line("contact", _SUB, "the point of contact that answers questions while it lasts;", 1),
    Line(
        "interruptions",
        _OP,
        "*Invites* States to use the same channel for planned interruptions of services on which other States are "
        "known to rely;",
    ),
    Line("voluntary", _OP, "*Recalls* that this notice is voluntary and that its absence proves nothing."),
)

NORMS: Final = Text(
    "Points of contact and restraint in the use of information and communications technologies",
    "SIM/LCW/L.3",
    DraftKind.NORM,
    Mode.OPEN,
    _NORMS,
)
NOTICE: Final = Text(
    "Voluntary notice of national exercises and of planned interruptions of service",
    "SIM/LCW/L.4",
    DraftKind.CBM,
    Mode.PEN,
    _NOTICE,
)
