"""Days and times of day as the clocks of a time zone show them, and the moments that they are.

When clocks are put forward an hour does not exist that day; when they are put back an hour comes twice. A consultation
opens at the first of the two and closes at the second: nobody is cut off by an hour that they read otherwise.
"""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from drafts.errors import Invalid

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@cache
def names() -> tuple[str, ...]:
    """The time zones that can be chosen: UTC, then all others by name."""
    found = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return ("UTC", *found)


def zone(name: str) -> ZoneInfo:
    """The time zone of a name such as ``Europe/Zurich``. Raises Invalid."""
    if name not in names():
        raise Invalid("bad_zone", "There is no time zone of this name. Choose one such as UTC or Europe/Zurich.")
    return ZoneInfo(name)


def moment(day: str, time: str, name: str, *, second: bool = False) -> datetime:
    """The moment, UTC, of a day (``2031-03-10``) and a time of day (``23:59``) in a time zone. ``second``: of an hour
    that comes twice, the second. Raises Invalid for what is no day or time, or does not exist that day."""
    where = zone(name)
    if not (_DAY.fullmatch(day) and _TIME.fullmatch(time)):
        raise _no_moment()
    try:
        shown = datetime.fromisoformat(f"{day}T{time}")
        found = shown.replace(tzinfo=where, fold=int(second)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_moment() from None
    if found.astimezone(where).replace(tzinfo=None) != shown:
        raise Invalid(
            "no_such_hour",
            "{time} does not exist on {day} in {zone}: the clocks are put forward. Choose another time.",
            time=time,
            day=day,
            zone=name,
        )
    return found


def _no_moment() -> Invalid:
    return Invalid("bad_moment", "Give each moment as a day and a time of day, such as 23:59.")
