"""Brackets over a whole draft: pairs, depth, kinds, sums, and the text as if they were gone."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.bracketed import AsIf, Kind, Place, as_if, closed_up, crossed, kind_of, survey, total, without
from drafts.change import widen
from drafts.model import Clause, ClauseKind
from drafts.tokens import word_count

TEXTS = st.lists(st.text("[[]]ab .xé", max_size=14), max_size=6)


def clauses(*texts: str) -> list[Clause]:
    return [Clause(f"c{index}", ClauseKind.OPERATIVE, 0, text, f"OP{index + 1}") for index, text in enumerate(texts)]


def read_as(what: AsIf, *texts: str) -> list[str]:
    return [clause.text for clause in as_if(clauses(*texts), what)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("", Kind.PLACEHOLDER), ("…", Kind.PLACEHOLDER), ("___", Kind.PLACEHOLDER), ("X", Kind.PLACEHOLDER),
        ("TBD", Kind.PLACEHOLDER), ("to be determined", Kind.PLACEHOLDER), ("insert date", Kind.PLACEHOLDER),
        ("待定", Kind.PLACEHOLDER), ("por determinar", Kind.PLACEHOLDER), ("подлежит уточнению", Kind.PLACEHOLDER),
        ("à préciser", Kind.PLACEHOLDER), ("Option 1: States report", Kind.OPTION), ("вариант 2", Kind.OPTION),
        ("الخيار 1", Kind.OPTION), ("备选案文 1 各国", Kind.OPTION), ("options remain open", Kind.PLAIN),
        ("inserted earlier", Kind.PLAIN), ("may", Kind.PLAIN), ("no", Kind.PLAIN), ("12", Kind.PLAIN),
        (",", Kind.PLAIN),
    ],
)  # fmt: skip
def test_what_a_bracket_is_by_its_words(words: str, kind: Kind) -> None:
    assert kind_of(words) is kind


def test_brackets_side_by_side_are_alternatives_of_one_group() -> None:
    found = survey(["[may] [should] act [now]", "[a][b]"]).pairs
    assert [(pair.kind, pair.group) for pair in found] == [
        (Kind.ALTERNATIVE, 1), (Kind.ALTERNATIVE, 1), (Kind.PLAIN, 0), (Kind.ALTERNATIVE, 2), (Kind.ALTERNATIVE, 2),
    ]  # fmt: skip


def test_a_bracket_over_the_border_counts_in_the_depth_of_those_within() -> None:
    found = survey(["a [b [c", "[d]", "e] f [g]] h ] ["])
    assert [(p.clause, p.start, p.last, p.end, p.depth) for p in found.pairs] == [
        (0, 2, 2, 9, 1), (0, 5, 2, 2, 2), (1, 0, 1, 3, 3), (2, 5, 2, 8, 2),
    ]  # fmt: skip
    assert found.unbalanced == (Place(2, 12), Place(2, 14))


def test_words_in_brackets_are_counted_once_also_across_clauses() -> None:
    assert total(["one [two [three] four] five", "six"]).words == 3
    found = total(["one [two", "three four", "five] six [seven]"])
    assert (found.pairs, found.spanning, found.unbalanced, found.words) == (2, 1, 0, 5)


@given(TEXTS)
def test_sums_are_what_a_walk_through_every_character_finds(texts: list[str]) -> None:
    found, seen = total(texts), survey(texts)
    assert (found.pairs, found.unbalanced) == (len(seen.pairs), len(seen.unbalanced))
    assert found.spanning == sum(pair.spans for pair in seen.pairs)
    assert found.pairs == sum(found.kinds.values())
    assert Counter(pair.kind for pair in seen.pairs) == +Counter(found.kinds)
    glyphs = [(p.clause, p.start) for p in seen.pairs] + [(p.last, p.end - 1) for p in seen.pairs]
    glyphs += [(place.clause, place.at) for place in seen.unbalanced]
    assert sorted(glyphs) == [(n, at) for n, text in enumerate(texts) for at, char in enumerate(text) if char in "[]"]
    for pair in seen.pairs:
        here = (pair.clause, pair.start)
        around = [p for p in seen.pairs if (p.clause, p.start) < here < (p.last, p.end)]
        assert pair.depth == 1 + len(around)


@given(TEXTS)
def test_bracketed_words_are_those_that_are_gone_when_all_is_struck(texts: list[str]) -> None:
    spaced = [text.replace("[", " [ ").replace("]", " ] ") for text in texts]
    left = sum(word_count(text) for text in read_as(AsIf.STRUCK, *spaced))
    assert total(spaced).words == sum(word_count(text) for text in spaced) - left


def test_as_if_lifted_keeps_every_word() -> None:
    text = "States [may][should] act[, as fit,] and ] report [[all] incidents."
    assert read_as(AsIf.LIFTED, text) == ["States may should act, as fit, and report all incidents."]


def test_as_if_struck_drops_clauses_of_which_nothing_is_left_and_keeps_labels() -> None:
    found = as_if(clauses("Act [now], [please] .", "[Gone.]", "", "a [b", "c", "d] e ["), AsIf.STRUCK)
    assert [(one.id, one.label, one.text) for one in found] == [
        ("c0", "OP1", "Act, ."), ("c2", "OP3", ""), ("c3", "OP4", "a"), ("c5", "OP6", "e ["),
    ]  # fmt: skip


@given(TEXTS)
def test_no_pair_is_left_either_way(texts: list[str]) -> None:
    assert not any(set(text) & set("[]") for text in read_as(AsIf.LIFTED, *texts))
    assert not survey(read_as(AsIf.STRUCK, *texts)).pairs


@pytest.mark.parametrize(
    ("text", "cut", "left"),
    [
        ("the [old] text", (4, 9), "the text"),
        ("[old] text", (0, 5), "text"),
        ("the [old], text", (4, 9), "the, text"),
        ("the [old]", (4, 9), "the"),
        ("the[old]text", (3, 8), "thetext"),
    ],
)
def test_what_goes_takes_the_space_with_it_that_nobody_needs(text: str, cut: tuple[int, int], left: str) -> None:
    assert without(text, [cut]) == left
    start, end = closed_up(text, *cut)
    assert text[:start] + text[end:] == left


@pytest.mark.parametrize(
    ("start", "end", "cuts"),
    [(0, 1, False), (2, 7, False), (3, 6, False), (0, 4, True), (5, 9, True), (8, 10, True), (0, 8, False)],
)
def test_a_bracket_may_not_cut_another(start: int, end: int, cuts: bool) -> None:
    assert crossed(widen("a [bcd] e ]"), start, end + (end == 10)) is cuts
