"""Notices in words: what happened, in the reader's language, and the address where it is to be seen.

Pages name the consultation. A mail does not (``bare``): it may pass through many hands, so it says what kind of thing
waits and where, and no title, name or reason.
"""

from collections.abc import Callable, Mapping
from typing import Final

from drafts.desk.notices import Told
from server.i18n import Tongue


def _(message: str) -> str:
    """Marks a message for the catalogue; it is translated where it is shown."""
    return message


# By kind: what it says with the consultation's title, and what it says in a mail.
_ROUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "round_announced": (_("A consultation is announced: {title}."), _("A consultation is announced.")),
    "round_changed": (
        _("The terms of a consultation have changed: {title}."), _("The terms of a consultation have changed."),
    ),
    "round_revealed": (
        _("All comments can be read now: {title}."),
        _("All comments of a consultation can be read now."),
    ),
    "remark_replied": (
        _("Somebody replied to comment {number}: {title}."),
        _("Somebody replied to a comment of yours."),
    ),
    "mentioned": (
        _("Your party is addressed at comment {number}: {title}."),
        _("Your party is addressed in a comment."),
    ),
    "remark_shown": (_("Comment {number} is shown again: {title}."), _("A comment of yours is shown again.")),
    "let_through": (
        _("The secretariat has let comment {number} through: {title}."),
        _("The secretariat has let a comment of yours through."),
    ),
    "asked_to_join": (
        _("Your party is asked to speak through a comment too: {title}."),
        _("Your party is asked to speak through a comment too."),
    ),
    "remark_in_moderation": (
        _("Comments wait for you to let them through: {title}."), _("Comments wait for you to let them through."),
    ),
    "reported": (_("Comment {number} was reported: {title}."), _("A comment was reported.")),
    "contribution_in": (_("A written contribution came in: {title}."), _("A written contribution came in.")),
}  # fmt: skip
_APPLICATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "application_in": (_("{name} asks to take part."), _("An organisation asks to take part.")),
    "application_objected": (
        _("A delegation objects to the admission of {name}."),
        _("A delegation objects to the admission of an organisation."),
    ),
    "application_proposed": (
        _("{name} is to be admitted unless a delegation objects."),
        _("An organisation is to be admitted unless a delegation objects."),
    ),
}
_DECIDED: Final[Mapping[str, str]] = {
    "admitted": _("{name} is admitted."),
    "refused": _("{name} is not admitted."),
    "withdrawn": _("{name} has withdrawn its application."),
}


def sentence(told: Told, spoken: Tongue, *, bare: bool = False) -> str:
    """What a notice says. ``bare``: without title, names and reasons, for a mail."""
    notice, facts = told.notice, told.notice.facts
    title = _isolated(told.entered.round.title) if told.entered is not None else ""
    if notice.kind in _ROUNDS:
        return spoken._(_ROUNDS[notice.kind][bare], **({} if bare else {"title": title, "number": told.number}))
    if notice.kind in _APPLICATIONS:
        return spoken._(_APPLICATIONS[notice.kind][bare], **({} if bare else {"name": _isolated(facts["name"])}))
    other = _OTHERS.get(notice.kind)
    return other(told, spoken, title, bare) if other else spoken._("Something is new.")


def _answers(told: Told, spoken: Tongue, title: str, bare: bool) -> str:
    count = int(told.notice.facts.get("count", 1))
    if bare:
        return spoken.ngettext("{n} comment of yours is answered.", "{n} comments of yours are answered.", count)
    return spoken.ngettext(
        "{n} comment of yours is answered: {title}.", "{n} comments of yours are answered: {title}.", count, title=title
    )


def _hidden(told: Told, spoken: Tongue, title: str, bare: bool) -> str:
    if bare:
        return spoken._("The secretariat has hidden something that you wrote.")
    reason = _isolated(str(told.notice.facts.get("reason", "")))
    if told.notice.facts.get("reply"):
        return spoken._(
            "The secretariat has hidden your reply to comment {number}: {title}. Its reason: {reason}",
            number=told.number, title=title, reason=reason,
        )  # fmt: skip
    return spoken._(
        "The secretariat has hidden comment {number}: {title}. Its reason: {reason}",
        number=told.number, title=title, reason=reason,
    )  # fmt: skip


def _joined(told: Told, spoken: Tongue, title: str, bare: bool) -> str:
    if bare:
        return spoken._("A party that you asked has answered whether it joins a comment.")
    party = _isolated(str(told.notice.facts.get("party", "")))
    if told.notice.kind == "joined":
        return spoken._("{party} joins a comment of yours: {title}.", party=party, title=title)
    return spoken._("{party} does not join a comment of yours: {title}.", party=party, title=title)


def _split(told: Told, spoken: Tongue, title: str, bare: bool) -> str:
    count = int(told.notice.facts.get("count", 0))
    if bare:
        return spoken._("Your written contribution was dealt with.")
    if not count:
        return spoken._("Your written contribution was set aside: {title}.", title=title)
    return spoken.ngettext(
        "Your written contribution was made into {n} comment: {title}.",
        "Your written contribution was made into {n} comments: {title}.",
        count,
        title=title,
    )


def _decided(told: Told, spoken: Tongue, _title: str, bare: bool) -> str:
    if bare:
        return spoken._("An application to take part is decided.")
    said = _DECIDED.get(str(told.notice.facts.get("state", "")), _("{name}: the application is decided."))
    return spoken._(said, name=_isolated(str(told.notice.facts.get("name", ""))))


_OTHERS: Final[Mapping[str, Callable[[Told, Tongue, str, bool], str]]] = {
    "answers_published": _answers,
    "remark_hidden": _hidden,
    "joined": _joined,
    "declined": _joined,
    "contribution_split": _split,
    "application_decided": _decided,
}
_PAGES: Final[Mapping[str, str]] = {
    "answers_published": "/mine",
    "asked_to_join": "/mine",
    "joined": "/mine",
    "declined": "/mine",
    "remark_in_moderation": "/moderation",
    "reported": "/moderation",
    "contribution_in": "/contributions",
    "contribution_split": "/contributions",
    "round_revealed": "/comments",
}


def path(told: Told) -> str:
    """Where it is to be seen: a path on this site."""
    if told.entered is None:
        return f"/forums/{told.forum.id}/applications"
    inside = f"/consultations/{told.entered.round.id}"
    page = _PAGES.get(told.notice.kind)
    if page is not None:
        return inside + page
    return f"{inside}/comments/{told.number}" if told.number else inside


def _isolated(text: str) -> str:
    """A name in a sentence of another direction."""
    return f"\u2068{text}\u2069"
