"""The process that ``workers`` gives long jobs to: ``python -m server.worker``, jobs on stdin, answers on stdout.

A message is its length (eight bytes, most significant first) and a pickle. In come ``(function, arguments, whether to
tell progress)``, out go ``("progress", share)`` and, at the end, ``("done", result)`` or ``("failed", error)``. It ends
when its stdin does, so it does not outlive the server.
"""

import contextlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

MEMORY: Final = 3 * 1024**3  # bytes of data; more is a MemoryError, which the job's asker gets
_STEP: Final = 0.01  # of progress that is worth a message


def main() -> None:
    """Work until there is nothing more to read. What jobs print goes to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server ends this one itself
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        os.nice(5)  # the rooms go first
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (job := _receive(sys.stdin.buffer)) is not None:
        send(answers, _answer(job, answers))


def send(out: BinaryIO, message: object) -> None:
    """Write one message."""
    out.write(framed(message))
    out.flush()


def framed(message: object) -> bytes:
    """A message as it is written."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(8, "big") + data


def _receive(source: BinaryIO) -> Any:
    head = source.read(8)
    if len(head) < 8:
        return None
    return pickle.loads(source.read(int.from_bytes(head, "big")))  # noqa: S301 - from our own server


def _answer(job: tuple[Callable[..., Any], tuple[Any, ...], bool], out: BinaryIO) -> tuple[str, Any]:
    function, arguments, tells = job
    try:
        if tells:
            return "done", function(*arguments, progress=_teller(out))
        return "done", function(*arguments)
    except Exception as failure:  # noqa: BLE001 - it is raised again where the job was asked for
        return "failed", failure


def _teller(out: BinaryIO) -> Callable[[float], None]:
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if share - told >= _STEP:
            told = share
            send(out, ("progress", share))

    return tell


if __name__ == "__main__":
    main()
