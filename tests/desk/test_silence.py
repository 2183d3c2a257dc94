"""Silence procedures at the desk: what each sees, who is reminded, and the certificate. Both databases."""

import pytest

from drafts import commands as do
from drafts.desk import forums, silence
from drafts.desk.live import perform
from drafts.errors import Forbidden, Invalid, NotFound
from drafts.model import Draft, Openness, new_id
from drafts.store import Store
from tests.cast import Cast

START = 1_900_000_000_000  # UTC ms; in the future, since the text is brought now
HOUR = 3_600_000


class Council:
    """The cast's draft, on which people speak at given times."""

    def __init__(self, store: Store, people: Cast) -> None:
        self.store, self.people, self.draft_id = store, people, people.draft.id

    async def at(self, person_id: str, command: do.Command, at: int) -> None:
        await perform(self.store, person_id, self.draft_id, command, at=at)

    async def begin(self, at: int = START, lasts: int = 72 * HOUR) -> str:
        """The version is issued and put under silence; the procedure's id."""
        await self.at(self.people.chair, do.Issue(new_id(), f"Rev.{at}"), at - 1)
        command = await silence.starting(
            self.store, self.people.chair, self.draft_id, new_id(), at + lasts, "Last call."
        )  # fmt: skip
        await self.at(self.people.chair, command, at)
        return str((await self.seen(self.people.chair)).procedures[0]["id"])

    async def breaks(self, person_id: str, at: int, reason: str = "It goes too far.") -> None:
        found = (await self.seen(self.people.chair)).procedures[0]["id"]
        state = (await self.seen(self.people.chair)).state
        clause = state.standing()[2].id
        await self.at(person_id, do.BreakSilence(new_id(), found, reason, (clause,)), at)

    async def seen(self, person_id: str) -> silence.Proceedings:
        return await silence.proceedings(self.store, person_id, self.draft_id)

    async def draft(self) -> Draft:
        return (await self.seen(self.people.chair)).state.draft


@pytest.fixture
def council(store: Store, people: Cast) -> Council:
    return Council(store, people)


async def test_a_procedure_as_each_sees_it(council: Council, people: Cast) -> None:
    await council.begin()
    for person in people.members:
        told = await council.seen(person)
        assert told.running is not None
        assert (told.running["label"], told.running["deadline"]) == (f"Rev.{START}", START + 72 * HOUR)
        assert (told.running["party"]["code"], told.running["name"]) == ("CHR", "Ada Brannt")
    with pytest.raises(NotFound):
        await council.seen(people.stranger)


async def test_the_forums_minimum_counts(council: Council, people: Cast) -> None:
    with pytest.raises(Invalid, match="at least 72 hours"):
        await council.begin(lasts=72 * HOUR - 1)
    await forums.set_rules(council.store, people.secretary, people.forum.id, forums.Rules(300, "everyone"))
    await council.begin(START + 10, lasts=5 * 60_000)


async def test_only_leads_get_the_command(council: Council, people: Cast) -> None:
    for person, refusal in ((people.norvale, Forbidden), (people.stranger, NotFound)):
        with pytest.raises(refusal):
            await silence.starting(council.store, person, council.draft_id, "x", START, "")


async def test_what_stands_in_the_way_is_told_to_those_who_lead(council: Council, people: Cast) -> None:
    assert str((await council.seen(people.chair)).hindrance) == "Issue the text as a version first."
    assert (await council.seen(people.norvale)).hindrance is None
    await council.at(people.chair, do.Issue(new_id(), "Rev.1"), START)
    assert (await council.seen(people.chair)).hindrance is None


@pytest.mark.parametrize(
    ("openness", "hearing"),
    [
        (Openness.EVERYONE, {"observer", "norvale", "chair", "costamar"}),
        (Openness.DELEGATIONS, {"norvale", "chair", "costamar"}),
        (Openness.LEADS, {"chair", "costamar"}),  # Costamar broke it
    ],
)
async def test_who_hears_who_broke_it(council: Council, people: Cast, openness: Openness, hearing: set[str]) -> None:
    await forums.set_rules(council.store, people.chair, people.forum.id, forums.Rules(300, openness))
    await council.begin()
    await council.breaks(people.costamar, START + 1, "Unique words about the lakes.")
    for name in ("observer", "norvale", "chair", "costamar"):
        person = getattr(people, name)
        found = (await council.seen(person)).procedures[0]
        paper = await silence.certificate(council.store, person, council.draft_id, "latest")
        assert found["outcome"] == paper.procedure["outcome"] == "broken"
        told = [(one["party"]["code"], one["reason"]) for one in found["breaks"]]
        assert told == ([("CTM", "Unique words about the lakes.")] if name in hearing else [])
        assert paper.procedure["breaks"] == found["breaks"]


async def test_who_has_not_opened_it_is_reminded(council: Council, people: Cast) -> None:
    await silence.note_opened(council.store, people.draft, people.norvale, START - 5)  # not under silence yet
    await council.begin()
    draft = await council.draft()
    assert [one.code for one in (await council.seen(people.chair)).unopened] == ["CHR", "CTM", "NVL", "SEC"]
    assert (await council.seen(people.norvale)).unopened == []
    (told,) = await silence.reminders(council.store, people.norvale)
    assert (told.draft.id, told.deadline) == (draft.id, START + 72 * HOUR)
    assert len(await silence.reminders(council.store, people.observer)) == 1
    assert await silence.reminders(council.store, people.stranger) == []
    await silence.note_opened(council.store, draft, people.norvale, START + 5)
    await silence.note_opened(council.store, draft, people.norvale, START + 6)
    assert await silence.reminders(council.store, people.norvale) == []
    assert len(await silence.reminders(council.store, people.norvale_second)) == 1
    assert [one.code for one in (await council.seen(people.secretary)).unopened] == ["CHR", "CTM", "SEC"]
    await council.breaks(people.costamar, START + 10)
    assert await silence.reminders(council.store, people.costamar) == []
    await council.begin(START + 1_000)  # a new procedure: all begin anew
    assert len(await silence.reminders(council.store, people.norvale)) == 1


async def test_the_certificate_of_an_adoption(council: Council, people: Cast) -> None:
    procedure = await council.begin()
    with pytest.raises(NotFound, match="once the silence procedure has ended"):
        await silence.certificate(council.store, people.norvale, council.draft_id, procedure)
    await council.at(people.norvale, do.Explain(new_id(), "We read it as voluntary."), START + 5)
    adopting = do.Adopt(new_id(), procedure)
    await council.at(people.chair, adopting, START + 72 * HOUR)
    await council.at(people.costamar, do.Explain(new_id(), "So do we."), START + 73 * HOUR)
    paper = await silence.certificate(council.store, people.observer, council.draft_id, procedure)
    assert (paper.title, paper.symbol, paper.procedure["outcome"]) == ("Norms for the lake states", "LS/1", "adopted")
    assert paper.procedure["hash"] == (await council.seen(people.chair)).people.issued[-1].hash
    assert [party.code for party in paper.parties] == ["CHR", "CTM", "NVL", "SEC"]
    assert [(one["party"]["code"], one["text"]) for one in paper.explanations] == [
        ("NVL", "We read it as voluntary."),
        ("CTM", "So do we."),
    ]
    (row,) = [a for a in await council.store.acts(council.draft_id, 0) if a.kind == "adopt"]
    assert (paper.act, len(paper.proof), paper.late) == (row.seq, 64, False)
    for unknown in ("another", ""):
        with pytest.raises(NotFound):
            await silence.certificate(council.store, people.chair, council.draft_id, unknown)
    with pytest.raises(NotFound):
        await silence.certificate(council.store, people.stranger, council.draft_id, procedure)


async def test_a_late_record_says_so(council: Council, people: Cast) -> None:
    procedure = await council.begin()
    await council.at(people.chair, do.Adopt(new_id(), procedure), START + 80 * HOUR)
    paper = await silence.certificate(council.store, people.norvale, council.draft_id, "latest")
    assert paper.late
    assert paper.procedure["ended_at"] == START + 80 * HOUR


async def test_explanations_belong_to_the_procedure_they_were_given_in(council: Council, people: Cast) -> None:
    first = await council.begin()
    await council.at(people.norvale, do.Explain(new_id(), "Early."), START + 5)
    await council.breaks(people.costamar, START + 10)
    second = await council.begin(START + 1_000)
    await council.at(people.norvale, do.Explain(new_id(), "Late."), START + 1_005)
    told = (await council.seen(people.norvale)).explanations
    assert [one["text"] for one in told[first]] == ["Early."]
    assert [one["text"] for one in told[second]] == ["Late."]


@pytest.mark.parametrize(("lasts", "minutes"), [(0, 1), (60, 2), (54, 1), (55, 1), (56, 2), (72 * 3600, 72 * 60 + 1)])
def test_a_length_ends_at_a_full_minute_and_leaves_time_to_send(lasts: int, minutes: int) -> None:
    at = START // 60_000 * 60_000
    assert silence.ends(lasts, at) == at + minutes * 60_000
    with pytest.raises(Invalid):
        silence.ends(401 * 24 * 3600, at)
