"""The seed of a random test: new at each run, printed, and given again by ADREF_SEED."""

import os
import random


def seeded() -> tuple[int, random.Random]:
    """A seed and the generator made from it."""
    seed = int(os.environ.get("ADREF_SEED") or random.randrange(2**32))
    print(f"ADREF_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    return seed, random.Random(seed)
