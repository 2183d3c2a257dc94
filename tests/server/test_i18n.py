"""The interface in four languages: which is chosen, what is said, and that no catalogue lacks what the pages say."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from drafts.access import TABLE
from drafts.errors import Invalid
from server import i18n, messages
from server.i18n import LANGUAGES, Tongue
from server.paths import WEB
from tests.repo import REPO

TRANSLATED = sorted(set(LANGUAGES) - {"en"})
_HOLE = re.compile(r"\{(\w+)\}")


def catalogue(language: str) -> dict[str, list[str]]:
    """Forms of every translated message, by its English singular."""
    path = WEB / "locale" / language / "LC_MESSAGES" / "adref.po"
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id]
    found: dict[str, list[str]] = {}
    for entry in entries:
        name = entry.id if isinstance(entry.id, str) else entry.id[0]
        forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
        found[name] = [form for form in forms if form]
    return found


def of_templates() -> set[str]:
    found = extract_from_dir(WEB / "templates", [("**.html", "jinja2")])
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_of_the_pages_and_of_the_access_table_is_translated(language: str) -> None:
    known = catalogue(language)
    wanted = of_templates() | {rule.message for rule in TABLE.values()}
    assert sorted(message for message in wanted if not known.get(message)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_places_of_their_messages_and_fill(language: str) -> None:
    for message, forms in catalogue(language).items():
        for form in forms:
            may_leave_out = {"n"} if len(forms) > 1 else set()
            assert (
                set(_HOLE.findall(message)) - may_leave_out <= set(_HOLE.findall(form)) <= set(_HOLE.findall(message))
            )
            form.format(**dict.fromkeys(_HOLE.findall(form), "x"))


def test_the_list_of_the_scripts_messages_is_complete() -> None:
    assert list(i18n.messages_for_scripts()) == messages.of_scripts(REPO / "web" / "src")


def test_notes_and_needed_fields_are_found_beside_calls(tmp_path: Path) -> None:
    source = tmp_path / "x.py"
    source.write_text('NOTE_A = "Note."\nline(text, needed="Needed.")\nline(text, other="Other.")\n_("Said.")\n')
    with source.open("rb") as file:
        found = [message for _, _, message, _ in messages.from_python(file, {"_": None}, (), {})]
    assert sorted(str(message) for message in found) == ["Needed.", "Note.", "Said."]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("de-CH, fr;q=0.7, es;q=0.9", "es"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "ar"),
        ("en;q=0.2, fr;q=0", "en"),
        (";;;q=x,,*" * 200, "en"),
    ],
)
def test_the_browsers_wishes_decide_when_nobody_chose(header: str, language: str) -> None:
    assert i18n.choose((None, "xx"), header) == language
    assert i18n.choose((None, "es"), header) == "es"


def test_plurals_follow_each_languages_own_rule() -> None:
    def said(language: str) -> list[str]:
        return [Tongue(language).ngettext("{n} clause", "{n} clauses", n) for n in (0, 1, 2, 3, 11, 100)]

    assert said("en") == ["0 clauses", "1 clause", "2 clauses", "3 clauses", "11 clauses", "100 clauses"]
    assert said("fr")[:3] == ["0 paragraphe", "1 paragraphe", "2 paragraphes"]
    assert said("ar") == ["لا فقرات", "فقرة واحدة", "فقرتان", "3 فقرات", "11 فقرة", "100 فقرة"]


def test_times_are_utc_and_say_so() -> None:
    moment = datetime(2026, 11, 24, 23, 4, 31, tzinfo=UTC)
    assert Tongue("en").minute(moment) == "24 Nov 2026, 23:04 UTC"
    assert Tongue("fr").day(round(moment.timestamp() * 1000)) == "24 nov. 2026"
    assert Tongue("es").second(moment) == "23:04:31"
    assert i18n.iso(moment) == "2026-11-24T23:04:31Z"


def test_a_refusal_is_told_in_the_readers_language_with_its_field() -> None:
    refusal = Invalid("missing", "{field}: please fill this in.", field="Title")
    assert Tongue("fr").refusal(refusal) == "Titre : veuillez remplir ce champ."
    assert str(refusal) == "Title: please fill this in."


def test_directions_and_names_of_languages() -> None:
    assert [i18n.direction(tag) for tag in ("ar", "ar-EG", "fa", "en", "zh-Hant")] == [
        "rtl",
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]
    assert Tongue("en").name_of("es") == "Spanish"
    assert Tongue("en").name_of("qq-nonsense") == "qq-nonsense"
