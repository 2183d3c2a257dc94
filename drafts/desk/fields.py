"""What people type into fields, checked and made plain. Refusals say what is wrong and what to do."""

import re
from enum import StrEnum
from typing import TypeVar

from drafts.errors import Invalid, TooLarge
from drafts.room import clean

E = TypeVar("E", bound=StrEnum)

_EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\Z")
_CODE = re.compile(r"[A-Z]{2,6}\Z")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def line(text: str, limit: int, *, needed: str = "") -> str:
    """One line of NFC text with single spaces. ``needed``: the message when it is empty; '' allows that."""
    plain = " ".join(clean(text).split())
    if needed and not plain:
        raise Invalid("empty", needed)
    if len(plain) > limit:
        raise TooLarge("too_long", "At most {limit} characters fit here.", limit=limit)
    return plain


def paragraphs(text: str, limit: int, *, needed: str = "") -> str:
    """NFC text of several lines with single spaces. ``needed``: the message when it is empty; '' allows that."""
    lines = [" ".join(clean(line).split()) for line in text.replace("\r\n", "\n").split("\n")]
    plain = "\n".join(lines).strip()
    if needed and not plain:
        raise Invalid("empty", needed)
    if len(plain) > limit:
        raise TooLarge("too_long", "At most {limit} characters fit here.", limit=limit)
    return plain


def name(text: str) -> str:
    """The name of a person, party or forum."""
    return line(text, 200, needed="A name is needed.")


def email(text: str) -> str:
    """An e-mail address, lower-cased: nobody has to remember how they wrote it."""
    plain = line(text, 254, needed="An e-mail address is needed.").lower()
    if not _EMAIL.match(plain):
        raise Invalid("bad_email", "This is not an e-mail address.")
    return plain


def code(text: str) -> str:
    """A party's seat code."""
    plain = line(text, 100).upper()
    if not _CODE.match(plain):
        raise Invalid("bad_code", "A code has 2 to 6 letters from A to Z, such as NVL.")
    return plain


def tag(text: str) -> str:
    """A language tag."""
    plain = text.strip()
    if len(plain) > 16 or not _TAG.match(plain):
        raise Invalid("bad_language", "A language is named by its tag, such as en or pt-BR.")
    return plain


def choice(kind: type[E], value: str) -> E:
    """One of an enum's values."""
    try:
        return kind(value)
    except ValueError:
        values = ", ".join(member.value for member in kind)
        raise Invalid("bad_choice", "Choose one of: {values}.", values=values) from None


def days(count: int, most: int) -> int:
    """A time of at least one day."""
    if not 1 <= count <= most:
        raise Invalid("bad_days", "Choose between 1 and {most} days.", most=most)
    return count
