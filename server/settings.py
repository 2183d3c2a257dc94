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
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

DEFAULT_DATABASE: Final = "sqlite:///var/adref.sqlite3"
_YES = frozenset({"1", "true", "yes", "on"})


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
        )

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


def _origins(text: str) -> frozenset[str]:
    found = frozenset(part.strip().rstrip("/").lower() for part in text.split(",") if part.strip())
    for origin in found:
        if not origin.startswith(("http://", "https://")) or "/" in origin.split("://", 1)[1]:
            raise ValueError(f"ADREF_ORIGINS holds something that is not scheme://host or scheme://host:port: {origin}")
    return found
