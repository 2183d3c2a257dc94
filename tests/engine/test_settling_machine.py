"""A negotiation at random: proposals, edits, offers and decisions in any order. No act reaches a state that is
forbidden, an agreed clause does not change, every accepted word has a proposer, and a refusal changes nothing."""

import re
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from drafts import commands as do
from drafts.acts import Act, ActKind
from drafts.decide import Outcome
from drafts.errors import Refusal
from drafts.floor import Tabled
from drafts.model import LOCKED, ClauseKind, Member, ProposalKind, ProposalState
from drafts.readings import REWORDING, against, choices, equal
from drafts.words import Op
from tests.engine.table import CHAIR, INES, PILAR, Table

PARTIES = {member.party.id: member for member in (INES, PILAR, CHAIR)}
MEMBER = st.sampled_from(list(PARTIES.values()))
TEXTS = ("one two three four five six seven", "eight nine ten eleven twelve thirteen", "red [green blue] *black* white")


def said(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


class Negotiation(RuleBasedStateMachine):
    """Three parties at a table of three clauses."""

    def __init__(self) -> None:
        super().__init__()
        self.made = Table(*TEXTS)
        self.made.ask(CHAIR, do.Issue("v", "Zero draft"))
        self.fresh = 0
        self.closed: dict[str, Tabled] = {}
        self.agreed: dict[str, str] = {}

    # ── asking ──

    def ask(self, actor: Member, command: do.Command) -> Outcome | None:
        before = self.made.room.state.to_bytes()
        try:
            return self.made.ask(actor, command)
        except Refusal:
            assert self.made.room.state.to_bytes() == before
            return None

    def word(self) -> str:
        self.fresh += 1
        return f"new{self.fresh}"

    def changed(self, text: str, data: st.DataObject) -> str:
        """The text with a word or two put in, replaced or struck out."""
        words = text.split()
        for _ in range(data.draw(st.integers(1, 2))):
            at = data.draw(st.integers(0, len(words)))
            new = data.draw(st.sampled_from(["", "word", "bracket"]))
            more = {"": [], "word": [self.word()], "bracket": [f"[{self.word()}]"]}[new]
            words[at : at + data.draw(st.integers(0, 1))] = more
        return " ".join(words)

    def clause(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([clause.id for clause in self.made.room.state.clauses]))

    @property
    def tabled(self) -> list[Tabled]:
        return self.made.room.state.floor.open()

    def proposal(self, data: st.DataObject) -> Tabled:
        """One on the table, as long as there is one."""
        return data.draw(st.sampled_from(self.tabled or list(self.made.room.state.floor.proposals.values())))

    # ── what happens ──

    @rule(who=MEMBER, kind=st.sampled_from([ProposalKind.MODIFY, *ProposalKind]), data=st.data())
    def table(self, who: Member, kind: ProposalKind, data: st.DataObject) -> None:
        clause = self.made[self.clause(data)]
        name = f"p{len(self.made.log)}"
        if kind is ProposalKind.ADD:
            shape = (ClauseKind.OPERATIVE, 0, "")
            self.ask(who, do.Table(self.made.op(), name, kind, None, text=self.word(), after=clause.id, shape=shape))
            return
        worded = kind in {ProposalKind.MODIFY, ProposalKind.EDITORIAL}
        old, text = (clause.text, self.changed(clause.text, data)) if worded else ("", "")
        after = self.clause(data) if kind is ProposalKind.MOVE else None
        for number in range(data.draw(st.integers(1, 2)) if worded else 1):
            asked = do.Table(self.made.op(), f"{name}.{number}", kind, clause.id, clause.number, old, text, after)
            self.ask(who, asked)
            who, text = data.draw(MEMBER), self.changed(old, data) if worded else ""

    @rule(who=MEMBER, data=st.data())
    def edit(self, who: Member, data: st.DataObject) -> None:
        clause = self.made[self.clause(data)]
        self.ask(who, do.Edit(self.made.op(), clause.id, clause.number, self.changed(clause.text, data)))

    @rule(data=st.data(), state=st.sampled_from(["open", "converging", "agreed"]))
    def mark(self, data: st.DataObject, state: str) -> None:
        self.ask(CHAIR, do.Lock(self.made.op(), self.clause(data), state, "as said"))

    @rule(data=st.data(), how=st.sampled_from(["delete", "restore", "split", "join"]))
    def structure(self, data: st.DataObject, how: str) -> None:
        clause, op = self.made[self.clause(data)], self.made.op()
        if how == "delete":
            self.ask(CHAIR, do.Delete(op, clause.id, "over"))
        elif how == "restore":
            self.ask(CHAIR, do.Restore(op, clause.id))
        elif how == "join":
            self.ask(CHAIR, do.Join(op, clause.id))
        elif clause.gone is None:
            self.ask(CHAIR, do.Split(op, clause.id, clause.number, len(clause.wide) // 2))

    @precondition(lambda self: self.made.room.state.floor.proposals)
    @rule(who=MEMBER, data=st.data(), how=st.sampled_from(["revise", "withdraw", "sponsor", "accepts", "declines"]))
    def owner(self, who: Member, data: st.DataObject, how: str) -> None:
        on, op = self.proposal(data), self.made.op()
        who = data.draw(st.sampled_from([who, PARTIES[on.party]]))
        clause = self.made.room.state.clause(on.clause or "")
        base, text = (clause.number, self.changed(clause.text, data)) if clause else (0, self.word())
        commands: dict[str, do.Command] = {
            "revise": do.Revise(op, on.id, base, text),
            "withdraw": do.Withdraw(op, on.id),
            "sponsor": do.Sponsor(op, on.id, data.draw(st.booleans())),
            "accepts": do.Answer(op, on.id, True),
            "declines": do.Answer(op, on.id, False, "no"),
        }
        done = self.ask(who, commands[how])
        assert done is None or how == "sponsor" or who.party.id == on.party

    @precondition(lambda self: self.made.room.state.floor.proposals)
    @rule(data=st.data())
    def offer(self, data: st.DataObject) -> None:
        on = self.proposal(data)
        clause = self.made.room.state.clause(on.clause or "")
        text = self.changed(clause.text if clause else on.text, data)
        self.ask(CHAIR, do.Offer(self.made.op(), (on.id,), text))
        if data.draw(st.booleans()):
            self.ask(PARTIES[on.party], do.Answer(self.made.op(), on.id, True))

    @precondition(lambda self: self.made.room.state.floor.proposals)
    @rule(data=st.data())
    def not_retain(self, data: st.DataObject) -> None:
        self.ask(CHAIR, do.NotRetain(self.made.op(), self.proposal(data).id, "no"))

    @precondition(lambda self: self.made.room.state.floor.proposals)
    @rule(data=st.data(), part=st.booleans(), more=st.integers(0, 2))
    def accept(self, data: st.DataObject, part: bool, more: int) -> None:
        first = self.proposal(data)
        alike = REWORDING if first.kind in REWORDING else {first.kind}
        beside = [p for p in self.tabled if p.clause == first.clause and p.id != first.id and p.kind in alike]
        others = [] if part else beside[:more]
        clause = self.made.room.state.clause(first.clause or "")
        number = clause.number if clause else 0
        hunks = None
        if part and (every := choices(against(self.made.room.state, first))):
            hunks = tuple(data.draw(st.sets(st.integers(0, len(every) - 1), min_size=1)))
        stale = [p for p in (first, *others) if against(self.made.room.state, p).stale]
        together = (first, *others)
        done = self.ask(CHAIR, do.Accept(self.made.op(), tuple(p.id for p in together), number, hunks))
        if done is None:
            return
        assert all(p.offered and p.offered.accepts for p in stale)
        self.accounted(done.acts, together)
        closed = [self.made.room.state.floor.proposals[p.id] for p in together]
        assert closed[0].state in {ProposalState.ACCEPTED, ProposalState.ACCEPTED_IN_PART}
        assert all(p.state is ProposalState.MERGED and p.closing and p.closing.into == first.id for p in closed[1:])

    def accounted(self, acts: list[Act], together: tuple[Tabled, ...]) -> None:
        """Every word that came in is a word of a proposal of the party that it is put down to, or the chair's own in
        what they accepted."""
        assert [act.kind for act in acts[-len(together) :]] == [ActKind.CLOSE] * len(together)
        for act in acts[: -len(together)]:
            assert act.kind in {ActKind.EDIT, ActKind.INSERT, ActKind.DELETE, ActKind.MOVE}
            assert act.person_id == CHAIR.person_id
            texts = [p.text for p in together if p.party == act.party_id]
            if act.party_id == CHAIR.party.id:
                texts += [p.offered.text for p in together if p.offered and p.offered.accepts]
            assert texts
            came = act.body.get("text", "") + " ".join(
                section[1] for section in act.body.get("change", ()) if isinstance(section, list) and len(section) > 1
            )
            assert set(said(came)) <= set().union(*(said(text) for text in texts))

    # ── what always holds ──

    @invariant()
    def what_is_closed_stays_closed(self) -> None:
        found = self.made.room.state.floor.proposals
        for name, proposal in self.closed.items():
            assert (found[name].state, found[name].closing) == (proposal.state, proposal.closing)
            assert found[name].text == proposal.text
        self.closed = {name: proposal for name, proposal in found.items() if not proposal.open}
        assert all(not proposal.state.private for proposal in found.values())
        assert [p.number for p in found.values()] == list(range(1, len(found) + 1))

    @invariant()
    def what_is_agreed_stays_as_it_is(self) -> None:
        for clause in self.made.room.state.standing():
            if clause.locked and clause.id in self.agreed:
                assert clause.text == self.agreed[clause.id]
        self.agreed = {c.id: c.text for c in self.made.room.state.clauses if c.state in LOCKED}

    @invariant()
    def every_proposal_has_a_reading(self) -> None:
        state = self.made.room.state
        for proposal in self.tabled:
            found = against(state, proposal)
            clause = state.clause(proposal.clause or "")
            live = clause.text if clause and clause.gone is None else None
            if live is not None and proposal.kind is not ProposalKind.ADD:
                assert "".join(h.text for h in found.pieces if h.op is not Op.INSERT) == live
                assert "".join(h.text for h in found.pieces if h.op is not Op.DELETE) == found.outcome
            assert not (found.done and found.stale)
        for group in equal((p for p in self.tabled if p.clause == "c0"), self.made["c0"].text):
            assert len(group) > 1

    def teardown(self) -> None:
        self.made.insist()


TestNegotiation = Negotiation.TestCase
TestNegotiation.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
