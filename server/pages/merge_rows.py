"""A merge clause by clause, ready for the page: what the file does to each, who wrote it, and why it is not applied."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from drafts import merge, suggest
from drafts.acts import Act, ActKind
from drafts.change import widen
from drafts.desk.cast import Cast
from drafts.exchange.parsed import Parsed, ParsedClause, Piece, Signed
from drafts.likeness import alike, coded
from drafts.merge import Part, Patch
from drafts.model import Party
from drafts.outside import Clash, Done, How, Kind, Report, Why
from drafts.proposing import PROPOSABLE
from drafts.redline import Mark, Run
from drafts.state import State
from drafts.words import Op, hunks
from server import render
from server.i18n import Tongue
from server.pages.view import markup
from server.render import Names, escape
from server.sheet import beginning

_TEXTS: Final = frozenset({Kind.EDIT, Kind.INSERT})
_WRITING: Final = frozenset({ActKind.EDIT, ActKind.CARRY, ActKind.SPLIT, ActKind.JOIN})
_SINCE: Final = {
    Why.OVERLAP: {ActKind.EDIT, ActKind.CARRY, ActKind.SHAPE},
    Why.DELETED: {ActKind.DELETE},
    Why.MOVED: {ActKind.MOVE},
    Why.SPLIT: {ActKind.SPLIT},
    Why.JOINED: {ActKind.JOIN},
    Why.LOCKED: {ActKind.LOCK},
}


@dataclass(frozen=True, slots=True)
class Line:
    """An item that needs nobody. ``look``: applies, already, proposal, comment or left; ``clause``: where it stands in
    the room; ``proposal``: the id of the one that it became, ''."""

    look: str
    kind: Kind
    clause: str
    label: str
    lang: str
    html: Markup
    words: int
    who: str
    proposal: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """A conflict. ``theirs`` and ``live`` show what each made of ``base``; ``start`` is what a text of one's own may
    begin with ('' where the conflict is not about words); ``placed``: whether there is a clause for a text to go into;
    ``proposable``: whether there are proposals of its kind. ``settled`` says how, by whom and when; ``proposal``: the
    id of the one that it became then, ''."""

    id: str
    why: Why
    kind: Kind
    clause: str
    label: str
    lang: str
    reason: str
    base: Markup
    theirs: Markup
    live: Markup
    where: str
    start: str
    placed: bool
    proposable: bool
    settled: str
    proposal: str

    @property
    def rows(self) -> int:
        """Lines of the text field."""
        return max(2, min(12, len(self.start) // 60 + 1))


class Writer:
    """Writes the rows of one merge. ``mapping``: author to party id; ``own``: the party that brought the file."""

    def __init__(
        self, state: State, people: Cast, parsed: Parsed, mapping: Mapping[str, str], own: Party, spoken: Tongue
    ) -> None:
        self._state = state
        self._people = people
        self._mapping = mapping
        self._own = own
        self._spoken = spoken
        self._by_id = {clause.id: clause for clause in parsed.clauses if clause.id}
        self._by_text = {clause.text: clause for clause in parsed.clauses}
        self._parties = [own, *(party for party in people.parties.values() if party.id != own.id)]
        self._at = {party.id: at for at, party in enumerate(self._parties)} | {merge.OWN: 0}
        self._names = Names(
            tuple(escape(party.code) for party in self._parties), tuple(escape(party.name) for party in self._parties)
        )

    def lines(self, done: Iterable[Done], look: str) -> list[Line]:
        """One line an item; items that tell of one clause the same are one line."""
        found: dict[tuple[str, ...], Line] = {}
        for one in done:
            key = (one.kind.value, one.clause or one.item, one.base, one.text, one.proposal)
            if key in found:
                held = found[key]
                found[key] = replace(held, count=held.count + 1, words=held.words + one.words)
            else:
                found[key] = self._line(one, look)
        return list(found.values())

    def meetings(self, report: Report, acts: Sequence[Act]) -> list[Meeting]:
        """The conflicts, those to settle first. ``acts``: those of the draft since the file's base."""
        ordered = sorted(report.conflicts, key=lambda clash: clash.settled is not None)
        return [self._meeting(clash, acts, report.seq) for clash in ordered]

    def _line(self, one: Done, look: str) -> Line:
        return Line(
            look=look,
            kind=one.kind,
            clause=one.clause or "",
            label=one.label or self._called(one.text or one.base),
            lang=self._lang(one.clause, one.text),
            html=markup(self._redline(one.clause, one.base, one.text, one.party, one.kind)),
            words=one.words,
            who=self._party_name(one.party) if one.party else "",
            proposal=one.proposal,
        )

    def _meeting(self, clash: Clash, acts: Sequence[Act], until: int) -> Meeting:
        before = [act for act in acts if act.seq <= until]
        gone = clash.why in {Why.DELETED, Why.JOINED} and not clash.live
        return Meeting(
            id=clash.id,
            why=clash.why,
            kind=clash.kind,
            clause=clash.clause or "",
            label=clash.label or self._called(clash.base or clash.theirs),
            lang=self._lang(clash.clause, clash.theirs),
            reason=self._reason(clash, before),
            base=markup(render.plain(clash.base, self._spoken)),
            theirs=markup(self._theirs(clash)),
            live=markup("" if gone else self._live(clash, before)),
            where=self._where(clash),
            start=suggest.both(clash.base, clash.theirs, clash.live) if clash.kind in _TEXTS else "",
            placed=clash.why not in {Why.SPLIT, Why.JOINED},
            proposable=clash.kind in PROPOSABLE,
            settled=self._settled(clash),
            proposal=clash.settled.proposal if clash.settled else "",
        )

    def _live(self, clash: Clash, acts: Sequence[Act]) -> str:
        """What was made of the clause in the room, with who did it where it was one party."""
        edits = [act for act in acts if act.clause_id == clash.clause and act.kind in _WRITING]
        parties = {act.party_id for act in edits}
        if len(parties) > 1:
            return render.both_sides(hunks(clash.base, clash.live), self._spoken)
        return self._told(clash.base, clash.live, self._at.get("".join(parties), 0))

    def _told(self, base: str, text: str, at: int) -> str:
        runs = [_run(Part(widen(hunk.text), *_hands(hunk.op)), lambda _: at) for hunk in hunks(base, text)]
        return render.text(runs, self._names, self._spoken)

    def _theirs(self, clash: Clash) -> str:
        if clash.parts:
            return "".join(f'<span class="part">{render.plain(part, self._spoken)}</span>' for part in clash.parts)
        return self._redline(clash.clause, clash.base, clash.theirs, None, clash.kind)

    # ── who wrote what ──

    def _redline(self, clause_id: str | None, base: str, text: str, party: str | None, kind: Kind) -> str:
        if kind in {Kind.MOVE, Kind.SHAPE}:
            return render.plain(text or base, self._spoken)
        at = self._at.get(party or "", 0)
        if not text:
            return render.text([Run(widen(base), Mark.DEL, -1, at)], self._names, self._spoken)
        clause = self._by_id.get(clause_id or "") or self._by_text.get(text)
        patches = self._patches(clause, base, text)
        if patches is None:
            return self._told(base, text, at)
        runs = [_run(part, lambda who: self._at.get(who, 0)) for part in _parts(widen(base), patches)]
        return render.text([run for run in runs if run.text], self._names, self._spoken)

    def _patches(self, clause: ParsedClause | None, base: str, text: str) -> list[Patch] | None:
        """The file's patches that make ``text`` of ``base``; None where they do not tell."""
        if clause is None or not clause.pieces:
            return None
        found = merge.patched(base, _spelt(clause), self._whose)
        wide, wanted = widen(base), widen(text)
        touched = list(_touched(base, text))
        some = [patch for patch in found if any(start <= patch.end and patch.start <= end for start, end in touched)]
        for patches in (list(found), some):
            if merge.applied(wide, patches) == wanted:
                return patches
        return None

    def _whose(self, signed: Signed) -> str:
        return self._mapping.get(signed.author, merge.OWN)

    # ── in words ──

    def _reason(self, clash: Clash, acts: Sequence[Act]) -> str:
        _, clause = self._spoken._, clash.clause
        kinds = _SINCE.get(clash.why, set())
        since = [act for act in acts if act.kind in kinds and clause in {act.clause_id, act.body.get("of")}]
        facts = {"who": self._who(since), "time": self._spoken.minute(since[-1].at)} if since else {}
        state = self._state.clause(clause) if clause else None
        match clash.why:
            case Why.OVERLAP if facts:
                return _("{who} changed the same or the next words, last on {time}.", **facts)
            case Why.DELETED if facts and state is not None and state.gone and state.gone.reason:
                return _("{who} deleted the clause on {time}: “{reason}”", reason=state.gone.reason, **facts)
            case Why.DELETED if facts:
                return _("{who} deleted the clause on {time}.", **facts)
            case Why.MOVED if facts:
                return _("{who} moved the clause on {time}.", **facts)
            case Why.SPLIT if facts:
                return _("{who} split the clause on {time}.", **facts)
            case Why.JOINED if facts:
                return _("{who} joined the clause with another on {time}.", **facts)
            case Why.UNSURE if clash.base and clash.theirs:
                percent = round(_likeness(clash.base, clash.theirs))
                return _("It is not certain which clause this is: {percent} % alike.", percent=percent)
            case Why.LOCKED if facts:
                return _("The clause is agreed ad ref since {time}.", **facts)
        return self._plainly(clash.why)

    def _plainly(self, why: Why) -> str:
        _ = self._spoken._
        return {
            Why.OVERLAP: _("The same or the next words were changed meanwhile."),
            Why.DELETED: _("The clause was deleted meanwhile."),
            Why.LOCKED: _("The clause is agreed ad ref."),
            Why.MOVED: _("The clause was moved meanwhile."),
            Why.SPLIT: _("The clause was split meanwhile."),
            Why.JOINED: _("The clause was joined with another meanwhile."),
            Why.UNSURE: _("It is not certain which clause this is."),
            Why.TOO_LONG: _("The text would be longer than what fits."),
            Why.UNPAIRED: _("A bracket would stand without its partner."),
        }[why]

    def _who(self, acts: Iterable[Act]) -> str:
        names = sorted({self._party_name(act.party_id) for act in acts})
        return self._spoken._(", ").join(names)

    def _where(self, clash: Clash) -> str:
        _ = self._spoken._
        if clash.kind is Kind.DELETE:
            return _("The file deletes this clause.")
        if clash.kind is Kind.SHAPE:
            return _("The file makes it another kind of clause.")
        if clash.kind is Kind.JOIN:
            return _("The file joins two clauses.")
        if clash.kind is Kind.SPLIT:
            return self._spoken.ngettext(
                "The file splits it into {n} clause.", "The file splits it into {n} clauses.", len(clash.parts)
            )
        if clash.kind not in {Kind.MOVE, Kind.INSERT}:
            return ""
        before = self._state.clause(clash.after) if clash.after else None
        if before is None:
            return _("At the very front.") if clash.after is None else ""
        return _("Behind “{words}”.", words=beginning(before.text))

    def _settled(self, clash: Clash) -> str:
        _, done = self._spoken._, clash.settled
        if done is None:
            return ""
        name = self._people.names.get(done.by) or self._member(done.by)
        facts = {"name": name, "time": self._spoken.minute(done.at)}
        match done.how:
            case How.THEIRS:
                return _("Taken as the file has it. {name}, {time}", **facts)
            case How.LIVE:
                return _("The live text was kept. {name}, {time}", **facts)
            case How.TEXT:
                return _("Settled with a text of its own. {name}, {time}", **facts)
            case How.COMMENT:
                return _("Posted as a comment. {name}, {time}", **facts)
            case How.PROPOSAL:
                return _("Turned into a proposal. {name}, {time}", **facts)

    def _member(self, person_id: str) -> str:
        member = self._people.members.get(person_id)
        return member.person_name if member else "–"

    def _party_name(self, party_id: str) -> str:
        party = self._people.parties.get(party_id)
        return party.name if party else "–"

    def _called(self, text: str) -> str:
        return f"“{beginning(text, 28)}”"

    def _lang(self, clause_id: str | None, text: str) -> str:
        state = self._state.clause(clause_id) if clause_id else None
        read = self._by_text.get(text)
        return (state.lang if state else "") or (read.lang if read else "") or self._state.draft.language


def _likeness(one: str, other: str) -> float:
    both = coded([one], [other])
    return alike(both.old[0], both.new[0])


def _hands(op: Op) -> tuple[str | None, str | None]:
    return (merge.OWN if op is Op.INSERT else None), (merge.OWN if op is Op.DELETE else None)


def _run(part: Part, index: Callable[[str], int]) -> Run:
    if part.ins is not None and part.dele is not None:
        return Run(part.text, Mark.INSDEL, index(part.ins), index(part.dele))
    if part.ins is not None:
        return Run(part.text, Mark.INS, index(part.ins))
    if part.dele is not None:
        return Run(part.text, Mark.DEL, -1, index(part.dele))
    return Run(part.text, Mark.KEPT)


def _parts(base: str, patches: Sequence[Patch]) -> Iterable[Part]:
    at = 0
    for patch in patches:
        yield Part(base[at : patch.start])
        yield from patch.parts
        at = patch.end
    yield Part(base[at:])


def _spelt(clause: ParsedClause) -> Sequence[Piece]:
    told = "".join(piece.text for piece in clause.pieces if piece.dele is None)
    return clause.pieces if told == clause.text else (Piece(clause.text),)


def _touched(base: str, text: str) -> Iterable[tuple[int, int]]:
    """The ranges of the wide base that ``text`` has otherwise."""
    at = 0
    for hunk in hunks(base, text):
        length = 0 if hunk.op is Op.INSERT else len(widen(hunk.text))
        if hunk.op is not Op.KEEP:
            yield at, at + length
        at += length
