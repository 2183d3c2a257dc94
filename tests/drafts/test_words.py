"""Tokens and word hunks."""

import unicodedata
from itertools import pairwise
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.brackets import parse
from drafts.tokens import by_character
from drafts.words import MAX_CELLS, Budget, Hunk, Op, hunks, hunks_in_parts, tokens, word_count

WORDS = [
    "States",
    "should",
    "the",
    "of",
    "not",
    "[",
    "]",
    "[may]",
    ",",
    " ",
    " ",
    "*",
    "é",
    "دول",
    "尊重",
    "👩‍💻",
    "well-being",
]
texts = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)


def told(old: str, new: str) -> str:
    """The hunks as ``{-gone-}`` and ``{+come+}``."""
    shape = {Op.KEEP: "{}", Op.DELETE: "{{-{}-}}", Op.INSERT: "{{+{}+}}"}
    return "".join(shape[hunk.op].format(hunk.text) for hunk in hunks(old, new))


def side(pieces: tuple[Hunk, ...], op: Op) -> str:
    return "".join(hunk.text for hunk in pieces if hunk.op in {Op.KEEP, op})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("States, not 3.5 of 1,000.", ["States", ",", " ", "not", " ", "3.5", " ", "of", " ", "1,000", "."]),
        ("l’accès d'État well-being -", ["l’accès", " ", "d'État", " ", "well-being", " ", "-"]),
        ("[[a]]", ["[", "[", "a", "]", "]"]),
        ("尊重 mine", ["尊", "重", " ", "mine"]),
        ("السَّلام عليكم", ["السَّلام", " ", "عليكم"]),
        ("می‌خواهم", ["می‌خواهم"]),
        ("👩‍💻👍🏽🇳🇴🇫🇮", ["👩‍💻", "👍🏽", "🇳🇴", "🇫🇮"]),
        ("e\u0301a ]\u0301", ["e\u0301a", " ", "]\u0301"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_counting_words() -> None:
    assert word_count("[States] shall not, 尊重.") == 5
    assert word_count("") == 0


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("same", "same", "same"),
        ("States may act", "States should act", "States {-may-}{+should+} act"),
        ("international law", "internationally agreed law", "{-international-}{+internationally agreed+} law"),
        ("red car of the man", "blue truck of a woman", "{-red car of the man-}{+blue truck of a woman+}"),
        ("to act, and to say", "to act quickly, and to say", "to act{+ quickly+}, and to say"),
        ("the green old house", "a green new house", "{-the-}{+a+} green {-old-}{+new+} house"),
        ("[a] [b] c", "[b] c", "{-[a] -}[b] c"),
        ("[may] act", "may act", "{-[-}may{-]-} act"),
        ("[a] b c", "[a b] c", "{-[-}{+[+}a{-]-} b{+]+} c"),
        ("[a b", "[a b]", "[a b{+]+}"),
        ("尊重不同的观点和经验", "尊重不同的观点、经验", "尊重不同的观点{-和-}{+、+}经验"),
        ("", "new", "{+new+}"),
        ("old", "", "{-old-}"),
        ("", "", ""),
    ],
)
def test_hunks(old: str, new: str, expected: str) -> None:
    assert told(old, new) == expected


def test_too_different_is_rewritten() -> None:
    old = " ".join(["word", *(f"a{number}" for number in range(1 + isqrt(MAX_CELLS))), "end"])
    new = old.replace("a", "b")
    assert hunks(old, new) == (Hunk(Op.DELETE, old), Hunk(Op.INSERT, new))


def test_a_spent_budget_rewrites_and_never_fails() -> None:
    budget = Budget(left=12)
    assert len(hunks("one two three four", "one 2 three IV", budget)) == 6
    assert budget.left == 3
    assert len(hunks("one two three four five", "one 2 three IV five", budget)) == 4


def test_chance_words_do_not_count_as_kept() -> None:
    old = "Calls upon all States to report incidents in the sector each year without delay to the secretariat"
    new = "Notes with concern how few tools exist for small administrations that lack people, money and the time"
    assert [hunk.op for hunk in hunks(old, new)] == [Op.DELETE, Op.INSERT]


def test_a_split_text_keeps_its_words() -> None:
    old = "States should report [incidents; they should] also keep records"
    first, second = hunks_in_parts(old, ["States should report [incidents;", "they should] always keep records"])
    assert first == (Hunk(Op.KEEP, "States should report [incidents;"), Hunk(Op.DELETE, " "))
    assert [hunk.op for hunk in second] == [Op.KEEP, Op.DELETE, Op.INSERT, Op.KEEP]
    assert side(second, Op.INSERT) == "they should] always keep records"


@given(texts, texts)
def test_hunks_rebuild_both_texts(old: str, new: str) -> None:
    pieces = hunks(old, new)
    assert side(pieces, Op.DELETE) == old
    assert side(pieces, Op.INSERT) == new
    assert all(piece.text for piece in pieces)
    assert all(one.op != other.op for one, other in pairwise(pieces))


@given(texts, st.lists(texts, min_size=1, max_size=4))
def test_hunks_in_parts_rebuild_each_part_and_the_whole(old: str, parts: list[str]) -> None:
    pieces = hunks_in_parts(old, parts)
    assert [side(piece, Op.INSERT) for piece in pieces] == parts
    assert "".join(side(piece, Op.DELETE) for piece in pieces) == old


@given(texts, texts)
def test_no_word_is_cut(old: str, new: str) -> None:
    for text, op in ((old, Op.DELETE), (new, Op.INSERT)):
        edges, at = set(), 0
        for token in tokens(text):
            edges.add(at := at + len(token))
        at = 0
        for hunk in hunks(old, new):
            if hunk.op in {Op.KEEP, op}:
                at += len(hunk.text)
                assert at in edges


def kept_places(pieces: tuple[Hunk, ...], op: Op) -> set[int]:
    places: set[int] = set()
    at = 0
    for hunk in pieces:
        if hunk.op is Op.KEEP:
            places |= set(range(at, at + len(hunk.text)))
        if hunk.op in {Op.KEEP, op}:
            at += len(hunk.text)
    return places


@given(texts, texts)
def test_the_brackets_of_a_pair_share_their_fate(old: str, new: str) -> None:
    if parse(old).unbalanced or parse(new).unbalanced:
        return
    pieces = hunks(old, new)
    for text, op in ((old, Op.DELETE), (new, Op.INSERT)):
        kept = kept_places(pieces, op)
        for pair in parse(text).pairs:
            assert (pair.start in kept) == (pair.end - 1 in kept)


@given(st.text(max_size=40))
def test_tokens_of_any_text_are_the_text(text: str) -> None:
    found = tokens(text)
    assert "".join(found) == text
    assert not any(unicodedata.category(token[0])[0] == "M" for token in found[1:])


def test_every_character_is_cut_alike_both_ways() -> None:
    for point in (*range(0x3000), *range(0xF900, 0x10000, 7), *range(0x1F1E0, 0x1F600, 5)):
        char = chr(point)
        text = f"a{char}b 1{char}2"
        assert tokens(text) == [text[start:end] for start, end in pairwise([*by_character(text), len(text)])]
