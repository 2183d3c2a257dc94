"""Who said what in the two consultations of the demo exercise, and what became of it. All of it is invented."""

from typing import Final, NamedTuple

from drafts.consultation import Disposition, View

_YES, _WITH, _NO, _NEUTRAL = View.SUPPORT, View.WITH_CHANGES, View.OPPOSE, View.NEUTRAL
_TAKEN, _PARTLY, _NOT, _NOTED, _OUT = (
    Disposition.ACCEPTED,
    Disposition.ACCEPTED_IN_PART,
    Disposition.NOT_ACCEPTED,
    Disposition.NOTED,
    Disposition.OUT_OF_SCOPE,
)


class Spoken(NamedTuple):
    """A comment. ``clause`` is the clause's name in the story, '' for the whole text; ``words``: those it is on;
    ``proposed``: what they should be; ``missing``: what it asks for is not there yet; ``answer``: what became of it,
    why, and the clause of the next version that shows it."""

    day: int
    clock: str
    who: str
    clause: str
    view: View
    body: str
    words: str = ""
    proposed: str = ""
    missing: bool = False
    lang: str = "en"
    question: bool = False
    answer: tuple[Disposition, str, str] | None = None


class Under(NamedTuple):
    """A reply to the comment whose body begins with ``to``."""

    day: int
    clock: str
    who: str
    to: str
    body: str


FIRST_TITLE: Final = "What the zero draft leaves out"
FIRST_INTRO: Final = (
    "The secretariat asks all four groups for their views on the zero draft, before the second reading begins. Every "
    "comment is answered in public."
)
FIRST_QUESTION: Final = "What would keep your organisation from using the directory?"
SECOND_TITLE: Final = "Points of contact and restraint: views on Rev.1"
SECOND_INTRO: Final = (
    "Rev.1 takes up what the first consultation brought. Please say of each paragraph whether you can live with it, "
    "and propose words where you cannot. What is still in brackets is open."
)

_NEEDED: Final = "Asked for by four organisations, and repeated in the first reading."
FIRST: Final[tuple[Spoken, ...]] = (
    Spoken(-39, "09:10", "operators", "answer", _WITH,
           "Keep the first acknowledgement apart from the full answer. The first can be quick, the second cannot.",
           answer=(_PARTLY, "The two are named one after the other now; how long each may take is still open.",
                   "answer")),
    Spoken(-39, "14:25", "hosting", "answer", _NO,
           "Twenty-four hours cannot be kept by a team of two. Say working days.", words="[24 hours]",
           answer=(_NOT, "Several delegations need the shorter time for incidents that spread. Both stay in brackets.",
                   "answer")),
    Spoken(-38, "08:40", "helplines", "share", _WITH,
           "People who are harmed should be told what they can do, at the same time as the experts.",
           answer=(_NOTED, "This belongs in the guide to the directory, which is written next.", "")),
    Spoken(-38, "11:05", "networks-watch", "test", _YES,
           "Testing twice a year is right. Publish how many replied.",
           answer=(_TAKEN, "The report gives the number that replied.", "test")),
    Spoken(-37, "10:00", "university", "test", _WITH,
           "Test the directory every quarter: contacts change more often than one thinks.",
           words="twice in each calendar year", proposed="in each quarter of the year",
           answer=(_PARTLY, "Twice a year is what small administrations can carry.", "test")),
    Spoken(-37, "16:30", "institute", "", _NEUTRAL,
           "The draft does not say who reads the results of the exercises. A line on that would help.", missing=True,
           answer=(_TAKEN, "The paragraph on exercises says so now.", "exercises")),
    Spoken(-36, "09:20", "qoralia", "directory", _YES,
           "We have named both points of contact and can recommend it.",
           answer=(_NOTED, "Thank you.", "")),
    Spoken(-36, "09:50", "networks-watch", "directory", _WITH,
           "Open the directory to the public, at least the names of the offices.",
           answer=(_NOT, "No support in the first reading. It is kept in the summary of the discussion.", "directory")),
    Spoken(-35, "13:00", "operators", "weakness", _WITH,
           "Researchers need to know that they will not be prosecuted for reporting.", words="simple and safe",
           answer=(_TAKEN, _NEEDED, "weakness")),
    Spoken(-35, "13:40", "hosting", "weakness", _WITH,
           "Researchers need to know they will not be prosecuted for reporting a weakness.",
           answer=(_TAKEN, _NEEDED, "weakness")),
    Spoken(-35, "15:10", "helplines", "weakness", _WITH,
           "Researchers need to know that they will not be prosecuted for reporting!",
           answer=(_TAKEN, _NEEDED, "weakness")),
    Spoken(-34, "10:10", "university", "weakness", _WITH,
           "Researchers need to know that they will not be prosecuted for reporting a weakness in good faith.",
           answer=(_TAKEN, _NEEDED, "weakness")),
    Spoken(-34, "12:00", "costamar", "small", _YES,
           "Apoyamos este párrafo: sin personal y equipos, las medidas se quedan en el papel.", lang="es",
           answer=(_NOTED, "Gracias. El párrafo se mantiene.", "small")),
    Spoken(-33, "09:00", "operators", "", _NEUTRAL,
           "That an entry of ours becomes public by mistake.", question=True,
           answer=(_PARTLY, "What is sent is covered by the paragraph on confidence, entries by the directory’s terms.",
                   "confidence")),
    Spoken(-33, "10:30", "helplines", "", _NEUTRAL,
           "That nobody answers. Tell us who does when the first contact is away.", question=True,
           answer=(_NOTED, "A substitute can be named in the directory already.", "")),
    Spoken(-32, "17:45", "institute", "costs", _NO,
           "Who pays for the directory should be settled elsewhere.",
           answer=(_OUT, "The paragraph on costs was removed in the first reading.", "")),
)  # fmt: skip

SECOND: Final[tuple[Spoken, ...]] = (
    Spoken(-8, "09:05", "operators", "answer", _WITH,
           "Separate the first acknowledgement from the full answer: one day for the one, a week for the other."),
    Spoken(-8, "10:40", "qoralia", "answer", _WITH,
           "We prefer working days, and can accept hours if training places are offered."),
    Spoken(-7, "08:15", "helplines", "answer", _NEUTRAL,
           "People affected should be told what they need to protect themselves."),
    Spoken(-7, "09:30", "hosting", "answer", _NO,
           "Hours do not work for those who have no night shift.", words="24 hours"),
    Spoken(-7, "11:55", "university", "test", _YES,
           "Good. The number that replied is enough; names would keep States from taking part."),
    Spoken(-6, "10:20", "networks-watch", "services", _WITH,
           "Name electricity too: without it the other services stop.", words="emergency",
           proposed="electricity and emergency"),
    Spoken(-6, "10:50", "operators", "services", _YES,
           "We read this as covering the networks that carry these services."),
    Spoken(-6, "14:00", "sundara", "services", _WITH,
           "Say what an emergency service is, or leave it to national policy in so many words."),
    Spoken(-5, "09:10", "university", "weakness", _YES,
           "This is the paragraph that will change most in practice. Keep it."),
    Spoken(-5, "09:45", "institute", "weakness", _WITH,
           "Say that the finder may publish once the weakness is mended.", missing=True),
    Spoken(-5, "16:20", "hosting", "weakness", _WITH,
           "Often it is a company that can mend it, not a body of the State.", words="the body that can mend it",
           proposed="whoever can mend it"),
    Spoken(-4, "08:50", "ellandia", "attribution", _WITH,
           "A reasonable effort is what we can promise; more depends on the other side."),
    Spoken(-4, "09:40", "networks-watch", "attribution", _NO,
           "As it stands, the State that is responsible could hold back the truth by not answering."),
    Spoken(-4, "15:00", "tarvia", "attribution", _YES,
           "This paragraph is why we support the text."),
    Spoken(-3, "10:30", "costamar", "training", _YES,
           "Pedimos que se mantenga el apoyo para los viajes.", lang="es"),
    Spoken(-3, "11:10", "helplines", "stakeholders", _WITH,
           "Being invited only if the host so decides is no invitation.", words="if the host so decides"),
    Spoken(-3, "13:30", "university", "stakeholders", _WITH,
           "Invite them as a rule, and let the host say why not.", words="if the host so decides"),
    Spoken(-2, "09:00", "operators", "exercises", _YES,
           "Once in eighteen months is what our members can staff."),
    Spoken(-2, "17:15", "institute", "", _NEUTRAL,
           "A short glossary would spare every delegation the same questions.", missing=True),
    Spoken(-1, "08:30", "norvale", "", _YES,
           "We can work with this text as a whole, and thank those who commented on the zero draft."),
)  # fmt: skip
REPLIES: Final[tuple[Under, ...]] = (
    Under(-6, "09:00", "operators", "Hours do not work", "Would you accept hours for the acknowledgement alone?"),
    Under(-6, "11:20", "hosting", "Hours do not work", "Yes, if it can be sent by a machine. @NOF"),
    Under(-3, "16:05", "secretary", "As it stands", "The summary of the first reading has both views."),
)  # fmt: skip
