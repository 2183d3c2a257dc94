"""Where the words of remarks are found: SQLite's FTS5 and PostgreSQL's ``tsvector`` over one preparation of the text.

Both cut at what is no letter or digit and know no script without spaces, so such scripts are set with a space between
the characters and looked up as phrases. Words are found whole, letter case and accents aside, or by their beginning
with ``*``; words in quotes are found in a row.
"""

import re
import unicodedata
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, column, text
from sqlalchemy.sql.expression import TextClause

from drafts import tables as t

_serial: Final = column("serial", BigInteger)
MOST_WORDS: Final = 12  # of a question; a phrase counts as one
MOST_IN_ROW: Final = 60  # words or characters of a phrase
_SOLID: Final = re.compile(r"([\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af])")
_LETTERS: Final = re.compile(r"[^\W_]+")
_WORD: Final = re.compile(r"[^\W_]+\*?")
_QUOTED: Final = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|([^"“”„«»]+)')


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words.casefold())
    return "".join([letter for letter in letters if not unicodedata.combining(letter)])


def prepared(*texts: str) -> str:
    """The words as both databases index them."""
    return " ".join([_SOLID.sub(r" \1 ", word) for word in _LETTERS.findall(_plain(" ".join(texts)))])


def _phrases(words: str) -> list[tuple[list[str], str]]:
    """What is asked for: words in a row (what stands in quotes; characters of solid scripts stay together), each with
    ``*`` for a beginning only."""
    found: list[tuple[list[str], str]] = []
    for quoted, rest in _QUOTED.findall(_plain(words)):
        told = [" ".join(_LETTERS.findall(quoted))] if quoted else _WORD.findall(rest)
        for phrase in told:
            pieces = _SOLID.sub(r" \1 ", phrase.rstrip("*")).split()
            if pieces:
                found.append((pieces[:MOST_IN_ROW], "*" if phrase.endswith("*") else ""))
    return found[:MOST_WORDS]


def matching(words: str, dialect: str) -> ColumnElement[bool] | None:
    """The condition on ``remark`` that all of the words stand in it; None when there is nothing to look for."""
    phrases = _phrases(words)
    if not phrases:
        return None
    if dialect == "sqlite":
        asked = " ".join(f'"{" ".join(pieces)}"{star}' for pieces, star in phrases)
        found = text("SELECT rowid AS serial FROM remark_words WHERE remark_words MATCH :asked")
    else:
        asked = " & ".join(f"({' <-> '.join(pieces)}{star and ':*'})" for pieces, star in phrases)
        found = text("SELECT serial FROM remark_words WHERE words @@ to_tsquery('simple', :asked)")
    return t.remark.c.serial.in_(found.bindparams(asked=asked).columns(_serial))


def indexing(dialect: str) -> TextClause:
    """The statement that indexes the words of one serial; ``serial`` and ``words`` are to be given."""
    if dialect == "sqlite":
        return text("INSERT OR REPLACE INTO remark_words (rowid, words) VALUES (:serial, :words)")
    return text(
        "INSERT INTO remark_words (serial, words) VALUES (:serial, to_tsvector('simple', :words)) "
        "ON CONFLICT (serial) DO UPDATE SET words = excluded.words"
    )


def forgetting(dialect: str) -> TextClause:
    """The statement that takes the words of one ``serial`` out."""
    key = "rowid" if dialect == "sqlite" else "serial"
    return text(f"DELETE FROM remark_words WHERE {key} = :serial")  # noqa: S608 - one of two words of ours


def row(serial: int, *texts: str) -> dict[str, Any]:
    """The values for ``indexing``."""
    return {"serial": serial, "words": prepared(*texts)}
