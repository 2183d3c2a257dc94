"""What happened to the demo exercise's texts in the weeks before today, in order."""

from typing import Final

from drafts.model import Audience, ClauseKind, VersionStatus
from server.demo.steps import Agree, Answer, Cut, Drop, Out, Put, Say, Settle, Shift, Step, Words
from server.demo.table import TABLE
from server.demo.text import Line

BROUGHT: Final = (-43, "10:00", "secretary")
PEN_BROUGHT: Final = (-12, "09:00", "secretary")

_FIRST_READING: Final[tuple[Step, ...]] = (
    Out(
        -42,
        "09:00",
        "chair",
        "Zero draft",
        "SIM/LCW/L.3",
        VersionStatus.ZERO,
        "Prepared by the secretariat at the chair’s request, as a basis for discussion. It commits nobody. Words in "
        "square brackets are offered as choices.",
    ),
    Say(
        -41,
        "08:30",
        "institute",
        "general",
        "The draft is strong on contact and brief on review. A line on what the report under the last paragraph should "
        "contain would help those who will have to write it.",
    ),
    Say(
        -41,
        "09:12",
        "hosting",
        "without-delay",
        "Those who hold such details often have to check them first. “Without delay” cannot be promised in good faith.",
        clause="share",
        words="without delay",
    ),
    Words(-40, "10:05", "tarvia", "share", ", without delay;", ";"),
    Words(-40, "10:31", "norvale", "answer", ", and, where it can, to:",
          ", to say when a full answer can be expected, and, where it can, to:"),
    Answer(-40, "10:40", "secretary", "without-delay", "The words were taken out in the first reading."),
    Settle(-40, "10:41", "secretary", "without-delay"),
    Say(
        -40,
        "14:20",
        "operators",
        "acknowledge",
        "A first acknowledgement within a day is common practice among operators. A full answer is not. The two should "
        "be kept apart.",
        clause="answer",
        words="24 hours",
    ),
    Answer(-40, "15:02", "norvale", "acknowledge", "We have proposed words to that effect in the same paragraph."),
    Cut(-39, "09:15", "secretary", "origin", "*Convinced*", "courteous"),
    Words(-39, "09:16", "secretary", "origin", "are known, ", "are known,"),
    Words(-39, "11:40", "costamar", "small", "recursos previsibles]", "recursos previsibles y suficientes]"),
    Shift(-38, "10:10", "ellandia", "weakness", "h-capacity"),
    Words(-38, "10:52", "sundara", "services", "to spare the systems", "to spare, in calm as in tension, the systems"),
    Drop(-37, "12:00", "highland", "costs",
         "Covered by the financial rules of the workshop; a text of this kind need not repeat them."),
    Words(-37, "12:24", "archipelago", "training", "officials of States that",
          "officials of States [, small island States in particular,] that"),
    Words(-36, "16:00", "qoralia", "attribution", "appear to be involved;",
          "appear to be involved [, and allow it time to answer];"),
    Words(-35, "09:48", "norvale-adviser", "language", "name the language", "name the working language"),
    Say(
        -34,
        "13:05",
        "university",
        "working-days",
        "“Working days” differ from one State to another. A number of hours is easier to test under the paragraph on "
        "tests of the directory.",
        clause="answer",
        words="working days",
    ),
)  # fmt: skip

_SECOND_READING: Final[tuple[Step, ...]] = (
    Out(
        -21,
        "17:00",
        "chair",
        "Rev.1",
        "SIM/LCW/L.3/Rev.1",
        VersionStatus.REVISION,
        "Reflects the first reading. The paragraph on costs was removed at the request of the Highland Group; the "
        "paragraph on weaknesses stands under capacity and cooperation. Nothing is agreed until everything is agreed.",
    ),
    Agree(-20, "16:40", "chair", "trust"),
    Agree(-20, "17:20", "chair", "directory"),
    Words(-19, "09:30", "chair", "earlier", "earlier discussions among the officials",
          "the agreed outcomes of earlier meetings of officials"),
    Words(-19, "09:58", "tarvia", "answer", "[24 hours]", "[24 hours from its receipt]"),
    Words(-19, "10:20", "costamar", "answer", "[[two] working days]", "[[two] [three] working days]"),
    Put(-18, "11:00", "archipelago", "small", Line("one-official", ClauseKind.PREAMBULAR,
        "*Mindful* that in a small administration one official may carry several of these tasks,")),
    Words(-18, "11:45", "highland", "answer", "24 hours from its receipt", "24 hours"),
    Say(
        -18,
        "14:10",
        "helplines",
        "affected",
        "Please add that people who are affected by an incident may be told what they need to protect themselves.",
        clause="confidence",
        words="what the requesting State marks as such",
    ),
    Say(
        -17,
        "08:50",
        "ellandia",
        "bracket",
        "We can look at the bracket again once the wording on weaknesses is settled in all languages.",
        clause="confidence",
        audience=Audience.DELEGATIONS,
    ),
    Answer(-17, "09:30", "tarvia", "bracket", "Same for us. Our law does require otherwise in two cases."),
    Words(-17, "10:02", "sundara", "changes", "[خمسة عشر]", "[عشرة] [خمسة عشر]"),
    Say(
        -17,
        "10:06",
        "sundara",
        "ten-days",
        "نقترح عشرة أيام لأن الدليل يفقد قيمته إذا تأخر تحديثه.",
        clause="changes",
        words="عشرة",
    ),
    Agree(-16, "11:15", "chair", "test"),
    Words(-16, "12:30", "sundara", "services", "[health, [water", "[health, [energy, water"),
    Words(-15, "10:00", "qoralia", "marking", "at the time of the request; and", "at the time of the request;"),
    Drop(-15, "10:03", "qoralia", "lifting",
         "A marking ends when the State that made it says so. A time limit would invite guesswork."),
    Say(
        -15,
        "15:40",
        "university",
        "time-limit",
        "Without any limit the marking may outlive the incident by years. Could the drafting group discuss "
        "the reason for the removal?",
        clause="marking",
    ),
    Words(-14, "09:20", "qoralia", "attribution", "allow it time to answer];",
          "allow it time to answer]; *Affirms also* that the State so asked should answer with equal care;"),
    Cut(-14, "09:21", "qoralia", "attribution", "*Affirms also*", "equal-care"),
    Words(-14, "09:22", "qoralia", "attribution", "to answer]; ", "to answer];"),
    Shift(-14, "09:55", "ellandia", "attribution", "h-restraint"),
    Shift(-14, "09:56", "ellandia", "equal-care", "attribution"),
    Put(-13, "14:00", "tarvia", "no-answer", Line("on-behalf", ClauseKind.SUB,
        "a request may be made on behalf of another State, with its consent;", 1)),
    Words(-13, "14:25", "norvale", "on-behalf", "with its consent;", "with its consent in writing;"),
    Say(
        -12,
        "09:10",
        "networks-watch",
        "host-decides",
        "If the host alone decides, nobody can prepare. A short list of the parts that are open, published beforehand, "
        "would serve everybody.",
        clause="stakeholders",
        words="if the host so decides",
    ),
    Words(-12, "10:30", "highland", "stakeholders", "if the host so decides", "if the host and the chair so decide"),
    Answer(-12, "10:50", "highland", "host-decides", "We have suggested a decision by two instead of one."),
    Say(
        -11,
        "16:15",
        "helplines",
        "shelters",
        "The systems on which helplines and shelters depend are not named anywhere. They fail first and are repaired "
        "last.",
        clause="services",
        missing=True,
    ),
    Say(
        -11,
        "17:30",
        "networks-watch",
        "figures",
        "Nothing is said about publishing how often the directory is used. Three figures a year would be enough and "
        "name nobody.",
        missing=True,
    ),
    Words(-10, "11:11", "costamar", "small", "recursos previsibles", "recursos financieros previsibles"),
    Say(
        -10,
        "11:14",
        "costamar",
        "resources",
        "La palabra «financieros» aclara el sentido; no añade una obligación nueva.",
        clause="small",
        words="financieros",
    ),
    Answer(-9, "08:45", "archipelago", "resources", "Understood and welcome. We support the addition."),
    Settle(-9, "09:00", "costamar", "resources"),
    Words(-8, "15:20", "norvale", "exercises", "[12] [18] [24] months", "[12] [24] months"),
    Say(
        -8,
        "15:45",
        "norvale",
        "our-file",
        "For our own file: the capital accepts two working days, not three, and can drop 18 months.",
        clause="answer",
        audience=Audience.PARTY,
    ),
    Agree(-7, "12:02", "chair", "no-admission"),
    Say(
        -6,
        "10:00",
        "hosting",
        "mend",
        "For hosted services the one who can mend it is often a company. Would “to whoever can mend it” be acceptable?",
        clause="weakness",
        words="the body that can mend it",
    ),
    Answer(-6, "13:30", "ellandia", "mend", "We could accept this if the Arabic and Spanish texts follow."),
    Words(-5, "09:05", "chair", "review", "[a date to be agreed]", "[a date to be agreed at the closing meeting]"),
    Say(
        -4,
        "11:00",
        "chair",
        "sponsors",
        "The chair invites those who sponsor the two periods to meet before the next session and to come back "
        "with one.",
        clause="answer",
    ),
    Answer(-4, "11:32", "costamar", "sponsors", "Costamar is ready to meet."),
    Answer(-4, "11:40", "tarvia", "sponsors", "So is Tarvia."),
    Words(-3, "16:10", "norvale-adviser", "answer", "to say when a full answer can be expected",
          "to say, in the same message, when a full answer can be expected"),
    Words(-2, "10:25", "tarvia", "share", "share technical details that help", "share such technical details as help"),
    Words(-1, "17:45", "sundara", "teams", "[not to use] [to refrain from using]",
          "[not to use] [never to use] [to refrain from using]"),
)  # fmt: skip

STORY: Final[tuple[Step, ...]] = tuple(
    sorted((*_FIRST_READING, *_SECOND_READING, *TABLE), key=lambda step: (step.day, step.time))
)

PEN_STORY: Final[tuple[Step, ...]] = (
    Out(-11, "09:00", "chair", "Chair’s draft", "SIM/LCW/L.4", VersionStatus.ZERO,
        "The chair’s own text, offered for comments. It is edited by the chair and the secretariat only."),
    Say(-9, "14:05", "norvale", "seven",
        "Norvale could accept seven days. Fourteen would exclude exercises that are called at short notice.",
        clause="notice", words="[seven] [fourteen] days"),
    Words(-8, "09:15", "secretary", "notice", "[seven] [fourteen] days before they begin;",
          "[seven] [fourteen] days before they begin [, or as early as can be];"),
    Answer(-8, "09:20", "secretary", "seven", "A third choice has been added on behalf of the chair."),
    Put(-7, "10:00", "chair", "contact", Line("changes", ClauseKind.SUB,
        "how later changes of the plan will be made known.", 1)),
    Words(-2, "12:40", "chair", "voluntary", "its absence proves nothing.", "its absence is proof of nothing."),
)  # fmt: skip
