"""How fast one address may send into consultations. ``drafts/desk/pace.py`` says how much a party may within an hour.

A whole conference may sit behind one address: many at once are fine, a stream that does not end is not.
"""

import math
import time
from typing import Final

from starlette.requests import HTTPConnection

from drafts.errors import TooMany
from server.limits import Buckets, Rate

SENDING: Final = Rate(burst=300, per_second=1)  # comments, replies, reports and files together


def make() -> Buckets:
    """The buckets of one process, by address."""
    return Buckets(SENDING)


def check(connection: HTTPConnection) -> None:
    """Something is about to be sent from this address. Raises TooMany with when to try again."""
    state = connection.app.state
    if not state.settings.rate_limits:
        return
    wait = state.sending.take(connection.client.host if connection.client else "", time.monotonic())
    if wait:
        raise TooMany(
            "too_many_sent",
            "Too much was sent from your network at once. Please wait {seconds} s and send it again. "
            "What you wrote is kept.",
            seconds=math.ceil(wait),
        )
