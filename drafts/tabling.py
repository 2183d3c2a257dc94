"""Laying proposals on the table, and what their own parties do with them there."""

from collections.abc import Callable
from typing import Any, Final

from drafts.decide import Acting, Outcome
from drafts.model import Member

COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {}
