"""What people are told about: notices, and when they were last here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import insert

from drafts import tables as t
from drafts.model import new_id
from drafts.store.rows import Queries, ms


class Notices(Queries):
    """The tables ``notice`` and ``visit``."""

    async def tell(
        self,
        person_ids: Iterable[str],
        kind: str,
        at: datetime,
        *,
        forum_id: str | None = None,
        draft_id: str | None = None,
        round_id: str | None = None,
        of_id: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Leave a notice for some people. Its sentence is made from ``kind`` and ``facts`` when it is read; words of
        others do not belong in it, since what a reader may see is asked then."""
        said = msgspec.json.encode(dict(facts or {})).decode()
        values = [
            {
                "id": new_id(),
                "person_id": person_id,
                "at": ms(at),
                "kind": kind,
                "forum_id": forum_id,
                "draft_id": draft_id,
                "round_id": round_id,
                "of_id": of_id,
                "facts": said,
            }
            for person_id in dict.fromkeys(person_ids)
        ]
        if values:
            await self._run(insert(t.notice), values)
