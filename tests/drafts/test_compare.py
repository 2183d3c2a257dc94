"""Two states of a text, clause by clause."""

import json
import pickle
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from drafts.compare import Change, Comparison, Hunk, Op, Row, compare, families
from drafts.exchange import read_text
from drafts.model import Clause, ClauseKind

OP = ClauseKind.OPERATIVE


def clause(name: str, text: str, kind: ClauseKind = OP, depth: int = 0) -> Clause:
    return Clause(name, kind, depth, text)


A = clause("a", "States should keep their registers of contact points up to date;")
B = clause("b", "States should answer requests for help within two working days;")
C = clause("c", "States should spare the systems that carry essential services;")


def rows(old: Sequence[Clause], new: Sequence[Clause]) -> list[tuple[str, str]]:
    return [(row.change.value, (row.new or row.old or A).id) for row in compare(old, new).rows]


def side(hunks: Sequence[Hunk], op: Op) -> str:
    return "".join(hunk.text for hunk in hunks if hunk.op in {Op.KEEP, op})


def test_equal_texts() -> None:
    found = compare([A, B], [A, B])
    assert found.equal
    assert found.counts.same == 2
    assert [row.hunks for row in found.rows] == [(Hunk(Op.KEEP, A.text),), (Hunk(Op.KEEP, B.text),)]
    assert compare([], []).rows == ()


def test_every_kind_of_row() -> None:
    new = [
        clause("c", C.text.replace("essential", "[vital]")),
        clause("a", A.text),
        clause("n", "A new one;"),
        clause("d", "same text", OP),
    ]
    old = [A, B, clause("d", "same text", ClauseKind.PREAMBULAR), C]
    assert rows(old, new) == [
        ("moved_changed", "c"),
        ("same", "a"),
        ("deleted", "b"),
        ("inserted", "n"),
        ("changed", "d"),
        ("moved_away", "c"),
    ]
    found = compare(old, new)
    assert [row.kind_changed for row in found.rows] == [False, False, False, False, True, False]
    assert (found.rows[0].old_at, found.rows[0].new_at) == (3, 0)
    assert (found.rows[5].old_at, found.rows[5].new_at, found.rows[5].hunks) == (3, 0, ())
    assert (found.counts.words_added, found.counts.words_removed) == (4, 11)


def test_one_clause_moves_down_and_the_others_stay() -> None:
    assert rows([A, B, C], [B, C, A]) == [("moved_away", "a"), ("same", "b"), ("same", "c"), ("moved", "a")]


def test_a_clause_that_was_split() -> None:
    first, second = "States should keep their registers", "of contact points up to date today;"
    found = compare([A, B], [clause("a", first), clause("x", second), B], {"x": "a"})
    assert [row.change for row in found.rows] == [Change.CHANGED, Change.SPLIT, Change.SAME]
    assert found.rows[1].split_from == "a"
    assert found.rows[0].hunks == (Hunk(Op.KEEP, first), Hunk(Op.DELETE, " "))
    assert [hunk.text for hunk in found.rows[1].hunks if hunk.op is Op.INSERT] == [" today"]
    assert found.counts.words_removed == 0


def test_a_part_stands_for_the_clause_that_is_gone() -> None:
    found = compare([A, B], [clause("y", A.text[:30]), B], {"x": "a", "y": "x"})
    assert [(row.change, row.old) for row in found.rows] == [(Change.CHANGED, A), (Change.SAME, B)]


def test_a_clause_that_was_joined_into_another() -> None:
    joined = clause("a", f"{A.text} {B.text.replace('two', 'three')}")
    found = compare([A, B, C], [joined, C], {}, merged={"b": "a"})
    assert [(row.change, row.merged_into, row.parent_at) for row in found.rows] == [
        (Change.CHANGED, "", None),
        (Change.MERGED, "a", 0),
        (Change.SAME, "", None),
    ]
    assert found.rows[0].hunks == (Hunk(Op.KEEP, A.text), Hunk(Op.INSERT, " "))
    assert [hunk.text for hunk in found.rows[1].hunks if hunk.op is not Op.KEEP] == ["two", "three"]
    assert (found.counts.words_added, found.counts.words_removed, found.counts.merged) == (1, 1, 1)
    assert compare([A, B], [A], {}, merged={"b": "x", "x": "a"}).rows[1].merged_into == "a"
    newer = compare([B, C], [clause("x", B.text), C], {}, merged={"b": "x"})
    assert [row.change for row in newer.rows] == [Change.SAME, Change.SAME]


def test_a_clause_that_was_cut_and_joined() -> None:
    new = [clause("b", f"{A.text} {B.text[:20]}"), clause("x", f"{B.text[20:]} {C.text}")]
    found = compare([A, B, C], new, {"x": "b"}, merged={"a": "b", "c": "x"})
    assert [row.change for row in found.rows] == [Change.MERGED, Change.CHANGED, Change.MERGED, Change.SPLIT]
    assert (found.counts.words_added, found.counts.words_removed) == (0, 0)
    check(found, [A, B, C], new)


def test_plain_data_and_another_process() -> None:
    found = compare([A, B], [B, clause("n", "new")])
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    plain = json.loads(json.dumps(found.plain()))
    assert plain["counts"] == {**dict.fromkeys(plain["counts"], 0), "same": 1, "inserted": 1, "deleted": 1} | {
        "words_added": 1, "words_removed": 11,
    }  # fmt: skip
    assert (plain["equal"], [row["change"] for row in plain["rows"]]) == (False, ["deleted", "same", "inserted"])
    assert plain["rows"][1]["old"] == {
        "id": "b", "label": "", "kind": "operative", "depth": 0, "lang": "", "text": B.text,
    }  # fmt: skip
    assert plain["rows"][1]["hunks"] == [["keep", B.text]]


def test_progress_goes_from_nothing_to_all() -> None:
    told: list[float] = []
    compare([A, B, C], [C, A], progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_circle_of_ancestors_ends() -> None:
    assert compare([A], [clause("x", "new")], {"x": "y", "y": "x"}).counts.inserted == 1


def test_texts_without_common_ids_align_by_their_words() -> None:
    new = [clause("1", "A preface that is new."), clause("2", B.text.replace("two", "three")), clause("3", A.text)]
    found = compare([A, B, C], new)
    assert [(row.change.value, row.old and row.old.id, row.new and row.new.id) for row in found.rows] == [
        ("inserted", None, "1"),
        ("moved_changed", "b", "2"),
        ("same", "a", "3"),
        ("moved_away", "b", None),
        ("deleted", "c", None),
    ]
    in_place = [clause("4", A.text), clause("5", B.text.replace("two", "three"))]
    assert [row.change for row in compare([A, B, C], in_place).rows] == [Change.SAME, Change.CHANGED, Change.DELETED]


def test_a_paragraph_that_was_cut_in_a_word_processor() -> None:
    """The head keeps its id, the tail has none; or a log knows of ids only, and the tail has one."""
    head, tail = clause("b", B.text[:38]), clause("", B.text[39:].replace("two", "three"))
    found = compare([A, B, C], [A, head, tail, C])
    assert [(row.change, row.split_from, row.parent_at) for row in found.rows] == [
        (Change.SAME, "", None),
        (Change.CHANGED, "", None),
        (Change.SPLIT, "b", 1),
        (Change.SAME, "", None),
    ]
    assert (found.counts.words_added, found.counts.words_removed) == (1, 1)
    assert found.rows[1].confidence == 100
    named = [A, head, clause("x", tail.text), C]
    assert [row.change for row in compare([A, B, C], named).rows].count(Change.SPLIT) == 1
    assert [row.change for row in compare([A, B, C], named, {}).rows].count(Change.INSERTED) == 1


def test_paragraphs_that_were_joined_in_a_word_processor() -> None:
    joined = clause("a", f"{A.text} {B.text}")
    found = compare([A, B, C], [joined, C])
    assert [(row.change, row.merged_into, row.parent_at) for row in found.rows][:2] == [
        (Change.CHANGED, "", None),
        (Change.MERGED, "a", 0),
    ]
    assert [row.change for row in compare([A, B, C], [joined, C], {}, merged={}).rows][1] is Change.DELETED


def test_a_clause_that_lost_its_id_is_found_by_its_words() -> None:
    found = compare([A, B, C], [A, clause("", B.text.replace("two", "three")), C])
    assert [row.change for row in found.rows] == [Change.SAME, Change.CHANGED, Change.SAME]
    assert 80 < found.rows[1].confidence < 100
    assert [row.change for row in compare([A, B], [A, clause("x", B.text)]).rows][1:] == [
        Change.DELETED,
        Change.INSERTED,
    ]


def test_boilerplate_is_aligned_by_place() -> None:
    old = [clause("", f"State {letter} shall report to the secretariat each year;") for letter in "ABCDEFGHIJ" * 30]
    new = [*old[:100], *old[103:200], clause("", "State Z shall report to nobody;"), *old[200:]]
    found = compare(old, new)
    assert (found.counts.same, found.counts.deleted, found.counts.inserted) == (297, 3, 1)
    assert compare(old, old).equal


def test_equal_texts_that_stand_twice_align_in_order() -> None:
    same = [clause("", "To be completed;"), clause("", "To be completed;"), clause("", "Recalls it;")]
    assert compare(same, same).equal


def test_json() -> None:
    found = compare([A, B], [B, clause("n", "new")])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Comparison) == found


def test_a_clause_of_one_word_only_is_cut_and_joined_once() -> None:
    whole = [clause("", " ".join(["States"] * 5))]
    parts = [clause("", " ".join(["States"] * count)) for count in (2, 2, 2, 3)]
    for old, new in ((whole, parts), (parts, whole)):
        found = compare(old, new)
        check(found, old, new)
        assert found.counts.changed == 1


def test_a_long_rewritten_clause_is_told_as_such() -> None:
    old, new = (" ".join(f"{letter}{number}" for number in range(9000)) for letter in "ab")
    row = compare([clause("a", old)], [clause("a", new)]).rows[0]
    assert row.rewritten
    assert [hunk.op for hunk in row.hunks] == [Op.DELETE, Op.INSERT]


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────────────────

sentences = st.lists(st.sampled_from(["States", "should", "[", "]", "not", "report", ",", "the"]), max_size=12).map(
    " ".join
)
clauses = st.builds(clause, st.sampled_from("abcdefgh"), sentences, st.sampled_from(ClauseKind), st.integers(0, 2))
drafts = st.lists(clauses, max_size=8, unique_by=lambda one: one.id)
nameless = st.lists(st.builds(clause, st.just(""), sentences), max_size=6)


def check(found: Comparison, old: Sequence[Clause], new: Sequence[Clause]) -> None:
    proper = [row for row in found.rows if row.change is not Change.MOVED_AWAY]
    assert [row.new for row in found.rows if row.new] == list(new)
    assert sorted(row.old_at for row in proper if row.old_at is not None) == list(range(len(old)))
    assert all(row.old == old[row.old_at] for row in found.rows if row.old_at is not None)
    assert all(row.new == new[row.new_at] for row in proper if row.new_at is not None)
    in_families = [id(row) for family in families(found.rows) for row in family]
    for family in families(found.rows):
        texts = [row.new.text for row in family if row.new], [row.old.text for row in family if row.old]
        told = [hunk for row in family for hunk in row.hunks]
        assert side(told, Op.INSERT) == "".join(texts[0])
        assert side(told, Op.DELETE) == "".join(texts[1])
    for row in proper:
        if id(row) not in in_families:
            check_row(row)
        assert (row.parent_at is not None) == (row.change in {Change.SPLIT, Change.MERGED})
    assert len(in_families) == len(set(in_families))
    stays = [row.old_at for row in proper if row.change in {Change.SAME, Change.CHANGED}]
    assert stays == sorted(stays, key=lambda at: at or 0)
    away = [row.old_at for row in found.rows if row.change is Change.MOVED_AWAY]
    moved = [row.old_at for row in proper if row.change in {Change.MOVED, Change.MOVED_CHANGED}]
    assert sorted(away, key=lambda at: at or 0) == sorted(moved, key=lambda at: at or 0)
    # What is only in the old text, and the signposts, stand in its order among what stayed.
    of_old = [
        row.old_at
        for row in found.rows
        if row.change in {Change.SAME, Change.CHANGED, Change.DELETED, Change.MERGED, Change.MOVED_AWAY}
    ]
    assert of_old == list(range(len(old)))


def check_row(row: Row) -> None:
    assert side(row.hunks, Op.INSERT) == (row.new.text if row.new else "")
    assert side(row.hunks, Op.DELETE) == (row.old.text if row.old else "")
    if row.old and row.new:
        assert row.kind_changed == ((row.old.kind, row.old.depth) != (row.new.kind, row.new.depth))
        altered = row.kind_changed or row.old.text != row.new.text
        assert altered == (row.change in {Change.CHANGED, Change.MOVED_CHANGED})


@given(drafts, drafts)
def test_every_clause_once_and_every_text_rebuilt(old: list[Clause], new: list[Clause]) -> None:
    check(compare(old, new), old, new)


links = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), max_size=5)


@given(drafts, drafts, links, links)
def test_the_same_with_splits_and_joins(
    old: list[Clause], new: list[Clause], lineage: dict[str, str], merged: dict[str, str]
) -> None:
    check(compare(old, new, lineage, merged=merged), old, new)


@given(nameless, nameless)
def test_the_same_without_ids(old: list[Clause], new: list[Clause]) -> None:
    check(compare(old, new), old, new)


@given(drafts)
def test_a_text_equals_itself(old: list[Clause]) -> None:
    assert compare(old, old).equal
    bare = [clause("", one.text, one.kind, one.depth) for one in old if one.text]
    assert compare(bare, bare).counts.changed == 0


@given(drafts, st.permutations("abcdefgh"))
def test_only_what_must_have_moved_is_marked(old: list[Clause], order: list[str]) -> None:
    new = sorted(old, key=lambda one: order.index(one.id))
    marked = {row.new for row in compare(old, new).rows if row.change is Change.MOVED}
    places = [old.index(one) for one in new]
    longest = 0
    runs: list[int] = []
    for at, place in enumerate(places):
        runs.append(1 + max((runs[before] for before in range(at) if places[before] < place), default=0))
        longest = max(longest, runs[-1])
    assert len(marked) == len(old) - longest


# ── real texts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def covenant(shared_data: Path, version: str, language: str = "") -> list[Clause]:
    ending = f".{language}.md" if language else ".md"
    text = (shared_data / "covenant" / version / f"code-of-conduct{ending}").read_text()
    return [Clause("", one.kind, one.depth, one.text) for one in read_text(text, "md").clauses]


def test_successive_versions_of_a_real_text(shared_data: Path) -> None:
    versions = ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4"]
    for before, after in pairwise(versions):
        old, new = covenant(shared_data, before), covenant(shared_data, after)
        found = compare(old, new)
        check(found, old, new)
        assert not found.equal
        assert compare(old, new) == found
    small = compare(covenant(shared_data, "1.0.0"), covenant(shared_data, "1.1.0")).counts
    assert (small.same, small.changed, small.inserted, small.deleted) == (5, 1, 1, 0)
    assert (small.words_added, small.words_removed) == (25, 2)


def test_scripts_without_spaces_and_from_right_to_left(shared_data: Path) -> None:
    chinese = covenant(shared_data, "1.4", "zh-cn")
    other = [*chinese]
    other[1] = Clause("", chinese[1].kind, 0, chinese[1].text.replace("贡献者", "参加者"))
    row = next(row for row in compare(chinese, other).rows if row.change is Change.CHANGED)
    assert [hunk.text for hunk in row.hunks if hunk.op is not Op.KEEP] == ["贡献", "参加"]
    arabic = covenant(shared_data, "1.4", "ar")
    other = [*arabic]
    other[1] = Clause("", arabic[1].kind, 0, arabic[1].text.replace("مفتوحة", "حرة"))
    found = compare(arabic, other)
    check(found, arabic, other)
    assert (found.counts.changed, found.counts.words_added, found.counts.words_removed) == (1, 1, 1)
