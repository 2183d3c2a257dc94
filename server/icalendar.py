"""Dates as an iCalendar file (RFC 5545): folded at 75 octets, text escaped, moments in UTC, ids that stay."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from drafts.desk.deadlines import Deadline, DeadlineKind
from server.i18n import Tongue

MEDIA: Final = "text/calendar; charset=utf-8"
_FOLD: Final = 75  # octets of a line, without its end


def calendar(name: str, dates: Sequence[Deadline], *, site: str, at: datetime, spoken: Tongue) -> bytes:
    """A calendar of dates; ``at``: when it is made."""
    host = urlsplit(site).hostname or "localhost"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Adref//Dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"NAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for date in dates:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{date.id}@{host}",
            f"DTSTAMP:{_moment(at)}",
            f"DTSTART:{_moment(date.at)}",
            f"SUMMARY:{_text(summary(date, spoken))}",
            f"DESCRIPTION:{_text(f'{date.forum.name}, {spoken.minute(date.at)}')}",
            f"URL:{site}{date.path}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def summary(date: Deadline, spoken: Tongue) -> str:
    """What a date is, in a line."""
    match date.kind:
        case DeadlineKind.SILENCE:
            return spoken._("Silence procedure ends: {title}", title=date.title)
        case DeadlineKind.OPENS:
            return spoken._("Consultation opens: {title}", title=date.title)
        case DeadlineKind.CLOSES:
            return spoken._("Consultation closes: {title}", title=date.title)
        case _:
            return spoken._("Objections until: {title}", title=date.title)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    plain = "".join(char for char in text if char == "\n" or char.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A content line with its end; no character is cut in two."""
    out, width = bytearray(), 0
    for char in line:
        octets = char.encode()
        if width + len(octets) > _FOLD:
            out += b"\r\n "
            width = 1
        out += octets
        width += len(octets)
    return bytes(out) + b"\r\n"
