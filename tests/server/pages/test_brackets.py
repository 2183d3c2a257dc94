"""The page of brackets, its forms without scripts, the text as if they were gone, and the same over the API."""

import io
import re
import zipfile
from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts import exchange
from drafts.desk import drafts, people
from drafts.model import BracketReason
from drafts.store import Store
from server import charts
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
SECRET = "We give it up for OP2."


@pytest.fixture
async def ids(app: Starlette, room: Cast, store: Store) -> list[str]:
    """Norvale says why it wants "should", to all and to itself; a bracket over a border; one without a partner."""
    hub, draft = app.state.hub, room.draft.id
    ids = [c.id for c in (await drafts.state(store, room.chair, draft))[0].standing()]
    await hub.perform(room.chair, draft, do.Issue(operation(), "Zero <draft>"))
    for clause, text in (
        (ids[3], "those that [measure;"),
        (ids[4], "those] that warn."),
        (ids[1], "*Recalling* ] all,"),
    ):
        await hub.perform(room.costamar, draft, do.Edit(operation(), clause, 0, text))
    said = do.PutBracket(operation(), ids[2], 0, 7, 7, BracketReason.LINKED, ids[5], "See <there>.")
    await hub.perform(room.norvale, draft, said)
    own = do.PutBracket(operation(), ids[2], 0, 15, 15, BracketReason.TACTICAL, None, SECRET, private=True)
    await hub.perform(room.norvale, draft, own)
    return ids


async def texts(store: Store, room: Cast) -> list[str]:
    return [c.text for c in (await drafts.state(store, room.chair, room.draft.id))[0].standing()]


async def test_the_page_tells_of_every_bracket(ids: list[str], room: Cast, as_person: Sign) -> None:
    page = (await (await as_person(room.observer)).get(f"/drafts/{room.draft.id}/brackets")).text
    for told in (
        "3 open brackets", "1 over the border of clauses", "1 without a partner", "has no opening bracket before it",
        f"/drafts/{room.draft.id}#c-{ids[1]}", "linked to another clause", "See &lt;there&gt;.", "NVL", "alternative",
        "closes in OP1 (b)", "Zero &lt;draft&gt;", 'role="img"', "Open brackets by version: Zero &lt;draft&gt; 2,",
    ):  # fmt: skip
        assert told in page, told
    assert page.index("Without a partner") < page.index("Whose, and why")
    assert "style=" not in page
    assert "<script>" not in page
    for hidden in (SECRET, 'name="lift"', 'value="put"', "Whose, why</a>"):
        assert hidden not in page


@pytest.mark.usefixtures("ids")
async def test_a_private_reason_is_on_no_page_and_in_no_answer_but_its_partys(
    app: Starlette, room: Cast, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    paths = ["", "/brackets", "/as-if", "/record", "/versions", "/export?format=json", "/export?format=docx&comments=1"]
    doors = ["/brackets", "/brackets/burndown", "/floor", "/acts", "/redline", "/threads", "/export?format=html"]
    for who in room.members:
        token = await people.make_token(app.state.store, who, "tests")
        own = who in {room.norvale, room.norvale_second}
        visitor, found = await as_person(who), {}
        for path in paths:
            found[path] = (await visitor.get(f"/drafts/{room.draft.id}{path}")).content
        for door in doors:
            headers = {"Authorization": f"Bearer {token}"}
            answer = await browser().http.get(f"/api/v1/drafts/{room.draft.id}{door}", headers=headers)
            assert answer.status_code == 200
            found[f"api {door}"] = answer.content
        telling = {path for path, content in found.items() if SECRET.encode() in content}
        if own:
            assert {"/brackets", "api /brackets", "api /acts", "api /floor"} <= telling
        else:
            assert not telling, who


async def test_words_are_bracketed_lifted_and_spoken_for_by_forms(
    ids: list[str], room: Cast, store: Store, as_person: Sign
) -> None:
    norvale, path = await as_person(room.norvale), f"/drafts/{room.draft.id}/brackets"
    put = {"act": "put", "clause": ids[5], "quote": " للدول ", "reason": "awaiting_instructions", "words": "Capital."}
    answer = await norvale.post(path, put)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#b-{ids[5]}")
    assert (await texts(store, room))[5] == "ينبغي [للدول] أن تتبادل الإنذارات."
    page = (await norvale.get(f"{path}?clause={ids[5]}&at=6")).text
    assert 'value="Capital."' in page
    where = f"{ids[5]}.1.6"
    assert (
        await norvale.post(path, {"act": "note", "where": where, "reason": "tactical", "private": "1"})
    ).status_code == 303
    assert "Capital." not in (await norvale.get(path)).text
    lifts = re.findall(r'name="lift" value="([^"]+)"', (await norvale.get(path)).text)
    for one in (where, next(lift for lift in lifts if lift.startswith(ids[1])), f"{ids[3]}.1.11"):
        assert (await norvale.post(path, {"act": "lift", "lift": one})).status_code == 303
    assert (await norvale.post(path, {"act": "strike", "where": f"{ids[2]}.0.15"})).status_code == 303
    assert await texts(store, room) == [
        "Norms for the lake states", "*Recalling*  all,", "States [should] not harm the networks of the lakes:",
        "those that measure;", "those that warn.", "ينبغي للدول أن تتبادل الإنذارات.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"act": "put", "clause": "{2}", "quote": "the lakes nowhere"}, 422, "These words stand there 0 times"),
        ({"act": "put", "clause": "{2}", "quote": "s"}, 422, "stand there 5 times"),
        ({"act": "put", "clause": "{2}", "quote": "[should][sh"}, 409, "A bracket cannot cut another in two."),
        ({"act": "put", "clause": "none", "quote": "s"}, 422, "There is no such clause."),
        ({"act": "put", "clause": "{2}", "quote": "not", "reason": "linked"}, 422, "Choose the clause"),
        ({"act": "note", "where": "{2}.0.7", "reason": "linked"}, 422, "Choose the clause"),
        ({"act": "note", "where": "{2}.0.7"}, 403, "Another party said whose this bracket is"),
        ({"act": "lift", "lift": "{2}.0.1"}, 422, "There is no bracket at this place."),
        ({"act": "lift", "lift": "nonsense"}, 404, "There is nothing"),
        ({"act": "burn"}, 422, "choose one of the list"),
    ],
)
async def test_what_a_form_cannot_do(
    form: dict[str, str], status: int, said: str, ids: list[str], room: Cast, as_person: Sign
) -> None:
    costamar = await as_person(room.costamar)
    filled = {name: value.replace("{2}", ids[2]) for name, value in form.items()}
    answer = await costamar.post(f"/drafts/{room.draft.id}/brackets", filled)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    for at in ("x", "99999999"):
        assert (await costamar.get(f"/drafts/{room.draft.id}/brackets?clause={ids[2]}&at={at}")).status_code == 404


@pytest.mark.usefixtures("ids")
async def test_the_text_as_if_brackets_were_gone(room: Cast, as_person: Sign) -> None:
    reader, path = await as_person(room.observer), f"/drafts/{room.draft.id}/as-if"
    lifted, struck = [(await reader.get(f"{path}?brackets={what}")).text for what in ("lifted", "struck")]
    assert "States should shall not harm" in lifted
    assert "Alternatives that stand side by side are both kept" in lifted
    assert "States not harm" in struck
    assert "those that</p>" in struck
    assert "1 bracket without a partner stays." in struck
    for page in (lifted, struck):
        assert "This is not the text as it stands" in page
        assert "style=" not in page
    assert (await reader.get(f"{path}?brackets=burnt")).status_code == 404


@pytest.mark.usefixtures("ids")
async def test_the_same_as_files_which_are_no_edited_copy(room: Cast, as_person: Sign) -> None:
    reader, path = await as_person(room.observer), f"/drafts/{room.draft.id}/export"
    for form in ("md", "html", "json", "docx", "pdf"):
        answer = await reader.get(f"{path}?format={form}&brackets=struck")
        assert answer.status_code == 200, answer.text
        if form in {"md", "json", "docx"}:
            back = exchange.read(f"back.{form}", answer.content)
            assert [clause.text for clause in back.clauses][2:4] == [
                "States not harm the networks of the lakes:", "those that",
            ]  # fmt: skip
            assert back.base is None or back.base.draft != room.draft.id
        if form == "docx":
            with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
                everything = " ".join(package.read(name).decode() for name in package.namelist())
            assert "as if all bracketed text were deleted" in everything
    assert (
        "as-if-all-brackets-were-lifted" in (await reader.get(f"{path}?brackets=lifted")).headers["content-disposition"]
    )
    for wrong in ("brackets=burnt", "brackets=lifted&format=docx&comments=1", "brackets=lifted&format=html&since=1"):
        assert (await reader.get(f"{path}?{wrong}")).status_code == 422


async def test_the_api_lists_and_counts(
    ids: list[str], app: Starlette, room: Cast, browser: Callable[[], Browser]
) -> None:
    token = await people.make_token(app.state.store, room.costamar, "tests")
    http, headers = browser().http, {"Authorization": f"Bearer {token}"}
    base = f"/api/v1/drafts/{room.draft.id}/brackets"
    found = (await http.get(base, headers=headers)).json()
    assert [(p["clause"], p["start"], p["kind"], len(p["notes"])) for p in found["pairs"]] == [
        (ids[2], 7, "alternative", 1), (ids[2], 15, "alternative", 0), (ids[3], 11, "plain", 0),
    ]  # fmt: skip
    assert found["pairs"][0]["notes"][0]["link"] == ids[5]
    assert (found["spanning"], found["unbalanced"][0]["opens"]) == (1, False)
    burn = (await http.get(f"{base}/burndown", headers=headers)).json()
    assert [(one["label"], one["pairs"]) for one in burn["versions"]] == [("Zero <draft>", 2)]
    assert burn["days"][-1]["owners"] == {room.parties["NVL"].id: 1, "": 2}


def test_a_chart_says_its_numbers_and_keeps_its_labels_apart() -> None:
    day = 86_400_000
    dots = [charts.Dot(n * day, 40 - n, f"<Rev.{n}>", "1 Jan") for n in range(20)]
    drawn = charts.line(dots, 'Open "brackets"', "21 open")
    assert 'aria-label="Open &quot;brackets&quot;"' in drawn
    assert "&lt;Rev.19&gt;" in drawn
    places = [float(x) for x in re.findall(r'class="big" x="([\d.]+)" y="268"', drawn)]
    assert len(places) > 3
    assert min(abs(one - other) for one in places for other in places if one != other) >= 78
    assert [int(n) for n in re.findall(r'text-anchor="end">(\d+)<', drawn)] == [0, 10, 20, 30, 40]
    assert "style" not in drawn
    assert charts.line([], "nothing") == ""
    assert charts.line([charts.Dot(5, 0)], "one").count("<circle") == 1
