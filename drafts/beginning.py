"""How a log begins: act 1 of a draft, and the first acts of a proposal's own text. No I/O."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from drafts.acts import Act, ActKind, Begun, Body
from drafts.change import widen
from drafts.decide import clean, word_change
from drafts.model import WORDED, ClauseKind, Draft, Member, Mode, Proposal, new_id

Shape: TypeAlias = tuple[ClauseKind, int, str]  # kind, depth, language
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def beginning(draft: Draft, member: Member, clauses: Sequence[Body]) -> Act:
    """Act 1 holds the draft's first facts too: what was issued before one changed is proved from the log."""
    body: Body = {
        "title": draft.title,
        "symbol": draft.symbol,
        "kind": draft.kind.value,
        "language": draft.language,
        "mode": draft.mode.value,
        "observers": draft.observers,
        "stage": draft.stage.value,
        "clauses": list(clauses),
    }
    if draft.parent:
        body |= {"parent": draft.parent, "circle": list(draft.circle)}
    made = draft.created_at - _EPOCH
    at = (made.days * 86_400 + made.seconds) * 1_000 + made.microseconds // 1_000
    return Act(1, at, member.person_id, member.party.id, ActKind.BEGIN, None, None, None, None, body)


def own_text(parent: Draft, member: Member, made: Proposal, shape: Shape, text: str | None) -> Begun:
    """A proposal with its own draft: the clause as its base has it (for a new one an empty clause of this shape) and,
    over it, its first words (None: none of its own). Raises TooLarge."""
    draft = Draft(
        id=made.id,
        forum_id=parent.forum_id,
        title=parent.title,
        symbol=parent.symbol,
        kind=parent.kind,
        language=parent.language,
        mode=Mode.OPEN if made.kind in WORDED else Mode.PEN,  # without words there is nothing to write
        observers=parent.observers,
        seq=0,
        created_at=made.created_at,
        parent=parent.id,
        circle=(member.party.id,),
    )
    clause, (kind, depth, lang) = made.clause_id or new_id(), shape
    first: Body = {"id": clause, "kind": kind.value, "depth": depth, "lang": lang, "text": made.base_text}
    acts = [beginning(draft, member, [first])]
    words = made.base_text if text is None else clean(text).strip()
    if made.kind in WORDED and words != made.base_text.strip():
        change = word_change(made.base_text, words)
        change.check(widen(made.base_text))
        body: Body = {"change": change.to_json()}
        who = (member.person_id, member.party.id)
        acts.append(Act(2, acts[0].at, *who, ActKind.EDIT, clause, 1, "first words", None, body))
    return Begun(made, draft, tuple(acts))
