"""Which remarks a reader sees and which of them a filter wants, as conditions in SQL. ``hearing.shows`` is the rule;
a test holds this to it for every kind of reader, round and remark."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from drafts import tables as t
from drafts.consultation import RemarkState, Sight, Wanted
from drafts.store.search import matching

_OTHERS = [state.value for state in (RemarkState.OPEN, RemarkState.HIDDEN, RemarkState.WITHDRAWN)]
_WORDLESS = [RemarkState.DRAFT.value, RemarkState.WITHDRAWN.value]


def seen(sight: Sight) -> ColumnElement[bool]:
    """Remarks of which the reader sees at least that they were there."""
    state = t.remark.c.state
    others = state.in_(_OTHERS) if sight.revealed else false()
    return _own(sight) | (state != RemarkState.DRAFT.value if sight.leads else others)


def readable(sight: Sight) -> ColumnElement[bool]:
    """Remarks of which the reader sees the words."""
    state = t.remark.c.state
    others = state == RemarkState.OPEN.value if sight.revealed else false()
    return _own(sight) | (state.not_in(_WORDLESS) if sight.leads else others)


def _own(sight: Sight) -> ColumnElement[bool]:
    """The reader's party's, and those that it is asked to join or has joined."""
    if not sight.party_id:
        return false()
    asked = t.remark.alias("asked")
    joined = select(asked.c.serial).join(t.together, t.together.c.remark_id == asked.c.id)
    joined = joined.where(t.together.c.party_id == sight.party_id, t.together.c.state != "declined")
    return or_(t.remark.c.owner_id == sight.party_id, t.remark.c.serial.in_(joined))


def wants(wanted: Wanted, sight: Sight, dialect: str) -> ColumnElement[bool]:
    """The remarks that fit a filter. Words are only looked for where the reader sees them, and dispositions are those
    that the reader may know."""
    r = t.remark.c
    told = r.disposition if sight.leads else r.shown
    parts: list[ColumnElement[bool]] = []
    for column, values in (
        (r.group, wanted.groups),
        (r.spot, wanted.spots),
        (r.kind, wanted.kinds),
        (r.view, wanted.views),
        (r.state, wanted.states),
        (told, wanted.dispositions),
    ):
        if values:
            parts.append(column.in_(sorted(one.value for one in values)))
    if wanted.dispositions and not sight.answers:
        parts.append(false())
    if wanted.clauses:
        ids = sorted(one for one in wanted.clauses if one is not None)
        places = [r.clause_id.in_(ids)] if ids else []
        parts.append(or_(*places, r.clause_id.is_(None)) if None in wanted.clauses else places[0])
    if wanted.party:
        parts.append(or_(r.party_id == wanted.party, r.who == wanted.party))
    if wanted.answered is not None:
        parts.append(told.is_not(None) if wanted.answered else told.is_(None))
    for column, value in (
        (r.language, wanted.language),
        (r.question_id, wanted.question),
        (r.bundle_id, wanted.bundle),
        (r.contribution_id, wanted.contribution),
    ):
        if value:
            parts.append(column == value)
    if wanted.late is not None:
        parts.append(r.late == wanted.late)
    if wanted.mine:
        parts.append(r.owner_id == sight.party_id if sight.party_id else false())
    found = matching(wanted.words, dialect)
    if found is not None:
        parts += [found, readable(sight)]
    return and_(true(), *parts)


def looked(found: Select[Any], wanted: Wanted) -> Select[Any]:
    """A query with a filter, so that SQLite reads the index that holds all that filters ask for: left to itself it
    takes one in whose order it can group or page, and looks up every row of the round. Words have their own index."""
    if wanted == Wanted() or wanted.words:
        return found
    return found.with_hint(t.remark, "INDEXED BY ix_remark_round_wanted", "sqlite")


def paged(found: Select[Any], wanted: Wanted) -> Select[Any]:
    """The same for pages and how many remarks they have, where the reader's own remarks are in other states than those
    of others: the remarks of a few clauses are found by their clause."""
    if not wanted.clauses or wanted.words:
        return looked(found, wanted)
    return found.with_hint(t.remark, "INDEXED BY ix_remark_round_clause", "sqlite")
