"""What the chair makes of proposals: outcomes offered, accepted into the text, not retained."""

from collections.abc import Callable
from typing import Any, Final

from drafts.decide import Acting, Outcome
from drafts.model import Member

COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {}
