"""The door to the table of a draft."""

from drafts.desk import floor
from server.api import schema_floor as s
from server.api.door import Ask


async def whole(ask: Ask) -> s.FloorOf:
    """Proposals, positions, states of clauses and the stage, as the asker may see them."""
    return s.of(await floor.all(ask.store, ask.person.id, ask.path("draft")))
