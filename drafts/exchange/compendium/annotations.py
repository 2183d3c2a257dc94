"""The compendium as Web Annotations in JSON-LD (W3C Recommendation "Web Annotation Data Model", 23 February 2017).

One collection with one page. Each comment is an annotation whose target is the version of the text: a fragment selector
names the clause, refined by the words with what stands around them (``TextQuoteSelector``) and their place in the
clause's text (``TextPositionSelector``). The Recommendation counts positions in code points (4.2.5), so these do; the
UTF-16 units that Adref counts in elsewhere stand beside them as ``adref:start`` and ``adref:end``. What the model
has no word for (stance, disposition, a withdrawn or hidden comment) has one of ours, in the namespace of ``CONTEXT``.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from drafts.change import narrow, widen
from drafts.consultation import Remark, Spot
from drafts.exchange.compendium.table import linked
from drafts.exchange.compendium.told import Heads, Told, Voice, instant
from drafts.exchange.language import direction

CONTEXT: Final = ("http://www.w3.org/ns/anno.jsonld", {"adref": "urn:adref:consultation:1:"})
_FRAGMENT: Final = "http://tools.ietf.org/rfc/rfc3236"  # what a fragment of an HTML page means, as the model names it
_AROUND: Final = 32  # code points of prefix and suffix


class Writer:
    """Begin, add comments, end: each gives the bytes that come next."""

    def __init__(self, heads: Heads, voice: Voice) -> None:  # noqa: ARG002 - no words of its own
        self.heads = heads
        self.count = 0

    def begin(self) -> bytes:
        """The collection."""
        address = f"{self.heads.address}/compendium.jsonld"
        collection = {
            "@context": CONTEXT,
            "id": address,
            "type": "AnnotationCollection",
            "label": self.heads.round.title,
            "modified": instant(self.heads.made),
        }
        page = {"id": f"{address}#page", "type": "AnnotationPage", "partOf": address, "startIndex": 0}
        first = msgspec.json.encode(page)[:-1]
        return msgspec.json.encode(collection)[:-1] + b',"first":' + first + b',"items":['

    def add(self, told: Sequence[Told]) -> bytes:
        """More comments."""
        made = b"".join(
            (b",\n" if self.count + at else b"\n") + msgspec.json.encode(annotation(one, self.heads))
            for at, one in enumerate(told)
        )
        self.count += len(told)
        return made

    def end(self) -> bytes:
        """How many there were."""
        return f'\n]}},"total":{self.count}}}\n'.encode()


def annotation(told: Told, heads: Heads) -> dict[str, Any]:
    """A comment as an annotation."""
    one = told.remark
    made: dict[str, Any] = {
        "id": f"{heads.address}/comments/{one.number}",
        "type": "Annotation",
        "motivation": "editing" if one.proposed else "commenting",
        "creator": {"type": "Organization", "name": one.who, "adref:group": one.group.value},
        "created": instant(one.sent_at or one.created_at),
        "body": _bodies(told),
        "target": target(one, heads),
        "adref:stance": one.view.value,
        "adref:state": one.state.value,
        "adref:spot": one.spot.value,
    }
    if one.edited_at:
        made["modified"] = instant(one.edited_at)
    if one.together:
        made["adref:together"] = [party.name for party in one.together]
    if one.late:
        made["adref:late"] = True
    if one.question_id in heads.questions:
        made["adref:question"] = heads.questions[one.question_id or ""]
    if one.answer:
        made["adref:disposition"] = one.answer.disposition.value
        made["adref:rationale"] = one.answer.rationale
        made["adref:published"] = told.published
        if told.link:
            made["adref:answeredBy"] = linked(told.link)
    return made


def target(remark: Remark, heads: Heads) -> dict[str, Any]:
    """What a comment is about: the version, the clause in it, the words in that."""
    source = f"{heads.origin}/drafts/{heads.round.draft_id}/versions/{heads.version.number}"
    made: dict[str, Any] = {"source": source, "type": "SpecificResource"}
    if remark.clause_id is not None:
        made["selector"] = _selector(remark, heads)
    return made


def _selector(remark: Remark, heads: Heads) -> dict[str, Any]:
    fragment: dict[str, Any] = {"type": "FragmentSelector", "conformsTo": _FRAGMENT, "value": f"c-{remark.clause_id}"}
    clause = heads.by_id.get(remark.clause_id or "")
    if remark.spot is not Spot.SPAN or remark.start is None or remark.end is None or clause is None:
        return fragment
    wide = widen(clause.text)
    before, words, behind = (
        narrow(p) for p in (wide[: remark.start], wide[remark.start : remark.end], wide[remark.end :])
    )
    quote: dict[str, Any] = {"type": "TextQuoteSelector", "exact": remark.quote or words}
    quote |= {"prefix": before[-_AROUND:]} if before else {}
    quote |= {"suffix": behind[:_AROUND]} if behind else {}
    position = {
        "type": "TextPositionSelector",
        "start": len(before),
        "end": len(before) + len(words),
        "adref:start": remark.start,
        "adref:end": remark.end,
    }
    return fragment | {"refinedBy": [quote, position]}


def _bodies(told: Told) -> list[dict[str, Any]]:
    if told.trace:
        return []
    remark = told.remark
    found = [(remark.body, "commenting"), (remark.proposed, "editing")]
    return [
        {
            "type": "TextualBody",
            "value": words,
            "format": "text/plain",
            "language": remark.language,
            "textDirection": direction(remark.language),
            "purpose": purpose,
        }
        for words, purpose in found
        if words
    ]
