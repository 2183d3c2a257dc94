"""Brackets, alternatives, emphasis and the tokens that renderers draw."""

import time

from hypothesis import given
from hypothesis import strategies as st

from drafts.brackets import Bracket, Counts, TokenKind, count, emphasis, parse, spans

texts = st.text(alphabet="ab [*]é😀 \u00a0", max_size=60)


def inside(text: str, pair: Bracket) -> str:
    return text[pair.start : pair.end]


def test_nested_pairs() -> None:
    text = "States [should [not] [knowingly]] allow [this]"
    found = parse(text)
    assert [(inside(text, pair), pair.depth) for pair in found.pairs] == [
        ("[should [not] [knowingly]]", 1),
        ("[not]", 2),
        ("[knowingly]", 2),
        ("[this]", 1),
    ]
    assert found.unbalanced == ()
    assert [[inside(text, pair) for pair in group] for group in found.alternatives] == [["[not]", "[knowingly]"]]


def test_single_brackets_do_not_deepen_the_others() -> None:
    found = parse("a] [b [c] d")
    assert found.pairs == (Bracket(6, 9, 1),)
    assert found.unbalanced == (1, 3)


def test_alternatives_touch_or_have_a_space_between() -> None:
    assert [len(group) for group in parse("[a][b] [c] or [d] [e], [f]").alternatives] == [3, 2]
    assert parse("[a] and [b]").alternatives == ()
    assert [len(group) for group in parse("[[a][b]]\u00a0[c]").alternatives] == [2, 2]


def test_offsets_count_code_points() -> None:
    assert parse("😀[é]").pairs == (Bracket(1, 4, 1),)


def test_counts_over_clauses() -> None:
    assert count(["[a [b]] [c]", "none", "[opens", "in between [x][y]", "closes] and ]", "["]) == Counts(
        pairs=5, spanning=1, unbalanced=2, depth=2, alternatives=2
    )
    assert count([]) == Counts(0, 0, 0, 0, 0)


def test_emphasis() -> None:
    text = "*Recalling* the *Charter*, 3 * 4, and *this"
    assert [text[start : end + 1] for start, end in emphasis(text)] == ["*Recalling*", "*Charter*"]
    assert emphasis("**strong**") == [(1, 8)]
    assert emphasis("* no* *\u00a0no*") == []
    assert emphasis("*a *b*") == [(0, 5)]
    assert emphasis("***") == []


def test_tokens() -> None:
    tokens = spans("*Notes* [a [b]] ]")
    assert [(token.text, token.kind.value, token.depth) for token in tokens] == [
        ("*", "mark", 0),
        ("Notes", "text", 0),
        ("*", "mark", 0),
        (" ", "text", 0),
        ("[", "open", 1),
        ("a ", "text", 1),
        ("[", "open", 2),
        ("b", "text", 2),
        ("]", "close", 2),
        ("]", "close", 1),
        (" ", "text", 0),
        ("]", "close", 0),
    ]
    assert [token.text for token in tokens if token.emphasis] == ["*", "Notes", "*"]
    assert [at for at, token in enumerate(tokens) if not token.balanced] == [11]
    assert spans("") == []


def test_emphasis_across_a_bracket() -> None:
    assert [(token.text, token.emphasis) for token in spans("*a [b* c]")] == [
        ("*", True), ("a ", True), ("[", True), ("b", True), ("*", True), (" c", False), ("]", False),
    ]  # fmt: skip


@given(texts)
def test_tokens_joined_are_the_text(text: str) -> None:
    tokens = spans(text)
    assert "".join(token.text for token in tokens) == text
    assert all(token.text for token in tokens)


@given(texts)
def test_tokens_and_pairs_tell_the_same(text: str) -> None:
    found = parse(text)
    opening = [token for token in spans(text) if token.kind is TokenKind.OPEN and token.balanced]
    assert [token.depth for token in opening] == [pair.depth for pair in found.pairs]
    singles = [token for token in spans(text) if not token.balanced]
    assert [token.text for token in singles] == [text[at] for at in found.unbalanced]
    assert 2 * len(found.pairs) + len(found.unbalanced) == text.count("[") + text.count("]")


@given(texts)
def test_emphasis_runs_are_apart_and_hug_their_words(text: str) -> None:
    end = -1
    for start, stop in emphasis(text):
        assert end < start < stop - 1
        assert text[start] == text[stop] == "*"
        assert not text[start + 1].isspace()
        assert not text[stop - 1].isspace()
        end = stop


@given(st.lists(texts, max_size=5))
def test_every_bracket_is_counted_once(clauses: list[str]) -> None:
    found = count(clauses)
    every = sum(text.count("[") + text.count("]") for text in clauses)
    assert 2 * (found.pairs + found.spanning) + found.unbalanced == every


def test_hostile_texts_take_time_in_proportion() -> None:
    start = time.perf_counter()
    for text in ("*a " * 20_000, "[" * 60_000, "[a]" * 20_000, "[" * 30_000 + "]" * 30_000):
        spans(text)
        parse(text)
    assert time.perf_counter() - start < 10  # a quadratic reading takes minutes
