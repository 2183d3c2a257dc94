"""What clauses were called and what they are called now."""

from dataclasses import replace

from drafts.compare import compare
from drafts.concordance import Origin, concordance
from drafts.model import Clause, ClauseKind

OLD = [
    Clause("h", ClauseKind.HEADING, 0, "Norms"),
    Clause("a", ClauseKind.OPERATIVE, 0, "States keep the lakes clean. They report each year to the others."),
    Clause("b", ClauseKind.OPERATIVE, 0, "States warn each other of floods:"),
    Clause("c", ClauseKind.SUB, 1, "by telephone;"),
    Clause("d", ClauseKind.SUB, 1, "by letter."),
    Clause("e", ClauseKind.OPERATIVE, 0, "Nobody shall build dams."),
]


def told(new: list[Clause], lineage: dict[str, str], merged: dict[str, str]) -> list[tuple[str, str, Origin]]:
    found = concordance(compare(OLD, new, lineage, merged=merged), OLD, new)
    return [(entry.old, entry.new, entry.origin) for entry in found]


def test_every_clause_of_both_sides_stands_in_it() -> None:
    head, a, b, c, d, e = OLD
    first, second = (
        replace(a, text="States keep the lakes clean."),
        replace(a, id="a2", text="They report each year to the others."),
    )
    joined = replace(c, text="by telephone; by letter.")
    fresh = Clause("n", ClauseKind.OPERATIVE, 0, "A secretariat is set up.")
    assert told([head, e, fresh, first, second, b, joined], {"a2": "a"}, {"d": "c"}) == [
        ("", "", Origin.SAME),
        ("OP3", "OP1", Origin.MOVED),
        ("", "OP2", Origin.NEW),
        ("OP1", "OP3", Origin.RENUMBERED),
        ("OP1", "OP4", Origin.SPLIT),
        ("OP2", "OP5", Origin.RENUMBERED),
        ("OP2 (a)", "OP5 (a)", Origin.RENUMBERED),
        ("OP2 (b)", "OP5 (a)", Origin.MERGED),
    ]
    assert told([head, a, b, c, d], {}, {})[-1] == ("OP3", "", Origin.DELETED)
