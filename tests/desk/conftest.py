"""The cast, seated in each database."""

import pytest

from drafts.store import Store
from tests.cast import Cast, cast


@pytest.fixture
async def people(store: Store) -> Cast:
    return await cast(store)
