"""The interface in the reader's language. A message's id is its English text; what a catalogue lacks stays English.

Catalogues are the ``.po`` files themselves (``web/locale/<language>/LC_MESSAGES/adref.po``), read when first asked for.
``scripts.json`` beside them lists the messages that the browser's scripts show; their translations travel with the
page.
"""

import gettext
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.pofile import read_po

from drafts.errors import Refusal
from server.paths import WEB

LANGUAGES: Final = {"en": "English", "ar": "العربية", "es": "Español", "fr": "Français"}
"""Languages of the interface with their own names, in alphabetical order of their codes after English."""

RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_FOLDER = WEB / "locale"
_DAY, _MINUTE, _SECOND = "d MMM y", "d MMM y, HH:mm", "HH:mm:ss"


@dataclass(frozen=True, slots=True)
class _Catalogue:
    singles: dict[str, str]
    plurals: dict[str, tuple[str, ...]]
    which: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the interface: messages, dates and direction. Times are told in UTC and say so."""

    language: str

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return direction(self.language)

    def _(self, message: str, **params: object) -> str:
        """The message in this language, its ``{name}`` places filled."""
        text = _catalogue(self.language).singles.get(message) or message
        return text.format(**params) if params else text

    def ngettext(self, one: str, many: str, n: int, **params: object) -> str:
        """The form of the message for ``n``, which also fills ``{n}``."""
        catalogue = _catalogue(self.language)
        forms = catalogue.plurals.get(one)
        text = forms[catalogue.which(n)] if forms else (one if n == 1 else many)
        return text.format(n=n, **params)

    def refusal(self, refusal: Refusal) -> str:
        """A refusal's sentence in this language; the ``field`` it may name is a message too."""
        params = {name: self._(str(value)) if name == "field" else value for name, value in refusal.params.items()}
        return self._(refusal.message, **params)

    def day(self, moment: datetime | int) -> str:
        """A date such as ``24 Nov 2026``; integers are UTC milliseconds."""
        return self._format(moment, _DAY)

    def date(self, day: date) -> str:
        """A day such as ``24 Nov 2026``."""
        return format_date(day, _DAY, locale=self.language)

    def minute(self, moment: datetime | int) -> str:
        """A date and time such as ``24 Nov 2026, 12:04 UTC``."""
        return f"{self._format(moment, _MINUTE)} UTC"

    def minute_in(self, moment: datetime, zone: str) -> str:
        """As ``minute``, by the clocks of a time zone (IANA name), which is not named."""
        return format_datetime(moment.astimezone(ZoneInfo(zone)), _MINUTE, locale=self.language)

    def several(self, names: Sequence[str]) -> str:
        """Names in one phrase: ``Industry and Academia``."""
        return format_list(names, locale=self.language)

    def second(self, moment: datetime | int) -> str:
        """A time of day such as ``12:04:31``, UTC."""
        return self._format(moment, _SECOND)

    def name_of(self, tag: str) -> str:
        """The name of a language, such as ``Spanish``; the tag itself when nobody knows it."""
        try:
            return Locale.parse(tag, sep="-").get_display_name(self.language) or tag
        except (ValueError, UnknownLocaleError):
            return tag

    def for_scripts(self) -> dict[str, str]:
        """What the browser's scripts say, from English to this language; only what differs."""
        singles = _catalogue(self.language).singles
        return {message: singles[message] for message in messages_for_scripts() if singles.get(message)}

    def _format(self, moment: datetime | int, pattern: str) -> str:
        if isinstance(moment, int):
            moment = datetime.fromtimestamp(moment / 1000, UTC)
        return format_datetime(moment.astimezone(UTC), pattern, locale=self.language)


def direction(tag: str) -> str:
    """``rtl`` or ``ltr`` for a language tag."""
    return "rtl" if tag.split("-", 1)[0].lower() in RIGHT_TO_LEFT else "ltr"


def iso(moment: datetime | int) -> str:
    """The moment for a ``datetime`` attribute: ``2026-11-24T12:04:31Z``."""
    if isinstance(moment, int):
        moment = datetime.fromtimestamp(moment / 1000, UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def choose(wishes: Iterable[str | None], accept_language: str) -> str:
    """The first of ``wishes`` that the interface has, else the best of the browser's header, else ``en``."""
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    weighed: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        found = re.fullmatch(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part)
        if found and found[1].lower() in LANGUAGES:
            weighed.append((-float(found[2] or 1), found[1].lower()))
    best = min(weighed, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] < 0 else "en"


@lru_cache(maxsize=1)
def messages_for_scripts() -> tuple[str, ...]:
    """English messages of the browser's scripts, as ``make translations`` found them."""
    listed = _FOLDER / "scripts.json"
    return tuple(msgspec.json.decode(listed.read_bytes(), type=list[str])) if listed.exists() else ()


@lru_cache(maxsize=16)
def _catalogue(language: str) -> _Catalogue:
    path = _FOLDER / language / "LC_MESSAGES" / "adref.po"
    if language not in LANGUAGES or not path.exists():
        return _Catalogue({}, {}, lambda n: int(n != 1))
    with path.open("rb") as file:
        book = read_po(file, locale=language)
    singles: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for entry in book:
        if not entry.id or entry.fuzzy:
            continue
        if isinstance(entry.id, str):
            if isinstance(entry.string, str) and entry.string:
                singles[entry.id] = entry.string
        elif isinstance(entry.string, tuple | list) and all(entry.string):
            plurals[entry.id[0]] = tuple(entry.string)
    return _Catalogue(singles, plurals, gettext.c2py(book.plural_expr))
