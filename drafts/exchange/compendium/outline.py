"""The order of things in a compendium for people: headings where clause, group or contributor change, and for each
comment its parts. Word, HTML and print are three dresses of these blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from drafts.consultation import Remark, RemarkKind, RemarkState, Spot
from drafts.exchange.compendium.told import Heads, Link, Order, Told, Voice, minute
from drafts.model import Clause

NOTE_ABOUT = "Consultation {number} on {title}, {version}"
NOTE_TIMES = "Open from {opens} to {closes}"
NOTE_MADE = "Made on {at}"
NOTE_BY_CLAUSE = "By clause and group"
NOTE_BY_CONTRIBUTOR = "By contributor"
NOTE_FILTERED = "A selection: a filter left comments out."
NOTE_SEALED = "Comments of others are not in it: they are shown when the consultation closes."
NOTE_NONE = "There are no comments."
NOTE_WHOLE = "The whole text"
NOTE_ABSENT = "What is missing in the text"
NOTE_ELSEWHERE = "Other places"
NOTE_ON_WORDS = "On the words"
NOTE_ON_SECTION = "On the section"
NOTE_BEHIND = "Missing behind this clause"
NOTE_BEHIND_LABEL = "Missing behind {clause}"
NOTE_ON_CLAUSE = "On {clause}"
NOTE_PROPOSED = "Proposed words"
NOTE_QUESTION = "To the question"
NOTE_TOGETHER = "Also on behalf of"
NOTE_LATE = "late"
NOTE_PSEUDONYM = "pseudonym"
NOTE_CHANGED = "changed on {at}"
NOTE_HIDDEN = "Hidden by the secretariat: {reason}"
NOTE_WITHDRAWN = "Withdrawn by its author."
NOTE_HELD = "Not yet let through by the secretariat."
NOTE_ANSWER = "Answer"
NOTE_UNPUBLISHED = "not published"
NOTE_SEE_CLAUSE = "See {label}."
NOTE_SEE_PROPOSAL = "See proposal {number}."
NOTE_SEE_VERSION = "See version {number}."
NOTE_SEE_VERSION_CLAUSE = "See {label} in version {number}."
NOTE_SEE_GONE = "See version {number}, where {label} was removed."


class Part(StrEnum):
    """What a block is."""

    CLAUSE = "clause"  # a heading, with the clause's text below it where it is one
    GROUP = "group"  # a heading below a clause, or the first heading of contributors
    WHO = "who"  # a heading: a contributor
    HEAD = "head"  # the first line of a comment; ``label`` is its number
    NOTE = "note"  # hidden, withdrawn, held
    PLACE = "place"  # on which words, or where something is missing; ``label`` says what it is
    BODY = "body"
    PROPOSED = "proposed"
    TOGETHER = "together"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading. ``lang``: of its words, '' for the file's own. ``clause``: of a CLAUSE heading that has
    one. ``label``: a word in front of it."""

    part: Part
    text: str
    lang: str = ""
    label: str = ""
    clause: Clause | None = None


class Outline:
    """Turns comments, in their order, into blocks; it remembers under which headings the last one stood."""

    def __init__(self, heads: Heads, voice: Voice) -> None:
        self.heads = heads
        self.voice = voice
        self._place: object = None
        self._below: object = None
        self.count = 0

    def about(self) -> list[str]:
        """The lines below the title."""
        heads, say = self.heads, self.voice
        told = heads.round
        text = " ".join(part for part in (heads.title, heads.symbol) if part)
        order = say(NOTE_BY_CLAUSE if heads.order is Order.CLAUSE else NOTE_BY_CONTRIBUTOR)
        lines = [
            heads.forum,
            say(NOTE_ABOUT, number=told.number, title=text, version=heads.version.label),
            say(NOTE_TIMES, opens=minute(told.opens_at), closes=minute(told.closes_at)),
            f"{order} · {say(NOTE_MADE, at=minute(heads.made))}",
        ]
        lines += [say(NOTE_FILTERED)] if heads.filtered else []
        lines += [say(NOTE_SEALED)] if heads.sealed else []
        return [one for one in lines if one]

    def blocks(self, told: Iterable[Told]) -> Iterator[Block]:
        """The blocks of comments."""
        for one in told:
            self.count += 1
            yield from self._headings(one.remark)
            yield from self._comment(one)

    # ── headings ──

    def _headings(self, remark: Remark) -> Iterator[Block]:
        if self.heads.order is Order.CONTRIBUTOR:
            if remark.group != self._place:
                self._place, self._below = remark.group, None
                yield Block(Part.GROUP, self.voice.name(remark.group))
            if remark.who != self._below:
                self._below = remark.who
                yield Block(Part.WHO, remark.who)
            return
        place = remark.clause_id or (Spot.MISSING if remark.spot is Spot.MISSING else Spot.WHOLE)
        if place != self._place:
            self._place, self._below = place, None
            yield self._clause(remark)
        if remark.group != self._below:
            self._below = remark.group
            yield Block(Part.GROUP, self.voice.name(remark.group))

    def _clause(self, remark: Remark) -> Block:
        if remark.clause_id is None:
            return Block(Part.CLAUSE, self.voice(NOTE_ABSENT if remark.spot is Spot.MISSING else NOTE_WHOLE))
        clause = self.heads.by_id.get(remark.clause_id)
        if clause is None:
            return Block(Part.CLAUSE, self.voice(NOTE_ELSEWHERE))
        return Block(Part.CLAUSE, clause.text, clause.lang or self.heads.language, self._named(clause.id), clause)

    def _named(self, clause_id: str) -> str:
        """What a clause is called: its label, or the beginning of a heading."""
        label = self.heads.labels.get(clause_id, "")
        clause = self.heads.by_id.get(clause_id)
        if label or clause is None:
            return label
        return clause.text.replace("*", "") if len(clause.text) < 60 else f"{clause.text[:60].rstrip()}…"

    # ── a comment ──

    def _comment(self, told: Told) -> Iterator[Block]:
        remark = told.remark
        yield Block(Part.HEAD, " · ".join(self._facts(remark)), label=f"{remark.number}")
        yield from self._notes(remark)
        yield from self._where(remark)
        if told.trace:
            return
        if remark.question_id in self.heads.questions:
            asked = self.heads.questions[remark.question_id or ""]
            yield Block(Part.PLACE, asked, label=self.voice(NOTE_QUESTION))
        for line in filter(None, remark.body.splitlines()):
            yield Block(Part.BODY, line, remark.language)
        if remark.kind is RemarkKind.DRAFTING and remark.proposed:
            yield Block(Part.PROPOSED, remark.proposed, remark.language, self.voice(NOTE_PROPOSED))
        if remark.together:
            names = ", ".join(party.name for party in remark.together)
            yield Block(Part.TOGETHER, names, label=self.voice(NOTE_TOGETHER))
        yield from self._answer(told)

    def _facts(self, remark: Remark) -> Iterator[str]:
        yield f"{remark.who} ({remark.party.code})" if remark.party else remark.who
        if self.heads.order is Order.CLAUSE and remark.pseudonym:
            yield self.voice(NOTE_PSEUDONYM)
        yield self.voice.name(remark.view)
        yield remark.language
        if remark.sent_at:
            yield minute(remark.sent_at)
        if remark.late:
            yield self.voice(NOTE_LATE)
        if remark.edited_at:
            yield self.voice(NOTE_CHANGED, at=minute(remark.edited_at))

    def _notes(self, remark: Remark) -> Iterator[Block]:
        if remark.state is RemarkState.HIDDEN:
            yield Block(Part.NOTE, self.voice(NOTE_HIDDEN, reason=remark.hidden_reason))
        elif remark.state is RemarkState.WITHDRAWN:
            why = f" {remark.withdrawn_reason}" if remark.withdrawn_reason else ""
            yield Block(Part.NOTE, self.voice(NOTE_WITHDRAWN) + why)
        elif remark.state is RemarkState.HELD:
            yield Block(Part.NOTE, self.voice(NOTE_HELD))

    def _where(self, remark: Remark) -> Iterator[Block]:
        text_language = self.heads.language
        here = self.heads.order is Order.CLAUSE
        name = self._named(remark.clause_id) if remark.clause_id else ""
        if not here:
            yield Block(Part.NOTE, self._place_named(remark, name))
        if remark.quote:
            yield Block(Part.PLACE, f"“{remark.quote}”", text_language, self.voice(NOTE_ON_WORDS))
        elif here and remark.clause_id and remark.spot in {Spot.MISSING, Spot.SECTION}:
            behind = remark.spot is Spot.MISSING
            yield Block(Part.NOTE, self.voice(NOTE_BEHIND if behind else NOTE_ON_SECTION))

    def _place_named(self, remark: Remark, name: str) -> str:
        if remark.clause_id is None:
            return self.voice(NOTE_ABSENT if remark.spot is Spot.MISSING else NOTE_WHOLE)
        return self.voice(NOTE_BEHIND_LABEL if remark.spot is Spot.MISSING else NOTE_ON_CLAUSE, clause=name or "–")

    def _answer(self, told: Told) -> Iterator[Block]:
        answer = told.remark.answer
        if answer is None:
            return
        unpublished = "" if told.published else f" ({self.voice(NOTE_UNPUBLISHED)})"
        said = [f"{self.voice.name(answer.disposition)}{unpublished}.", *answer.rationale.split()]
        seen = seen_at(told.link, self.voice)
        text = " ".join([*said, seen] if seen else said)
        yield Block(Part.ANSWER, text, label=self.voice(NOTE_ANSWER))


def seen_at(link: Link | None, voice: Voice) -> str:
    """A sentence on what answers a comment; '' for nothing."""
    if link is None:
        return ""
    if link.kind == "proposal":
        return voice(NOTE_SEE_PROPOSAL, number=link.number)
    if link.kind == "clause":
        return voice(NOTE_SEE_CLAUSE, label=link.label or "–")
    if link.label:
        return voice(NOTE_SEE_GONE if link.gone else NOTE_SEE_VERSION_CLAUSE, label=link.label, number=link.number)
    return voice(NOTE_SEE_VERSION, number=link.number)
