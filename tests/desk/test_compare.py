"""What can be a side of a comparison, and for whom."""

from functools import partial

import pytest

from drafts import commands as do
from drafts.compare import Change
from drafts.desk import brought, compare, drafts, forums, live, proposals
from drafts.errors import NotFound
from drafts.exchange import read_text
from drafts.model import Openness, new_id
from drafts.store import Store
from tests.cast import CLAUSES, Cast

FILE = "# Lakes\n\n*Recalling* that the great lakes are shared,\n\n1. States shall not harm the networks."


@pytest.fixture
async def other(store: Store, people: Cast) -> str:
    """A second draft of the forum, which observers do not read."""
    return (
        await drafts.create(store, people.chair, people.forum.id, "Annex", "", "norm", "en", "open", False, CLAUSES[:2])
    ).id


@pytest.fixture
async def elsewhere(store: Store, people: Cast) -> str:
    """A draft of another forum, where only the stranger sits."""
    forum = await forums.create(store, "Sea states dialogue", "regional")
    await forums.seat(store, forum.id, people.stranger, party="Seas", code="SEA", group="government", role="chair")
    made = await drafts.create(store, people.stranger, forum.id, "Seas", "", "norm", "en", "open", True, CLAUSES)
    return made.id


async def test_versions_and_the_live_text(store: Store, people: Cast) -> None:
    draft = people.draft.id
    await live.perform(store, people.chair, draft, do.Issue(new_id(), "Rev.1"))
    state, _ = await drafts.state(store, people.chair, draft)
    ids = [clause.id for clause in state.standing()]
    await live.perform(store, people.norvale, draft, do.Split(new_id(), ids[1], 0, 12))
    await live.perform(store, people.norvale, draft, do.Join(new_id(), ids[4]))
    old, new = await compare.sides(store, people.observer, draft, ["1", "live"])
    assert (old.named, old.number, old.label, old.live, old.file, old.seq) == ("1", 1, "Rev.1", False, False, 2)
    assert (new.named, new.number, new.live, new.seq) == ("live", None, True, 4)
    assert old.hash != new.hash
    assert new.merged == {ids[4]: ids[3]}
    assert list(new.lineage.values()) == [ids[1]]
    found = compare.between(old, new)
    assert {row.change for row in found.rows} >= {Change.SPLIT, Change.MERGED}
    back = compare.between(new, old)
    assert {row.change for row in back.rows} >= {Change.SPLIT, Change.MERGED}
    assert compare.relations(old, new) == (new.lineage, new.merged)
    again = await compare.side(store, people.chair, draft, f"{draft}@1")
    assert (again.named, again.hash) == ("1", old.hash)  # in its shortest form


async def test_other_drafts_are_sides_for_those_who_may_read_them(
    store: Store, people: Cast, other: str, elsewhere: str
) -> None:
    side = await compare.side(store, people.norvale, people.draft.id, f"{other}@live")
    assert (side.named, side.draft.title) == (f"{other}@live", "Annex")
    own = await compare.side(store, people.norvale, people.draft.id, "live")
    assert compare.relations(own, side) == (None, None)
    for who, named in ((people.observer, f"{other}@live"), (people.chair, f"{elsewhere}@live")):
        with pytest.raises(NotFound):
            await compare.side(store, who, people.draft.id, named)
    listed = await compare.texts(store, people.norvale, people.draft.id)
    assert [draft.id for draft, _ in listed] == [people.draft.id, other]
    assert [draft.id for draft, _ in await compare.texts(store, people.observer, people.draft.id)] == [people.draft.id]
    with pytest.raises(NotFound):
        await compare.texts(store, people.stranger, people.draft.id)


async def test_a_file_is_a_side_for_the_party_that_brought_it(store: Store, people: Cast, other: str) -> None:
    draft = people.draft.id
    kept = await brought.keep(store, people.norvale, draft, "ours.md", read_text(FILE, "md"), "compare")
    side = await compare.side(store, people.norvale_second, draft, f"file-{kept.id}")
    assert (side.file, side.live, side.label, side.number) == (True, False, "ours.md", None)
    assert [clause.label for clause in side.content.clauses] == ["PP1", "OP1"]
    found = compare.between(await compare.side(store, people.norvale, draft, "live"), side)
    assert any(row.confidence < 100 for row in found.rows)
    for who in (None, people.stranger, people.chair, people.costamar, people.observer):
        with pytest.raises(NotFound):
            await compare.side(store, who, draft, f"file-{kept.id}")
    with pytest.raises(NotFound):  # it was brought to the other draft
        await compare.side(store, people.norvale, other, f"file-{kept.id}")


@pytest.mark.parametrize("named", ["", "2", "0", "x", "-1", "@", "@1", "1@", "nobody@live", "file-", "file-x"])
async def test_what_is_not_there(store: Store, people: Cast, named: str) -> None:
    await live.perform(store, people.chair, people.draft.id, do.Issue(new_id(), "Rev.1"))
    with pytest.raises(NotFound):
        await compare.side(store, people.chair, people.draft.id, named)


# ── proposals ──


async def begun(store: Store, people: Cast, who: str, wish: proposals.Wish) -> str:
    return (await proposals.begin(store, who, people.draft.id, wish)).id


@pytest.fixture
async def ids(store: Store, people: Cast) -> list[str]:
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    return [clause.id for clause in state.standing()]


async def test_a_private_proposal_is_a_side_for_its_circle_only(store: Store, people: Cast, ids: list[str]) -> None:
    words = "those that warn of floods and storms."
    proposal = await begun(store, people, people.norvale, proposals.Wish("modify", ids[4], text=words))
    live_text, found = await compare.sides(
        store, people.norvale_second, people.draft.id, ["live", f"proposal-{proposal}"]
    )
    assert (found.named, found.label, found.live, found.file) == (f"proposal-{proposal}", "P · Norvale", False, True)
    assert [clause.text for clause in found.content.clauses][4] == words
    rows = compare.between(live_text, found).rows
    assert [row.change for row in rows if row.change is not Change.SAME] == [Change.CHANGED]
    assert [clause.label for clause in found.content.clauses] == [clause.label for clause in live_text.content.clauses]
    for other in (people.chair, people.costamar, people.observer, people.stranger, None):
        with pytest.raises(NotFound):
            await compare.side(store, other, people.draft.id, f"proposal-{proposal}")


async def test_a_tabled_proposal_is_a_side_for_all_to_whom_the_table_is_open(
    store: Store, people: Cast, ids: list[str]
) -> None:
    perform = partial(live.perform, store)
    texts = {}
    for kind, clause, after in (
        ("delete", ids[3], None), ("move", ids[2], ids[5]), ("add", None, ids[5]), ("no_change", ids[5], None),
    ):  # fmt: skip
        wish = proposals.Wish(kind, clause, after, text="A new clause." if kind == "add" else None)
        proposal = await begun(store, people, people.norvale, wish)
        await proposals.table(store, perform, people.norvale, proposal)
        found = await compare.side(store, people.observer, people.draft.id, f"proposal-{proposal}")
        texts[kind] = [clause.id for clause in found.content.clauses]
        assert found.label.startswith("P ")
    assert texts["delete"] == [one for one in ids if one != ids[3]]
    assert texts["move"] == [*ids[:2], ids[5], *ids[2:5]]
    assert texts["add"][:6] == ids
    assert len(texts["add"]) == 7
    assert texts["no_change"] == ids
    await perform(people.chair, people.draft.id, do.SetDraft(new_id(), proposals=Openness.LEADS))
    assert await compare.side(store, people.chair, people.draft.id, f"proposal-{proposal}")
    with pytest.raises(NotFound):
        await compare.side(store, people.costamar, people.draft.id, f"proposal-{proposal}")


async def test_a_proposal_for_another_draft_is_no_side(store: Store, people: Cast, ids: list[str], other: str) -> None:
    proposal = await begun(store, people, people.norvale, proposals.Wish("delete", ids[3]))
    with pytest.raises(NotFound):
        await compare.side(store, people.norvale, other, f"proposal-{proposal}")
