"""Who walks through the doors, and what our own log says meanwhile."""

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.cast import Cast
from tests.server.canaries.walk import Sign, Walk
from tests.server.conftest import Browser


@pytest.fixture
async def outsiders(room: Cast, as_person: Sign, browser: Callable[[], Browser]) -> list[Walk]:
    """Everybody who is not of Norvale, and somebody who is not signed in."""
    everybody = ("chair", "secretary", "costamar", "observer", "stranger")
    signed = [Walk(name, (await as_person(getattr(room, name))).http) for name in everybody]
    return [*signed, Walk("nobody", browser().http)]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, logger="adref"), caplog.at_level(logging.DEBUG, logger="drafts"):
        yield caplog
