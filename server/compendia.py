"""Compendia on their way out, for pages and command line: bytes as they come, or a PDF at once."""

import asyncio
import re
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import TypeVar

from drafts.desk import compendium
from drafts.desk.compendium import Compendium
from drafts.errors import Invalid
from drafts.exchange.compendium import Form, Order, Voice, pdf, writer
from drafts.store import Store
from server.i18n import Tongue
from server.words import word
from server.workers import Workers

E = TypeVar("E", bound=StrEnum)


def form(name: str) -> Form:
    """The form of an ending. Raises Invalid."""
    return _one_of("format", Form, name)


def order(name: str) -> Order:
    """The order that is asked for; by clause where nothing is said. Raises Invalid."""
    return _one_of("order", Order, name or Order.CLAUSE)


def _one_of(field: str, kind: type[E], name: str) -> E:
    try:
        return kind(name)
    except ValueError:
        raise Invalid("bad_format", "{field}: choose one of {values}.", field=field, values=", ".join(kind)) from None


def voice(tongue: Tongue) -> Voice:
    """The words of a file in a language."""
    return Voice(tongue._, lambda value: tongue._(word(value)), tongue.language)


async def stream(store: Store, of: Compendium, asked: Form, tongue: Tongue) -> AsyncIterator[bytes]:
    """The file, as it is made; not for PDF. The rooms go on meanwhile: a batch is written in a thread."""
    made = writer(asked, of.heads, voice(tongue))
    yield made.begin()
    async for told in compendium.comments(store, of):
        if part := await asyncio.to_thread(made.add, told):
            yield part
    yield await asyncio.to_thread(made.end)


async def printed(store: Store, of: Compendium, tongue: Tongue, workers: Workers | None = None) -> bytes:
    """The PDF, set by the workers, or here without them. Raises TooLarge ``print_too_long``, Invalid
    ``print_script``, and what ``workers`` do."""
    if of.count > pdf.MOST:
        raise pdf.too_long()
    made = pdf.Writer(of.heads, voice(tongue))
    async for told in compendium.comments(store, of):
        await asyncio.to_thread(made.add, told)
    if workers is None:
        return await asyncio.to_thread(pdf.typeset, made.data())
    return await workers.run(pdf.typeset, made.data())


def filename(of: Compendium, asked: Form) -> str:
    """A name that every file system and header takes."""
    told = of.heads
    name = f"{told.symbol or told.title} {told.version.label} comments {told.round.number}"
    if told.order is Order.CONTRIBUTOR:
        name += " by contributor"
    safe = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:100].rstrip("-.")
    return f"{safe or 'comments'}.{asked.value}"
