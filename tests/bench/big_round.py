"""A consultation at full size: 100,000 comments of four groups and 2,000 organisations on 500 clauses, in five
languages, many of them copies of templates (17 campaigns, from 20 copies to 20,000, some words of each changed), a part
answered. The same with every run, but for ids and the day.

``written`` makes it without a database, with the campaign that each remark belongs to, which is what bundling should
find out; ``build`` puts it into one.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from drafts import commands as do
from drafts.consultation import (
    Answer,
    Disposition,
    Granularity,
    Question,
    Remark,
    RemarkKind,
    RemarkState,
    Reveal,
    Round,
    Spot,
    View,
)
from drafts.desk import drafts, forums, live, people, versions
from drafts.model import Clause, ClauseKind, Group, Member, Party, new_id, now
from drafts.store import Store

REMARKS: Final = 100_000
CLAUSES: Final = 500
ORGANISATIONS: Final = 2_000
CAMPAIGNS: Final = (20_000, 12_000, 8_000, 6_000, 5_000, 5_000, 900, 500, 300, 200, 120, 80, 60, 50, 40, 30, 20)
_SEED: Final = 100_500
_GROUPS: Final = (Group.GOVERNMENT, Group.INDUSTRY, Group.CIVIL_SOCIETY, Group.ACADEMIA)
_WEIGHTS: Final = (1, 6, 10, 3)
_LANGUAGES: Final = ("en", "fr", "es", "zh", "ar")
_PARTS: Final = "net sta nor por wir lak rel tru har ope clo sig ver qui mon".split()  # noqa: SIM905 - a list to read
_ENDS: Final = ("ing", "ed", "al", "ity", "er", "ous", "s", "ment", "able", "ward", "", "ism", "ure", "ance", "ly")
_STOCK: Final = [a + b + end for a in _PARTS for b in _PARTS for end in _ENDS]
_COMMON: Final = (
    *("the", "of", "and", "to", "in", "that", "which", "states", "should", "for", "with", "networks", "their", "not"),
    *("be", "on", "by", "this", "clause", "we"),
)
_ARABIC: Final = (
    *("ينبغي", "للدول", "أن", "تتبادل", "الإنذارات", "في", "وقتها", "وأن", "تحمي", "الشبكات", "التي", "يعتمد"),
    *("عليها", "الناس", "دون", "تمييز", "بينهم"),
)
_HAN: Final = "各国应当及时交换警报并保护人民赖以生存的网络不得加以区别对待同时尊重隐私言论自由和学术研究的独立性"
_TALK: Final = ("I agree.", "Please delete this clause.", "Well said.", "No comment at this stage.", "We support this.")
_STATES: Final = (*([RemarkState.OPEN] * 97), RemarkState.HELD, RemarkState.HIDDEN, RemarkState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Words:
    """What one remark says. ``campaign``: the number of its template, -1 for its own words; ``clause``: the clause's
    place in the text, None for the whole."""

    body: str
    language: str
    clause: int | None
    campaign: int


@dataclass(frozen=True, slots=True)
class Big:
    """The round in its database, with somebody who leads and somebody of each group. ``truth``: the campaign of each
    remark by id."""

    forum_id: str
    draft_id: str
    round: Round
    clauses: tuple[Clause, ...]
    chair: str
    people: dict[Group, str]
    truth: dict[str, int]


def written(count: int = REMARKS) -> Iterator[Words]:
    """What is said, in the order in which it comes in."""
    rng = random.Random(_SEED)
    templates = [_template(rng, number) for number in range(len(CAMPAIGNS))]
    share = count / REMARKS
    plan = [number for number, size in enumerate(CAMPAIGNS) for _ in range(round(size * share))]
    plan += [-1] * (count - len(plan))
    rng.shuffle(plan)
    for campaign in plan:
        yield _own(rng) if campaign < 0 else _copy(rng, campaign, *templates[campaign])


def _template(rng: random.Random, number: int) -> tuple[list[str], str, list[int]]:
    """The words of a campaign, their language, and the clauses that it writes to (the third writes to three)."""
    language = {4: "zh", 5: "ar"}.get(number, "en")
    words = _sentence(rng, language, rng.randint(45, 110))
    return words, language, rng.sample(range(CLAUSES), 3 if number == 2 else 1)


def _copy(rng: random.Random, campaign: int, words: list[str], language: str, clauses: list[int]) -> Words:
    """Three of ten send the template as it is; the others change up to one word in twenty, or greet."""
    changed = list(words)
    if rng.random() > 0.3:
        for at in rng.sample(range(len(changed)), rng.randint(1, max(1, len(changed) // 40))):
            changed[at] = rng.choice(["", _word(rng, language), changed[at] + _glue(language) + _word(rng, language)])
        if rng.random() < 0.3:
            changed = ["Dear", "secretariat,", *changed]
    body = _glue(language).join(word for word in changed if word)
    return Words(body, language, rng.choice(clauses), campaign)


def _own(rng: random.Random) -> Words:
    clause = None if rng.random() < 0.05 else int(CLAUSES * rng.random() ** 2)  # the first clauses get the most
    if rng.random() < 0.03:
        return Words(rng.choice(_TALK), "en", clause, -1)
    language = rng.choices(_LANGUAGES, (20, 3, 3, 2, 1))[0]
    return Words(_glue(language).join(_sentence(rng, language, rng.randint(12, 110))), language, clause, -1)


def _glue(language: str) -> str:
    return "" if language == "zh" else " "


def _sentence(rng: random.Random, language: str, count: int) -> list[str]:
    return [_word(rng, language) for _ in range(count)]


def _word(rng: random.Random, language: str) -> str:
    if language == "zh":
        return rng.choice(_HAN)
    if language == "ar":
        return rng.choice(_ARABIC) if rng.random() < 0.5 else rng.choice(_ARABIC) + rng.choice(_ARABIC)
    return rng.choice(_COMMON) if rng.random() < 0.4 else rng.choice(_STOCK)


async def build(store: Store, count: int = REMARKS) -> Big:
    """Forum, text, round, organisations and remarks, put into an empty database."""
    forum = await forums.create(store, "Norms at full size", "global")
    chair = await _seat(store, forum.id, "Chair", Group.GOVERNMENT, "chair")
    speakers = {group: await _seat(store, forum.id, group.value, group, "observer") for group in _GROUPS}
    draft_id, clauses = await _text(store, chair.person_id, forum.id)
    told = _round(draft_id, chair.person_id)
    parties = await _parties(store, forum.id)
    async with store.write() as q:
        await q.forums.set_consulting(
            forum.id, public=True, accredits=False, non_objection=0, pseudonyms=False, retention=0
        )
        await q.rounds.add(told)
    ids = {group: member.person_id for group, member in speakers.items()}
    truth: dict[str, int] = {}
    remarks = _remarks(told, clauses, parties, chair.person_id, count, truth)
    await _fill(store, told, remarks)
    await _answer(store, told, chair.person_id, sorted(truth))
    return Big(forum.id, draft_id, replace(told, last=count), clauses, chair.person_id, ids, truth)


async def _seat(store: Store, forum_id: str, name: str, group: Group, role: str) -> Member:
    person = await people.create(store, f"Person of {name}", f"{name}@full.example", None)
    code = "S" + name[:5].upper()
    return await forums.seat(store, forum_id, person.id, party=name, code=code, group=group.value, role=role)


async def _text(store: Store, chair: str, forum_id: str) -> tuple[str, tuple[Clause, ...]]:
    """The draft with its 500 clauses, issued as version 1."""
    rng = random.Random(_SEED + 1)
    clauses = [Clause(new_id(), ClauseKind.OPERATIVE, 0, " ".join(_sentence(rng, "en", 110))) for _ in range(CLAUSES)]
    draft = await drafts.create(
        store, chair, forum_id, "Norms at full size", "F/1", "norm", "en", "open", True, clauses
    )
    await live.perform(store, chair, draft.id, do.Issue("big-round-issue", "Rev.1", symbol="F/1/Rev.1"))
    issued = await versions.get(store, chair, draft.id, 1)
    return draft.id, tuple(issued.clauses)


def _round(draft_id: str, chair: str) -> Round:
    at, round_id = now(), new_id()
    return Round(
        id=round_id,
        draft_id=draft_id,
        number=1,
        version=1,
        title="Everybody on everything",
        intro="What should stand in it?",
        opens_at=at - timedelta(days=6),
        closes_at=at + timedelta(days=1),
        zone="America/Sao_Paulo",
        groups=_GROUPS,
        reveal=Reveal.AT_ONCE,
        granularity=Granularity.LINE,
        public=True,
        pseudonyms=False,
        late=False,
        last=0,
        made_by=chair,
        created_at=at - timedelta(days=20),
        announced_at=at - timedelta(days=20),
        questions=tuple(Question(new_id(), round_id, n, f"What do you think of part {n}?") for n in (1, 2, 3)),
    )


async def _parties(store: Store, forum_id: str) -> list[Party]:
    rng = random.Random(_SEED + 2)
    made = []
    for number in range(ORGANISATIONS):
        name = f"{rng.choice(_STOCK).title()} {rng.choice(_STOCK)} {number}"
        code = "O" + "".join(chr(ord("A") + number // 26**place % 26) for place in range(3))
        made.append(Party(new_id(), forum_id, name, code, rng.choices(_GROUPS, _WEIGHTS)[0]))
    async with store.write() as q:
        for party in made:
            await q.forums.add_party(party)
    return made


def _remarks(
    told: Round, clauses: Sequence[Clause], parties: Sequence[Party], person: str, count: int, truth: dict[str, int]
) -> Iterator[Remark]:
    rng = random.Random(_SEED + 3)
    weights = list(accumulate(1 / (place + 5) for place in range(len(parties))))
    span = (now() - told.opens_at).total_seconds()
    times = sorted(rng.random() ** 0.5 for _ in range(count))  # most come in last
    questions = [*([None] * 17), *[question.id for question in told.questions]]
    for number, words in enumerate(written(count), 1):
        at = told.opens_at + timedelta(seconds=span * times[number - 1])
        party = rng.choices(parties, cum_weights=weights)[0]
        one = _remark(told, rng, words, party, at, number)
        clause = None if words.clause is None else clauses[words.clause]
        truth[one.id] = words.campaign
        yield replace(
            one,
            clause_id=clause.id if clause else None,
            spot=Spot.CLAUSE if clause else Spot.WHOLE,
            person_id=person,
            question_id=rng.choice(questions),
        )


def _remark(told: Round, rng: random.Random, words: Words, party: Party, at: datetime, number: int) -> Remark:
    drafting = rng.random() < 0.2
    return Remark(
        id=new_id(),
        round_id=told.id,
        spot=Spot.WHOLE,
        clause_id=None,
        kind=RemarkKind.DRAFTING if drafting else RemarkKind.GENERAL,
        view=rng.choice(tuple(View)),
        body=words.body,
        language=words.language,
        state=rng.choice(_STATES),
        group=party.group,
        who=party.name,
        owner_id=party.id,
        person_id="",
        created_at=at,
        party=party,
        number=number,
        proposed="States should do so at once." if drafting else "",
        sent_at=at,
        late=False,
    )


async def _fill(store: Store, told: Round, remarks: Iterator[Remark]) -> None:
    """In steps, as an import would: nobody else's write waits longer than for one of them."""
    step: list[tuple[Remark, str]] = []
    for one in remarks:
        step.append((one, "0" * 32))
        if len(step) == 4_000:
            await _put(store, told, step)
            step = []
    await _put(store, told, step)


async def _put(store: Store, told: Round, step: list[tuple[Remark, str]]) -> None:
    async with store.write() as q:
        await q.rounds.numbers(told.id, len(step))
        await q.remarks.add_all(step)


async def _answer(store: Store, told: Round, chair: str, ids: list[str]) -> None:
    """Three of ten are decided, by two hundred answers; half of these are published."""
    rng = random.Random(_SEED + 4)
    decided = rng.sample(ids, 3 * len(ids) // 10)
    for part in range(200):
        kind = rng.choice(tuple(Disposition))
        answer = Answer(new_id(), told.id, kind, "It stands in the next version.", "", chair, now())
        shown = {"shown_id": answer.id, "shown": kind.value} if part % 2 else {}
        async with store.write() as q:
            await q.answers.add(answer)
            await q.remarks.set(decided[part::200], answer_id=answer.id, disposition=kind.value, **shown)
