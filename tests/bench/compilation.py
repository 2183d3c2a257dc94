"""The compilation text of a negotiation at full size: made, as a page, as files."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from drafts import exchange
from drafts.compilation import compiled
from drafts.desk import compilations
from drafts.desk.cast import Cast
from drafts.desk.compilations import Told
from drafts.exchange import Format
from drafts.model import Forum, Level, now
from drafts.readings import worded
from drafts.state import State
from server import exports, notated
from server.exports import Wanted
from server.i18n import Tongue
from tests.bench import big_floor
from tests.bench.figures import Figure, Figures

T = TypeVar("T")
_SIZE: Final = f"{big_floor.CLAUSES} clauses, {big_floor.PROPOSALS:,} proposals, {big_floor.POSITIONS:,} positions"


def compilation() -> Figures:
    """What a reader of the page waits for, and what files take."""
    state = big_floor.state()
    kept = (state.draft.seq, state.to_bytes())
    restored, spent = _timed(lambda: State.restore(big_floor.draft(), kept, ()))
    yield Figure(f"draft restored: {_SIZE}", spent, "ms")
    names = compilations.called(big_floor.parties())
    worded.cache_clear()
    found, cold = _timed(lambda: compiled(restored, names))
    yield Figure("compilation made", cold, "ms", 500)
    _, warm = _timed(lambda: compiled(restored, names))
    yield Figure("the same again", warm, "ms", 500)
    page, spent = _timed(lambda: notated.sheet(found.entries, "en", Tongue("en")))
    yield Figure("its page", spent, "ms", 500, f"{len(page) // 1024:,} kB")
    people = Cast({}, {}, {}, [], Forum("big", "Big", Level.GLOBAL, now()))
    document = compilations.document(Told(restored, None, people, found, names, positions=True))
    for form in (Format.MARKDOWN, Format.DOCX):
        data, spent = _timed(lambda form=form: exports.written(document, Wanted(form)))  # type: ignore[misc]
        yield Figure(f"written as {form.value}", spent, "ms", note=f"{len(data) // 1024:,} kB")
        read, spent = _timed(lambda form=form, data=data: exchange.read_compilation(f"c.{form.value}", data, ()))  # type: ignore[misc]
        told = sum(len(one.proposals) for one in read.clauses)
        yield Figure(f"read from {form.value}", spent, "ms", note=f"{told:,} proposals told")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    found = work()
    return found, 1_000 * (time.perf_counter() - start)


BENCHES: dict[str, Callable[[], Figures]] = {"compilation": compilation}
