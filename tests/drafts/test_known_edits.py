"""How much of known edits a comparison finds, and that it finds the same everywhere."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from drafts.compare import compare
from tests.drafts.known_edits import Known, Quality, Rates, edited, quality
from tests.repo import REPO

HASH = "442faa593cc9fd23e009c7bdf991fca9d7eeba6dee7e924ce9fdbaa60b972028"
_PRINT_HASH = "from tests.drafts.test_known_edits import fixed_hash; print(fixed_hash())"


def fixed_hash() -> str:
    """SHA-256 of the plain data of comparisons of three fixed texts."""
    digest = hashlib.sha256()
    for kind in ("english", "spanish", "boilerplate"):
        known = edited(kind, 2_000, Rates(0.2), seed=7)
        digest.update(json.dumps(compare(known.old, known.new).plain(), ensure_ascii=False).encode())
    return digest.hexdigest()


def found_in(kind: str, words: float) -> tuple[Quality, Known]:
    known = edited(kind, 40_000, Rates(words), seed=2)
    return quality(compare(known.old, known.new), known), known


@pytest.mark.parametrize("kind", ["english", "spanish", "boilerplate"])
def test_one_word_in_ten_changed(kind: str) -> None:
    found, known = found_in(kind, 0.1)
    assert len(known.moved) > 25
    assert found.pairs >= 0.99
    assert found.words >= 0.99
    assert found.moves >= 0.95
    assert found.splits >= 0.9
    assert found.merges >= 0.9


@pytest.mark.parametrize("kind", ["english", "spanish", "boilerplate"])
def test_one_word_in_three_changed(kind: str) -> None:
    found, _ = found_in(kind, 0.3)
    assert found.pairs >= 0.97
    assert found.words >= 0.97


def test_the_truth_is_not_found_in_another_text() -> None:
    known = edited("english", 4_000, Rates(0.1), seed=2)
    assert quality(compare(known.old, edited("spanish", 4_000, Rates(0.1)).new), known).pairs < 0.01


def test_the_same_bytes_everywhere() -> None:
    """Also with other hashes of strings, and while something else is busy."""
    assert fixed_hash() == HASH
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        for seed in ("0", "4711"):
            environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPO)}
            ran = subprocess.run(
                [sys.executable, "-c", _PRINT_HASH],
                cwd=REPO,
                env=environment,
                capture_output=True,
                check=True,
                text=True,
            )
            assert ran.stdout.strip() == HASH
    finally:
        busy.kill()
        busy.wait()


def test_no_clock_and_no_chance_in_it() -> None:
    """What decides in a comparison reads neither time nor randomness."""
    for name in ("align", "columns", "compare", "likeness", "tokens", "words"):
        source = (Path(REPO) / "drafts" / f"{name}.py").read_text()
        assert not {"time", "random", "secrets", "datetime", "os"} & {
            line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))
        }
