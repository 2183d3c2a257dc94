"""Proof of the record: every log replayed, every hash made again, the chains of acts and versions followed; and the
registers of consultations (``registers``).

Of each draft the first bad row is named; what comes after it cannot be judged. Logs are read a page at a time, so that
their length does not matter. Whoever can rewrite a whole log can also rewrite all its hashes: the hash of an issued
version that was published elsewhere is what shows that.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from drafts.acts import Act, ActKind
from drafts.desk import registers
from drafts.model import Draft, Mode, Openness, ProposalState, Stage, Version
from drafts.state import FORMAT, State
from drafts.store import Store, act_hash
from drafts.store.log import Logged
from drafts.versions import content, digest

_PAGE = 1_000  # rows in memory at a time


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad row of a draft, such as ``act 17``, ``version 2``, ``checkpoint``, and what is wrong with it."""

    draft_id: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"draft {self.draft_id}, {self.row}: {self.what}"


class _Found(Exception):
    """A bad row."""

    def __init__(self, row: str, what: str) -> None:
        super().__init__(row, what)
        self.row = row
        self.what = what


async def verify(store: Store) -> list[Fault]:
    """The first bad row of each draft that has one; empty when everything is as it was written."""
    async with store.read() as q:
        draft_ids = await q.drafts.ids()
    faults = []
    for draft_id in draft_ids:
        try:
            await _replay(store, draft_id)
        except _Found as found:
            faults.append(Fault(draft_id, found.row, found.what))
        faults += await _registers(store, draft_id)
    return faults


async def _registers(store: Store, draft_id: str) -> list[Fault]:
    """The first bad row of the register of each consultation on the draft."""
    async with store.read() as q:
        rounds = await q.rounds.of_draft(draft_id)
    faults = []
    for told in rounds:
        found = await registers.fault(store, told)
        if found is not None:
            faults.append(Fault(draft_id, f"consultation {told.number}, {found[0]}", found[1]))
    return faults


async def _replay(store: Store, draft_id: str) -> None:
    async with store.read() as q:
        found = await q.drafts.head(draft_id)
        if found is None:
            return  # nothing deletes drafts, so it never was
        last, kept = await q.log.last(draft_id), await q.drafts.checkpoint(draft_id)
        versions = {version.number: version for version in await q.drafts.versions(draft_id)}
        tabled = await q.proposals.tabled(draft_id)
    draft, head = found
    replay = _Replay(draft, versions)
    async for row in _rows(store, draft_id, draft.seq):
        act = replay.prove(row)
        if act.kind is ActKind.ISSUE:
            await _prove_version(store, replay, act)
        replay.apply(act)
        if kept is not None and kept[0] == act.seq:
            _prove_checkpoint(replay.state, *kept)
    replay.finish(draft, head)
    _prove_proposals(replay.state, tabled)
    if last > draft.seq:
        raise _Found(f"act {draft.seq + 1}", "is in the log, but the draft ends before it")
    if kept is not None and not 1 <= kept[0] <= draft.seq:
        raise _Found("checkpoint", f"is of act {kept[0]}, which the log does not have")


async def _rows(store: Store, draft_id: str, last: int) -> AsyncIterator[Logged]:
    """The rows of a log up to one that was the last a moment ago; no transaction stays open between pages."""
    after: int | None = None
    while True:
        async with store.read() as q:
            page = await q.log.page(draft_id, after, _PAGE)
        for row in page:
            if row.seq > last:
                return
            yield row
        if len(page) < _PAGE:
            return
        after = page[-1].seq


class _Replay:
    """A log from its first row: what the rows so far prove, and the text that they make."""

    def __init__(self, draft: Draft, versions: dict[int, Version]) -> None:
        self.versions = versions
        self.state = State(draft)
        self._seq = 0
        self._hash = ""
        self._facts = False  # whether act 1 says how the draft began

    def prove(self, row: Logged) -> Act:
        """The act of the next row, once its number and hash are right."""
        if row.seq != self._seq + 1:
            wanted = row.seq > self._seq + 1
            raise (
                _Found(f"act {self._seq + 1}", "is missing") if wanted else _Found(f"act {row.seq}", "is out of place")
            )
        if act_hash(self._hash, row.values) != row.hash:
            raise _Found(f"act {row.seq}", "does not match its hash: it was changed, or the act before it was")
        self._seq, self._hash = row.seq, row.hash
        try:
            act = row.act()
        except Exception as error:  # whatever a bad row raises, the row is bad
            raise _Found(f"act {row.seq}", f"cannot be read: {error}") from error
        if (act.kind is ActKind.BEGIN) != (act.seq == 1):
            raise _Found(f"act {row.seq}", "is out of place: a draft begins with act 1")
        return act

    def apply(self, act: Act) -> None:
        """Let the act take effect on the text."""
        try:
            if act.kind is ActKind.BEGIN and "title" in act.body:
                self._facts = True
                self.state.draft = _begun(self.state.draft, act)
            self.state.apply(act)
        except Exception as error:  # as above
            raise _Found(f"act {act.seq}", f"cannot have happened to this text: {error}") from error

    def finish(self, draft: Draft, head: str) -> None:
        """Compare what the log comes to with what the draft and the versions say."""
        if self._seq < draft.seq:
            raise _Found(f"act {self._seq + 1}", "is missing")
        if self._hash != head:
            raise _Found("draft", "does not have the hash of its last act")
        extra = sorted(set(self.versions) - set(range(1, len(self.state.issued) + 1)))
        if extra:
            raise _Found(f"version {extra[0]}", "was never issued in the log")
        if self._facts and self.state.draft != draft:
            raise _Found("draft", "has another title, symbol, mode or stage than the log says")


def _prove_proposals(state: State, tabled: Mapping[str, tuple[int, ProposalState]]) -> None:
    """The rows of proposals that were on the table: their numbers and what became of them are the log's."""
    told = {one.id: (one.number, one.state) for one in state.floor.proposals.values()}
    for proposal_id, (number, became) in sorted(tabled.items(), key=lambda row: row[1][0]):
        if proposal_id not in told or told[proposal_id][0] != number:
            raise _Found(f"proposal {number}", "was never tabled in the log")
        if told[proposal_id][1] is not became:
            raise _Found(f"proposal {number}", f"is {became}, but the log says {told[proposal_id][1]}")
    for proposal_id, (number, _) in told.items():
        if proposal_id not in tabled:
            raise _Found(f"proposal {number}", "is missing; the log has it on the table")


def _begun(draft: Draft, act: Act) -> Draft:
    body = act.body
    return replace(
        draft,
        title=body["title"],
        symbol=body["symbol"],
        language=body["language"],
        mode=Mode(body["mode"]),
        observers=body["observers"],
        stage=Stage(body.get("stage", Stage.SECOND_READING)),
        proposals=Openness.EVERYONE,
        positions=Openness.DELEGATIONS,
        parent=body.get("parent", ""),
        circle=tuple(body.get("circle", ())),
    )


async def _prove_version(store: Store, replay: _Replay, act: Act) -> None:
    """The version that this act issued: its hash, its place in the chain, and that the log makes this text."""
    number, state = act.body.get("version"), replay.state
    row = f"version {number}"
    async with store.read() as q:
        found = await q.drafts.version(state.draft.id, number) if isinstance(number, int) else None
    if found is None:
        raise _Found(row, f"is missing; act {act.seq} issued it")
    version, text = found
    if digest(text) != version.hash:
        raise _Found(row, "does not match its hash: its content was changed")
    if version.previous != state.hash:
        raise _Found(row, "does not follow on the version before it")
    if version.hash != act.body.get("hash") or version.seq != act.seq:
        raise _Found(row, f"is not the one that act {act.seq} issued")
    made = content(
        state,
        number=version.number,
        label=version.label,
        symbol=version.symbol,
        status=version.status,
        note=version.note,
        at=version.issued_at,
        seq=version.seq,
    )
    if made != text:
        raise _Found(row, f"is not what the log makes of the text at act {act.seq}")


def _prove_checkpoint(state: State, seq: int, data: bytes) -> None:
    """A checkpoint is derived, but a page is made from it: it must be the state at its act."""
    advice = "it can be deleted, the log has everything"
    try:
        if msgspec.msgpack.decode(data)["format"] != FORMAT:
            return  # of another release: it is passed over when the draft is opened
        restored = State.restore(state.draft, (seq, data), ())
    except Exception as error:
        raise _Found("checkpoint", f"cannot be read; {advice}") from error
    if restored.to_bytes() != state.to_bytes():
        raise _Found("checkpoint", f"is not the text at act {seq}; {advice}")
