"""Clocks of a time zone and the moments they show, and codes made of names."""

from datetime import UTC, datetime

import pytest

from drafts import zones
from drafts.codes import proposed
from drafts.errors import Invalid


@pytest.mark.parametrize(
    ("day", "time", "zone", "second", "hour"),
    [
        ("2031-03-10", "23:59", "UTC", False, "2031-03-10T23:59"),
        ("2031-03-30", "01:59", "Europe/Zurich", False, "2031-03-30T00:59"),  # the last minute of winter time
        ("2031-03-30", "03:00", "Europe/Zurich", False, "2031-03-30T01:00"),  # the minute after it
        ("2031-10-26", "02:30", "Europe/Zurich", False, "2031-10-26T00:30"),  # comes twice
        ("2031-10-26", "02:30", "Europe/Zurich", True, "2031-10-26T01:30"),
        ("2031-07-01", "00:15", "Asia/Kathmandu", False, "2031-06-30T18:30"),
        ("2031-11-02", "01:30", "America/New_York", True, "2031-11-02T06:30"),
    ],
)
def test_a_time_of_day_is_a_moment(day: str, time: str, zone: str, second: bool, hour: str) -> None:
    assert zones.moment(day, time, zone, second=second) == datetime.fromisoformat(hour).replace(tzinfo=UTC)


def test_an_hour_that_is_left_out_is_refused() -> None:
    with pytest.raises(Invalid, match="does not exist on 2031-03-30 in Europe/Zurich"):
        zones.moment("2031-03-30", "02:30", "Europe/Zurich")


@pytest.mark.parametrize(
    ("day", "time", "zone"),
    [
        ("", "12:00", "UTC"),
        ("2031-02-30", "12:00", "UTC"),
        ("2031-02-03", "noon", "UTC"),
        ("2031-02-03", "24:61", "UTC"),
        ("2031-02-03", "12:00+02:00", "UTC"),
        ("0001-01-01", "00:00", "Asia/Tokyo"),  # before all moments
        ("2031-02-03", "12:00", "Mars/Olympus"),
        ("2031-02-03", "12:00", "../../etc/passwd"),
        ("2031-02-03", "12:00", ""),
    ],
)
def test_what_is_no_moment_is_refused(day: str, time: str, zone: str) -> None:
    with pytest.raises(Invalid):
        zones.moment(day, time, zone)


def test_every_zone_that_is_offered_is_taken() -> None:
    assert zones.names()[0] == "UTC"
    assert {"Europe/Zurich", "Africa/Nairobi", "Pacific/Apia"} <= set(zones.names())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Network operators of the lakes", "NOL"),
        ("Réseau des écoles", "RE"),
        ("Acme", "ACM"),
        ("منظمة البحيرات", "ORGA"),
        ("O", "ORGA"),
        ("One two three four five six seven eight", "OTTFFS"),
    ],
)
def test_a_code_is_made_of_a_name(name: str, code: str) -> None:
    assert proposed(name, ()) == code


def test_a_code_is_never_one_that_is_taken() -> None:
    taken: set[str] = set()
    for _ in range(800):
        code = proposed("Network operators of the lakes", taken)
        assert code.isascii()
        assert code.isalpha()
        assert code.isupper()
        assert 2 <= len(code) <= 6
        assert code not in taken
        taken.add(code)
