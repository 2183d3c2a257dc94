"""Doors about consultations themselves: what runs, its text, its sums; preparing and announcing one."""

from datetime import datetime

from drafts.counted import by_clause, by_group
from drafts.desk import announcing, rounds, summary
from drafts.desk.announcing import Terms
from drafts.desk.rounds import Entered
from drafts.store.rows import moment, ms
from server.api import schema_consultations as s
from server.api.door import Ask
from server.wanted import wanted

MOST_CLAUSES = 2_000


def at(ask: Ask) -> datetime:
    """The present moment by the hub's clock."""
    return ask.hub.present()


async def enter(ask: Ask, name: str = "round") -> Entered:
    """The round in the address for whoever asks. Raises NotFound."""
    return await rounds.enter(ask.store, ask.person.id, ask.path(name), at(ask))


def view(entered: Entered) -> s.Consultation:
    """A round as its reader has it."""
    told = entered.round
    return s.Consultation(
        id=told.id,
        draft=told.draft_id,
        number=told.number,
        version=told.version,
        title=told.title,
        intro=told.intro,
        opens_at=ms(told.opens_at),
        closes_at=ms(told.closes_at),
        zone=told.zone,
        phase=told.phase(entered.inside.at),
        groups=list(told.groups),
        reveal=told.reveal,
        granularity=told.granularity,
        public=told.public,
        pseudonyms=told.pseudonyms,
        late=told.late,
        questions=[s.Question(one.id, one.text) for one in told.questions],
        revealed=entered.sight.revealed,
        answered_at=None if told.answered_at is None else ms(told.answered_at),
    )


async def listed(ask: Ask) -> list[s.Consultation]:
    """All that the asker may read: of their forums, and the public ones."""
    return [view(entered) for entered in await rounds.listed(ask.store, ask.person.id, at(ask))]


async def one(ask: Ask) -> s.ConsultationText:
    """A consultation with its text."""
    entered = await enter(ask)
    content = await rounds.text(ask.store, entered)
    clauses = [s.ClauseOf(c.id, c.kind, c.depth, c.label, c.lang, c.text) for c in content.clauses]
    return s.ConsultationText(view(entered), content.language, clauses)


async def sums(ask: Ask) -> s.Sums:
    """The counts of what a filter wants."""
    entered = await enter(ask)
    tallies = await summary.tallies(ask.store, entered, wanted(ask.request.query_params))
    whole, places = by_group(tallies.standings), by_clause(tallies.standings)
    return s.Sums(
        total=tallies.total,
        organisations=tallies.organisations,
        folded=tallies.folded,
        groups={group.value: count for group, count in whole.groups.items()},
        views={kind.value: count for kind, count in whole.views.items()},
        dispositions={one.value: count for one, count in whole.dispositions.items() if one is not None},
        clauses={clause or "-": place.total for clause, place in places.items()},
    )


async def prepare(ask: Ask) -> s.Consultation:
    """Prepare one; nobody but those who lead knows of it yet."""
    body: s.RoundIn = ask.body
    terms = Terms(
        version=body.version,
        title=body.title,
        intro=body.intro,
        opens_at=moment(body.opens_at),
        closes_at=moment(body.closes_at),
        zone=body.zone,
        groups=tuple(body.groups),
        reveal=body.reveal,
        granularity=body.granularity,
        public=body.public,
        pseudonyms=body.pseudonyms,
        late=body.late,
        questions=tuple(("", text) for text in body.questions),
    )
    told = await announcing.prepare(ask.store, ask.person.id, ask.path("draft"), terms, at(ask))
    return view(await rounds.enter(ask.store, ask.person.id, told.id, at(ask)))


async def announce(ask: Ask) -> s.Consultation:
    """Tell the groups that are asked."""
    await announcing.announce(ask.store, ask.person.id, ask.path("prepared"), at(ask))
    return view(await enter(ask, "prepared"))


async def close(ask: Ask) -> s.Consultation:
    """End it now."""
    await announcing.close(ask.store, ask.person.id, ask.path("round"), at(ask))
    return view(await enter(ask))
