"""Doors about what becomes of comments: answers given, published, read again."""

from drafts.answers import Giving
from drafts.desk import answering
from server.api import schema_consultations as s
from server.api.consultations import at
from server.api.door import Ask
from server.api.remarks import given


async def give(ask: Ask) -> s.Answered:
    """Give an answer to comments and bundles; those who wrote them hear of it when it is published."""
    body: s.AnswerIn = ask.body
    giving = Giving(
        disposition=body.disposition.value,
        rationale=body.rationale,
        link=body.link,
        numbers=tuple(body.numbers),
        bundles=tuple(body.bundles),
    )
    answer, numbers = await answering.give(ask.store, ask.person.id, ask.path("round"), giving, at(ask))
    return s.Answered(given(answer), numbers)


async def publish(ask: Ask) -> s.Published:
    """Publish what is decided."""
    body: s.PublishIn = ask.body
    shown = await answering.publish(ask.store, ask.person.id, ask.path("round"), at(ask), numbers=tuple(body.numbers))
    return s.Published(shown.count)
