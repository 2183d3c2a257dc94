"""The record of a draft: who did what and when, as a page with filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from drafts.acts import Act, ActKind
from drafts.desk import record
from drafts.desk.record import Page, Place
from drafts.errors import Invalid
from drafts.record import Line
from drafts.state import ClauseState, State
from drafts.tokens import word_count
from server.auth import Signed
from server.i18n import Tongue
from server.pages import view
from server.pages.told import Teller, set_facts
from server.sheet import beginning

_MOST_TEXT: Final = 160  # characters of new text that a line shows


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the page. ``seqs``: the acts in it. ``said``: the sentence of acts of the table. ``label`` and
    ``other``: clauses as they are called now. ``text``: words that came. ``began`` and ``ended``: UTC ms."""

    seqs: tuple[int, ...]
    kind: str
    said: str
    label: str
    other: str
    text: str
    words: int
    gone: int
    facts: tuple[str, ...]
    party: str
    person: str
    began: int
    ended: int
    here: bool


async def page(request: Request, signed: Signed) -> Response:
    """What happened, the newest first or around the act ``at``; by ``clause`` and by ``party``."""
    query = request.query_params
    place = Place(
        _number(query.get("at", "")),
        _number(query.get("before", "")),
        _number(query.get("after", "")),
        query.get("clause", ""),
        query.get("party", ""),
    )
    found = await record.page(request.app.state.store, signed.person.id, request.path_params["draft_id"], place)
    spoken = view.tongue(request)
    names = Names(found.state, spoken)
    teller = Teller(found.state, found.people, spoken, names.of)
    kept = {name: value for name, value in (("clause", place.clause_id), ("party", place.party_id)) if value}
    return view.page(
        request,
        "record.html",
        me=found.me,
        draft=found.state.draft,
        lines=[_told(line, found, names, teller, place.at) for line in found.lines],
        clauses=list(names.all()),
        parties=sorted(found.people.parties.values(), key=lambda party: party.name),
        clause_chosen=place.clause_id,
        party_chosen=place.party_id,
        newest="?" + urlencode(kept) if kept else "",
        newer="?" + urlencode(kept | {"after": found.newer}) if found.newer is not None else "",
        older="?" + urlencode(kept | {"before": found.older}) if found.older is not None else "",
    )


def _number(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 15):
        raise Invalid("bad_act", "An act is named by its number.")
    return int(value)


class Names:
    """What the clauses of a draft are called now."""

    def __init__(self, state: State, spoken: Tongue) -> None:
        self._state = state
        self._spoken = spoken
        self._labels = state.addresses()

    def of(self, clause_id: str | None) -> str:
        """A clause's label, else its first words; of one that is gone, that it is gone and its first words."""
        clause = self._state.clause(clause_id) if clause_id else None
        return self._of(clause) if clause else ""

    def words(self, clause_id: str | None) -> str:
        """The same, but of one that is gone only its first words."""
        clause = self._state.clause(clause_id) if clause_id else None
        return _quoted(clause) if clause and clause.gone is not None else self.of(clause_id)

    def all(self) -> Iterator[tuple[str, str]]:
        """Id and name of every clause, those that are gone last."""
        for clause in sorted(self._state.clauses, key=lambda one: one.gone is not None):
            first = beginning(clause.text)
            label = self._labels.get(clause.id, "")
            yield clause.id, f"{label} {first}" if label else self._of(clause)

    def _of(self, clause: ClauseState) -> str:
        first = beginning(clause.text)
        if clause.gone is not None and clause.gone.into:
            return self._spoken._("(joined to {label})", label=self.of(clause.gone.into) or "–")
        if clause.gone is not None:
            return f"{self._spoken._('(deleted)')} {first}".rstrip()
        return self._labels.get(clause.id) or _quoted(clause)


def _quoted(clause: ClauseState) -> str:
    first = beginning(clause.text)
    return f"“{first}”" if first else "–"


def _told(line: Line, found: Page, names: Names, teller: Teller, at: int | None) -> Told:
    act, party = line.first, found.people.parties.get(line.first.party_id)
    text = " … ".join(text.strip() for text in line.came if text.strip()) if line.typed else _text(act)
    return Told(
        seqs=tuple(one.seq for one in line.acts),
        kind="edit" if line.typed else act.kind.value,
        said=teller.sentence(act),
        label=names.words(act.clause_id) if act.kind is ActKind.DELETE else names.of(act.clause_id),
        other=names.of(_other(act)),
        text=text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT].rstrip()} …",
        words=sum(word_count(text) for text in line.came),
        gone=line.gone,
        facts=(*(_FACTS[act.kind](act, teller.spoken) if act.kind in _FACTS else ()), *_more(act, teller)),
        party=party.name if party else "–",
        person=found.people.names.get(act.person_id, "–"),
        began=act.at,
        ended=line.last.at,
        here=at is not None and any(one.seq == at for one in line.acts),
    )


def _more(act: Act, teller: Teller) -> Iterator[str]:
    if act.kind is ActKind.SET:
        yield from set_facts(teller, act)
    elif act.kind not in _FACTS:
        yield from teller.facts(act)


def _text(act: Act) -> str:
    return str(act.body["text"]) if act.kind in _WORDED else ""


def _other(act: Act) -> str | None:
    """The second clause of an act: what was split off or joined, or behind what a clause was put."""
    key = {ActKind.SPLIT: "into", ActKind.JOIN: "of", ActKind.MOVE: "after"}.get(act.kind)
    return act.body[key] if key else None


def _begun(act: Act, spoken: Tongue) -> Iterator[str]:
    yield spoken.ngettext("{n} clause", "{n} clauses", len(act.body["clauses"]))


def _deleted(act: Act, spoken: Tongue) -> Iterator[str]:
    if act.body["reason"]:
        yield spoken._("Reason: {reason}", reason=act.body["reason"])


def _issued(act: Act, _spoken: Tongue) -> Iterator[str]:
    yield str(act.body["label"])


def _set(act: Act, spoken: Tongue) -> Iterator[str]:
    body = act.body
    for key, name in (("title", spoken._("Title")), ("symbol", spoken._("Symbol"))):
        if key in body:
            yield f"{name}: {body[key] or '–'}"
    if "mode" in body:
        pen, both = (
            spoken._("Chair’s pen: only chair and secretariat edit"),
            spoken._("Open drafting: delegations edit"),
        )
        yield pen if body["mode"] == "pen" else both
    if "observers" in body:
        yield spoken._("Observers may read and comment") if body["observers"] else spoken._("Observers may not read it")


_WORDED: Final = {ActKind.INSERT, ActKind.TABLE, ActKind.REVISE, ActKind.OFFER}
_FACTS: Final = {
    ActKind.BEGIN: _begun,
    ActKind.DELETE: _deleted,
    ActKind.ISSUE: _issued,
    ActKind.SET: _set,
}
