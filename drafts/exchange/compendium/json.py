"""The compendium as JSON: the round, its text, and the comments as in the table."""

from collections.abc import Sequence
from typing import Any

import msgspec

from drafts.exchange.compendium.table import record
from drafts.exchange.compendium.told import Heads, Told, Voice, instant


class Writer:
    """Begin, add comments, end: each gives the bytes that come next."""

    def __init__(self, heads: Heads, voice: Voice) -> None:  # noqa: ARG002 - no words of its own
        self.heads = heads
        self.count = 0

    def begin(self) -> bytes:
        """The round and the text that it is on."""
        heads = msgspec.json.encode(_heads(self.heads))
        return heads[:-1] + b',"comments":['

    def add(self, told: Sequence[Told]) -> bytes:
        """More comments."""
        made = b"".join(
            (b",\n" if self.count + at else b"\n") + msgspec.json.encode(_comment(one, self.heads))
            for at, one in enumerate(told)
        )
        self.count += len(told)
        return made

    def end(self) -> bytes:
        """How many there were."""
        return f'\n],"count":{self.count}}}\n'.encode()


def _comment(told: Told, heads: Heads) -> dict[str, Any]:
    """As in the table, without the clause's text, which stands once."""
    return {name: value for name, value in record(told, heads).items() if name != "clause_text"}


def _heads(heads: Heads) -> dict[str, Any]:
    told = heads.round
    return {
        "format": "adref-compendium-1",
        "made": instant(heads.made),
        "address": heads.address,
        "order": heads.order.value,
        "filtered": heads.filtered,
        "sealed": heads.sealed,
        "round": {
            "number": told.number,
            "title": told.title,
            "opens": instant(told.opens_at),
            "closes": instant(told.closes_at),
            "groups": [group.value for group in told.groups],
            "questions": [question.text for question in told.questions],
        },
        "text": {
            "forum": heads.forum,
            "title": heads.title,
            "symbol": heads.symbol,
            "version": heads.version.number,
            "label": heads.version.label,
            "hash": heads.version.hash,
            "language": heads.language,
            "clauses": [
                {"id": one.id, "label": heads.labels[one.id], "kind": one.kind.value, "text": one.text}
                for one in heads.clauses
            ],
        },
    }
