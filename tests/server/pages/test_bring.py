"""Bringing a text: what is found, mended and stored, and that nothing is stored before."""

import re
from collections.abc import Awaitable, Callable
from html import unescape

from drafts.desk import drafts, forums
from drafts.store import Store
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
TEXT = """# Care for the lakes

*Recalling* that the lakes are shared,

1. States should tell each other of floods:

(a) in time;

(b) in plain words [and in writing].
"""


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the preview's form when nothing is changed."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (('type="checkbox"' not in tag and 'type="radio"' not in tag) or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        found[name] = unescape(body)
    return found


async def previewed(chair: Browser, room: Cast, source: str = TEXT) -> dict[str, str]:
    response = await chair.post(
        f"/forums/{room.forum.id}/drafts/preview", {"source": source, "title": "", "kind": "norm", "language": "en"}
    )
    assert response.status_code == 200, response.text
    return fields(response.text)


async def test_a_pasted_text_becomes_a_draft_by_way_of_the_preview(room: Cast, as_person: Sign, store: Store) -> None:
    chair = await as_person(room.chair)
    form = await previewed(chair, room)
    assert form["title"] == "Care for the lakes"
    assert [form[f"k{n}"] for n in range(int(form["count"]))] == ["preambular", "operative", "sub1", "sub1"]
    _, _, before = await drafts.of_forum(store, room.chair, room.forum.id)
    assert len(before) == 1  # nothing is stored yet
    assert form["stage"] == "second_reading"
    assert (await chair.post(f"/forums/{room.forum.id}/drafts", form | {"stage": "adopted"})).status_code == 422
    created = await chair.post(f"/forums/{room.forum.id}/drafts", form | {"stage": "preparation"})
    assert created.status_code == 303
    state, _ = await drafts.state(store, room.chair, created.headers["location"].rsplit("/", 1)[1])
    assert state.draft.stage == "preparation"
    assert [(c.label, c.text) for c in state.live()] == [
        ("PP1", "*Recalling* that the lakes are shared,"),
        ("OP1", "States should tell each other of floods:"),
        ("(a)", "in time;"),
        ("(b)", "in plain words [and in writing]."),
    ]


async def test_kinds_joins_and_what_is_left_out_are_mended_before_anything_is_stored(
    room: Cast, as_person: Sign
) -> None:
    chair = await as_person(room.chair)
    form = await previewed(chair, room)
    changed = form | {"k0": "heading", "j3": "1", "t1": "States [should tell each other.", "x2": "1"}
    again = await chair.post(f"/forums/{room.forum.id}/drafts/preview", changed)
    found = fields(again.text)
    assert found["count"] == "2"
    assert (found["k0"], found["t1"]) == ("heading", "States [should tell each other. in plain words [and in writing].")
    assert "A bracket has no partner in this clause." in again.text


async def test_an_uploaded_file_is_read_by_what_it_is(room: Cast, as_person: Sign) -> None:
    chair = await as_person(room.chair)
    path = f"/forums/{room.forum.id}/drafts/preview"
    read = await chair.post(path, {"kind": "cbm"}, files={"file": ("lakes.md", TEXT.encode())})
    assert read.status_code == 200
    assert fields(read.text)["title"] == "Care for the lakes"
    for name, data in (("old.pdf", b"%PDF-1.4 ..."), ("broken.docx", b"PK\x03\x04 no zip"), ("empty.txt", b" \n")):
        refused = await chair.post(path, {"kind": "norm", "title": "Kept"}, files={"file": (name, data)})
        assert refused.status_code in {400, 413, 422}, name
        assert 'role="alert"' in refused.text
        assert 'value="Kept"' in refused.text


async def test_bad_forms_are_refused_in_words(room: Cast, as_person: Sign, store: Store) -> None:
    chair = await as_person(room.chair)
    form = await previewed(chair, room)
    path = f"/forums/{room.forum.id}/drafts"
    for bad in (
        {"title": ""},
        {"k0": "poem"},
        {"language": "no tag"},
        {"count": "many"},
        {"count": "0"},
        {"t0": "a\0b"},
    ):
        response = await chair.post(path, form | bad)
        assert response.status_code == 422, bad
    assert (await chair.post(path, form | {"count": "9999"})).status_code == 413
    assert len((await forums.mine(store, room.chair))[0][2]) == 1
