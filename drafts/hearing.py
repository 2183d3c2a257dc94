"""Who may do what in a consultation, and what each reader sees when: the part of the access table about rounds.

A round that is prepared is known to those who lead. Once announced, it is read by members of the groups that are asked,
by whoever may read its draft, and, where it is public, by everybody. The text it is on is the issued version, so a
group may be asked about a text whose working draft it does not read.

``sight`` is what one reader sees of a round at a moment, and ``shows`` how much of one remark; the store's ``seen``
says the same in SQL, and a test holds the two together.
"""

from drafts.consultation import ApplicationState, Remark, RemarkState, Shown, Sight
from drafts.errors import Forbidden, NotFound, Refusal
from drafts.model import FINAL, Group, Member, Role
from drafts.verbs import (
    ALL,
    DELEGATIONS,
    LEADS,
    ApplicationIn,
    ContributionIn,
    OfRound,
    RemarkIn,
    ReplyIn,
    RoundIn,
    Rule,
    Subject,
    Verb,
)

_OPEN_TO_ALL = frozenset({Verb.ROUND_READ, Verb.REMARK_READ, Verb.ANSWERS_READ})


def _inside(subject: Subject) -> RoundIn | None:
    """The round that a subject is of."""
    if isinstance(subject, ReplyIn):
        return subject.under.inside
    if isinstance(subject, RemarkIn | ContributionIn):
        return subject.inside
    return subject if isinstance(subject, RoundIn) else None


def _remark(subject: Subject) -> RemarkIn | None:
    if isinstance(subject, ReplyIn):
        return subject.under
    return subject if isinstance(subject, RemarkIn) else None


# ── what is seen ──


def sight(actor: Member | None, inside: RoundIn) -> Sight:
    """What a reader, who may read the round, sees of it. ``actor``: None, or of another forum, for the public."""
    told, leads = inside.round, False
    member = actor if actor is not None and actor.forum_id == inside.draft.forum_id else None
    if member is not None:
        leads = member.role in LEADS
    return Sight(
        party_id=member.party.id if member else "",
        person_id=member.person_id if member else "",
        leads=leads,
        revealed=leads or told.revealed(inside.at),
        answers=leads or told.answered_at is not None,
    )


def shows(seen: Sight, remark: Remark, together: frozenset[str] = frozenset()) -> Shown:
    """How much of a remark a reader sees. ``together``: parties that are asked to be spoken for, or are."""
    if seen.party_id and (remark.owner_id == seen.party_id or seen.party_id in together):
        return Shown.WORDS
    if remark.state is RemarkState.DRAFT or not seen.revealed:
        return Shown.NOTHING
    if remark.state is RemarkState.WITHDRAWN:
        return Shown.TRACE
    if seen.leads or remark.state is RemarkState.OPEN:
        return Shown.WORDS
    return Shown.TRACE if remark.state is RemarkState.HIDDEN else Shown.NOTHING


def public(verb: Verb, subject: Subject) -> bool:
    """Whether somebody who is not a member may."""
    inside = _inside(subject)
    if inside is None or verb not in _OPEN_TO_ALL or not (inside.round.public and inside.forum.public):
        return False
    if inside.round.announced_at is None:
        return False
    return _seen_by(None, subject) and (verb is not Verb.ANSWERS_READ or inside.round.answered_at is not None)


def _seen_by(actor: Member | None, subject: Subject) -> bool:
    of = _remark(subject)
    if of is None:
        return True
    if shows(sight(actor, of.inside), of.remark, of.together) is Shown.NOTHING:
        return False
    return not (isinstance(subject, ReplyIn) and subject.reply.hidden_reason and not _leads(actor))


def _leads(actor: Member | None) -> bool:
    return actor is not None and actor.role in LEADS


# ── the rules ──


def may(actor: Member, verb: Verb, subject: OfRound, *, reads: bool) -> Refusal | None:
    """As ``access.may``, for a member of the forum. ``reads``: whether they may read the draft itself."""
    nothing = NotFound("not_found", "There is nothing at this address.")
    inside = _inside(subject)
    if inside is None or not _admitted(actor, inside, reads=reads) or not _seen_by(actor, subject):
        return nothing
    if isinstance(subject, ContributionIn) and not _of_sender(actor, subject):
        return nothing
    rule = RULES[verb]
    if actor.role in rule.roles and rule.when(actor, subject):
        return None
    return nothing if rule.hidden else Forbidden(rule.key, rule.message)


def _admitted(actor: Member, inside: RoundIn, *, reads: bool) -> bool:
    if actor.role in LEADS:
        return True
    if inside.round.announced_at is None:
        return False
    return reads or actor.party.group in inside.round.groups or (inside.round.public and inside.forum.public)


def _always(_actor: Member, _subject: Subject) -> bool:
    return True


def _asked(actor: Member, subject: Subject) -> bool:
    """Members of a group that is asked, in a text that is not at its end."""
    inside = _inside(subject)
    return inside is not None and actor.party.group in inside.round.groups and inside.draft.stage not in FINAL


def _in_time(actor: Member, subject: Subject) -> bool:
    inside = _inside(subject)
    return inside is not None and _asked(actor, subject) and inside.round.takes(inside.at)


def _own(actor: Member, subject: Subject) -> bool:
    of = _remark(subject)
    return of is not None and of.remark.owner_id == actor.party.id


def _changes(actor: Member, subject: Subject) -> bool:
    """The party's drafts by all of its people; what was sent by whoever wrote it (a pseudonym is a person's own)."""
    of = _remark(subject)
    if of is None or not _own(actor, subject):
        return False
    if of.remark.pseudonym and of.remark.person_id != actor.person_id:
        return False
    if of.remark.state is RemarkState.DRAFT:
        return True
    return of.remark.state in {RemarkState.OPEN, RemarkState.HELD} and of.inside.round.takes(of.inside.at)


def _withdraws(actor: Member, subject: Subject) -> bool:
    of = _remark(subject)
    if of is None or not _own(actor, subject) or of.remark.shown is not None:
        return False
    mine = not of.remark.pseudonym or of.remark.person_id == actor.person_id
    return mine and of.remark.state in {RemarkState.OPEN, RemarkState.HELD, RemarkState.HIDDEN}


def _joins(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, RemarkIn) and actor.party.id in subject.together


def _reports(actor: Member, subject: Subject) -> bool:
    if isinstance(subject, ReplyIn):
        return subject.reply.party.id != actor.party.id
    of = _remark(subject)
    return of is not None and of.remark.owner_id != actor.party.id


def _replies(actor: Member, subject: Subject) -> bool:
    """Under what is open, by the groups that are asked and by those who lead."""
    of = _remark(subject)
    if of is None or of.remark.state is not RemarkState.OPEN or of.draft.stage in FINAL:
        return False
    return actor.role in LEADS or _asked(actor, subject)


def _own_reply(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, ReplyIn) and subject.reply.person_id == actor.person_id


def _answered(actor: Member, subject: Subject) -> bool:
    inside = _inside(subject)
    return inside is not None and (actor.role in LEADS or inside.round.answered_at is not None)


def _of_sender(actor: Member, subject: Subject) -> bool:
    if not isinstance(subject, ContributionIn):
        return False
    return actor.role in LEADS or subject.contribution.owner_id == actor.party.id


def _objects(actor: Member, subject: Subject) -> bool:
    if not isinstance(subject, ApplicationIn) or actor.party.group is not Group.GOVERNMENT:
        return False
    until = subject.application.objects_until
    return subject.application.state is ApplicationState.PROPOSED and until is not None and subject.at < until


_NOTHING = ("not_found", "There is nothing at this address.")
RULES: dict[Verb, Rule] = {
    Verb.ROUND_READ: Rule(ALL, _always, True, *_NOTHING),
    Verb.ROUND_LEAD: Rule(
        LEADS, _always, False, "leads_only", "Consultations are led by the chair and the secretariat."
    ),
    Verb.REMARK_WRITE: Rule(
        ALL, _asked, False, "not_asked", "This consultation is for other groups. You can read it, but not comment."
    ),
    Verb.REMARK_SEND: Rule(
        ALL,
        _in_time,
        False,
        "round_closed",
        "Comments are sent by the groups that are asked, while the consultation is open. What you wrote is kept.",
    ),
    Verb.REMARK_READ: Rule(ALL, _always, True, *_NOTHING),
    Verb.REMARK_CHANGE: Rule(
        ALL, _changes, False, "not_yours", "A comment is changed by its own party, while the consultation is open."
    ),
    Verb.REMARK_WITHDRAW: Rule(
        ALL, _withdraws, False, "not_yours", "A comment is withdrawn by its own party, until it is answered."
    ),
    Verb.REMARK_JOIN: Rule(ALL, _joins, False, "not_asked_to_join", "Your party was not asked to join this comment."),
    Verb.REMARK_REPORT: Rule(ALL, _reports, False, "own_remark", "You cannot report a comment of your own party."),
    Verb.REPLY_WRITE: Rule(
        ALL, _replies, False, "no_replies", "Replies are written by the groups that are asked, under open comments."
    ),
    Verb.REPLY_CHANGE: Rule(ALL, _own_reply, False, "not_yours", "Only its author can change a reply."),
    Verb.ANSWERS_READ: Rule(ALL, _answered, True, *_NOTHING),
    Verb.CONTRIBUTION_SEND: Rule(
        ALL,
        _in_time,
        False,
        "round_closed",
        "Contributions are sent by the groups that are asked, while the consultation is open.",
    ),
    Verb.CONTRIBUTION_READ: Rule(ALL, _of_sender, True, *_NOTHING),
    Verb.APPLICATIONS_READ: Rule(
        DELEGATIONS, _always, False, "delegations_only", "Applications are read by delegations."
    ),
    Verb.APPLICATION_DECIDE: Rule(
        LEADS, _always, False, "leads_only", "Applications are decided by the chair and the secretariat."
    ),
    Verb.APPLICATION_OBJECT: Rule(
        frozenset({Role.DELEGATE, Role.CHAIR, Role.SECRETARIAT}),
        _objects,
        False,
        "no_objection_now",
        "Delegations of governments object to an admission until the date that is given.",
    ),
}
