"""Digests by mail, to a real mail server: what they say, that none comes twice, that none is lost while it is down."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from starlette.applications import Starlette

from drafts.consultation import RemarkState
from drafts.desk import people
from drafts.model import Group
from drafts.store import Store
from drafts.store.post import Digest
from drafts.store.rows import ms
from server.postman import Postman, next_due
from server.settings import Settings, Smtp, Tls
from tests.hearing import DURING, Hearing, hearing, put, remark
from tests.server.conftest import Browser

SITE = "https://drafts.example.org"
MONDAY = datetime(2031, 3, 3, 6, tzinfo=UTC)


@dataclass
class Letterbox:
    """A mail server on this machine: what it took, and what it says to the next ones (``answers``, then 250)."""

    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    to_recipient: str = ""
    before: Callable[[], Any] | None = None
    port: int = 0

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.before is not None:
            await self.before()
        if self.answers:
            return self.answers.pop(0)
        read = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(read, EmailMessage)
        self.letters.append(read)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
async def box() -> AsyncIterator[Letterbox]:
    made = Letterbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(made, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@dataclass
class Office:
    """A store with a consultation, somebody who wants digests, and the hands of the clock."""

    store: Store
    of: Hearing
    box: Letterbox
    at: datetime = DURING

    @property
    def me(self) -> str:
        return self.of.people[Group.CIVIL_SOCIETY]

    def postman(self) -> Postman:
        smtp = Smtp("127.0.0.1", "adref@lakes.example", self.box.port, tls=Tls.OFF)
        return Postman(self.store, smtp, SITE, lambda: ms(self.at))

    async def wants(self, digest: Digest = Digest.DAILY) -> None:
        async with self.store.write() as q:
            await q.post.choose(self.me, digest, self.at)

    async def tell(self, kind: str, **facts: Any) -> None:
        async with self.store.write() as q:
            forum, told = self.of.cast.forum.id, self.of.round.id
            await q.notices.tell([self.me], kind, self.at, forum_id=forum, round_id=told, facts=facts)

    async def unmailed(self) -> int:
        async with self.store.read() as q:
            return len(await q.notices.to_mail(self.me))

    async def due(self) -> datetime | None:
        async with self.store.read() as q:
            return (await q.post.wishes(self.me)).due


@pytest.fixture
async def office(store: Store, box: Letterbox) -> Office:
    return Office(store, await hearing(store, closes_at=DURING + timedelta(days=30)), box)


def words(letter: EmailMessage) -> tuple[str, str]:
    """The plain and the HTML part."""
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert rich is not None
    return plain.get_content(), rich.get_content()


async def test_a_digest_says_what_waits_and_no_word_of_it(office: Office) -> None:
    body = "Zebra words of a comment"
    (sent,) = await put(office.store, office.of, [remark(office.of, body=body)])
    await office.tell("remark_replied", number=sent.number)
    await office.tell("remark_replied", number=sent.number)  # the same thing: one line
    await office.tell("remark_hidden", number=sent.number, reason="Zebra reason")
    await office.wants()
    await office.postman().look()
    (letter,) = office.box.letters
    assert office.box.recipients == ["observer@lakes.example"]
    assert (letter["From"], letter["To"]) == ("Adref <adref@lakes.example>", "observer@lakes.example")
    assert letter["Subject"] == "Adref: 2 matters wait for you"
    for part in words(letter):
        assert f"{SITE}/consultations/{office.of.round.id}/comments/{sent.number}" in part
        assert "Somebody replied to a comment of yours." in part
        for word in ("Zebra", office.of.round.title, office.of.cast.draft.title, "Wanda", "<img", "src="):
            assert word not in part
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].startswith(f"<{SITE}/digest/stop/{office.me}.")
    assert await office.unmailed() == 0


async def test_nothing_to_say_is_not_said(office: Office) -> None:
    await office.wants()
    await office.postman().look()
    assert office.box.letters == []
    assert await office.due() == next_due(Digest.DAILY, office.at)


async def test_dates_that_come_are_told_again_until_they_are_over(office: Office) -> None:
    async with office.store.write() as q:
        told = await q.rounds.get(office.of.round.id)
        assert told is not None
        await q.rounds.change(replace(told, closes_at=office.at + timedelta(days=2)))
    await office.wants()
    for _ in range(4):
        await office.postman().look()
        office.at += timedelta(days=1)
    assert len(office.box.letters) == 2
    assert "A consultation closes on 6 Mar 2031, 09:00 UTC." in words(office.box.letters[0])[0]


async def test_several_processes_send_one(office: Office) -> None:
    await office.tell("round_changed")
    await office.wants()
    await asyncio.gather(*(office.postman().look() for _ in range(4)))
    assert len(office.box.letters) == 1
    await office.postman().look()
    office.at += timedelta(days=1)
    await office.postman().look()  # and nothing new the day after
    assert len(office.box.letters) == 1


async def test_a_server_that_is_down_is_tried_again_with_growing_pauses(office: Office) -> None:
    await office.tell("round_changed")
    await office.wants()
    office.box.answers = ["451 later"] * 3
    pauses = []
    for _ in range(3):
        await office.postman().look()
        due = await office.due()
        assert due is not None
        pauses.append(due - office.at)
        await office.postman().look()  # not before
        office.at = due
    assert [pause.total_seconds() / 60 for pause in pauses] == [1, 2, 4]
    assert office.box.letters == []
    assert await office.unmailed() == 1
    await office.postman().look()
    assert len(office.box.letters) == 1
    assert await office.unmailed() == 0


async def test_one_that_is_down_for_long_loses_nothing(office: Office) -> None:
    await office.tell("round_changed")
    await office.wants()
    port, office.box.port = office.box.port, 1  # nobody listens there
    for _ in range(10):
        await office.postman().look()
        office.at = await office.due() or office.at
    assert (office.at.hour, office.at.minute) == (6, 0)  # the next regular time
    office.box.port = port
    await office.postman().look()
    assert len(office.box.letters) == 1


async def test_an_address_that_is_not_there_is_not_tried_again_and_again(office: Office) -> None:
    await office.tell("round_changed")
    await office.wants()
    office.box.to_recipient = "550 nobody here"
    await office.postman().look()
    assert await office.due() == next_due(Digest.DAILY, office.at)
    assert await office.unmailed() == 1


async def test_a_process_that_stops_in_the_middle_sends_nothing_twice(office: Office) -> None:
    await office.tell("round_changed")
    await office.wants()
    reached = asyncio.Event()

    async def hang() -> None:
        reached.set()
        await asyncio.Event().wait()

    office.box.before = hang
    looking = asyncio.create_task(office.postman().look())
    await reached.wait()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    office.box.before = None
    await office.postman().look()  # another process, at once: it is held
    assert office.box.letters == []
    office.at += timedelta(minutes=20)
    await office.postman().look()  # nobody knows: it waits for the next regular one
    assert office.box.letters == []
    office.at = await office.due() or office.at
    await office.postman().look()
    assert len(office.box.letters) == 1


async def test_somebody_who_left_is_told_nothing(office: Office) -> None:
    held = await put(office.store, office.of, [remark(office.of, Group.INDUSTRY, state=RemarkState.HELD)])
    await office.tell("mentioned", number=held[0].number)
    await office.wants()
    await office.postman().look()
    assert office.box.letters == []


def test_digests_are_due_at_six() -> None:
    assert next_due(Digest.DAILY, MONDAY) == MONDAY + timedelta(days=1)
    assert next_due(Digest.DAILY, MONDAY - timedelta(minutes=1)) == MONDAY
    assert next_due(Digest.WEEKLY, MONDAY) == MONDAY + timedelta(days=7)
    assert next_due(Digest.WEEKLY, MONDAY + timedelta(days=3)) == MONDAY + timedelta(days=7)


async def test_an_arabic_digest_reads_from_the_right(office: Office) -> None:
    await people.set_language(office.store, office.me, "ar")
    await office.tell("round_changed")
    await office.wants()
    await office.postman().look()
    assert '<html lang="ar" dir="rtl">' in words(office.box.letters[0])[1]


async def test_one_click_stops_it(office: Office, app: Starlette, browser: Callable[[], Browser]) -> None:
    """As a mail program does it: a POST from nowhere, without a form token. Looking at the address stops nothing."""
    assert app.state.store is office.store
    await office.tell("round_changed")
    await office.wants()
    await office.postman().look()
    path = office.box.letters[0]["List-Unsubscribe"].removeprefix(f"<{SITE}").rstrip(">")
    at = browser()
    assert (await at.http.get(path)).status_code == 200
    assert await office.due() is not None
    assert (await at.http.post(path[:-1] + "x", data={"List-Unsubscribe": "One-Click"})).status_code == 404
    assert (await at.http.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await office.due() is None


def test_settings_of_mail() -> None:
    assert Settings.from_environment({}).smtp is None
    told = Settings.from_environment(
        {"ADREF_SMTP_HOST": "mail.example", "ADREF_SMTP_FROM": "a@b.example", "ADREF_SMTP_PASSWORD": "s3cret"}
    )
    assert told.smtp is not None
    assert (told.smtp.port, told.smtp.tls) == (587, Tls.STARTTLS)
    assert "s3cret" not in repr(told)
    for bad in ({"ADREF_SMTP_FROM": "nobody"}, {"ADREF_SMTP_PORT": "x"}, {"ADREF_SMTP_TLS": "perhaps"}):
        fine = {"ADREF_SMTP_HOST": "mail.example", "ADREF_SMTP_FROM": "a@b.example"}
        with pytest.raises(ValueError, match="ADREF_SMTP"):
            Settings.from_environment(fine | bad)
