"""What acts of the table, and states of clauses and drafts, are called in the record: a sentence, and facts below."""

from collections.abc import Callable, Iterator
from typing import Final

from drafts.acts import Act, ActKind
from drafts.desk.cast import Cast
from drafts.model import BracketReason, ClauseStatus, Openness, ProposalKind, ProposalState, Stage, Stance
from drafts.state import State
from server.i18n import Tongue
from server.words import word


class Teller:
    """Tells acts in a reader's language. ``name`` says what a clause is called now, '' for none."""

    def __init__(self, state: State, people: Cast, spoken: Tongue, name: Callable[[str | None], str]) -> None:
        self.state = state
        self.people = people
        self.spoken = spoken
        self.name = name

    def sentence(self, act: Act) -> str:
        """What happened; '' for kinds that the page tells itself."""
        return _SENTENCES[act.kind](self, act) if act.kind in _SENTENCES else ""

    def facts(self, act: Act) -> Iterator[str]:
        """What else there is to say, a line each."""
        body = act.body
        if act.kind is ActKind.TABLE:
            yield self.word(ProposalKind(body["kind"]))
        for key in ("note", "words", "text"):
            if act.kind in _QUOTES.get(key, ()) and body[key]:
                yield str(body[key])
        if act.kind is not ActKind.BRACKET and body.get("reason"):
            yield self._("Reason: {reason}", reason=body["reason"])
        for clause in [body.get("if"), body.get("link")]:
            if clause:
                yield self._("Depends on {label}", label=self.name(clause))
        if body.get("clauses"):
            yield ", ".join(filter(None, map(self.name, body["clauses"])))
        if body.get("for"):
            yield self._("Also for {codes}", codes=self.codes(body["for"]))
        if act.kind is ActKind.SILENCE:
            yield self._("Until {time}", time=self.spoken.minute(body["deadline"]))

    # ── words ──

    def _(self, message: str, **places: object) -> str:
        return self.spoken._(message, **places)

    def word(
        self, value: Stance | Stage | Openness | ClauseStatus | ProposalKind | ProposalState | BracketReason
    ) -> str:
        """The name of a state or kind."""
        return self._(word(value))

    def codes(self, ids: list[str]) -> str:
        """The codes of parties."""
        parties = self.people.parties
        return ", ".join(sorted(parties[one].code if one in parties else "–" for one in ids))

    def number(self, proposal: str) -> str:
        """The number of a proposal."""
        found = self.state.floor.proposals.get(proposal)
        return str(found.number) if found else "–"

    def numbers(self, act: Act) -> str:
        """Of all that an act is about."""
        return ", ".join(self.number(one) for one in act.body["proposals"])


def _tabled(t: Teller, act: Act) -> str:
    number, label = t.number(act.body["proposal"]), t.name(act.clause_id)
    if label:
        return t._("Proposal {number} tabled on {label}", number=number, label=label)
    return t._("Proposal {number} tabled, for a new clause", number=number)


def _closed(t: Teller, act: Act) -> str:
    number, state = t.number(act.body["proposal"]), t.word(ProposalState(act.body["state"]))
    if act.body["into"]:
        return t._("Proposal {number} merged into {other}", number=number, other=t.number(act.body["into"]))
    return t._("Proposal {number}: {state}", number=number, state=state)


def _sponsored(t: Teller, act: Act) -> str:
    number = t.number(act.body["proposal"])
    if act.body["joins"]:
        return t._("Proposal {number} co-sponsored", number=number)
    return t._("Sponsors of proposal {number} left", number=number)


def _answered(t: Teller, act: Act) -> str:
    number = t.number(act.body["proposal"])
    if act.body["accepts"]:
        return t._("Offer for proposal {number} accepted", number=number)
    return t._("Offer for proposal {number} declined", number=number)


def _position(t: Teller, act: Act) -> str:
    body = act.body
    on = t.state.floor.proposals.get(body["on"])
    thing = t._("proposal {number}", number=on.number) if on else t.name(body["on"])
    new, was = body["stance"], body.get("was")
    if new is None:
        return t._("Position on {thing} taken back", thing=thing)
    if was and was != new:
        return t._("{old} on {thing} → {new}", old=t.word(Stance(was)), thing=thing, new=t.word(Stance(new)))
    return t._("{stance} on {thing}", stance=t.word(Stance(new)), thing=thing)


def _bracket(t: Teller, act: Act) -> str:
    label = t.name(act.clause_id)
    if act.body["from"] is None:
        return t._("Note on a bracket in {label} taken away", label=label)
    return t._("Bracket in {label}: {reason}", label=label, reason=t.word(BracketReason(act.body["reason"])))


def _marked(t: Teller, act: Act) -> str:
    label, state = t.name(act.clause_id), ClauseStatus(act.body["state"])
    if state is ClauseStatus.OPEN:
        return t._("{label} re-opened", label=label)
    return t._("{label}: {status}", label=label, status=t.word(state))


def set_facts(t: Teller, act: Act) -> Iterator[str]:
    """Stage and who sees what, of a ``set`` act."""
    body = act.body
    if "stage" in body:
        yield t._("Stage: {stage}", stage=t.word(Stage(body["stage"])))
    if "proposals" in body:
        yield t._("Proposals are seen by: {who}", who=t.word(Openness(body["proposals"])))
    if "positions" in body:
        yield t._("Positions are seen by: {who}", who=t.word(Openness(body["positions"])))
    if "circle" in body:
        yield t._("Known to: {codes}", codes=t.codes(body["circle"]))


_SENTENCES: Final[dict[ActKind, Callable[[Teller, Act], str]]] = {
    ActKind.LOCK: _marked,
    ActKind.TABLE: _tabled,
    ActKind.REVISE: lambda t, a: t._("Proposal {number} revised", number=t.number(a.body["proposal"])),
    ActKind.WITHDRAW: lambda t, a: t._("Proposal {number} withdrawn", number=t.number(a.body["proposal"])),
    ActKind.SPONSOR: _sponsored,
    ActKind.OFFER: lambda t, a: t._("Outcome offered for {numbers}", numbers=t.numbers(a)),
    ActKind.ANSWER: _answered,
    ActKind.CLOSE: _closed,
    ActKind.POSITION: _position,
    ActKind.OBJECT: lambda t, a: t._("Objection to {label}’s being marked as agreed", label=t.name(a.clause_id)),
    ActKind.BRACKET: _bracket,
    ActKind.SILENCE: lambda t, a: t._("Silence procedure started on {label}", label=a.body["label"]),
    ActKind.BREAK: lambda t, _: t._("Silence broken"),
    ActKind.ADOPT: lambda t, _: t._("Adopted by silence"),
    ActKind.CANCEL: lambda t, _: t._("Silence procedure cancelled"),
    ActKind.EXPLAIN: lambda t, _: t._("Explanation of position"),
}
# Which words of an act are told as they are. (The words of proposals and offers stand as new text.)
_QUOTES: Final = {
    "note": {ActKind.OFFER, ActKind.ANSWER, ActKind.POSITION, ActKind.SILENCE},
    "words": {ActKind.BRACKET},
    "text": {ActKind.EXPLAIN},
}
