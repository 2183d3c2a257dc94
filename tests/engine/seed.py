"""The seed of a random test: new at each run, printed, and given again by ADREF_SEED.

Where CI is set the seed is always the same: whether a change lands is no matter of chance. New seeds are what one's own
runs, and ``make torture``, are for.
"""

import os
import random

LANDING = 20_261_124


def landing() -> bool:
    """Whether this run decides if something lands."""
    return bool(os.environ.get("CI"))


def seeded() -> tuple[int, random.Random]:
    """A seed and the generator made from it."""
    drawn = LANDING if landing() else random.randrange(2**32)
    seed = int(os.environ.get("ADREF_SEED") or drawn)
    print(f"ADREF_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    return seed, random.Random(seed)
