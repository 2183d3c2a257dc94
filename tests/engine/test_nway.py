"""Several texts of one base, word by word: who agrees, who collides, whose the words are."""

import re
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.brackets import alone, parse
from drafts.nway import Collision, Combined, Run, Side, combine
from drafts.words import Op
from tests.engine.sides import BASE, SIDE, WORDS, Edit, places, text, words

TOOLS = "States should not use the tools of others against health care."


def named(sides: list[list[Edit]]) -> list[tuple[str, str]]:
    return [(f"p{number}", text(side)) for number, side in enumerate(sides)]


def spelt(found: Combined) -> tuple[str, str]:
    return (
        "".join(run.text for run in found.runs if run.op is not Op.INSERT),
        "".join(run.text for run in found.runs if run.op is not Op.DELETE),
    )


SIDES = st.lists(SIDE, min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(SIDES)
def test_against_the_oracle(sides: list[list[Edit]]) -> None:
    found = combine(BASE, named(sides))
    agreed: list[Edit] = []
    collisions = 0
    for place in places(sides):
        touching = [edits for edits in place if edits]
        if all(edits == touching[0] for edits in touching):
            agreed += touching[0]
        else:
            collisions += 1
    assert found.text.split() == words(agreed)  # every disjoint and every common edit, and no other word
    assert spelt(found) == (BASE, found.text)
    assert len(found.collisions) == collisions
    assert sorted(run.collision for run in found.runs if run.collision >= 0) == list(range(collisions))


@settings(max_examples=200, deadline=None)
@given(SIDES)
def test_everything_is_put_down_to_exactly_those_who_have_it(sides: list[list[Edit]]) -> None:
    texts = named(sides)
    found = combine(BASE, texts)
    for run in found.runs:
        for word in run.text.split():
            having = tuple(name for name, words_ in texts if word in words_.split())
            if run.op is Op.INSERT:
                assert run.ids == having
            elif run.op is Op.DELETE:
                assert run.ids == tuple(name for name, _ in texts if name not in having)
            else:
                assert run.ids == ()
    for clash in found.collisions:
        for side in clash.sides:
            assert all(side.text in words_ for name, words_ in texts if name in side.ids)
        assert clash.base in BASE
        assert len({side.text for side in clash.sides}) == len(clash.sides) > 1
    assert sorted([*found.whole, *found.part, *found.out]) == sorted(name for name, _ in texts)
    for name, words_ in texts:
        missing = [clash for clash in found.collisions if any(name in side.ids for side in clash.sides)]
        taken = any(name in run.ids for run in found.runs)
        assert (name in found.whole) == (not missing)
        assert (name in found.part) == (bool(missing) and taken)
        assert words_ != BASE or name in found.whole


@settings(max_examples=60, deadline=None)
@given(st.lists(SIDE, min_size=2, max_size=3))
def test_the_order_decides_names_alone(sides: list[list[Edit]]) -> None:
    texts = named(sides)
    shown = [_sorted(combine(BASE, order)) for order in permutations(texts)]
    assert all(one == shown[0] for one in shown)


def _sorted(found: Combined) -> tuple[object, ...]:
    runs = [(run.text, run.op, sorted(run.ids), run.collision) for run in found.runs]
    clashes = [(c.base, sorted((sorted(s.ids), s.text) for s in c.sides)) for c in found.collisions]
    return runs, clashes, found.text, sorted(found.whole), sorted(found.part), sorted(found.out)


PAIRS = st.lists(
    st.tuples(st.integers(0, len(WORDS) - 3), st.integers(1, 5), st.sampled_from(["[]", "**"])), max_size=2
)
REWRITTEN = SIDE.map(lambda side: [edit for edit in side if edit.new])  # so that every word tells where it stands


def marked(pairs: list[tuple[int, int, str]], side: list[Edit]) -> str:
    """The text of a side with words of it in brackets and in emphasis."""
    out = words(side)
    for start, length, marks in pairs:
        last = min(start + length, len(out) - 1)
        out[start] = marks[0] + out[start]
        out[last] += marks[1]
    return " ".join(out)


def ends(text_: str) -> set[tuple[str, str]]:
    """The numbers of the first and the last word in each pair of brackets."""
    inside = (text_[pair.start : pair.end] for pair in parse(text_).pairs)
    return {(numbers[0], numbers[-1]) for numbers in (re.findall(r"\d+", words_) for words_ in inside)}


@settings(max_examples=300, deadline=None)
@given(PAIRS, st.lists(st.tuples(PAIRS, REWRITTEN), min_size=1, max_size=4))
def test_no_pair_is_cut_and_no_end_gets_another_partner(
    at_first: list[tuple[int, int, str]], sides: list[tuple[list[tuple[int, int, str]], list[Edit]]]
) -> None:
    base = marked(at_first, [])
    sources = [base, *(marked([*at_first, *pairs], side) for pairs, side in sides)]
    found = combine(base, [(f"p{number}", source) for number, source in enumerate(sources[1:])])
    assert alone(found.text) <= max(map(alone, sources))
    assert spelt(found) == (base, found.text)
    assert ends(found.text) <= set().union(*map(ends, sources))


# ── by example ──


def test_what_all_want_goes_in_and_what_they_contest_stays() -> None:
    found = combine(
        TOOLS,
        [
            ("a", "States must not use the digital tools of others against health care."),
            ("b", "States shall not use the digital tools of others against any health care."),
            ("c", "States should not use the digital tools of others against health care, ever."),
        ],
    )
    assert found.text == "States should not use the digital tools of others against any health care, ever."
    assert found.collisions == (Collision("should", (Side(("a",), "must"), Side(("b",), "shall"))),)
    assert [run for run in found.runs if run.op is not Op.KEEP] == [
        Run(" digital", Op.INSERT, ("a", "b", "c")), Run(" any", Op.INSERT, ("b",)), Run(", ever", Op.INSERT, ("c",)),
    ]  # fmt: skip
    assert (found.whole, found.part, found.out) == (("c",), ("a", "b"), ())
    assert [run.text for run in found.runs if run.collision == 0] == ["should"]


def test_one_alone_is_itself_and_equals_are_one() -> None:
    text_ = "States must never use *the* [digital] tools against health care."
    assert combine(TOOLS, [("a", text_)]).text == text_
    both = combine(TOOLS, [("a", text_), ("b", text_)])
    assert (both.text, both.collisions, both.whole) == (text_, (), ("a", "b"))
    assert {run.ids for run in both.runs if run.op is not Op.KEEP} == {("a", "b")}
    assert combine(TOOLS, []).text == combine(TOOLS, [("a", TOOLS)]).text == TOOLS


def test_two_insertions_in_one_place_collide() -> None:
    found = combine("one two", [("a", "one big two"), ("b", "one small two")])
    assert found.text == "one two"
    assert [side.text.strip() for side in found.collisions[0].sides] == ["big", "small"]
    assert found.out == ("a", "b")


def test_a_bracket_stays_out_with_its_partner() -> None:
    a = "[States should not use the tools] of others against health care."
    found = combine(
        TOOLS, [("a", a), ("b", TOOLS.replace("of others", "of all")), ("c", TOOLS.replace("tools", "means"))]
    )
    assert "[" not in found.text
    assert any(len(clash.sides) == 1 for clash in found.collisions)  # the opening one, which nobody else touches
    assert found.out[0] == "a"


def test_crossing_pairs_never_get_each_others_ends() -> None:
    a = TOOLS.replace("not use the tools of", "[not use the tools] of")
    b = TOOLS.replace("the tools of others against", "the [tools of others against]").replace("tools", "tools")
    apart = combine(TOOLS, [("a", a), ("b", TOOLS.replace("against health", "[against health]"))])
    assert apart.text == "States should [not use the tools] of others [against health] care."
    crossed = combine(TOOLS, [("a", "States [should not use the tools of others] against health care."), ("b", b)])
    assert crossed.text in {TOOLS, b, "States [should not use the tools of others] against health care."}
    stars = combine(TOOLS, [("a", "States *should not use the tools of* others against health care."),
                            ("b", "States should not *use the tools of others against health* care.")])  # fmt: skip
    assert stars.text == TOOLS


def test_other_scripts_and_what_is_outside_the_plane() -> None:
    found = combine("🕊 一二三四五", [("a", "🕊🌍 一二三四五"), ("b", "🕊 一二六四五"), ("c", "🕊 一二三七五")])
    assert found.text == "🕊🌍 一二三四五"
    assert [(c.base, [side.text for side in c.sides]) for c in found.collisions] == [("三四", ["六四", "三七"])]
