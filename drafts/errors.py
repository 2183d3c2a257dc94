"""Refusals: what Adref answers when it does not do what was asked.

Every refusal carries a ``key`` (stable, for machines and for the wire) and a ``message``: a plain English sentence that
is also the msgid in the translation catalogue. ``params`` fill the ``{name}`` places of the message after translation.

    Refusal
    ├── NotFound    the thing is not there, or not for this person's eyes (404)
    ├── Forbidden   it is there, but this person has no right to do that (403)
    ├── Invalid     what came in is not understood or breaks a limit (400 / 422)
    ├── Conflict    right and well formed, but the text has moved on or is locked (409)
    └── TooMany     too fast or too large (429 / 413)
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """Something asked for is not done; nothing was changed."""

    status: ClassVar[int] = 400

    def __init__(self, key: str, message: str, **params: str | int) -> None:
        super().__init__(message.format(**params) if params else message)
        self.key = key
        self.message = message
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors are pickled with their one text; these have more to say when they come from another process."""
        return _again, (type(self), self.key, self.message, self.params)


def _again(kind: "type[Refusal]", key: str, message: str, params: dict[str, str | int]) -> "Refusal":
    return kind(key, message, **params)


class NotFound(Refusal):
    """404: a stranger learns nothing, not even that it exists."""

    status = 404


class Forbidden(Refusal):
    """403: says the rule that stands in the way."""

    status = 403


class Invalid(Refusal):
    """422: says what is wrong with the input and what to do."""

    status = 422


class Conflict(Refusal):
    """409: the state of the text does not allow it now."""

    status = 409


class TooMany(Refusal):
    """429: too many tries, or too much at once."""

    status = 429


class TooLarge(Refusal):
    """413: over a limit that the message names."""

    status = 413
