"""A draft's clauses as HTML: the sheet with its redline, and the outline beside it. Built as strings, because there
are many; the markup is the contract with the browser's scripts (ids ``c-<clause>``, ``data-clause``, ``.lab``,
``.t``, ``.foot``, ``.side``).

The text of a clause is the costly part and changes only with its number, so it is kept: see ``_kept``.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from drafts.change import narrow
from drafts.model import Clause, ClauseKind
from drafts.redline import Mark, Run, runs
from drafts.state import ClauseState, State
from server import render
from server.i18n import Tongue, iso
from server.render import Names, attribute, escape
from server.words import word

_RING: Final = '<circle cx="8" cy="8" r="6"/>'
_DISCS: Final = {
    "open": ("st-open", _RING),
    "under_discussion": ("st-talk", f'{_RING}<path class="f" d="M8 8V3.5a4.5 4.5 0 010 9z"/>'),
    "converging": ("st-conv", f'{_RING}<path class="f" d="M8 8V3.5A4.5 4.5 0 113.5 8z"/>'),
    "agreed_ad_ref": ("st-adref", f'{_RING}<circle class="f" cx="8" cy="8" r="4"/>'),
    "agreed": (
        "st-agreed",
        '<circle class="f" cx="8" cy="8" r="6.8"/><path class="k" d="M5 8.3l2.2 2.2L11 6"/>',
    ),
    "placement_tbd": ("st-place", f'{_RING}<path d="M8 4.5v7M5.5 7L8 4.5 10.5 7M5.5 9L8 11.5 10.5 9"/>'),
    "deferred": ("st-def", '<circle cx="8" cy="8" r="6" stroke-dasharray="2.4 2.3"/>'),
}
_MOST_KEPT: Final = 4_000  # texts; about 10 MB
_kept: OrderedDict[tuple[object, ...], str] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Look:
    """How the text is to be shown: redline since ``baseline`` (version n is baseline n + 1), or clean."""

    view: str  # 'redline' | 'clean'
    baseline: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The finished pieces of a draft's page."""

    doc: str
    outline: str
    clauses: int  # that can be agreed: not headings
    agreed: int


def sheet(
    state: State, names: Names, look: Look, tongue: Tongue, under: Mapping[str, str] | None = None, act: str = ""
) -> Sheet:
    """The sheet and the outline of a draft as it stands. ``under``: what stands below a clause, as HTML; ``act``: the
    address at which something can be proposed on a clause, '' for whom it cannot."""
    standing = state.standing()
    named = state.labels()
    maker = _Maker(state, names, look, tongue, under or {}, act)
    doc = [maker.clause(c, named.get(c.id, "")) for c in state.clauses if maker.shown(c)]
    outline = [maker.entry(c, named[c.id]) for c in standing]
    counted = [c for c in standing if c.kind is not ClauseKind.HEADING]
    return Sheet("\n".join(doc), "\n".join(outline), len(counted), sum(c.locked for c in counted))


def version_sheet(clauses: Sequence[Clause], language: str, tongue: Tongue) -> str:
    """An issued text: the same markup, without state and without changes."""
    return "\n".join(
        f'<section class="clause" id="c-{c.id}" data-clause="{c.id}" data-kind="{c.kind.value}" data-depth="{c.depth}">'
        f'<a class="lab" href="#c-{c.id}" dir="ltr">{label_of(c.kind, c.label, tongue)}</a>'
        f'<div class="body">{worded(c.kind, c.lang or language, render.plain(c.text, tongue))}</div></section>'
        for c in clauses
    )


def changed_clauses(state: State, baseline: int) -> int:
    """How many clauses are new, gone, moved, or have words put in or taken out since the baseline."""
    return sum(_changed(c, baseline) for c in state.clauses)


def _changed(clause: ClauseState, baseline: int) -> bool:
    if clause.gone:
        return clause.gone.epoch >= baseline > clause.born.epoch
    if clause.born.epoch >= baseline or (clause.moved and clause.moved.epoch >= baseline):
        return True
    return any((s.ins >= baseline and s.dele < 0) or (s.ins < baseline <= s.dele) for s in clause.segments)


def shown_runs(clause: ClauseState, baseline: int, owners: Sequence[str]) -> list[Run]:
    """The runs of a clause. Of one that was deleted since the baseline, whatever stood is deleted by who deleted it;
    words of that same party from after the baseline leave no mark, as everywhere."""
    found = runs(clause.segments, baseline, owners)
    if clause.gone is None:
        return found
    by = clause.gone.author
    out: list[Run] = []
    for run in found:
        if run.mark is Mark.KEPT:
            out.append(Run(run.text, Mark.DEL, -1, by))
        elif run.mark is Mark.INS:
            if owners[run.by] != owners[by]:
                out.append(Run(run.text, Mark.INSDEL, run.by, by))
        else:
            out.append(run)
    return out


class _Maker:
    """Writes the clauses of one page."""

    def __init__(  # made in one place
        self, state: State, names: Names, look: Look, tongue: Tongue, under: Mapping[str, str], act: str
    ) -> None:
        self.state = state
        self.under = under
        self.act = act
        self.names = names
        self.clean = look.view == "clean"
        self.baseline = look.baseline
        self.tongue = tongue
        self.language = state.draft.language
        self.stamp = hash((names, state.draft.id))
        _ = tongue._
        self.tags = {
            "new": f'<span class="tag ins">{escape(_("new"))}</span>',
            "split": f'<span class="tag mov">{escape(_("split off"))}</span>',
            "moved": f'<span class="tag mov">{escape(_("moved"))}</span>',
            "deleted": f'<span class="tag del">{escape(_("deleted"))}</span>',
        }
        self.states = {
            "under_discussion": _("Under discussion,"),
            "converging": _("Converging,"),
            "agreed_ad_ref": _("Agreed ad ref,"),
            "agreed": _("Agreed,"),
            "placement_tbd": _("Placement to be decided,"),
            "deferred": _("Deferred,"),
        }
        self.discs = {name: disc(name, tongue) for name in _DISCS}
        self.foot = f'<p class="foot" lang="{tongue.language}" dir="{tongue.direction}">'
        self.lock = '<svg class="i" aria-hidden="true"><use href="#i-lock"/></svg>'

    def shown(self, clause: ClauseState) -> bool:
        if clause.gone is None:
            return True
        if self.clean or clause.gone.into is not None or clause.gone.epoch < self.baseline:
            return False
        return bool(shown_runs(clause, self.baseline, self.state.owners)) or clause.born.epoch < self.baseline

    def clause(self, clause: ClauseState, label: str) -> str:
        classes = "clause" + (" locked" if clause.locked else "") + (" gone" if clause.gone else "")
        disc = "" if clause.kind is ClauseKind.HEADING or clause.gone else self.discs[clause.state]
        body = worded(clause.kind, clause.lang or self.language, self._words(clause)) + self._foot(clause)
        return (
            f'<section class="{classes}" id="c-{clause.id}" data-clause="{clause.id}" data-kind="{clause.kind.value}"'
            f' data-depth="{clause.depth}"><a class="lab" href="#c-{clause.id}" dir="ltr">{disc}'
            f'{label_of(clause.kind, label, self.tongue)}</a><div class="body">{body}</div>'
            f'<div class="side">{self._side(clause, label)}</div>{self.under.get(clause.id, "")}</section>'
        )

    def entry(self, clause: ClauseState, label: str) -> str:
        """A line of the outline."""
        text = clause.text
        depth = f' data-depth="{clause.depth}"' if clause.kind is ClauseKind.SUB else ""
        what = f'<span class="what" dir="auto">{escape(beginning(text))}</span>'
        if clause.kind is ClauseKind.HEADING:
            link = f'<a href="#c-{clause.id}" data-clause="{clause.id}">'
            return f'<li class="part">{link}{what}<span class="who"></span></a></li>'
        count = text.count("[")
        said = attribute(self.tongue.ngettext("{n} open bracket", "{n} open brackets", count)) if count else ""
        brackets = f'<span class="bc" title="{said}">[{count}]</span>' if count else ""
        return (
            f'<li{depth}><a href="#c-{clause.id}" data-clause="{clause.id}">{self.discs[clause.state]}'
            f'<span class="no" dir="ltr">{label}</span>{what}{brackets}<span class="who"></span></a></li>'
        )

    def _words(self, clause: ClauseState) -> str:
        gone = clause.gone.author if clause.gone else None
        key = (clause.id, clause.number, self.clean, self.baseline, gone, self.stamp, self.tongue.language)
        found = _kept.get(key)
        if found is None:
            if self.clean:
                found = render.plain(narrow(clause.wide), self.tongue)
            else:
                told = shown_runs(clause, self.baseline, self.state.owners)
                found = render.text(told, self.names, self.tongue)
            _kept[key] = found
            if len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
        else:
            _kept.move_to_end(key)
        return found

    def _foot(self, clause: ClauseState) -> str:
        _ = self.tongue._
        if clause.gone:
            when = f'<time datetime="{iso(clause.gone.at)}">{escape(self.tongue.minute(clause.gone.at))}</time>'
            said = escape(_("removed by {name},", name="\0")).replace("\0", self.names.names[clause.gone.author])
            reason = f'<span class="why" dir="auto">{escape(clause.gone.reason)}</span>' if clause.gone.reason else ""
            return f"{self.foot}<span>{said} {when}</span>{reason}</p>"
        if clause.state != "open" and clause.kind is not ClauseKind.HEADING:
            when = f'<time datetime="{iso(clause.state_at)}">{escape(self.tongue.minute(clause.state_at))}</time>'
            return f"{self.foot}<span>{escape(self.states[clause.state])} {when}</span></p>"
        return ""

    def _side(self, clause: ClauseState, label: str) -> str:
        out: list[str] = []
        if not self.clean:
            if clause.gone:
                out.append(self.tags["deleted"])
            elif clause.born.epoch >= self.baseline:
                out.append(self.tags["split" if clause.source else "new"])
            elif clause.moved and clause.moved.epoch >= self.baseline:
                out.append(self.tags["moved"])
        if clause.locked and not clause.gone:
            out.append(self.lock)
        if self.act and not clause.gone:
            _ = self.tongue._
            named = label or (_("the heading") if clause.kind is ClauseKind.HEADING else _("the clause"))
            said = attribute(_("Propose on {label}", label=named))
            out.append(
                f'<a class="cm" href="{self.act}?clause={clause.id}&amp;kind=modify" title="{said}">'
                f'<svg class="i" aria-hidden="true"><use href="#i-dots"/></svg><span class="sr">{said}</span></a>'
            )
        return "".join(out)


def beginning(text: str, most: int = 42) -> str:
    """The first words of a text, without its marks, for a list."""
    found = text[: most * 3].replace("*", "").replace("[", "").replace("]", "").split()
    out = ""
    for one in found:
        if out and len(out) + 1 + len(one) > most:
            return f"{out} …"
        out = f"{out} {one}" if out else one[:most]
    return out


def worded(kind: ClauseKind, language: str, html: str) -> str:
    """The element with a clause's words."""
    tag = "h2" if kind is ClauseKind.HEADING else "p"
    return f'<{tag} class="t" lang="{attribute(language)}" dir="auto">{html}</{tag}>'


def label_of(kind: ClauseKind, label: str, tongue: Tongue) -> str:
    """A clause's label, or in words what it is."""
    if label:
        return label
    said = tongue._("Heading") if kind is ClauseKind.HEADING else tongue._("Clause without a number")
    return f'<span class="sr">{escape(said)}</span>'


def disc(state: str, tongue: Tongue) -> str:
    """The disc that shows a clause's state, with its word."""
    style, shape = _DISCS[state]
    said = attribute(tongue._(word(state, "status")))
    return f'<svg class="st {style}" viewBox="0 0 16 16" role="img" aria-label="{said}">{shape}</svg>'
