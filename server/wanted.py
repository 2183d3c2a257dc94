"""The filter over the remarks of a round (``consultation.Wanted``) as the fields of an address: pages, API and command
line share them. ``clause=-`` stands for remarks on the whole text and on what is missing anywhere.
"""

from dataclasses import fields
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from drafts.consultation import Disposition, RemarkKind, RemarkState, Spot, View, Wanted
from drafts.errors import Invalid
from drafts.model import Group

E = TypeVar("E", bound=StrEnum)
MOST_WORDS: Final = 200  # characters of a text search
_MOST: Final = 600  # values of one field: a box for each clause of the longest text
_NO_CLAUSE: Final = "-"
_YES_NO: Final = {"yes": True, "no": False}
_SETS: Final[dict[str, tuple[str, type[StrEnum]]]] = {
    "group": ("groups", Group),
    "spot": ("spots", Spot),
    "kind": ("kinds", RemarkKind),
    "view": ("views", View),
    "state": ("states", RemarkState),
    "disposition": ("dispositions", Disposition),
}
_TEXTS: Final = {
    "party": "party",
    "language": "language",
    "question": "question",
    "bundle": "bundle",
    "contribution": "contribution",
    "q": "words",
}


def wanted(params: QueryParams) -> Wanted:
    """The filter that an address asks for; other fields of it are not looked at. Raises Invalid for a value that there
    is not."""
    told: dict[str, Any] = {
        name: frozenset(_choice(field, kind, one) for one in _several(params, field))
        for field, (name, kind) in _SETS.items()
    }
    told |= {name: _text(params, field) for field, name in _TEXTS.items()}
    told["clauses"] = frozenset(None if one == _NO_CLAUSE else one[:32] for one in _several(params, "clause"))
    told |= {"answered": _yes_no(params, "answered"), "late": _yes_no(params, "late")}
    return Wanted(**told, mine=bool(_yes_no(params, "mine")))


def query(asked: Wanted, **more: object) -> str:
    """The same as the end of an address, without its question mark; ``more``: further fields, left out when None or
    empty. The same filter always gives the same text."""
    pairs: list[tuple[str, str]] = []
    for field, (name, kind) in _SETS.items():
        chosen = getattr(asked, name)
        pairs += [(field, one.value) for one in kind if one in chosen]
    pairs += [("clause", one) for one in sorted(clause or _NO_CLAUSE for clause in asked.clauses)]
    pairs += [(field, getattr(asked, name)) for field, name in _TEXTS.items()]
    for field in ("answered", "late"):
        pairs += [(field, word) for word, value in _YES_NO.items() if getattr(asked, field) is value]
    pairs += [("mine", "yes")] if asked.mine else []
    pairs += [(name, "" if value is None else str(value)) for name, value in more.items()]
    return urlencode([(field, value) for field, value in pairs if value])


def without(asked: Wanted, *names: str) -> Wanted:
    """The filter without some of its fields (names of ``Wanted``)."""
    plain = Wanted()
    kept = {one.name: getattr(plain if one.name in names else asked, one.name) for one in fields(Wanted)}
    return Wanted(**kept)


def _several(params: QueryParams, field: str) -> list[str]:
    found = [one for one in params.getlist(field) if one]
    if len(found) > _MOST:
        raise Invalid("too_many", "{field}: at most {most} at once.", field=field, most=_MOST)
    return found


def _choice(field: str, kind: type[E], value: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise Invalid("bad_choice", "{field}: please choose one of the list.", field=field) from None


def _yes_no(params: QueryParams, field: str) -> bool | None:
    value = params.get(field, "")
    if value and value not in _YES_NO:
        raise Invalid("bad_choice", "{field}: please choose one of the list.", field=field)
    return _YES_NO.get(value)


def _text(params: QueryParams, field: str) -> str:
    value = params.get(field, "").strip()
    if len(value) > MOST_WORDS:
        raise Invalid("too_long", "{field}: at most {most} characters.", field=field, most=MOST_WORDS)
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise Invalid("not_text", "{field}: this is not text.", field=field)
    return value
