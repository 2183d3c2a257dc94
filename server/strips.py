"""The strip of the four groups under a clause: how many comments of each, and what most of them think. Each cell says
it in words too, and reads without colour: a letter, a figure and a sign. Pages with hundreds of strips make them here
and not in templates, which would take several times as long."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from drafts.consultation import Standing, View
from drafts.model import Group
from server.i18n import Tongue
from server.render import attribute, escape
from server.words import VIEWS

Counts = Mapping[Group, Mapping[View, int]]
SIGNS: Final[Mapping[View, str]] = {
    View.SUPPORT: "+",
    View.WITH_CHANGES: "~",
    View.OPPOSE: "✕",
    View.NEUTRAL: "·",
}
"""The sign of each view, as views, strips and files show it."""
_GROUPS: Final = tuple(Group)
_FILLED: Final = (1, 4, 9)  # from how many comments a cell is tinted, edged, filled


@dataclass(frozen=True, slots=True)
class Cell:
    """One group's comments in one place. ``view``: what most of them think; None where two views are level, or none
    came."""

    group: Group
    count: int
    view: View | None

    @property
    def level(self) -> int:
        """How full the cell looks: 0 to 3."""
        return sum(self.count >= least for least in _FILLED)


def counted(standings: Iterable[Standing]) -> dict[Group, dict[View, int]]:
    """The counts of some standings, by group and view."""
    told: dict[Group, dict[View, int]] = {}
    for one in standings:
        views = told.setdefault(one.group, {})
        views[one.view] = views.get(one.view, 0) + one.count
    return told


def cells(counts: Counts) -> tuple[Cell, ...]:
    """A cell for each group, in their order."""
    return tuple(_cell(group, counts.get(group, {})) for group in _GROUPS)


def _cell(group: Group, views: Mapping[View, int]) -> Cell:
    most = max(views.values(), default=0)
    leading = [view for view, count in views.items() if count == most and most]
    return Cell(group, sum(views.values()), leading[0] if len(leading) == 1 else None)


def strip(counts: Counts, link: Callable[[Group], str], tongue: Tongue) -> str:
    """The four cells as HTML; each that has comments leads to them (``link`` gives the address for a group)."""
    names, out = _names(tongue), []
    for cell in cells(counts):
        letter = cell.group.letter
        said = f'<span class="sr">{_said(cell, names, tongue)}</span>'
        sign = f'<i aria-hidden="true">{SIGNS[cell.view]}</i>' if cell.view and cell.count else ""
        inner = f'<b class="gl gl-{letter}" aria-hidden="true">{letter}</b><span aria-hidden="true">{cell.count}</span>'
        if cell.count:
            href = attribute(link(cell.group))
            out.append(f'<a class="h{letter}" data-h="{cell.level}" href="{href}">{inner}{sign}{said}</a>')
        else:
            out.append(f'<span class="h{letter} none" data-h="0">{inner}{said}</span>')
    return (
        f'<div class="strip" role="group" aria-label="{attribute(tongue._("Comments by group"))}">{"".join(out)}</div>'
    )


def _said(cell: Cell, names: Mapping[Group, str], tongue: Tongue) -> str:
    if not cell.count:
        told = tongue._("{group}: no comments", group=names[cell.group])
    elif cell.view is None:
        told = tongue.ngettext(
            "{group}: {n} comment, views differ", "{group}: {n} comments, views differ", cell.count,
            group=names[cell.group],
        )  # fmt: skip
    else:
        view = tongue._(VIEWS[cell.view])
        told = tongue.ngettext(
            "{group}: {n} comment, mostly: {view}", "{group}: {n} comments, mostly: {view}", cell.count,
            group=names[cell.group], view=view,
        )  # fmt: skip
    return escape(told)


def _names(tongue: Tongue) -> dict[Group, str]:
    return {
        Group.GOVERNMENT: tongue._("Governments"),
        Group.INDUSTRY: tongue._("Industry"),
        Group.CIVIL_SOCIETY: tongue._("Civil society"),
        Group.ACADEMIA: tongue._("Academia"),
    }


def for_templates(tongue: Tongue, markup: Callable[[str], Any]) -> dict[str, Any]:
    """What templates call: ``group_strip(counts, link)`` and the sign of a view."""
    return {
        "group_strip": lambda counts, link: markup(strip(counts, link, tongue)),
        "view_sign": lambda view: SIGNS[View(view)],
    }
