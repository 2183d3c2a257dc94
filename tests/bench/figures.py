"""What a bench gives back: figures beside their targets. They are printed and never asserted: machines differ."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``target`` is the most it should be (None: nothing is asked of it, it is only told)."""

    what: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How much of the target is used; more than 1 misses it."""
        return self.value / self.target if self.target else None


Figures = Iterator[Figure]
