"""Where answers lead, as pages say it: a label and, for those who may read what is there, an address. And the same the
other way round: what somebody types or chooses from the list is a link again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from drafts.answers import Link, link
from drafts.consultation import Answer
from drafts.desk import answer_links, rounds
from drafts.desk.answer_links import Linked
from drafts.desk.rounds import Entered
from drafts.model import Clause
from drafts.store import Store
from server.i18n import Tongue
from server.pages.remark_cards import places

_OPEN, _CLOSE = "\u2068", "\u2069"
_MOST: Final = 1_500  # entries of the list: of a longer text, what does not fit is typed


@dataclass(frozen=True, slots=True)
class Way:
    """A link on a page. ``href``: '' where the reader cannot follow it."""

    label: str
    href: str


async def ways(store: Store, entered: Entered, answers: Iterable[Answer | None], spoken: Tongue) -> dict[str, Way]:
    """By ``Answer.link``, for one reader."""
    found = await answer_links.followed(store, entered, [one.link for one in answers if one and one.link])
    names: dict[int, dict[str, str]] = {}
    for one in found.values():
        if one.content is not None and one.version is not None and one.version.number not in names:
            names[one.version.number] = dict(places(one.content.clauses).names)
    if any(one.gone for one in found.values()):
        names[0] = dict(places((await rounds.text(store, entered)).clauses).names)
    return {text: Way(_label(one, names, spoken), _href(entered, one)) for text, one in found.items()}


def _label(one: Linked, names: dict[int, dict[str, str]], spoken: Tongue) -> str:
    _, to = spoken._, one.link
    if to.proposal:
        return _("Proposal {number}", number=to.proposal)
    version = one.version
    if version is None:
        return ""
    if one.gone:
        clause = names.get(0, {}).get(to.clause_id, "")
        return _("{clause}: not in {version} any more", clause=_apart(clause), version=_apart(version.label))
    clause = names.get(version.number, {}).get(to.clause_id, "")
    if not to.version:
        return clause
    return f"{_apart(version.label)}, {_apart(clause)}" if clause else _apart(version.label)


def _apart(name: str) -> str:
    """A name whose direction is its own."""
    return f"{_OPEN}{name}{_CLOSE}"


def _href(entered: Entered, one: Linked) -> str:
    told, to = entered.round, one.link
    draft, consultation = f"/drafts/{told.draft_id}", f"/consultations/{told.id}"
    if to.proposal:
        return f"{draft}/proposals/{one.proposal_id}" if one.proposal_id else ""
    if one.content is None:
        return ""
    if not to.version:
        return f"{consultation}#c-{to.clause_id}"
    if not one.reads_draft:
        return f"{consultation}/versions/{to.version}" + (f"#c-{to.clause_id}" if to.clause_id else "")
    if to.clause_id:
        return f"{draft}/compare?old={told.version}&new={to.version}#r-{to.clause_id}"
    return f"{draft}/versions/{to.version}"


# ── choosing one ──


async def choices(store: Store, entered: Entered, spoken: Tongue) -> dict[str, str]:
    """What those who lead can choose: labels with the links that they stand for. The latest version first, then what
    the round's text has, and proposals."""
    own = (await rounds.text(store, entered)).clauses
    own_names = places(own).names
    async with store.read() as q:
        versions = await q.drafts.versions(entered.draft.id)
        proposals = await q.answers.proposals(entered.draft.id)
    found: dict[str, str] = {}
    later = [one for one in versions if one.number > entered.round.version]
    for version in reversed(later):
        found.setdefault(version.label, str(Link(version=version.number)))
    if later:
        latest = later[-1]
        _, content = await rounds.version(store, entered, latest.number)
        there = {clause.id for clause in content.clauses}
        for clause_id, name in places(content.clauses).names.items():
            found.setdefault(f"{latest.label}, {name}", str(Link(clause_id, version=latest.number)))
        for clause in _gone(own, there):
            said = spoken._("{clause}: not in {version} any more", clause=own_names[clause.id], version=latest.label)
            found.setdefault(said, str(Link(clause.id, version=latest.number)))
    for number in proposals:
        found.setdefault(spoken._("Proposal {number}", number=number), str(Link(proposal=number)))
    for clause_id, name in own_names.items():
        found.setdefault(name, str(Link(clause_id)))
    return dict(list(found.items())[:_MOST])


def _gone(clauses: Iterable[Clause], there: set[str]) -> list[Clause]:
    return [clause for clause in clauses if clause.id not in there]


def chosen(typed: str, known: dict[str, str]) -> str:
    """The link of what was typed: a label of the list, whatever its capitals and spaces, or a link itself. Raises
    Invalid."""
    plain = _plain(typed)
    if not plain:
        return ""
    found = {_plain(label): link for label, link in known.items()}
    if plain in found:
        return found[plain]
    return str(link(typed))


def _plain(label: str) -> str:
    return "".join(char for char in label.casefold() if not char.isspace() and char not in {_OPEN, _CLOSE})
