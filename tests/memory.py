"""Whether files can be kept in memory."""

import os
import shutil

_PLACE = "/dev/shm"  # noqa: S108 - Linux has it
_WANTED = 4 << 30  # bytes free: a run needs less than one of them at a time


def in_memory() -> str | None:
    """The folder of a file system in memory that has room and lets programs run; None where there is none."""
    if not os.access(_PLACE, os.W_OK | os.X_OK) or shutil.disk_usage(_PLACE).free < _WANTED:
        return None
    return None if os.statvfs(_PLACE).f_flag & os.ST_NOEXEC else _PLACE
