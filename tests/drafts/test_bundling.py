"""Copies of templates are found among remarks of their own words, in several scripts, against ground truth."""

import os
import random
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.bundling import ALIKE, Known, Text, find, likeness, plain, variant
from tests.bench import big_round
from tests.repo import REPO

HAN = (
    "各国应当及时交换警报并保护人民赖以生存的网络不得加以区别对待",
    "第九条应说明由谁保存联络名录以及每隔多久更新一次方为妥当",
)
ARABIC = (
    "ينبغي للدول أن تتبادل الإنذارات في وقتها وأن تحمي الشبكات التي يعتمد عليها الناس دون تمييز",
    "لا بد من تحديد الجهة التي تحفظ دليل نقاط الاتصال وعدد المرات التي يجري فيها تحديثه كل عام",
)
LONG = "Please say who keeps the directory of points of contact, how often it is renewed, and who may read it there."


def _groups(texts: list[Text]) -> list[list[int]]:
    return [[serial for serial, _ in one.members] for one in find(texts)]


@pytest.mark.parametrize("script", [HAN, ARABIC])
def test_scripts_without_case_or_spaces(script: tuple[str, str]) -> None:
    first, second = script
    texts = [first, first + "。", "各" + first if script is HAN else f"نعم {first}", second, first]
    [found] = find([Text(serial, "c", words) for serial, words in enumerate(texts)])
    assert [serial for serial, _ in found.members] == [0, 1, 2, 4]
    assert len({number for _, number in found.members}) == 2  # a full stop makes no other wording
    assert ALIKE * 100 <= found.likeness < 100


def test_short_texts_are_bundled_only_when_equal() -> None:
    texts = ["I agree.", "i  AGREE!", "I disagree.", "I agree fully.", "We agree.", "同意", "同意。", "不同意"]
    assert _groups([Text(serial, "c", words) for serial, words in enumerate(texts)]) == [[0, 1], [5, 6]]


def test_texts_without_a_word_are_equal_only_as_they_stand() -> None:
    assert _groups([Text(serial, "c", words) for serial, words in enumerate(["👍", "👎", " 👍", "!", ""])]) == [[0, 2]]


def test_two_wordings_with_the_same_number_are_two() -> None:
    """Numbers have 31 bits: among 100,000 wordings some are equal, and must not make one of two."""
    one, other = "Strike line 17666.", "Strike line 46296."
    assert variant(plain(one)) == variant(plain(other))
    assert _groups([Text(serial, "c", words) for serial, words in enumerate([one, other, one])]) == [[0, 2]]
    [joined] = find([Text(1, "c", other), Text(2, "c", one)], [Known("b", "c", one)])
    assert joined.members == ((2, variant(plain(one))),)


def test_a_place_keeps_its_own_and_a_campaign_knows_all_of_them() -> None:
    texts = [Text(serial, f"c{serial % 3}", f"{LONG} {'Thank you.' * (serial % 2)}") for serial in range(12)]
    texts += [Text(20 + serial, f"c{serial % 3}", "Delete this.") for serial in range(6)]
    found = find(texts)
    assert sorted(len(one.members) for one in found) == [2, 2, 2, 4, 4, 4]
    long = {one.campaign for one in found if len(one.members) == 4}
    short = {one.campaign for one in found if len(one.members) == 2}
    assert len(long) == 1  # the same template on three clauses
    assert len(short) == 3  # everybody says "Delete this."
    assert all(serial % 3 == one.lead % 3 for one in found if one.lead < 20 for serial, _ in one.members)


def test_no_chain_leads_away_from_the_lead() -> None:
    """A text that is changed bit by bit, each like the one before: what is too far from its lead stays out."""
    rng = random.Random(7)
    words = [f"word{rng.randrange(10_000)}" for _ in range(60)]
    texts = []
    for serial in range(40):
        words = list(words)
        words[(serial * 7) % 60] = f"new{serial}"
        texts.append(Text(serial, "c", " ".join(words)))
    by_serial = {one.serial: one.words for one in texts}
    found = find(texts)
    assert len(found) > 1
    for one in found:
        least = min(likeness(by_serial[one.lead], by_serial[serial]) for serial, _ in one.members)
        assert least >= ALIKE
        assert one.likeness == int(100 * least)


def test_what_comes_later_joins_what_there_is() -> None:
    known = [Known("b1", "c", LONG), Known("b2", "c", "I agree."), Known("b3", "d", LONG)]
    later = [
        Text(7, "c", LONG + " Thank you."),
        Text(8, "c", "i agree"),
        Text(9, "c", "Something of its own, once."),
        Text(11, "d", LONG),
    ]
    found = {one.known: one for one in find(later, known)}
    assert {key: [serial for serial, _ in one.members] for key, one in found.items()} == {
        "b1": [7],
        "b2": [8],
        "b3": [11],
    }
    assert found["b1"].campaign == found["b3"].campaign != found["b2"].campaign
    assert found["b2"].members == ((8, variant(plain("I AGREE"))),)


@settings(max_examples=10)
@given(st.integers(0, 2**32), st.sampled_from(["en", "zh", "ar"]))
def test_campaigns_are_found_among_own_words(seed: int, language: str) -> None:
    """Templates of 40 to 90 words of which each copy changes up to one word in twenty-five, among as many texts of own
    words. What is bundled is of one campaign (precision 1); at least 95 of 100 copies are in its largest bundle."""
    rng = random.Random(seed)
    glue = "" if language == "zh" else " "
    stock = (
        [chr(rng.randrange(0x4E00, 0x9000)) for _ in range(900)]
        if language == "zh"
        else [f"w{n}ي" if language == "ar" else f"w{n}" for n in range(900)]
    )
    texts, truth = [], {}
    templates = [[rng.choice(stock) for _ in range(rng.randint(40, 90))] for _ in range(4)]
    for serial in range(160):
        campaign = serial % 8 if serial % 8 < 4 else -1
        words = list(templates[campaign]) if campaign >= 0 else [rng.choice(stock) for _ in range(rng.randint(20, 90))]
        if campaign >= 0:
            for at in rng.sample(range(len(words)), rng.randint(0, len(words) // 25)):
                words[at] = rng.choice(["", rng.choice(stock)])
        truth[serial] = campaign
        texts.append(Text(serial, "c", glue.join(word for word in words if word)))
    found = find(texts)
    for one in found:
        assert len({truth[serial] for serial, _ in one.members}) == 1
        assert truth[one.lead] >= 0
    largest: Counter[int] = Counter()
    for one in found:
        largest[truth[one.lead]] = max(largest[truth[one.lead]], len(one.members))
    assert sum(largest.values()) >= 76


def test_the_order_does_not_matter() -> None:
    texts = [Text(serial, str(words.clause), words.body) for serial, words in enumerate(big_round.written(1_500))]
    found = find(texts)
    random.Random(5).shuffle(texts)
    assert find(texts) == found
    assert len(found) > 5


def test_the_hash_seed_does_not_matter() -> None:
    code = (
        "from drafts.bundling import Text, find; from tests.bench import big_round;"
        "print(find([Text(n, str(w.clause), w.body) for n, w in enumerate(big_round.written(600))]))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=REPO,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_progress_is_told_to_its_end() -> None:
    told: list[float] = []
    find([Text(n, "c", f"{LONG} {n}") for n in range(2_500)], (), told.append, 2_500)
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1
