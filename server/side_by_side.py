"""A comparison as one self-contained HTML file: rows side by side, no script, legible in print and without colour."""

from collections.abc import Sequence
from html import escape
from typing import Final

from drafts.compare import Change, Comparison, Row
from drafts.model import Clause
from drafts.words import Hunk, Op
from server.i18n import Tongue, direction

_STYLE: Final = """
body { font: 11pt/1.45 Georgia, "Noto Serif", serif; color: #111;
  margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; } table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { border-top: 1px solid #999; padding: .45rem .6rem; text-align: start; vertical-align: top; }
col.what { width: 9rem; } td.what { font-size: .85em; } .n { font-weight: bold; }
ins { text-decoration: underline; font-weight: bold; background: #e3f2e6; }
del { text-decoration: line-through; background: #fbe6e4; }
ins::before { content: "+"; } del::before { content: "\\2212"; }
tr { break-inside: avoid; } thead { display: table-header-group; }
@page { size: A4 landscape; margin: 15mm; } @media print { body { margin: 0; max-width: none; } }
"""


def side_by_side(title: str, language: str, names: tuple[str, str], found: Comparison, tongue: Tongue) -> bytes:
    """The file, in UTF-8. ``names`` are what the two texts are called, ``language`` is that of their words."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in (names[0], tongue._("What happened"), names[1]))
    rows = "\n".join(_row(row, language, tongue) for row in found.rows)
    counts = tongue._(
        "{added} words added, {removed} words removed",
        added=found.counts.words_added,
        removed=found.counts.words_removed,
    )
    return f"""<!doctype html>
<html lang="{escape(tongue.language)}" dir="{tongue.direction}"><head><meta charset="utf-8">
<title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<h1 dir="auto">{escape(title)}</h1><p>{escape(counts)}</p>
<table><colgroup><col><col class="what"><col></colgroup><thead><tr>{heads}</tr></thead><tbody>
{rows}
</tbody></table></body></html>
""".encode()


def _row(row: Row, language: str, tongue: Tongue) -> str:
    left = _cell(row.old, _words(row.hunks, Op.DELETE), language)
    right = _cell(row.new, _words(row.hunks, Op.INSERT), language)
    return f'<tr>{left}<td class="what">{escape(_said(row, tongue))}</td>{right}</tr>'


def _cell(clause: Clause | None, words: str, language: str) -> str:
    if clause is None:
        return "<td></td>"
    lang = clause.lang or language
    label = f'<span class="n">{escape(clause.label)}</span> ' if clause.label else ""
    return f'<td lang="{escape(lang)}" dir="{direction(lang)}">{label}{words}</td>'


def _words(hunks: Sequence[Hunk], shown: Op) -> str:
    element = "ins" if shown is Op.INSERT else "del"
    told = (
        escape(h.text) if h.op is Op.KEEP else f"<{element}>{escape(h.text)}</{element}>"
        for h in hunks
        if h.op in (Op.KEEP, shown)
    )
    return "".join(told)


def _said(row: Row, tongue: Tongue) -> str:
    _ = tongue._
    said = {
        Change.SAME: "",
        Change.CHANGED: _("changed"),
        Change.MOVED: _("moved here"),
        Change.MOVED_CHANGED: _("moved here and changed"),
        Change.INSERTED: _("new"),
        Change.DELETED: _("deleted"),
        Change.SPLIT: _("split off"),
        Change.MERGED: _("merged into another clause"),
        Change.MOVED_AWAY: _("moved away"),
    }[row.change]
    sure = f" ({_('{n} % sure', n=row.confidence)})" if row.confidence < 100 else ""
    return said + sure
