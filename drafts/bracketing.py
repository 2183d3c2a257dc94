"""Brackets put round words and lifted, with whose they are and why."""

from collections.abc import Callable
from typing import Any, Final

from drafts.decide import Acting, Outcome
from drafts.model import Member

COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {}
