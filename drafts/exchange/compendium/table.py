"""The compendium as a table, a comment a row: what CSV, XLSX and JSON have in common."""

from typing import Any, Final

from drafts.exchange.compendium.told import Heads, Link, Told, instant

COLUMNS: Final = (
    "number", "group", "organisation", "code", "together", "pseudonym", "sent", "late", "language", "spot", "clause",
    "clause_id", "clause_text", "start", "end", "quote", "question", "kind", "stance", "comment", "proposed", "state",
    "reason", "edited", "disposition", "rationale", "link", "published", "source_row", "address",
)  # fmt: skip


def record(told: Told, heads: Heads) -> dict[str, Any]:
    """What a comment is, by the names of ``COLUMNS``: words, numbers, yes or no; None where there is nothing.

    ``start`` and ``end`` count UTF-16 units of the clause's text; times are UTC."""
    one = told.remark
    clause = heads.by_id.get(one.clause_id or "")
    answer = one.answer
    return {
        "number": one.number,
        "group": one.group.value,
        "organisation": one.who,
        "code": one.party.code if one.party else None,
        "together": [party.name for party in one.together],
        "pseudonym": one.pseudonym,
        "sent": instant(one.sent_at) or None,
        "late": one.late,
        "language": one.language,
        "spot": one.spot.value,
        "clause": heads.labels.get(one.clause_id or "") or None,
        "clause_id": one.clause_id,
        "clause_text": clause.text if clause else None,
        "start": one.start,
        "end": one.end,
        "quote": one.quote or None,
        "question": heads.questions.get(one.question_id or ""),
        "kind": one.kind.value,
        "stance": one.view.value,
        "comment": None if told.trace else one.body,
        "proposed": one.proposed or None,
        "state": one.state.value,
        "reason": one.hidden_reason or one.withdrawn_reason or None,
        "edited": instant(one.edited_at) or None,
        "disposition": answer.disposition.value if answer else None,
        "rationale": (answer.rationale or None) if answer else None,
        "link": linked(told.link) or None,
        "published": told.published if answer else None,
        "source_row": one.source_row or None,
        "address": f"{heads.address}/comments/{one.number}",
    }


def linked(link: Link | None) -> str:
    """What answers a comment, in a few words for tables; '' for nothing."""
    if link is None:
        return ""
    if link.kind == "proposal":
        return f"proposal {link.number}"
    if link.kind == "clause":
        return f"clause {link.label or '?'}"
    removed = " removed" if link.gone else ""
    return f"version {link.number}, {link.label}{removed}" if link.label else f"version {link.number}"


def cell(value: Any) -> str | int:
    """A value as a cell: lists with semicolons, ``yes`` and ``no``, '' for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return value if isinstance(value, int) else str(value)
