"""The digest as a message, and handing it to the mail server.

A mail passes through many hands: it says what kind of thing waits and where, and holds no title, no name, no words of
comments or drafts. Nothing in it is loaded from anywhere, and no address in it tells who opened what. One click stops
it (RFC 8058).
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

import aiosmtplib

from drafts.model import Person
from server import i18n
from server.i18n import Tongue
from server.render import attribute, escape
from server.settings import Smtp, Tls

WAIT: Final = 30.0  # seconds for each step of the conversation with the mail server


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a digest, and the address where its matter is to be seen."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines; ``more``: how many are not named."""

    heading: str
    lines: Sequence[Line]
    more: int = 0


def digest(  # what a letter is made of
    smtp: Smtp, person: Person, sections: Sequence[Section], *, site: str, stop: str, at: datetime, name: str
) -> EmailMessage:
    """A digest for a person in their language. ``site``: what addresses begin with; ``stop``: the address that stops
    it; ``name``: what its Message-ID is made of."""
    spoken = Tongue(i18n.choose([person.language], ""))
    plain = person.email.isascii()
    message = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    message["Subject"] = f"Adref: {sections[0].lines[0].text}" if _count(sections) == 1 else _subject(spoken, sections)
    message["From"] = Address("Adref", addr_spec=smtp.sender)
    message["To"] = person.email
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name}@{smtp.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Content-Language"] = spoken.language
    message.set_content(_text(spoken, sections, site, stop), cte="quoted-printable")
    message.add_alternative(_html(spoken, sections, site, stop), subtype="html", cte="quoted-printable")
    return message


def _count(sections: Sequence[Section]) -> int:
    return sum(len(section.lines) + section.more for section in sections)


def _subject(spoken: Tongue, sections: Sequence[Section]) -> str:
    return "Adref: " + spoken.ngettext("{n} matter waits for you", "{n} matters wait for you", _count(sections))


def _more(spoken: Tongue, section: Section) -> str:
    return spoken.ngettext("and {n} more", "and {n} more", section.more)


def _text(spoken: Tongue, sections: Sequence[Section], site: str, stop: str) -> str:
    out = []
    for section in sections:
        out.append(section.heading)
        out += [f"- {line.text}\n  {line.href}" for line in section.lines]
        out += [f"- {_more(spoken, section)}\n  {site}/notices"] if section.more else []
        out.append("")
    out.append(_because(spoken))
    out.append(f"{spoken._('Change how often you get this:')} {site}/account#digest-h")
    out.append(f"{spoken._('No more digests:')} {stop}")
    return "\n".join(out) + "\n"


def _because(spoken: Tongue) -> str:
    return spoken._("You get this because you asked for a digest on your account's page.")


def _html(spoken: Tongue, sections: Sequence[Section], site: str, stop: str) -> str:
    out = []
    for section in sections:
        lines = [f'<li><a href="{attribute(line.href)}">{escape(line.text)}</a></li>' for line in section.lines]
        if section.more:
            lines.append(f'<li><a href="{attribute(site)}/notices">{escape(_more(spoken, section))}</a></li>')
        out.append(f"<h2>{escape(section.heading)}</h2>\n<ul>\n" + "\n".join(lines) + "\n</ul>")
    foot = (
        f'<p>{escape(_because(spoken))}<br><a href="{attribute(site)}/account#digest-h">'
        f"{escape(spoken._('Change how often you get this'))}</a><br>"
        f'<a href="{attribute(stop)}">{escape(spoken._("No more digests"))}</a></p>'
    )
    head = (
        f'<!doctype html>\n<html lang="{spoken.language}" dir="{spoken.direction}"><head><meta charset="utf-8"></head>'
    )
    return f"{head}\n<body>\n" + "\n".join(out) + f"\n{foot}\n</body></html>\n"


async def hand_over(smtp: Smtp, message: EmailMessage) -> None:
    """Give a message to the mail server. Returns once the server has it; raises aiosmtplib.SMTPException or OSError
    when it does not take it."""
    await aiosmtplib.send(
        message,
        hostname=smtp.host,
        port=smtp.port,
        username=smtp.user or None,
        password=smtp.password or None,
        use_tls=smtp.tls is Tls.TLS,
        start_tls=smtp.tls is Tls.STARTTLS,
        tls_context=None if smtp.tls is Tls.OFF else ssl.create_default_context(),
        timeout=WAIT,
    )
