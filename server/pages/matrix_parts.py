"""What the pages of the response matrix share: choices with their counts, how far it is, filters, and the place in a
list."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.requests import Request

from drafts.consultation import Disposition, Standing, View, Wanted
from drafts.desk.rounds import Entered
from drafts.errors import Invalid
from drafts.model import Group
from server.pages import consulting
from server.pages.remark_cards import Place

_SHOWN: Final = frozenset({"group", "view", "clause", "q", "before", "after", "published"})  # the form has these itself


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice of one disposition: '' for all, ``open`` for what has no answer; ``count`` of the filtered comments."""

    key: str
    count: int
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some comments are answered."""

    answered: int
    total: int
    href: str = ""

    @property
    def left(self) -> int:
        """How many are not."""
        return self.total - self.answered


def cursors(request: Request) -> tuple[int | None, int | None]:
    """``before`` and ``after`` of the address. Raises Invalid."""
    found: list[int | None] = []
    for name in ("before", "after"):
        value = request.query_params.get(name, "")
        if value and not (value.isascii() and value.isdigit() and len(value) < 16):
            raise Invalid("bad_number", "{field}: this is not a number.", field=name)
        found.append(int(value) if value else None)
    return found[0], found[1]


def chips(
    counts: Counter[Disposition | None], asked: Wanted, rest: Wanted, address: Callable[[Wanted], str]
) -> list[Chip]:
    """All that is answered, each disposition, and what is not answered."""
    unanswered = asked.answered is False
    answered = counts.total() - counts[None]
    found = [Chip("", answered, address(rest), not asked.dispositions and not unanswered)]
    for kind in Disposition:
        only = replace(rest, dispositions=frozenset({kind}))
        found.append(Chip(kind.value, counts[kind], address(only), asked.dispositions == {kind}))
    found.append(Chip("open", counts[None], address(replace(rest, answered=False)), unanswered))
    return found


def share(standings: Sequence[Standing], href: str = "") -> Share:
    """How many of what some standings count are answered."""
    total = sum(one.count for one in standings)
    return Share(sum(one.count for one in standings if one.disposition is not None), total, href)


def filters(request: Request, asked: Wanted, known: Place, standings: Sequence[Standing]) -> dict[str, Any]:
    """What the form of filters shows: choices that there are, and what else the address holds."""
    used = {one.clause_id for one in standings}
    more = [(name, value) for name, value in request.query_params.multi_items() if name not in _SHOWN and value]
    return {
        "asked": asked,
        "groups": list(Group),
        "views": [View.SUPPORT, View.WITH_CHANGES, View.OPPOSE, View.NEUTRAL],
        "clause_choices": [(one, name) for one, name in known.names.items() if one in used],
        "no_clause": None in used,
        "also": more,
    }


def groups(entered: Entered, told: Sequence[Standing]) -> dict[Group, Share]:
    """How far each group's comments are answered."""
    base = f"/consultations/{entered.round.id}/matrix"
    return {
        group: share(
            [one for one in told if one.group is group],
            f"{base}?{consulting.query(Wanted(groups=frozenset({group}), answered=False))}",
        )
        for group in Group
    }
