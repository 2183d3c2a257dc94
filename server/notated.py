"""A compilation text as HTML: words in the brackets of the notation, each proposal with a line style of its own, and
the parties behind them, small and sans."""

from collections.abc import Iterator, Sequence

from drafts.compilation import Entry
from drafts.notation import Group, Says, Spot, Words
from server import render
from server.i18n import Tongue
from server.render import attribute, escape
from server.sheet import label_of, worded

_STYLES = 4  # line styles of proposals; the next begins again, the parties tell them apart


def sheet(entries: Sequence[Entry], language: str, tongue: Tongue) -> str:
    """The clauses of a compilation."""
    return "\n".join(_clause(entry, language, tongue) for entry in entries)


def _clause(entry: Entry, language: str, tongue: Tongue) -> str:
    clause = entry.clause
    tag = f'<span class="tag">{escape(tongue._("proposed"))}</span>' if entry.base is None else ""
    words = worded(clause.kind, clause.lang or language, _words(entry, tongue))
    return (
        f'<section class="clause" id="c-{attribute(clause.id)}" data-kind="{clause.kind.value}"'
        f' data-depth="{clause.depth}"><a class="lab" href="#c-{attribute(clause.id)}" dir="ltr">'
        f'{label_of(clause.kind, clause.label, tongue)}</a><div class="body">{words}</div>'
        f'<div class="side">{tag}</div></section>'
    )


def _words(entry: Entry, tongue: Tongue) -> str:
    notated = entry.notated
    if not notated.groups and not notated.spots():
        return render.plain("".join(str(part) for part in notated.parts), tongue)
    body = "".join(_pieces(notated.parts, tongue))
    if not notated.groups:
        return body
    behind = "".join(_by(group, tongue) for group in notated.groups)
    if notated.proposed or any(group.says is Says.DELETE for group in notated.groups):
        cut = "" if notated.proposed else " cut"
        body = f'<span class="alt{cut}" data-p="1">{_bracketed(body)}</span>'
    return body + behind


def _pieces(parts: Sequence[str | Spot], tongue: Tongue) -> Iterator[str]:
    texts = [words for part in parts for words in ([part] if isinstance(part, str) else [w.text for w in part.all])]
    painted = iter(render.in_pieces(texts, tongue))
    style = 0
    for part in parts:
        if isinstance(part, str):
            yield next(painted)
            continue
        if part.base:  # in the style of what comes first in its place
            yield _spot(part.base, next(painted), style % _STYLES + 1, tongue)
        for number, words in enumerate(part.others):
            style += 1
            yield " " if number or part.base else ""
            yield _spot(words, next(painted), (style - 1) % _STYLES + 1, tongue)
        style += not part.others


def _spot(words: Words, html: str, style: int, tongue: Tongue) -> str:
    cut = "" if words.proposed else " cut"
    behind = "".join(_by(group, tongue) for group in words.groups)
    return f'<span class="alt{cut}" data-p="{style}">{_bracketed(html)}</span>{behind}'


def _bracketed(html: str) -> str:
    return f'<span class="bk">[</span>{html}<span class="bk">]</span>'


def _by(group: Group, tongue: Tongue) -> str:
    return f' <bdi class="by said">({escape(said(group, tongue))})</bdi>'


def said(group: Group, tongue: Tongue) -> str:
    """What a group says, in the reader's language; files have it in English, which the reader of files knows."""
    _ = tongue._
    names = ", ".join(group.names)
    if group.proposal:
        names = _("{names}, proposal {n}", names=names, n=group.proposal)
    words = {
        Says.WORDS: "",
        Says.DELETE: _("delete"),
        Says.MOVE: _("move after {place}", place=group.place) if group.place else _("move to the beginning"),
        Says.RETAIN: _("retain"),
        Says.SUPPORT: _("support"),
        Says.CAN_ACCEPT: _("can accept"),
        Says.RESERVE: _("reserve"),
        Says.OPPOSE: _("oppose"),
        Says.CONDITIONAL: _("conditional on {place}", place=group.place) if group.place else _("conditional"),
        Says.STALE: _("on an earlier text"),
    }[group.says]
    if not words:
        return names
    return f"{names}: {_('{what}, on an earlier wording', what=words) if group.earlier else words}"
