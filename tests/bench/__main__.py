"""``python -m tests.bench [NAME…]``: measure and print one table.

``ADREF_BENCH_SECONDS`` makes each run under load longer (8 by default); ``ADREF_BENCH_TWICE=1`` repeats each bench, to
see how far the figures can be trusted on this machine.
"""

import os
import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from tests.bench import compare, compilation, consultation, floor, load, merge, page, replay
from tests.bench import print as printing
from tests.bench.figures import Figure, Figures

BENCHES: dict[str, Callable[[], Figures]] = {
    **load.BENCHES,
    **page.BENCHES,
    **printing.BENCHES,
    **replay.BENCHES,
    **compare.BENCHES,
    **merge.BENCHES,
    **floor.BENCHES,
    **compilation.BENCHES,
    **consultation.BENCHES,
}


def main(names: list[str]) -> None:
    """Run the benches named, or all."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        raise SystemExit(f"There is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}.")
    console = Console(width=None if sys.stdout.isatty() else 150)
    table = Table("bench", "what", "measured", "target", "ratio", "note", title=_machine())
    for column in table.columns[2:5]:
        column.justify = "right"
    for name in (names or list(BENCHES)) * (2 if os.environ.get("ADREF_BENCH_TWICE") else 1):
        console.print(f"[dim]{name} …[/]", highlight=False)
        for figure in BENCHES[name]():
            table.add_row(name, *_cells(figure))
        table.add_section()
    console.print(table)


def _cells(figure: Figure) -> list[str]:
    target = "" if figure.target is None else f"≤ {_number(figure.target)} {figure.unit}"
    ratio = ""
    if figure.ratio is not None:
        colour = "green" if figure.ratio <= 1 else "red"
        ratio = f"[{colour}]{figure.ratio:.2f}[/]"
    return [figure.what, f"{_number(figure.value)} {figure.unit}", target, ratio, figure.note]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1_000 else f"{value:.3g}"


def _machine() -> str:
    """How many cores, and how much of one a busy loop gets: less than 100 % means that others work here too."""
    wall, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < 0.5:
        sum(range(1_000))
    share = (time.process_time() - cpu) / (time.perf_counter() - wall)
    load_average = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, load {load_average:.1f}, a busy loop got {share:.0%} of a core"


if __name__ == "__main__":
    main(sys.argv[1:])
