"""Facts of this installation."""

import secrets

from sqlalchemy import insert, select

from drafts import tables as t
from drafts.store.rows import Queries


class Settings(Queries):
    """The table ``setting``."""

    async def secret(self, name: str) -> str:
        """A random secret of this installation, made when it is first asked for."""
        row = await self._one(select(t.setting.c.value).where(t.setting.c.name == name))
        if row is not None:
            return str(row.value)
        value = secrets.token_hex(32)
        await self._run(insert(t.setting).values(name=name, value=value))
        return value
