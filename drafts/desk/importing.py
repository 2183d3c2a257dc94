"""Bringing comments into a round that came in elsewhere: what would come of a table, and all of it at once.

Rows keep the name that they had in their table, so a second import of the same rows is recognised. All rows are written
in one transaction, and each has its row in the round's register.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from drafts import commenting
from drafts.access import Verb
from drafts.consultation import Answer, Contribution, ContributionState, Disposition, Remark, RemarkState
from drafts.desk import rounds
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid
from drafts.exchange.sheet import Sheet
from drafts.importing import Choices, Line, Plan, Role, plan, source_rows
from drafts.model import Party, new_id
from drafts.register import Entry, digest
from drafts.store import Store, Work

TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an import. ``first`` and ``last``: numbers of the remarks, 0 when there are none; ``known``: rows
    that were there already; ``left``: rows with errors that were left out."""

    remarks: int
    contributions: int
    answers: int
    known: int
    left: int
    first: int = 0
    last: int = 0


async def look(
    store: Store, person_id: str | None, round_id: str, at: datetime, sheet: Sheet, choices: Choices
) -> Plan:
    """What would come of a table; nothing is written. Raises NotFound, Forbidden."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    content = await rounds.text(store, entered)
    async with store.read() as q:
        known = await _known(q, round_id, sheet, choices)
    return await asyncio.to_thread(plan, sheet, choices, tuple(content.clauses), known, content.language or "en")


async def bring_in(
    store: Store, person_id: str | None, round_id: str, at: datetime, sheet: Sheet, choices: Choices
) -> Done:
    """Import a table. Raises NotFound; Forbidden; Invalid ``import_faults`` when rows have errors and are not to be
    left out, ``import_no_column`` when it is not said where the comments are; Conflict when nothing in it is new."""
    if not {Role.BODY, Role.PROPOSED} & set(choices.roles):
        raise Invalid("import_no_column", "Say which column holds the comments.")
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    content = await rounds.text(store, entered)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        known = await _known(q, round_id, sheet, choices)
        spoken = content.language or "en"
        found = await asyncio.to_thread(plan, sheet, choices, tuple(content.clauses), known, spoken)
        if found.faults and not choices.skip:
            raise Invalid(
                "import_faults",
                "{count} rows have errors, so nothing was imported. Mend them, or leave these rows out.",
                count=len(found.faults),
            )
        if not found.lines:
            raise Conflict("import_nothing_new", "There is nothing new in this table.")
        return await _write(q, entered, found, choices)


async def _known(q: Work, round_id: str, sheet: Sheet, choices: Choices) -> frozenset[str]:
    """Which rows of the table were imported before."""
    rows = await asyncio.to_thread(source_rows, sheet, choices)
    # Only of what those who lead brought: a party may call its own file whatever it likes.
    kept = {one.name.removesuffix(".txt") for one in await q.contributions.of_round(round_id) if one.who}
    return await q.ordered.imported(round_id, rows) | (kept & set(rows))


async def _write(q: Work, entered: Entered, found: Plan, choices: Choices) -> Done:
    round_id = entered.round.id
    parties = await _parties(q, entered) if choices.parties else {}
    short = [line for line in found.lines if not line.long]
    first = await q.rounds.numbers(round_id, len(short)) if short else 0
    made = [(_remark(entered, line, first + at, parties), new_id(26)) for at, line in enumerate(short)]
    await q.remarks.add_all(made)
    await q.register.add(round_id, *(_imported(entered, remark, salt) for remark, salt in made))
    await _answer(q, entered, zip(short, (remark for remark, _ in made), strict=True))
    for line in found.lines:
        if line.long:
            await _contribute(q, entered, line)
    answers = sum(line.disposition is not None for line in short)
    last = first + len(short) - 1 if short else 0
    return Done(len(short), len(found.lines) - len(short), answers, found.known, len(found.faults), first, last)


async def _parties(q: Work, entered: Entered) -> dict[str, Party]:
    """By name and code; a name that could be two of them is nobody's."""
    found: dict[str, dict[str, Party]] = defaultdict(dict)
    for party in await q.forums.parties(entered.forum.id):
        for name in (party.name, party.code):
            found[name.casefold()][party.id] = party
    return {name: next(iter(same.values())) for name, same in found.items() if name and len(same) == 1}


def _remark(entered: Entered, line: Line, number: int, parties: dict[str, Party]) -> Remark:
    party, at = parties.get(line.who.casefold()), entered.inside.at
    return Remark(
        id=new_id(),
        round_id=entered.round.id,
        spot=line.spot,
        clause_id=line.clause_id,
        kind=line.kind,
        view=line.view,
        body=line.body,
        language=line.language,
        state=RemarkState.OPEN,
        group=party.group if party else line.group,
        who=party.name if party else line.who,
        owner_id=party.id if party else None,
        person_id=entered.sight.person_id,
        created_at=at,
        party=party,
        number=number,
        proposed=line.proposed,
        late=line.at is not None and line.at >= entered.round.closes_at,
        sent_at=line.at or at,
        source_row=line.source_row,
    )


def _imported(entered: Entered, remark: Remark, salt: str) -> Entry:
    told = commenting.fingerprint(salt, remark)
    return rounds.entry(entered, "imported", remark.id, {"number": remark.number}, told)


async def _answer(q: Work, entered: Entered, pairs: Iterable[tuple[Line, Remark]]) -> None:
    """The answers that the table has; they are published like any other."""
    same: dict[tuple[Disposition, str], list[int]] = defaultdict(list)
    for line, remark in pairs:
        if line.disposition is not None:
            same[line.disposition, line.rationale].append(remark.number)
    for (disposition, rationale), numbers in same.items():
        answer = Answer(
            new_id(), entered.round.id, disposition, rationale, "", entered.sight.person_id, entered.inside.at
        )
        await q.answers.add(answer)
        await q.answers.give(answer, numbers, [])
        facts: dict[str, object] = {"disposition": disposition.value, "count": len(numbers)}
        await q.register.add(entered.round.id, rounds.entry(entered, "answered", answer.id, facts))


async def _contribute(q: Work, entered: Entered, line: Line) -> None:
    """A row that is too long for a comment: kept as a text, to be split."""
    member = entered.member
    assert member is not None  # noqa: S101 - who leads is one
    data = line.body.encode()
    told = Contribution(
        id=new_id(),
        round_id=entered.round.id,
        owner_id=member.party.id,
        party=member.party,
        person_id=member.person_id,
        name=f"{line.source_row}.txt",
        media=TEXT,
        text=line.body,
        state=ContributionState.WAITING,
        reason="",
        at=line.at or entered.inside.at,
        who=line.who,
        group=line.group,
    )
    await q.contributions.add(told, data)
    facts: dict[str, object] = {"bytes": len(data)}
    await q.register.add(entered.round.id, rounds.entry(entered, "contributed", told.id, facts, digest("", line.body)))
