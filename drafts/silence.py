"""The silence procedure: started, broken, adopted, cancelled; explanations of position."""

from collections.abc import Callable
from typing import Any, Final

from drafts.decide import Acting, Outcome
from drafts.model import Member

COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {}
