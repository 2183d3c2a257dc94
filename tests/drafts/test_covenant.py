"""Five published versions of a real text, compared as a careful reader would mark them.

The expectations were written from reading the texts side by side. Each line is a row: what happened, how the old clause
begins, how the new one begins.
"""

from pathlib import Path

import pytest

from drafts.compare import Change, Comparison, Op, Row, compare
from drafts.exchange import read
from drafts.model import Clause

VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4")
EXPECTED = {
    "1.1.0": """
        same      | As contributors and mai | As contributors and mai
        same      | We are committed to mak | We are committed to mak
        same      | Examples of unacceptabl | Examples of unacceptabl
        same      | Project maintainers hav | Project maintainers hav
        inserted  |                         | This code of conduct ap
        same      | Instances of abusive, h | Instances of abusive, h
        changed   | This Code of Conduct is | This Code of Conduct is
    """,
    "1.2.0": """
        changed   | As contributors and mai | As contributors and mai
        changed   | We are committed to mak | We are committed to mak
        changed   | Examples of unacceptabl | Examples of unacceptabl
        split     |                         | The use of sexualized l
        split     |                         | Personal attacks
        split     |                         | Trolling or insulting/d
        split     |                         | Public or private haras
        inserted  |                         | Publishing other's priv
        split     |                         | Other unethical or unpr
        changed   | Project maintainers hav | Project maintainers hav
        same      | This code of conduct ap | This code of conduct ap
        same      | Instances of abusive, h | Instances of abusive, h
        changed   | This Code of Conduct is | This Code of Conduct is
    """,
    "1.3.0": """
        same      | As contributors and mai | As contributors and mai
        same      | We are committed to mak | We are committed to mak
        same      | Examples of unacceptabl | Examples of unacceptabl
        same      | The use of sexualized l | The use of sexualized l
        same      | Personal attacks        | Personal attacks
        same      | Trolling or insulting/d | Trolling or insulting/d
        same      | Public or private haras | Public or private haras
        same      | Publishing other's priv | Publishing other's priv
        same      | Other unethical or unpr | Other unethical or unpr
        changed   | Project maintainers hav | Project maintainers hav
        split     |                         | By adopting this Code o
        changed   | This code of conduct ap | This Code of Conduct ap
        changed   | Instances of abusive, h | Instances of abusive, h
        changed   | This Code of Conduct is | This Code of Conduct is
    """,
    "1.4": """
        merged    | As contributors and mai |
        inserted  |                         | Our Pledge
        changed   | We are committed to mak | In the interest of fost
        inserted  |                         | Our Standards
        inserted  |                         | Examples of behavior th
        inserted  |                         | Using welcoming and inc
        inserted  |                         | Being respectful of dif
        inserted  |                         | Gracefully accepting co
        inserted  |                         | Focusing on what is bes
        inserted  |                         | Showing empathy towards
        same      | Examples of unacceptabl | Examples of unacceptabl
        changed   | The use of sexualized l | The use of sexualized l
        deleted   | Personal attacks        |
        changed   | Trolling or insulting/d | Trolling, insulting/der
        same      | Public or private haras | Public or private haras
        changed   | Publishing other's priv | Publishing others' priv
        deleted   | Other unethical or unpr |
        inserted  |                         | Other conduct which cou
        inserted  |                         | Our Responsibilities
        inserted  |                         | Project maintainers are
        same      | Project maintainers hav | Project maintainers hav
        moved_away| By adopting this Code o |
        inserted  |                         | Scope
        changed   | This Code of Conduct ap | This Code of Conduct ap
        inserted  |                         | Enforcement
        changed   | Instances of abusive, h | Instances of abusive, h
        moved_changed | By adopting this Code o | Project maintainers who
        inserted  |                         | Attribution
        changed   | This Code of Conduct is | This Code of Conduct is
        inserted  |                         | For answers to common q
    """,
}
_BEFORE = dict(zip(VERSIONS[1:], VERSIONS, strict=False))


def compared(shared_data: Path, version: str) -> Comparison:
    sides = [shared_data / "covenant" / name / "code-of-conduct.md" for name in (_BEFORE[version], version)]
    old, new = (
        [Clause(one.id, one.kind, one.depth, one.text) for one in read(side.name, side.read_bytes()).clauses]
        for side in sides
    )
    return compare(old, new)


def shown(row: Row) -> tuple[str, str, str]:
    texts = [clause.text[:23].strip() if clause else "" for clause in (row.old, row.new)]
    return row.change.value, texts[0], texts[1]


def marked(row: Row) -> str:
    signs = {Op.KEEP: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "{{+{}+}}"}
    return "".join(signs[hunk.op].format(hunk.text) for hunk in row.hunks)


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_as_a_careful_reader_would_mark_it(shared_data: Path, version: str) -> None:
    expected = [tuple(cell.strip() for cell in line.split("|")) for line in EXPECTED[version].strip().splitlines()]
    assert [shown(row) for row in compared(shared_data, version).rows] == expected


def test_the_words(shared_data: Path) -> None:
    by_place = {(row.old_at, row.new_at): row for row in compared(shared_data, "1.3.0").rows}
    assert marked(by_place[10, 11]).startswith("This [-code of conduct-]{+Code of Conduct+} applies both within")
    assert "reported by [-opening an issue or -]contacting " in marked(by_place[11, 12]).replace(
        "by[- opening an issue or-] ", "by [-opening an issue or -]"
    )
    first = compared(shared_data, "1.1.0").rows[-1]
    assert [hunk.text for hunk in first.hunks if hunk.op is not Op.KEEP] == ["1.0.0", "1.1.0", "0", "1"]
    last = {(row.old_at, row.new_at): row for row in compared(shared_data, "1.4").rows}
    assert marked(last[7, 13]) == (
        "Publishing [-other's-]{+others'+} private information, such as{+ a+} physical or electronic"
        " [-addresses-]{+address+}, without explicit permission"
    )
    assert (last[0, None].change, last[0, None].parent_at) == (Change.MERGED, 1)
    assert "the interest of fostering an open and welcoming" in [
        hunk.text.strip() for hunk in last[0, None].hunks if hunk.op is Op.KEEP
    ]
