"""From the rows of a table to remarks: which column is what, what the words in it mean, and what is wrong with a row.

Everything is guessed first and then said by a person (``Choices``). A row is named by its number as a spreadsheet shows
it (the names of the columns are row 1). Pure: what is in the database already comes in as sets.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final, TypeVar

from drafts.consultation import Disposition, RemarkKind, Spot, View
from drafts.decide import MAX_COMMENT, paragraphs
from drafts.exchange.language import detect
from drafts.exchange.sheet import Sheet
from drafts.model import Clause, ClauseKind, Group
from drafts.numbering import full

E = TypeVar("E", bound=StrEnum)
MAX_SOURCE: Final = 24  # characters of a table's own name
MAX_ID: Final = 38
MAX_WHO: Final = 300
MAX_PROPOSED: Final = 20_000
MAX_VALUES: Final = 60  # different words of a column that a person is asked about


class Role(StrEnum):
    """What a column is."""

    LEAVE = ""
    ROW = "row"  # its own number or id
    WHO = "who"
    GROUP = "group"
    CLAUSE = "clause"  # a label, or an id
    BODY = "body"  # several are put together
    PROPOSED = "proposed"
    VIEW = "view"
    LANGUAGE = "language"
    DATE = "date"
    DISPOSITION = "disposition"
    RATIONALE = "rationale"


@dataclass(frozen=True, slots=True)
class Choices:
    """How a table is to be read. ``roles``: of each column; ``groups``, ``views``, ``dispositions``: what the words of
    those columns mean, lower-cased (what is not in them: the ``group`` that stands for all, neutral, none). ``source``
    goes in front of the rows' ids; ``who`` stands where no organisation is named; ``whole``: what names no known clause
    is on the whole text; ``parties``: organisations with a seat here are shown as that party; ``contributions``: what
    is too long for a comment is kept as a written contribution; ``skip``: rows with errors are left out."""

    roles: tuple[Role, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    dispositions: Mapping[str, Disposition] = field(default_factory=dict)
    group: Group | None = None
    source: str = ""
    who: str = ""
    language: str = ""
    whole: bool = False
    parties: bool = False
    contributions: bool = False
    skip: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can become a remark, or, when ``long``, a written contribution."""

    row: int
    source_row: str
    who: str
    group: Group
    spot: Spot
    clause_id: str | None
    kind: RemarkKind
    view: View
    body: str
    proposed: str
    language: str
    at: datetime | None
    disposition: Disposition | None = None
    rationale: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: a message (English, to be translated) with what fills its place, and the row."""

    row: int
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would come of a table."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    known: int = 0  # rows that were imported before


NOTE_NO_WORDS = "There is no comment in this row."
NOTE_TOO_LONG = "The comment has more than {value} characters."
NOTE_NO_CLAUSE = "There is no clause “{value}” in the text."
NOTE_NO_GROUP = "It is not said for which group “{value}” counts."
NOTE_NO_WHO = "No organisation is named."
NOTE_BAD_DATE = "“{value}” is not a date that is understood."
NOTE_BAD_LANGUAGE = "“{value}” is not a language tag."
NOTE_NO_VIEW = "It is not said what “{value}” means as a stance."
NOTE_NO_DISPOSITION = "It is not said what “{value}” means as an answer."
NOTE_TWICE = "Row {value} has the same number."
NOTE_REASON = "An answer that is not followed, or only in part, needs a reason."
NOTE_NO_PLACE = "Words are proposed, but no clause is named."

_HEADS: Final[tuple[tuple[Role, str], ...]] = (
    (Role.ROW, r"source_row|(row|comment|submission|record|document)?[ _-]*(id|no|nr|num|number|#)"),
    (Role.PROPOSED, r"proposed.*|proposal|suggested.*|new (text|wording)|alternative.*"),
    (Role.RATIONALE, r"rationale|reason|response text|reply"),
    (Role.DISPOSITION, r"disposition|response|outcome|decision|answer"),
    (Role.BODY, r"comment|comment[ _-]?(body|text)|text|body|message|contribution|remark|feedback|意见|评论"),
    (Role.WHO, r"organi[sz]ation(s| name)?|who|name|author|author[ _-]id|submitter|entity|institution|party"),
    (Role.GROUP, r"(stakeholder[ _-]*)?(group|sector|category)|stakeholder( type)?"),
    (Role.CLAUSE, r"clause([ _-]id)?|paragraph|para|article|section|provision"),
    (Role.VIEW, r"stance|view|position|support|opinion"),
    (Role.LANGUAGE, r"lang(uage)?"),
    (Role.DATE, r"sent|date|time|timestamp|datetime|submitted.*|created.*"),
)  # fmt: skip
_OWN: Final[Mapping[str, Role]] = {  # of the tables that a compendium writes
    "number": Role.ROW,
    "organisation": Role.WHO,
    "group": Role.GROUP,
    "clause_id": Role.CLAUSE,
    "comment": Role.BODY,
    "proposed": Role.PROPOSED,
    "stance": Role.VIEW,
    "language": Role.LANGUAGE,
    "sent": Role.DATE,
    "disposition": Role.DISPOSITION,
    "rationale": Role.RATIONALE,
}
_GROUP_WORDS: Final[tuple[tuple[Group, str], ...]] = (
    (Group.GOVERNMENT, r"\b(gov|government\w*|states?|ministr\w*|member states?|intergovernmental|public sector)\b"),
    (Group.CIVIL_SOCIETY, r"civil|\bngos?\b|non-?profit|individual|citizen|advoca"),
    (Group.ACADEMIA, r"acade|universit|research|technical communit|think tank"),
    (Group.INDUSTRY, r"industr|private|business|compan|sector|commerc|operator"),
)
_VIEW_WORDS: Final[tuple[tuple[View, str], ...]] = (
    (View.WITH_CHANGES, r"chang|amend|partial|with reserv|conditional|modif"),
    (View.OPPOSE, r"oppos|against|disagree|object|reject|contra\b"),
    (View.SUPPORT, r"support|agree|favou?r|\bpro\b|endorse|accept"),
    (View.NEUTRAL, r"neutral|none|no (opinion|view)|other|comment"),
)
_DISPOSITION_WORDS: Final[tuple[tuple[Disposition, str], ...]] = (
    (Disposition.ACCEPTED_IN_PART, r"part"),
    (Disposition.NOT_ACCEPTED, r"not[ _-]|reject|declin"),
    (Disposition.OUT_OF_SCOPE, r"scope"),
    (Disposition.NOTED, r"noted?"),
    (Disposition.ACCEPTED, r"accept|agree|adopt"),
)
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_SPACE: Final = re.compile(r"[\s.()\-–—]+")
_LABEL_WORDS: Final = re.compile(
    r"^(operative|preambular)?(clause|paragraph|para|article|section|norm|no)\b", re.IGNORECASE
)
_FORMATS: Final = ("%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d", "%d.%m.%Y %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M")


# ── guessing ──


def guess(sheet: Sheet, source: str = "") -> Choices:
    """What the columns are by their names, and what their words mean."""
    if _OWN.keys() <= set(sheet.columns):
        return meant(
            sheet, Choices(tuple(_OWN.get(name, Role.LEAVE) for name in sheet.columns), source=source[:MAX_SOURCE])
        )
    roles: list[Role] = []
    taken: set[Role] = set()
    for name in sheet.columns:
        role = next((role for role, pattern in _HEADS if re.fullmatch(pattern, name.strip().lower())), Role.LEAVE)
        roles.append(Role.LEAVE if role in taken else role)
        taken.add(role)
    if Role.BODY not in taken and sheet.columns:
        longest = max(range(len(sheet.columns)), key=lambda at: sum(len(row[at]) for row in sheet.rows[:200]))
        roles[longest] = Role.BODY
    return meant(sheet, Choices(tuple(roles), source=source[:MAX_SOURCE]))


def meant(sheet: Sheet, choices: Choices) -> Choices:
    """The choices with a guess at what the words of the columns of groups, stances and answers mean, as far as the
    choices do not say."""
    return replace(
        choices,
        groups=_meant(values(sheet, choices, Role.GROUP), Group, _GROUP_WORDS) | dict(choices.groups),
        views=_meant(values(sheet, choices, Role.VIEW), View, _VIEW_WORDS) | dict(choices.views),
        dispositions=_meant(values(sheet, choices, Role.DISPOSITION), Disposition, _DISPOSITION_WORDS)
        | dict(choices.dispositions),
    )


def values(sheet: Sheet, choices: Choices, role: Role) -> dict[str, int]:
    """The different words of the column of a role, lower-cased, with how often each stands there; the most frequent
    ones, '' left out."""
    if role not in choices.roles:
        return {}
    at = choices.roles.index(role)
    return dict(Counter(row[at].lower() for row in sheet.rows if row[at]).most_common(MAX_VALUES))


def _meant(found: Iterable[str], kind: type[E], words: Sequence[tuple[E, str]]) -> dict[str, E]:
    meant = {}
    exact = {one.value: one for one in kind}
    for value in found:
        plain = value.replace(" ", "_")
        by_words = next((one for one, pattern in words if re.search(pattern, value)), None)
        known = exact.get(plain) or by_words
        if known is not None:
            meant[value] = known
    return meant


# ── planning ──


def plan(
    sheet: Sheet,
    choices: Choices,
    clauses: Sequence[Clause],
    known: frozenset[str] = frozenset(),
    spoken: str = "en",
) -> Plan:
    """What would come of the table. ``known``: rows (as ``Line.source_row`` names them) that were imported before;
    ``spoken``: the language where neither the table nor the words say."""
    reader = _Reader(sheet, choices, clauses, spoken)
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    before = 0
    for number, cells in enumerate(sheet.rows, 2):
        found = reader.line(number, cells, seen)
        if isinstance(found, Fault):
            faults.append(found)
        elif found.source_row in known:
            before += 1
        else:
            lines.append(found)
    return Plan(tuple(lines), tuple(faults), before)


def source_rows(sheet: Sheet, choices: Choices) -> list[str]:
    """What the rows of a table are called, as ``Line.source_row`` has it; rows that repeat a name are left out."""
    reader = _Reader(sheet, choices, (), "")
    seen: dict[str, int] = {}
    found = []
    for number, cells in enumerate(sheet.rows, 2):
        with suppress(_Fault):
            found.append(reader.source(cells, seen, number))
    return found


class _Fault(Exception):
    """Ends the reading of a row."""

    def __init__(self, message: str, value: object = "") -> None:
        super().__init__(message)
        self.message = message
        self.value = str(value)


class _Reader:
    """Reads row after row."""

    def __init__(self, sheet: Sheet, choices: Choices, clauses: Sequence[Clause], spoken: str) -> None:
        self.choices = choices
        self.spoken = spoken
        self._at: dict[Role, list[int]] = {}
        for at, role in enumerate(choices.roles[: len(sheet.columns)]):
            self._at.setdefault(role, []).append(at)
        self._kinds = {one.id: one.kind for one in clauses}
        self._labels = named(clauses)

    def line(self, number: int, cells: tuple[str, ...], seen: dict[str, int]) -> Line | Fault:
        """A row as a line. ``seen``: the ids of the rows before, which this one's is added to."""
        try:
            return self._line(number, cells, seen)
        except _Fault as fault:
            return Fault(number, fault.message, fault.value)

    def _line(self, number: int, cells: tuple[str, ...], seen: dict[str, int]) -> Line:
        source_row = self.source(cells, seen, number)
        body = paragraphs("\n\n".join(filter(None, (cells[at] for at in self._at.get(Role.BODY, [])))))
        proposed = " ".join(self._cell(Role.PROPOSED, cells).split())
        if not body and not proposed:
            raise _Fault(NOTE_NO_WORDS)
        long = len(body) > MAX_COMMENT
        if (long and not self.choices.contributions) or len(proposed) > MAX_PROPOSED:
            raise _Fault(NOTE_TOO_LONG, MAX_COMMENT)
        spot, clause_id = self._place(cells)
        if proposed and clause_id is None:
            raise _Fault(NOTE_NO_PLACE)
        disposition, rationale = self._answer(cells)
        return Line(
            row=number,
            source_row=source_row,
            who=self._who(cells),
            group=self._group(cells),
            spot=spot,
            clause_id=clause_id,
            kind=RemarkKind.DRAFTING if proposed else RemarkKind.GENERAL,
            view=self._view(cells),
            body=body,
            proposed=proposed,
            language=self._language(cells, body or proposed),
            at=self._date(cells),
            disposition=disposition,
            rationale=rationale,
            long=long,
        )

    def _cell(self, role: Role, cells: tuple[str, ...]) -> str:
        places = self._at.get(role)
        return cells[places[0]] if places else ""

    def source(self, cells: tuple[str, ...], seen: dict[str, int], number: int) -> str:
        """The row's own name; where the table has none, what it says and how often it said so before."""
        own = " ".join(self._cell(Role.ROW, cells).split())[:MAX_ID]
        if own:
            name = f"{self.choices.source}:{own}"
            if name in seen:
                raise _Fault(NOTE_TWICE, seen[name])
            seen[name] = number
            return name
        said = sha256("\x1f".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        times = seen[said] = seen.get(said, 0) + 1
        return f"{self.choices.source}:#{said}" + (f"-{times}" if times > 1 else "")

    def _who(self, cells: tuple[str, ...]) -> str:
        who = " ".join(self._cell(Role.WHO, cells).split()) or self.choices.who
        if not who:
            raise _Fault(NOTE_NO_WHO)
        return who[:MAX_WHO]

    def _group(self, cells: tuple[str, ...]) -> Group:
        said = self._cell(Role.GROUP, cells)
        found = self.choices.groups.get(said.lower()) or self.choices.group
        if found is None:
            raise _Fault(NOTE_NO_GROUP, said)
        return found

    def _view(self, cells: tuple[str, ...]) -> View:
        said = self._cell(Role.VIEW, cells)
        if not said:
            return View.NEUTRAL
        if said.lower() not in self.choices.views:
            raise _Fault(NOTE_NO_VIEW, said)
        return self.choices.views[said.lower()]

    def _answer(self, cells: tuple[str, ...]) -> tuple[Disposition | None, str]:
        said = self._cell(Role.DISPOSITION, cells)
        if not said:
            return None, ""
        if said.lower() not in self.choices.dispositions:
            raise _Fault(NOTE_NO_DISPOSITION, said)
        disposition, why = self.choices.dispositions[said.lower()], paragraphs(self._cell(Role.RATIONALE, cells))
        if not why and disposition in {Disposition.NOT_ACCEPTED, Disposition.ACCEPTED_IN_PART}:
            raise _Fault(NOTE_REASON)
        return disposition, why

    def _place(self, cells: tuple[str, ...]) -> tuple[Spot, str | None]:
        said = self._cell(Role.CLAUSE, cells)
        clause_id = self._labels.get(plain_label(said)) or (said if said in self._kinds else None)
        if clause_id is None:
            if said and not self.choices.whole:
                raise _Fault(NOTE_NO_CLAUSE, said[:60])
            return Spot.WHOLE, None
        return (Spot.SECTION if self._kinds[clause_id] is ClauseKind.HEADING else Spot.CLAUSE), clause_id

    def _language(self, cells: tuple[str, ...], words: str) -> str:
        said = self._cell(Role.LANGUAGE, cells)
        if said and (len(said) > 16 or not _TAG.match(said)):
            raise _Fault(NOTE_BAD_LANGUAGE, said[:40])
        return said or self.choices.language or detect(words) or self.spoken

    def _date(self, cells: tuple[str, ...]) -> datetime | None:
        said = self._cell(Role.DATE, cells)
        found = moment(said) if said else None
        if said and found is None:
            raise _Fault(NOTE_BAD_DATE, said[:40])
        return found


def named(clauses: Sequence[Clause]) -> dict[str, str]:
    """The clauses by what people call them: the full label, its number alone for operative ones, the words of a
    heading."""
    found: dict[str, str] = {}
    for clause, label in zip(clauses, full(clauses), strict=True):
        names = [label] if label else [clause.text] if clause.kind is ClauseKind.HEADING else []
        if clause.kind is ClauseKind.OPERATIVE:
            names += [label.removeprefix("OP")]
        for name in names:
            found.setdefault(plain_label(name), clause.id)
    found.pop("", None)
    return found


def plain_label(text: str) -> str:
    """What people write for a label, so that OP 3 (a), op3(a) and "Paragraph 3.a" are one."""
    plain = _LABEL_WORDS.sub("", " ".join(text.split()))
    return _SPACE.sub("", plain).casefold()


def moment(text: str) -> datetime | None:
    """A date or time as tables have it: ISO 8601, seconds or milliseconds since 1970, or one of a few usual ways that
    cannot be misread; UTC where no zone is named. None for anything else."""
    plain = text.strip()
    try:
        if plain.isascii() and plain.isdigit() and len(plain) in {10, 13}:
            return datetime.fromtimestamp(int(plain) / (1000 if len(plain) == 13 else 1), UTC)
        found = datetime.fromisoformat(plain)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
