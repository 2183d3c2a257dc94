"""What taking proposals into the text comes to: the steps, whose each is, and what becomes of each proposal. No I/O.

Everything is worked out, and refused if need be, before the first act is made (settling.py makes them).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from drafts.acts import ActKind, Body
from drafts.change import MAX_TEXT, Change, narrow, widen
from drafts.decide import MAX_CLAUSES, unlocked
from drafts.errors import Conflict, Invalid, Refusal, TooLarge
from drafts.floor import Tabled
from drafts.model import Openness, ProposalKind, ProposalState, new_id
from drafts.nway import combine
from drafts.patches import OWN, Part, Patch, applied, of_hunks, steps
from drafts.readings import REWORDING, Reading, Stale, against, choices, chosen, offer, outcome, place
from drafts.state import ClauseState, State
from drafts.words import Hunk, Op, hunks


@dataclass(frozen=True, slots=True)
class Step:
    """One act on a clause, in the name of ``party`` (``patches.OWN``: of whoever decides)."""

    kind: ActKind
    clause: str
    party: str
    body: Body
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The steps in order, and the proposals that came in with all they wanted (``part``: of the others)."""

    steps: tuple[Step, ...]
    whole: frozenset[str]


def take(state: State, proposals: Sequence[Tabled], numbers: Sequence[int] | None) -> Taken:
    """What comes of taking in these open proposals on one thing, the first named first: one of them whole, or in part
    (``numbers`` of its ``readings.choices``), or several together. Raises Conflict, Invalid, TooLarge."""
    first = proposals[0]
    if any(other.clause != first.clause for other in proposals):
        raise Invalid("several_clauses", "These proposals are not about the same clause.")
    if numbers is not None and len(proposals) > 1:
        raise Invalid("parts_of_one", "Parts are chosen of one proposal at a time.")
    if first.kind is not ProposalKind.NO_CHANGE and (clause := state.clause(first.clause or "")) is not None:
        unlocked(clause)
    in_order = sorted(proposals, key=lambda proposal: proposal.number)
    if numbers is None and _offered(proposals):
        return _take_offer(state, in_order)
    found = [_certain(proposal, against(state, proposal)) for proposal in in_order]
    if all(proposal.kind in REWORDING for proposal in proposals):
        return _take_words(_there(state, first), in_order, found, numbers)
    if numbers is not None:
        raise Invalid("no_parts", "Only changes of words can be taken in part.")
    if len({outcome(proposal, None) for proposal in proposals}) > 1:
        raise Invalid("not_alike", "Only changes of one clause’s words can be merged, or proposals that want the same.")
    return _take_clause(state, in_order[0], found[0], frozenset(proposal.id for proposal in proposals))


def _certain(proposal: Tabled, found: Reading) -> Reading:
    if found.stale is Stale.NO:
        return found
    raise Conflict(
        "stale",
        "The text moved on under proposal {number}. Its owner has to look at it again, or you offer an outcome.",
        number=proposal.number,
    )


def _there(state: State, proposal: Tabled) -> ClauseState:
    clause = state.clause(proposal.clause or "")
    if clause is None or clause.gone is not None:
        raise Conflict("clause_gone", "The clause was deleted meanwhile.")
    return clause


# ── words ──


def _take_words(
    clause: ClauseState, proposals: Sequence[Tabled], found: Sequence[Reading], numbers: Sequence[int] | None
) -> Taken:
    if len(proposals) > 1:
        return _merged(clause, proposals, found)
    pieces, whole = found[0].pieces, True
    if numbers is not None:
        every = len(choices(found[0]))
        if not numbers:
            raise Invalid("nothing_chosen", "Choose at least one part of the proposal.")
        if not all(0 <= number < every for number in numbers):
            raise Invalid("no_such_part", "The proposal has no such part.")
        pieces, whole = chosen(found[0], numbers), len(set(numbers)) == every
    patches = of_hunks(pieces, proposals[0].party)
    return Taken(_edits(clause, patches), frozenset({proposals[0].id} if whole else ()))


def _merged(clause: ClauseState, proposals: Sequence[Tabled], found: Sequence[Reading]) -> Taken:
    """The words of several, as far as they agree; what several have is put down to the one that was tabled first."""
    party = {proposal.id: proposal.party for proposal in proposals}
    combined = combine(clause.text, [(p.id, one.outcome) for p, one in zip(proposals, found, strict=True)])
    if combined.out:
        number = next(proposal.number for proposal in proposals if proposal.id in combined.out)
        raise Conflict(
            "nothing_of_it",
            "Nothing of proposal {number} would go in: it collides with the others everywhere. Merge without it.",
            number=number,
        )
    patches: list[Patch] = []
    at = 0
    for run in combined.runs:
        wide = widen(run.text)
        end = at if run.op is Op.INSERT else at + len(wide)
        if run.op is not Op.KEEP:
            who = party[run.ids[0]]
            part = Part(wide, who) if run.op is Op.INSERT else Part(wide, None, who)
            patches.append(Patch(at, end, (part,)))
        at = end
    return Taken(_edits(clause, patches), frozenset(combined.whole))


def _edits(clause: ClauseState, patches: Sequence[Patch]) -> tuple[Step, ...]:
    if len(applied(clause.wide, patches)) > MAX_TEXT:
        raise _too_large()
    return tuple(
        Step(ActKind.EDIT, clause.id, party, {"change": change.to_json()}, change)
        for party, change in steps(clause.wide, patches)
    )


def _too_large() -> Refusal:
    return TooLarge("clause_size", "A clause holds at most {limit} characters. Split it first.", limit=MAX_TEXT)


# ── what the chair offered ──


def _offered(proposals: Sequence[Tabled]) -> bool:
    """Whether these are taken in as they accepted it. Raises Conflict when not all of them accepted the same."""
    accepted = {one.offered.seq if one.offered and one.offered.accepts else None for one in proposals}
    if len(accepted) > 1:
        raise Conflict(
            "offer_not_shared", "Not all of these proposals accepted the same outcome; take them one by one."
        )
    return accepted != {None}


def _take_offer(state: State, proposals: Sequence[Tabled]) -> Taken:
    first = proposals[0]
    if first.offered is None:
        raise ValueError(f"nothing was offered for {first.id}")
    found = offer(state, first, first.offered)
    if first.kind is not ProposalKind.ADD:
        clause = _there(state, first)
        if found.stale:
            raise Conflict("offer_stale", "The text moved on under the outcome that was offered. Offer it again.")
        patches = _signed(clause.text, found.outcome, proposals)
        whole = frozenset(one.id for one in proposals if _has(clause.text, found.outcome, one))
        return Taken(_edits(clause, patches), whole)
    whole = frozenset(one.id for one in proposals if one.text == first.offered.text)
    return Taken(_insertion(state, first, _signed("", first.offered.text, proposals)), whole)


def _has(live: str, target: str, proposal: Tabled) -> bool:
    """Whether what the text becomes has every word that the proposal brings, and none that it strikes out."""
    kept = {was for _, was, op in _places(hunks(proposal.text, target)) if op is Op.KEEP}
    stays = {was for _, was, op in _places(hunks(live, target)) if op is Op.KEEP}
    brought = (at for at in _brought(proposal) if not proposal.text[at].isspace())
    struck = (at for at in _struck(proposal, live) if not live[at].isspace())
    return all(at in kept for at in brought) and not any(at in stays for at in struck)


def _signed(live: str, target: str, proposals: Sequence[Tabled]) -> list[Patch]:
    """The way from the live text to an offered one. What it shares with a proposal is that party's, the first tabled
    before the others; the rest is the chair's."""
    wrote, struck = [OWN] * len(target), [OWN] * len(live)
    for proposal in reversed(proposals):
        for at in _written(proposal, target):
            wrote[at] = proposal.party
        for at in _struck(proposal, live):
            struck[at] = proposal.party
    parts: list[Part] = []
    at_old = at_new = 0
    for hunk in hunks(live, target):
        size = len(hunk.text)
        if hunk.op is Op.KEEP:
            parts.append(Part(widen(hunk.text)))
        elif hunk.op is Op.INSERT:
            parts += [Part(words, who) for who, words in _by(wrote[at_new : at_new + size], hunk.text)]
        else:
            parts += [Part(words, None, who) for who, words in _by(struck[at_old : at_old + size], hunk.text)]
        at_old += size * (hunk.op is not Op.INSERT)
        at_new += size * (hunk.op is not Op.DELETE)
    return [Patch(0, len(widen(live)), tuple(parts))]


def _by(whose: Sequence[str], text: str) -> Iterator[tuple[str, str]]:
    for who, run in groupby(zip(whose, text, strict=True), key=lambda one: one[0]):
        yield who, widen("".join(char for _, char in run))


def _written(proposal: Tabled, target: str) -> Iterator[int]:
    """The places of a text that has words which the proposal brings."""
    new = _brought(proposal)
    return (at for at, was, op in _places(hunks(proposal.text, target)) if op is Op.KEEP and was in new)


def _brought(proposal: Tabled) -> set[int]:
    """The places of its own text that are new in it."""
    return {at for at, _, op in _places(hunks(proposal.old, proposal.text)) if op is Op.INSERT}


def _struck(proposal: Tabled, live: str) -> Iterable[int]:
    """The places of the live text that the proposal strikes out."""
    if proposal.kind is ProposalKind.DELETE:
        return range(len(live))
    stays = {was for _, was, op in _places(hunks(proposal.old, proposal.text)) if op is Op.KEEP}
    return (at for at, was, op in _places(hunks(proposal.old, live)) if op is Op.KEEP and was not in stays)


def _places(told: Iterable[Hunk]) -> Iterator[tuple[int, int, Op]]:
    """For each character of the new text of some hunks: its place, where the old one was then, what became of it."""
    old = new = 0
    for hunk in told:
        if hunk.op is not Op.DELETE:
            for step in range(len(hunk.text)):
                yield new + step, old + step * (hunk.op is Op.KEEP), hunk.op
            new += len(hunk.text)
        old += len(hunk.text) * (hunk.op is not Op.INSERT)


# ── clauses ──


def _take_clause(state: State, proposal: Tabled, found: Reading, everybody: frozenset[str]) -> Taken:
    """A new, deleted, moved or unchanged clause; done already, nothing is left to do."""
    made: tuple[Step, ...] = ()
    if found.done or proposal.kind is ProposalKind.NO_CHANGE:
        return Taken(made, everybody)
    if proposal.kind is ProposalKind.ADD:
        wide = widen(proposal.text)
        made = _insertion(state, proposal, [Patch(0, 0, (Part(wide, proposal.party),))])
    elif proposal.kind is ProposalKind.DELETE:
        clause = _there(state, proposal)
        # Every reader of the draft is told of a deletion, but not always of proposals.
        reason = proposal.reason if state.draft.proposals is Openness.EVERYONE else ""
        made = (Step(ActKind.DELETE, clause.id, proposal.party, {"reason": reason}),)
    else:
        made = (_moving(state, proposal),)
    return Taken(made, everybody)


def _moving(state: State, proposal: Tabled) -> Step:
    clause = _there(state, proposal)
    block = [part.id for part in state.block(clause)]
    after = place(state, proposal)
    after = proposal.after if after in block else after
    if after in block:
        raise Conflict("into_itself", "A clause cannot be moved behind its own sub-clauses.")
    return Step(ActKind.MOVE, clause.id, proposal.party, {"after": after, "with": block[1:]})


def _insertion(state: State, proposal: Tabled, patches: Sequence[Patch]) -> tuple[Step, ...]:
    """A new clause with the words of whoever wrote most of them, then the words of the others."""
    if len(state.standing()) >= MAX_CLAUSES:
        raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
    if proposal.shape is None:
        raise ValueError(f"proposal {proposal.id} does not say what kind of clause it adds")
    parts = [part for patch in patches for part in patch.parts if part.ins is not None]
    if sum(len(part.text) for part in parts) > MAX_TEXT:
        raise _too_large()
    sizes: dict[str, int] = {}
    for part in parts:
        sizes[part.ins or OWN] = sizes.get(part.ins or OWN, 0) + len(part.text)
    main = max(sizes, key=lambda who: sizes[who])
    first = "".join(part.text for part in parts if part.ins == main)
    kind, depth, lang = proposal.shape
    body = {"after": place(state, proposal), "kind": kind.value, "depth": depth, "lang": lang, "text": narrow(first)}
    new = new_id()
    rest = tuple(Part(part.text) if part.ins == main else part for part in parts)
    more = steps(first, [Patch(0, len(first), rest)]) if len(sizes) > 1 else []
    return (
        Step(ActKind.INSERT, new, main, body),
        *(Step(ActKind.EDIT, new, who, {"change": change.to_json()}, change) for who, change in more),
    )


def state_of(taken: Taken, proposal: Tabled) -> ProposalState:
    """What the first of those that are taken in becomes."""
    return ProposalState.ACCEPTED if proposal.id in taken.whole else ProposalState.ACCEPTED_IN_PART
