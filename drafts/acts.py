"""What the log of a draft is made of: numbered acts. The log is the truth; everything else follows from it.

An act's ``body`` is a plain JSON object whose keys depend on its kind. Positions count UTF-16 units, ``change`` is a
list of sections in the JSON form of CodeMirror's ChangeSet.

    begin    (no clause)    clauses: [{id, kind, depth, lang, text}]: the text that was brought in; always act 1;
                            and the draft's first title, symbol, kind, language, mode, observers
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
    lock     the clause     state: 'open' | 'agreed_ad_ref'
    set      (no clause)    any of title, symbol, mode, observers
    issue    (no clause)    version (number), label, hash
    mark     one or none    thread: id, from, to: where a comment stands; no clause for the whole draft
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from drafts.model import Draft, Thread, Version

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
class Decided:
    """What a room made of a batch: written by ``store.append`` in one transaction, or not at all."""

    acts: tuple[Act, ...]
    draft: Draft  # as it is after the acts (seq, title, symbol, mode, observers)
    versions: tuple[tuple[Version, str], ...] = field(default=())  # with their canonical content
    threads: tuple[Thread, ...] = field(default=())  # new threads, each with its comments
    checkpoint: bytes | None = None  # the room's state at the last act, when it is time to keep one
    reports: tuple[tuple[str, str], ...] = field(default=())  # what was brought and is applied: its id, its report
