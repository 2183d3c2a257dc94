"""The room of a proposal's own text, for parties that it is shared with."""

from functools import partial

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from drafts import commands as do
from drafts.desk import live, proposals
from drafts.desk.proposals import Wish
from drafts.store import Store
from server import hub
from tests.live.client import Wire
from tests.live.conftest import House


async def test_a_draft_that_is_closed_to_a_partner_closes_the_proposal_for_it(
    served: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SWEEP", 0.05)
    cast, secret = served.cast, served.secrets["observer"]
    async with Store.open(served.url) as store:
        made = await proposals.begin(store, cast.norvale, cast.draft.id, Wish("modify", served.clauses[4][0]))
        watch = cast.parties["ONW"].id
        await proposals.share(store, partial(live.perform, store), cast.norvale, made.id, [watch])
        async with Wire.to(served.host, made.id, secret) as observer:
            await live.perform(store, cast.chair, cast.draft.id, do.SetDraft("close", observers=False))
            with pytest.raises(ConnectionClosed) as closed:
                await observer.until(lambda _: False)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403
    with pytest.raises(InvalidStatus):
        async with Wire.to(served.host, made.id, secret):
            pass
