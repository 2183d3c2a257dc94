"""A machine whose clocks go as a test says."""

from server.clock import Clock

SECOND = 1_000_000_000
START = 1_790_000_000 * SECOND


class Machine:
    """A machine's two clocks."""

    def __init__(self) -> None:
        self.wall = START
        self.steady = 5 * SECOND

    def pass_time(self, seconds: float, *, drift: float = 0.0) -> None:
        self.steady += int(seconds * SECOND)
        self.wall += int(seconds * (1 + drift) * SECOND)

    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.steady)
