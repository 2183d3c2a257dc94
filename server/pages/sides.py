"""The texts of a comparison as the page tells them: what they are called, what can be chosen, addresses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from drafts import brackets
from drafts.desk import brought, compare
from drafts.desk.compare import LIVE, Side
from drafts.exchange import Content
from drafts.model import ClauseKind, Draft, Version
from drafts.store import Store
from server.i18n import Tongue
from server.sheet import beginning


@dataclass(frozen=True, slots=True)
class Shown:
    """A side on the page: what it is called and a line about it."""

    side: Side
    label: str
    says: str

    @property
    def value(self) -> str:
        """Its name in addresses."""
        return self.side.named


@dataclass(frozen=True, slots=True)
class Choice:
    """A text that can be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Texts that belong together."""

    label: str
    texts: tuple[Choice, ...]


class Address:
    """Makes addresses of a page with some parts changed; empty parts are left out."""

    def __init__(self, **parts: str | Sequence[str]) -> None:
        self._parts = parts

    def __call__(self, **changed: str | Sequence[str]) -> str:
        """The query, with its question mark."""
        parts = {name: value for name, value in (self._parts | changed).items() if value}
        return "?" + urlencode(parts, doseq=True)


def shown(side: Side, home: str, spoken: Tongue) -> Shown:
    """A side for the page of the draft ``home``."""
    label = _label(side, spoken)
    if side.draft.id != home:
        label = spoken._("{title}: {version}", title=side.draft.title, version=label)
    return Shown(side, label, _says(side.content, spoken, _when(side, spoken)))


def _label(side: Side, spoken: Tongue) -> str:
    return side.label or spoken._("Working text")


def _when(side: Side, spoken: Tongue) -> str:
    if side.at is None:
        return spoken._("as it stands")
    if side.file:
        return spoken._("brought {date}", date=spoken.day(side.at))
    return spoken._("issued {date}", date=spoken.day(side.at))


def _says(content: Content, spoken: Tongue, when: str) -> str:
    clauses = sum(clause.kind is not ClauseKind.HEADING for clause in content.clauses)
    found = brackets.count(clause.text for clause in content.clauses)
    open_ones = found.pairs + found.spanning
    return " · ".join(
        (
            when,
            spoken.ngettext("{n} clause", "{n} clauses", clauses),
            spoken.ngettext("{n} bracket", "{n} brackets", open_ones),
        )
    )


async def choices(
    store: Store, person_id: str, draft_id: str, spoken: Tongue, chosen: Iterable[Shown] = ()
) -> list[Choices]:
    """What the lists of texts offer: this draft, the files of the person's party, other drafts; and what is chosen,
    should it be none of them."""
    found = await compare.texts(store, person_id, draft_id)
    files = await brought.every(store, person_id, draft_id, "compare")
    groups = [_of_draft(draft, issued, draft_id, spoken) for draft, issued in found]
    if files:
        groups.insert(1, Choices(spoken._("Files"), tuple(Choice(f"file-{one.id}", one.name) for one in files)))
    known = {choice.value for group in groups for choice in group.texts}
    missing = {one.value: one.label for one in chosen if one.value not in known}
    if missing:
        groups.append(Choices(spoken._("Other"), tuple(Choice(value, label) for value, label in missing.items())))
    return groups


def _of_draft(draft: Draft, issued: Sequence[Version], home: str, spoken: Tongue) -> Choices:
    named = [(str(version.number), version.label) for version in issued]
    named.append((LIVE, spoken._("Working text")))
    if draft.id == home:
        return Choices(draft.title, tuple(Choice(name, label) for name, label in named))
    title = beginning(draft.title, 40)
    told = [(name, spoken._("{title}: {version}", title=title, version=label)) for name, label in named]
    return Choices(draft.title, tuple(Choice(f"{draft.id}@{name}", label) for name, label in told))
