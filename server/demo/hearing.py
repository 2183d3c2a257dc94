"""The consultations of the demo exercise: one that is closed and answered, one that runs. They go through the same desk
as real ones, at the moments that the story gives, and within the transaction that makes the whole exercise."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Final

from drafts.answers import Giving
from drafts.commenting import Said
from drafts.consultation import Granularity, RemarkKind, Reveal, Spot
from drafts.desk import announcing, answering, remarks, replies
from drafts.desk.announcing import Terms
from drafts.model import Draft, Group, Member, new_id
from drafts.store import Store, Work
from server.demo.heard import (
    FIRST,
    FIRST_INTRO,
    FIRST_QUESTION,
    FIRST_TITLE,
    REPLIES,
    SECOND,
    SECOND_INTRO,
    SECOND_TITLE,
    Spoken,
)

_ZONE: Final = "Europe/Zurich"


class Within(Store):
    """A store all of whose units of work are the one that is under way."""

    def __init__(self, q: Work) -> None:
        self._q = q

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """The work under way."""
        yield self._q

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Work]:
        """The work under way; its end is not this block's."""
        yield self._q


class Consulting:
    """Both rounds on a draft. ``ids``: from clauses' names in the story to their ids; ``today``: the exercise's."""

    def __init__(
        self, q: Work, draft: Draft, ids: Mapping[str, str], players: Mapping[str, Member], today: datetime
    ) -> None:
        self.store = Within(q)
        self.draft = draft
        self.ids = ids
        self.players = players
        self.today = today

    def _moment(self, day: int, clock: str) -> datetime:
        date = (self.today + timedelta(days=day)).date()
        return datetime.combine(date, time.fromisoformat(clock), UTC)

    async def tell(self) -> None:
        """Let all of it happen."""
        first = await self._round(1, FIRST_TITLE, FIRST_INTRO, (-40, -31), Reveal.AT_CLOSE, (FIRST_QUESTION,))
        numbers = await self._say(first, FIRST)
        await self._answer(first, FIRST, numbers)
        second = await self._round(2, SECOND_TITLE, SECOND_INTRO, (-9, 4), Reveal.AT_ONCE, ())
        numbers = await self._say(second, SECOND)
        for reply in REPLIES:
            at = self._moment(reply.day, reply.clock)
            number = next(found for body, found in numbers.items() if body.startswith(reply.to))
            await replies.write(self.store, self._person(reply.who), second, at, number, new_id(16), reply.body)

    def _person(self, key: str) -> str:
        return self.players[key].person_id

    async def _round(
        self, version: int, title: str, intro: str, days: tuple[int, int], reveal: Reveal, questions: Sequence[str]
    ) -> str:
        opens, closes = (self._moment(day, "22:59" if day == days[1] else "07:00") for day in days)
        terms = Terms(
            version=version,
            title=title,
            intro=intro,
            opens_at=opens,
            closes_at=closes,
            zone=_ZONE,
            groups=tuple(Group),
            reveal=reveal,
            granularity=Granularity.LINE,
            public=True,
            pseudonyms=False,
            late=False,
            questions=tuple(("", one) for one in questions),
        )
        before = opens - timedelta(days=1)
        chair = self._person("chair")
        told = await announcing.prepare(self.store, chair, self.draft.id, terms, before)
        await announcing.announce(self.store, chair, told.id, before)
        if reveal is Reveal.AT_CLOSE:
            self._closes = closes
        return told.id

    async def _say(self, round_id: str, spoken: Sequence[Spoken]) -> dict[str, int]:
        """Send them; their numbers by what they say."""
        async with self.store.read() as q:
            told = await q.rounds.get(round_id)
        numbers = {}
        for one in spoken:
            question = told.questions[0].id if told and one.question else None
            at, person = self._moment(one.day, one.clock), self._person(one.who)
            receipt = await remarks.send(self.store, person, round_id, at, new_id(16), self._said(one, question))
            numbers[one.body] = receipt.remark.number
        return numbers

    def _said(self, one: Spoken, question: str | None) -> Said:
        spot = Spot.MISSING if one.missing else Spot.SPAN if one.words else Spot.CLAUSE if one.clause else Spot.WHOLE
        return Said(
            spot,
            self.ids[one.clause] if one.clause else None,
            quote=one.words,
            kind=RemarkKind.DRAFTING if one.proposed else RemarkKind.GENERAL,
            view=one.view,
            body=one.body,
            proposed=one.proposed,
            language=one.lang,
            question_id=question,
        )

    async def _answer(self, round_id: str, spoken: Sequence[Spoken], numbers: Mapping[str, int]) -> None:
        """What became of those of the first round, published on the day of Rev.1."""
        secretary = self._person("secretary")
        await announcing.reveal(self.store, round_id, self._closes)
        for place, one in enumerate(spoken):
            if one.answer is None:
                continue
            disposition, why, clause = one.answer
            link = f"version:2:{self.ids[clause]}" if clause else ""
            giving = Giving(disposition=disposition.value, rationale=why, link=link, numbers=(numbers[one.body],))
            await answering.give(
                self.store, secretary, round_id, giving, self._moment(-20, "08:00") + timedelta(minutes=place)
            )
        await answering.publish(self.store, secretary, round_id, self._moment(-20, "10:00"))
