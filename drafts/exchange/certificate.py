"""A certificate as PDF for print: a sheet of facts with what was said below them. The words come translated."""

from collections.abc import Sequence
from dataclasses import dataclass

from drafts.exchange.glyphs import Printable
from drafts.exchange.language import direction
from drafts.exchange.pdf import NOTE_PAGE, missing, tag, typeset


@dataclass(frozen=True, slots=True)
class Sheet:
    """``facts``: names and values. ``parts``: headings with who said what when: name, about, words."""

    language: str
    heading: str
    forum: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]
    page: str = NOTE_PAGE


def write(sheet: Sheet) -> bytes:
    """The certificate in portrait. Raises Invalid ``print_script`` for a script that the fonts lack."""
    show = Printable()
    data = {
        "lang": tag(sheet.language),
        "dir": direction(sheet.language),
        "title": show.text(sheet.heading),
        "head": [show.text(sheet.forum)],
        "page": sheet.page,
        "facts": [[show.text(name), show.text(value)] for name, value in sheet.facts],
        "parts": [
            {
                "name": show.text(name),
                "said": [
                    {
                        "who": show.text(who),
                        "when": show.text(when),
                        "body": [show.text(one) for one in words.split("\n")],
                    }
                    for who, when, words in said
                ],
            }
            for name, said in sheet.parts
        ],
    }
    return typeset("certificate.typ", data | {"missing": missing(show, {})}, None)
