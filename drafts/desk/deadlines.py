"""The dates that somebody has to keep: silence procedures, consultations that open and close, non-objection periods."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from drafts.access import RoundIn, Verb, may
from drafts.acts import ActKind
from drafts.consultation import ApplicationState, Round
from drafts.desk.rounds import Entered
from drafts.model import Draft, Forum, Member, Stage
from drafts.store import Work

PAST: Final = timedelta(days=60)  # for which a date stays in a calendar


class DeadlineKind(StrEnum):
    """What happens then."""

    SILENCE = "silence"  # the silence procedure on a draft ends
    OPENS = "opens"  # a consultation
    CLOSES = "closes"
    OBJECTION = "objection"  # the non-objection period of an application ends


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date. ``id`` stays the same when the date is moved; ``title`` names the draft, consultation or applicant;
    ``path``: where it is to be seen on this site."""

    id: str
    kind: DeadlineKind
    at: datetime
    title: str
    path: str
    forum: Forum


async def of_person(q: Work, person_id: str, at: datetime) -> list[Deadline]:
    """A person's dates from some weeks ago on, the earliest first: what they may read and nothing else."""
    told: list[Deadline] = []
    forums = await q.forums.of_person(person_id)
    drafts = await q.drafts.of_forums([forum.id for forum, _ in forums])
    for forum, member in forums:
        known = drafts[forum.id]
        told += await _silences(q, forum, member, known)
        told += await _rounds(q, forum, member, known, at)
        told += await _objections(q, forum, member)
    return sorted((one for one in told if one.at > at - PAST), key=lambda one: (one.at, one.id))


def of_round(entered: Entered) -> list[Deadline]:
    """The dates of one consultation, for whoever may read it."""
    return _of_round(entered.round, entered.forum)


async def _silences(q: Work, forum: Forum, member: Member, drafts: list[Draft]) -> list[Deadline]:
    told = []
    for draft in drafts:
        if draft.stage is not Stage.SILENCE or may(member, Verb.DRAFT_READ, draft) is not None:
            continue
        act = await q.log.latest(draft.id, ActKind.SILENCE)
        if act is not None:
            ends = datetime.fromtimestamp(act.body["deadline"] / 1000, UTC)
            path = f"/drafts/{draft.id}/silence"
            told.append(
                Deadline(f"silence-{act.body['procedure']}", DeadlineKind.SILENCE, ends, draft.title, path, forum)
            )
    return told


async def _rounds(q: Work, forum: Forum, member: Member, drafts: list[Draft], at: datetime) -> list[Deadline]:
    told = []
    known = {draft.id: draft for draft in drafts}
    for one in await q.rounds.of_drafts(list(known)):
        inside = RoundIn(known[one.draft_id], forum, one, at)
        if one.announced_at is not None and may(member, Verb.ROUND_READ, inside) is None:
            told += _of_round(one, forum)
    return told


def _of_round(told: Round, forum: Forum) -> list[Deadline]:
    path = f"/consultations/{told.id}"
    return [
        Deadline(f"opens-{told.id}", DeadlineKind.OPENS, told.opens_at, told.title, path, forum),
        Deadline(f"closes-{told.id}", DeadlineKind.CLOSES, told.closes_at, told.title, path, forum),
    ]


async def _objections(q: Work, forum: Forum, member: Member) -> list[Deadline]:
    if not forum.accredits or may(member, Verb.APPLICATIONS_READ, forum) is not None:
        return []
    path = f"/forums/{forum.id}/applications"
    return [
        Deadline(f"objection-{one.id}", DeadlineKind.OBJECTION, one.objects_until, one.name, path, forum)
        for one in await q.applications.of_forum(forum.id)
        if one.state is ApplicationState.PROPOSED and one.objects_until is not None
    ]
