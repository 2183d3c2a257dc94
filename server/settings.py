"""What an installation decides: read once from the environment, then a value that is handed around.

ADREF_DATABASE_URL    sqlite:///var/adref.sqlite3 (default) or postgresql://user:secret@host/name
ADREF_HOST            address to listen on; 127.0.0.1 by default
ADREF_PORT            port to listen on; 8000 by default
ADREF_ORIGINS         addresses that people type, comma separated (https://drafts.example.org); those of host and port,
                      with localhost beside 127.0.0.1, are always among them
ADREF_DEMO            1: the demo forum's people enter by one click, without a password
ADREF_SECURE_COOKIES  1: cookies travel over https only, also when the server itself cannot see that it is https
ADREF_TRUST_PROXY     addresses of the reverse proxy whose X-Forwarded-* headers are believed, comma separated; none
                      by default
ADREF_RATE_LIMITS     0: no limits on requests per address and person (for load tests only)
ADREF_SMTP_HOST       mail server that digests are handed to; nothing is mailed unless this is set
ADREF_SMTP_PORT       its port; 587 by default
ADREF_SMTP_USER       name to sign in with; nobody signs in unless this is set
ADREF_SMTP_PASSWORD   password to sign in with
ADREF_SMTP_FROM       address that digests come from; needed with ADREF_SMTP_HOST
ADREF_SMTP_TLS        starttls (default), tls (from the first byte on, port 465) or off (within one machine only)
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

DEFAULT_DATABASE: Final = "sqlite:///var/adref.sqlite3"
_YES = frozenset({"1", "true", "yes", "on"})


class Tls(StrEnum):
    """How mail is kept from being read on its way to the mail server."""

    STARTTLS = "starttls"
    TLS = "tls"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server that digests are handed to."""

    host: str
    sender: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = Tls.STARTTLS


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's decisions; the module's docstring tells what each means."""

    database_url: str = DEFAULT_DATABASE
    host: str = "127.0.0.1"
    port: int = 8000
    origins: frozenset[str] = field(default=frozenset())
    demo: bool = False
    secure_cookies: bool = False
    trust_proxy: str = ""
    rate_limits: bool = True
    smtp: Smtp | None = None
    address: str = ""  # the first of the origins that are set: what links in mails, feeds and calendars begin with

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of the ADREF_* variables. ValueError, naming the variable, for what cannot be read."""
        port = environment.get("ADREF_PORT", "8000")
        if not port.isdigit() or int(port) > 65535:
            raise ValueError(f"ADREF_PORT is not a port number: {port}")
        return cls(
            database_url=environment.get("ADREF_DATABASE_URL") or DEFAULT_DATABASE,
            host=environment.get("ADREF_HOST") or "127.0.0.1",
            port=int(port),
            origins=_origins(environment.get("ADREF_ORIGINS", "")),
            demo=_flag(environment, "ADREF_DEMO", default=False),
            secure_cookies=_flag(environment, "ADREF_SECURE_COOKIES", default=False),
            trust_proxy=environment.get("ADREF_TRUST_PROXY", "").strip(),
            rate_limits=_flag(environment, "ADREF_RATE_LIMITS", default=True),
            smtp=_smtp(environment),
            address=environment.get("ADREF_ORIGINS", "").split(",")[0].strip().rstrip("/").lower(),
        )

    @property
    def site(self) -> str:
        """What absolute addresses of this installation begin with: scheme, host and port."""
        return self.address or f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Every origin that pages of this installation have; requests from others are turned away."""
        names = {self.host}
        if self.host in {"127.0.0.1", "localhost", "::1", "0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
            names |= {"127.0.0.1", "localhost", "::1"}
        hosts = {f"[{name}]" if ":" in name else name for name in names}
        own = {f"http://{host}:{self.port}" for host in hosts}
        if self.port == 80:
            own |= {f"http://{host}" for host in hosts}
        return frozenset(own) | self.origins


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name, "").strip().lower()
    return default if not value else value in _YES


def _smtp(environment: Mapping[str, str]) -> Smtp | None:
    host = environment.get("ADREF_SMTP_HOST", "").strip()
    if not host:
        return None
    sender, port = environment.get("ADREF_SMTP_FROM", "").strip(), environment.get("ADREF_SMTP_PORT", "") or "587"
    tls = environment.get("ADREF_SMTP_TLS", "") or Tls.STARTTLS.value
    if "@" not in sender or any(char.isspace() for char in sender):
        raise ValueError("ADREF_SMTP_FROM is not an e-mail address; ADREF_SMTP_HOST needs one")
    if not port.isdigit() or not 0 < int(port) <= 65535:
        raise ValueError(f"ADREF_SMTP_PORT is not a port number: {port}")
    if tls not in set(Tls):
        raise ValueError(f"ADREF_SMTP_TLS is none of starttls, tls, off: {tls}")
    user, password = environment.get("ADREF_SMTP_USER", ""), environment.get("ADREF_SMTP_PASSWORD", "")
    return Smtp(host, sender, int(port), user, password, Tls(tls))


def _origins(text: str) -> frozenset[str]:
    found = frozenset(part.strip().rstrip("/").lower() for part in text.split(",") if part.strip())
    for origin in found:
        if not origin.startswith(("http://", "https://")) or "/" in origin.split("://", 1)[1]:
            raise ValueError(f"ADREF_ORIGINS holds something that is not scheme://host or scheme://host:port: {origin}")
    return found
