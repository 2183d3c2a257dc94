"""What the log of a draft is made of: numbered acts. The log is the truth; everything else follows from it.

An act's ``body`` is a plain JSON object whose keys depend on its kind. Positions count UTF-16 units, ``change`` is a
list of sections in the JSON form of CodeMirror's ChangeSet.

    begin    (no clause)    clauses: [{id, kind, depth, lang, text}]: the text that was brought in; always act 1;
                            and the draft's first title, symbol, kind, language, mode, observers, stage;
                            of a proposal's own text its parent and circle
    edit     the text       change; number = the text's new number
    carry    the text       change, path, client, counter: words typed in clause path[0] that followed splits and
                            joins through ``path`` to here; or, without client, put right what an editor
                            misplaced that knew nothing of a split or a join
    insert   the new one    after: id | null, kind, depth, lang, text; number = 0
    split    the cut one    at, into: new id, change; ``change`` takes [at, end) out of the clause
    join     the survivor   of: the id that goes, at, change; ``change`` appends, the joined text begins at ``at``
    move     the clause     after: id | null, with: [ids of its sub-clauses]
    delete   the clause     reason
    restore  the clause     (nothing)
    shape    the clause     kind, depth, lang
    lock     the clause     state: a ClauseStatus; reason: '' | why it is re-opened (absent in older logs)
    set      (no clause)    any of title, symbol, mode, observers, stage, proposals, positions, circle
    issue    (no clause)    version (number), label, hash
    mark     one or none    thread: id, from, to: where a comment stands; no clause for the whole draft

What is negotiated (drafts/floor.py keeps it; ``access.hears`` says to whom each of these is told):

    table    concerned|none proposal: id, number, kind, reason, sponsors: [party ids], after: id | null,
                            shape: [kind, depth, lang] | null (of a new clause), base: the clause's text number,
                            old: its text then, text: as proposed ('' for kinds without words)
    revise   as table       proposal, reason, base, old, text, wording: 2, 3 … (also a review that keeps it as it is)
    withdraw as table       proposal, reason
    sponsor  as table       proposal, joins: bool (the act's party joins or leaves; in the log of a proposal's own
                            text, before it is tabled: will join, no clause)
    offer    as table       proposals: [ids], base, old: the clause's text and its number then, text, note (the chair
                            proposes an outcome; proposers answer)
    answer   as table       proposal, accepts: bool, note
    close    as table       proposal, state: a ProposalState, reason, into: id of the proposal it went into | null,
                            seq: of the first act that its acceptance made | null
    position one or none    on: id of a proposal, or of the clause; stance | null (taken back), note, if: clause id |
                            null, wording: of the proposal, 0 for a clause; for: [ids of the parties in whose
                            name]; was: the party's stance before | null
    object   the clause     reason (a delegation objects to an agreed clause's marking)
    bracket  the clause     note: id, from, to (None: taken away), owner: party id, reason, link: clause id | null,
                            words, private: bool
    silence  (no clause)    procedure: id, version, label, hash, deadline (UTC ms), minimum (s), note,
                            parties: [ids of those that can break it]
    break    (no clause)    procedure, reason, clauses: [ids]
    adopt    (no clause)    procedure, hash, deadline
    cancel   (no clause)    procedure, reason
    explain  (no clause)    text (an explanation of position)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from drafts.model import Draft, Proposal, ProposalState, Thread, Version

Body: TypeAlias = dict[str, Any]


class ActKind(StrEnum):
    """The kinds of act; what each carries is in the module's docstring."""

    BEGIN = "begin"
    EDIT = "edit"
    CARRY = "carry"
    INSERT = "insert"
    SPLIT = "split"
    JOIN = "join"
    MOVE = "move"
    DELETE = "delete"
    RESTORE = "restore"
    SHAPE = "shape"
    LOCK = "lock"
    SET = "set"
    ISSUE = "issue"
    MARK = "mark"
    TABLE = "table"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    SPONSOR = "sponsor"
    OFFER = "offer"
    ANSWER = "answer"
    CLOSE = "close"
    POSITION = "position"
    OBJECT = "object"
    BRACKET = "bracket"
    SILENCE = "silence"
    BREAK = "break"
    ADOPT = "adopt"
    CANCEL = "cancel"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the log. ``at`` is UTC milliseconds. ``client`` and ``counter`` identify an update of an editor
    (counter from 0 per client and text), or ``client`` alone is the operation id of a command; both recognise a
    repeat."""

    seq: int
    at: int
    person_id: str
    party_id: str
    kind: ActKind
    clause_id: str | None
    number: int | None
    client: str | None
    counter: int | None
    body: Body


@dataclass(frozen=True, slots=True)
class Since:
    """What a log has after some act: of each clause whose text moved on, the number that its text had then, and which
    clauses were moved."""

    numbers: Mapping[str, int]
    moved: frozenset[str]


@dataclass(frozen=True, slots=True)
class Begun:
    """A private proposal in the making: its row, its own text's draft before its first act, and these first acts."""

    proposal: Proposal
    text: Draft
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a file that was brought: its report, and the private proposals that it became. Both are written
    once: what a second merge of it would say is forgotten."""

    brought: str
    report: str
    begun: tuple[Begun, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What a room made of a batch: written by ``store.append`` in one transaction, or not at all."""

    acts: tuple[Act, ...]
    draft: Draft  # as it is after the acts (seq, title, symbol, mode, observers)
    versions: tuple[tuple[Version, str], ...] = field(default=())  # with their canonical content
    threads: tuple[Thread, ...] = field(default=())  # new threads, each with its comments
    checkpoint: bytes | None = None  # the room's state at the last act, when it is time to keep one
    reports: tuple[Told, ...] = field(default=())  # what was brought and is applied
    proposals: tuple[tuple[str, ProposalState, int | None], ...] = field(default=())  # id, state, number
