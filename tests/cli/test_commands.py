"""The command line, command by command: what it says, what it does to the database, and its exit codes."""

import asyncio
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from drafts import commands as do
from drafts import exchange, migrate
from drafts.desk import invitations, people
from drafts.desk.live import perform
from drafts.store import Store
from server import auth, cli, demo
from server.paths import MIGRATIONS

CHAIR = "chair@demo.invalid"


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs ``adref`` on a database of the test's own, with another text on standard input if wanted."""
    monkeypatch.setenv("ADREF_DATABASE_URL", f"sqlite:///{tmp_path / 'adref.db'}")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, piped: str = "") -> Said:
        monkeypatch.setattr("sys.argv", ["adref", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(piped))
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        code = end.value.code
        return Said(code if isinstance(code, int) else 0, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo exercise, to be copied."""
    path = tmp_path_factory.mktemp("exercise") / "adref.db"

    async def make() -> None:
        await migrate.upgrade(f"sqlite:///{path}", MIGRATIONS)
        async with Store.open(f"sqlite:///{path}") as store:
            await demo.make(store)

    asyncio.run(make())
    return path


@pytest.fixture
def played(run: Run, exercise: Path, tmp_path: Path) -> Run:
    """``run``, with the demo exercise in the database."""
    shutil.copy(exercise, tmp_path / "adref.db")
    return run


# ── usage ──


def test_no_command_shows_help(run):
    said = run()
    assert said.code == 2
    assert all(name in said.out + said.err for name in ("serve", "compare", "verify", "token", "Exit codes"))


@pytest.mark.parametrize("arguments", [["nonsense"], ["export"], ["compare", "a"], ["user", "add", "a@b"], ["db", "x"]])
def test_wrong_usage_is_2_and_no_traceback(run, arguments):
    said = run(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ADREF_PORT", "eighty", "ADREF_PORT"),
        ("ADREF_DATABASE_URL", "mysql://x/y", "SQLite and PostgreSQL"),
        ("ADREF_DATABASE_URL", "nonsense", "ADREF_DATABASE_URL"),
        ("ADREF_DATABASE_URL", "postgresql://a:b@127.0.0.1:1/x", "does not answer"),
    ],
)
def test_bad_settings_are_named(run, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    said = run("user", "list")
    assert said.code == 2
    assert words in said.err
    assert "Traceback" not in said.err


def test_reading_makes_no_database(run, tmp_path):
    said = run("user", "list")
    assert (said.code, "There is no database" in said.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


# ── an operator sets up a forum ──


def test_from_nothing_to_a_chair_with_an_invitation(run, tmp_path):
    made = run("forum", "add", "Lakes dialogue", "--level", "regional")
    assert made.code == 0
    assert run("forum", "party", "Lakes dialogue", "Chair", "--code", "chr").code == 0
    again = run("forum", "party", "Lakes dialogue", "Chair", "--code", "CHR")
    assert again.code == 2
    link = run("forum", "invite", "Lakes dialogue", "--party", "CHR", "--role", "chair").out.strip()
    assert link.startswith("http://127.0.0.1:8000/join/")
    assert run("forum", "invite", "Lakes dialogue", "--party", "XYZ").code == 2
    assert run("forum", "invite", "Nowhere", "--party", "CHR").code == 2

    async def accept() -> str:
        async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store:
            member, _ = await invitations.accept(store, link.rpartition("/")[2], newcomer)
            return member.role.value

    newcomer = invitations.NewPerson("Ada Brannt", "ada@lakes.example", "hash")
    assert asyncio.run(accept()) == "chair"
    assert "Lakes dialogue" in run("forum", "list").out
    assert "CHR chair" in run("user", "list").out


def test_people_and_passwords(run, tmp_path):
    added = run(
        "user", "add", "Ines@Lakes.example", "--name", "Ines Valder", "--password-stdin", piped="long enough 1\n"
    )
    assert (added.code, "ines@lakes.example" in added.out) == (0, True)
    assert (
        run("user", "add", "ines@lakes.example", "--name", "I", "--password-stdin", piped="long enough 1\n").code == 2
    )
    assert run("user", "add", "x@lakes.example", "--name", "X", "--password-stdin", piped="short\n").code == 2
    assert run("user", "add", "no address", "--name", "X", "--password-stdin", piped="long enough 1\n").code == 2
    assert "terminal" in run("user", "add", "x@lakes.example", "--name", "X").err
    assert run("user", "password", "ines@lakes.example", "--password-stdin", piped="another one 22\n").code == 0
    assert run("user", "password", "nobody@lakes.example", "--password-stdin", piped="another one 22\n").code == 2

    async def right(password: str) -> bool:
        async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store:
            found = await people.by_email(store, "ines@lakes.example")
            return found is not None and await auth.verify_password(found[1], password)

    assert asyncio.run(right("another one 22"))
    assert not asyncio.run(right("long enough 1"))


def test_a_seat_for_somebody_with_an_account(played):
    assert (
        played("user", "add", "x@lakes.example", "--name", "X", "--password-stdin", piped="long enough 1\n").code == 0
    )
    forum = played("forum", "list").out.splitlines()[1].split()[0]
    said = played("forum", "member", forum, "x@lakes.example", "--party", "NVL")
    assert (said.code, said.out.strip()) == (0, "X: delegate for Norvale")
    assert played("forum", "member", forum, "x@lakes.example", "--party", "NVL").code == 2


def test_tokens(played, tmp_path):
    secret = played("token", "make", CHAIR, "minutes", "--days", "3").out.strip()
    assert secret.startswith("adref_")
    listed = played("token", "list", CHAIR).out
    assert "minutes" in listed
    assert secret not in listed
    token = listed.splitlines()[1].split()[0]

    async def works() -> bool:
        async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store:
            return await people.person_of_token(store, secret) is not None

    assert asyncio.run(works())
    assert played("token", "revoke", CHAIR, token).code == 0
    assert not asyncio.run(works())
    assert played("token", "revoke", CHAIR, token).code == 2
    assert played("token", "make", CHAIR, "minutes", "--days", "0").code == 2


# ── texts ──


def test_bringing_a_file_and_taking_it_out_again(played, tmp_path):
    file = tmp_path / "answers.md"
    file.write_text("# Answers\n\n*Recalling* earlier meetings,\n\n1. *Invites* States:\n\n   (a) to answer.\n")
    said = played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9")
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == ["PP1", "OP1", "(a)"]
    assert played("export", "SIM/L.9", "-o", str(tmp_path / "out.md")).code == 0
    same = played("compare", str(tmp_path / "out.md"), "SIM/L.9@live")
    assert (same.code, "the same, word for word" in same.out) == (0, True)
    for form in ("md", "html", "json"):
        assert "earlier meetings" in played("export", "SIM/L.9", "--format", form).out
    printed = tmp_path / "out.pdf"
    assert played("export", "SIM/L.9", "--format", "pdf", "--lines", "-o", str(printed)).code == 0
    assert printed.read_bytes().startswith(b"%PDF-")


def test_bringing_asks_the_access_table(played, tmp_path):
    file = tmp_path / "answers.md"
    file.write_text("*Recalling* earlier meetings,\n")
    delegate = played("import", str(file), "--as", "norvale@demo.invalid")
    assert (delegate.code, "chair and the secretariat" in delegate.err) == (2, True)
    assert played("import", str(file), "--as", "nobody@demo.invalid").code == 2
    assert played("import", str(tmp_path / "nothing.md"), "--as", CHAIR).code == 2
    (tmp_path / "empty.md").write_text(" ")
    assert played("import", str(tmp_path / "empty.md"), "--as", CHAIR).code == 2
    assert "SIM/LCW/L.4" in played("export", "SIM/LCW/L.4", "--as", CHAIR).out
    assert played("export", "SIM/LCW/L.4", "--as", "helplines@demo.invalid").code == 2


def test_a_word_file_with_changes_and_comments(played, tmp_path):
    file = tmp_path / "out.docx"
    options = ("--format", "docx", "--since", "Zero draft", "--lines", "-o", str(file))
    assert played("export", "SIM/LCW/L.3@2", *options).code == 0
    plain = exchange.read("out.docx", file.read_bytes())
    assert plain.remarks == ()
    assert any(piece.ins for clause in plain.clauses for piece in clause.pieces)
    assert played("export", "SIM/LCW/L.3", "--format", "docx", "--as", CHAIR, "--comments", "-o", str(file)).code == 0
    assert exchange.read("out.docx", file.read_bytes()).remarks
    nobody = played("export", "SIM/LCW/L.3", "--format", "docx", "--comments")
    assert (nobody.code, "--as" in nobody.err) == (2, True)
    assert played("export", "SIM/LCW/L.3", "--since", "1").code == 2
    assert played("export", "SIM/LCW/L.3", "--format", "docx", "--since", "7").code == 2


def test_a_comparison_goes_to_word_and_print(played, tmp_path):
    file, printed = tmp_path / "out.docx", tmp_path / "out.pdf"
    said = played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--docx", str(file), "--pdf", str(printed))
    assert (said.code, said.out) == (1, "")
    assert printed.read_bytes().startswith(b"%PDF-")
    signed = _authors(exchange.read("out.docx", file.read_bytes()))
    assert len(signed) > 1
    assert "Adref" not in signed
    (tmp_path / "own.md").write_text("*Recalling* the earlier meetings,\n\nInvites all States to meet;\n")
    (tmp_path / "new.md").write_text("*Recalling* the earlier meetings,\n\nInvites all States to meet each year;\n")
    named = ("own.md", "new.md", "--docx", str(file))
    assert played("compare", *named).code == 1
    back = exchange.read("out.docx", file.read_bytes())
    assert _authors(back) == {"Adref"}
    assert [clause.text for clause in back.clauses][1] == "Invites all States to meet each year;"
    assert played("compare", "own.md", "new.md", "--docx", str(tmp_path)).code == 2


def _authors(parsed):
    pieces = [piece for clause in (*parsed.clauses, *parsed.rejected) for piece in clause.pieces]
    return {by.author for piece in pieces for by in (piece.ins, piece.dele) if by}


def test_comparing(played):
    different = played("compare", "SIM/LCW/L.3@Zero draft", "SIM/LCW/L.3@2")
    assert different.code == 1
    assert "OP11: deleted" in different.out
    assert "[-, without delay-]" in different.out
    assert "{+ y suficientes+}" in different.out
    assert "PP4: split off" in different.out
    machine = played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--json")
    assert machine.code == 1
    found = json.loads(machine.out)
    assert (found["equal"], found["counts"]["deleted"], found["counts"]["split"]) == (False, 1, 1)
    assert played("compare", "SIM/LCW/L.3@2", "SIM/LCW/L.3@2").code == 0


@pytest.mark.parametrize("named", ["nothing.md", "SIM/LCW/L.3", "SIM/LCW/L.3@7", "nothing@1", "@", "x@y@z"])
def test_what_cannot_be_compared_is_2(played, named):
    said = played("compare", "SIM/LCW/L.3@1", named)
    assert said.code == 2
    assert said.err.startswith("adref: ")


# ── the database ──


def test_upgrade_current_backup(run, tmp_path):
    assert run("db", "current").out.startswith("none")
    assert run("db", "upgrade").code == 0
    assert run("db", "current").out.startswith(str(migrate.newest(MIGRATIONS)))
    copy = tmp_path / "copy.db"
    assert run("db", "backup", str(copy)).code == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert run("db", "backup", str(copy)).code == 2
    assert run("db", "backup", str(tmp_path / "no" / "such" / "folder")).code == 2


def test_a_database_of_another_release_is_not_touched(played, tmp_path):
    with sqlite3.connect(tmp_path / "adref.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
    connection.close()
    said = played("user", "list")
    assert (said.code, "adref db upgrade" in said.err) == (2, True)


def test_proof(played, tmp_path):
    assert played("verify").code == 0
    with sqlite3.connect(tmp_path / "adref.db") as connection:
        connection.execute("UPDATE log SET body = replace(body, 'suficientes', 'abundantes') WHERE kind = 'edit'")
    connection.close()
    said = played("verify")
    assert said.code == 1
    assert "act" in said.err
    assert said.err.count("\n") == 1


def test_the_demo_is_made_once(run):
    assert "Delegate of Norvale" in run("demo").out
    assert run("demo").code == 0
    assert len(run("forum", "list").out.splitlines()) == 2


def test_a_comparison_is_written_as_a_page(played, tmp_path):
    file = tmp_path / "compared.html"
    said = played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--html", str(file))
    assert (said.code, said.out) == (1, "")
    assert "<ins>" in file.read_text(encoding="utf-8")
    assert played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--html", str(tmp_path / "no" / "x")).code == 2


def test_merging_a_file(played, tmp_path):
    symbol = "SIM/LCW/L.3"
    before = played("export", symbol).out
    version = played("export", f"{symbol}@2").out
    for name, heading in (("one.md", "Preambular part"), ("two.md", "Opening part")):
        (tmp_path / name).write_text(version.replace("Preamble", heading))
    merge = ("merge", "one.md", symbol, "--as", "norvale@demo.invalid", "--base", "2")
    said = played(*merge, "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert "would be applied" in said.out
    assert played("export", symbol).out == before
    said = played(*merge)
    assert (said.code, "1 applied" in said.out) == (0, True)
    head, _, text = before.rpartition("---\n")
    assert played("export", symbol).out.rpartition("---\n")[2] == text.replace("Preamble", "Preambular part")
    assert head  # says how far the draft is, which is further now
    said = played(*merge)
    assert (said.code, "1 there already" in said.out) == (0, True)
    said = played("merge", "two.md", symbol, "--as", CHAIR, "--base", "2", "--author", "Marta=NVL")
    assert said.code == 1
    assert "others changed the same words" in said.out
    assert all(line in said.out for line in ("base    Preamble", "theirs  Opening part", "live    Preambular part"))
    assert played("verify").code == 0


def test_a_file_of_who_may_not_edit_becomes_proposals(played, tmp_path):
    symbol = "SIM/LCW/L.4"  # in the chair's pen
    before = played("export", symbol).out
    (tmp_path / "one.md").write_text(before.replace("notice is voluntary", "notice stays voluntary"))
    merge = ("merge", "one.md", symbol, "--as", "norvale@demo.invalid")
    said = played(*merge, "--dry-run")
    assert (said.code, "1 would become private proposals" in said.out) == (0, True)
    said = played(*merge)
    assert (said.code, "1 private proposals" in said.out) == (0, True)
    assert re.search(r"^> edit .*: as proposal [0-9a-f]{20}$", said.out, re.MULTILINE)
    assert played("export", symbol).out == before
    assert played("verify").code == 0


@pytest.mark.parametrize(
    "more", [["--base", "9"], ["--author", "Marta=XXX"], ["--author", "=NVL"], ["--as", "nobody@demo.invalid"]]
)
def test_what_cannot_be_merged_is_2(played, tmp_path, more):
    (tmp_path / "one.md").write_text(played("export", "SIM/LCW/L.3@2").out)
    said = played("merge", "one.md", "SIM/LCW/L.3", "--as", CHAIR, *more)
    assert (said.code, said.out, "Traceback" in said.err) == (2, "", False)


def test_labels_of_two_versions(played):
    said = played("concordance", "SIM/LCW/L.3", "Zero draft", "2")
    assert said.code == 0
    assert re.search(r"^OP11 +– +deleted", said.out, re.MULTILINE)
    found = json.loads(played("concordance", "SIM/LCW/L.3", "1", "2", "--json").out)
    assert {"deleted", "moved", "split"} <= {one["origin"] for one in found}
    table = played("concordance", "SIM/LCW/L.3", "1", "2", "--csv").out.splitlines()
    assert table[0] == "old,new,origin,changed,text"
    assert len(table) == len(found) + 1
    assert played("concordance", "SIM/LCW/L.3", "1", "7").code == 2


def test_what_was_removed(played):
    said = played("removed", "SIM/LCW/L.3", "2", "1")  # whichever is named first
    assert said.code == 0
    assert re.search(r"^OP11: clause deleted by .+\(.+\), .+ UTC$", said.out, re.MULTILINE)
    found = json.loads(played("removed", "SIM/LCW/L.3", "1", "2", "--json").out)
    assert all(one["moments"] for one in found)
    assert "OP11" in [one["label"] for one in found if one["what"] == "clause"]
    assert "Nothing was removed" in played("removed", "SIM/LCW/L.3", "2", "2").out
    assert played("removed", "nothing", "1", "2").code == 2


def test_who_speaks_for_whom_and_how_long_a_silence_is(played):
    forum = played("forum", "list").out.splitlines()[1].split()[0]
    said = played("forum", "group", forum, "--party", "NVL", "--as", CHAIR, "--for", "CTM")
    assert (said.code, said.out.strip()) == (0, "NVL speaks for CTM")
    said = played("forum", "group", forum, "--party", "NVL", "--as", CHAIR)
    assert said.out.strip() == "NVL speaks for itself alone"
    assert played("forum", "group", forum, "--party", "NVL", "--as", "norvale@demo.invalid").code == 2
    said = played("forum", "rules", forum, "--as", CHAIR, "--silence", "10", "--breaks", "everyone")
    assert said.out.strip().endswith("10 minutes, everyone")
    assert played("forum", "rules", forum, "--as", CHAIR, "--silence", "0").code == 2


def test_brackets_are_listed_counted_and_read_as_if_they_were_gone(played):
    said = played("brackets", "list", "SIM/LCW/L.3")
    assert said.code == 0
    found = json.loads(played("brackets", "list", "SIM/LCW/L.3", "--json").out)
    assert f"{len(found['pairs'])} open" in said.out
    assert found["pairs"][0]["words"] in said.out
    as_chair = json.loads(played("brackets", "list", "SIM/LCW/L.3", "--as", CHAIR, "--json").out)
    assert len(as_chair["pairs"]) == len(found["pairs"])
    burn = json.loads(played("brackets", "burndown", "SIM/LCW/L.3", "--json").out)
    assert burn["days"][-1]["pairs"] == len(found["pairs"])
    told = played("brackets", "burndown", "SIM/LCW/L.3", "--as", CHAIR).out
    assert burn["versions"][0]["label"] in told
    lifted = played("export", "SIM/LCW/L.3", "--brackets", "lifted", "--format", "json").out
    assert found["pairs"]
    assert not any("[" in clause["text"] for clause in json.loads(lifted)["clauses"])
    assert (
        played("export", "SIM/LCW/L.3", "--brackets", "lifted", "--as", CHAIR, "--format", "docx", "--comments").code
        == 2
    )
    assert played("brackets", "list", "nothing").code == 2


def test_positions_and_the_stage(played, tmp_path):
    file = tmp_path / "tides.md"
    file.write_text("*Recalling* the tides,\n\n1. *Invites* States to watch them.\n")
    assert played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9").code == 0
    norvale = ("--as", "norvale@demo.invalid")
    assert played("positions", "take", "SIM/L.9", "OP1", "reserve", *norvale).code == 2
    said = played("positions", "take", "SIM/L.9", "OP1", "reserve", *norvale, "--note", "We read it still.")
    assert (said.code, said.out.strip()) == (0, "NVL: reserve")
    assert played("positions", "take", "SIM/L.9", "PP1", "conditional", *norvale, "--if", "OP1").code == 0
    shown = played("positions", "list", "SIM/L.9", "--as", CHAIR).out
    assert re.search(r"OP1\n  reserve +1  NVL", shown)
    told = json.loads(played("positions", "list", "SIM/L.9", "--as", CHAIR, "--json").out)
    assert [thing["positions"]["list"][0]["stance"] for thing in told["things"]] == ["conditional", "reserve"]
    assert played("positions", "take", "SIM/L.9", "OP1", *norvale).out.strip() == "NVL: taken back"
    assert played("positions", "take", "SIM/L.9", "OP7", "support", *norvale).code == 2
    assert played("stage", "SIM/L.9").out.strip() == "second_reading"
    assert played("stage", "SIM/L.9", "consultation", *norvale).code == 2
    assert played("stage", "SIM/L.9", "consultation", "--as", CHAIR).out.strip() == "consultation"
    assert played("positions", "take", "SIM/L.9", "OP1", "support", *norvale).code == 2


def test_a_silence_procedure(played, tmp_path):
    draft, norvale, leads = issued(tmp_path), "norvale@demo.invalid", ("--as", CHAIR)
    assert "No silence procedure" in played("silence", "status", draft, *leads).out
    for wrong in ((), ("--hours", "80", "--until", "2026-11-27T12:00"), ("--hours", "1"), ("--until", "soon")):
        assert played("silence", "start", draft, *leads, *wrong).code == 2
    assert played("silence", "start", draft, "--as", norvale, "--hours", "80").code == 2
    assert played("silence", "certificate", draft, *leads).code == 2
    started = played("silence", "start", draft, *leads, "--hours", "80", "--note", "Last call.")
    assert (started.code, "running" in started.out, "NVL" in started.out) == (0, True, True)
    assert played("silence", "explain", draft, "-", "--as", norvale, piped="We read it\nas voluntary.").code == 0
    assert played("silence", "certificate", draft, *leads).code == 2  # it has not ended
    broken = played("silence", "break", draft, "--as", norvale, "--reason", "Not yet.", "--clause", "OP1")
    assert "broken by NVL" in broken.out
    assert "explained by NVL" in broken.out
    paper = json.loads(played("silence", "certificate", draft, *leads).out)
    assert (paper["outcome"], paper["breaks"][0]["clauses"][0]["label"]) == ("broken", "OP1")
    assert played("silence", "certificate", draft, *leads, "-o", str(tmp_path / "paper.pdf")).code == 0
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF-")
    assert played("silence", "start", draft, *leads, "--until", "2099-11-27T12:00").code == 2
    assert played("silence", "start", draft, *leads, "--hours", "72").code == 0
    cancelled = played("silence", "cancel", draft, *leads, "--reason", "A slip.")
    assert (cancelled.code, "cancelled" in cancelled.out) == (0, True)
    assert played("verify").code == 0


def issued(folder: Path) -> str:
    """Issue the first draft of the exercise as it stands; its id."""

    async def work() -> str:
        async with Store.open(f"sqlite:///{folder / 'adref.db'}") as store:
            chair = await people.by_email(store, CHAIR)
            assert chair is not None
            async with store.read() as q:
                (forum,) = await q.forums.all(demo=True)
                draft, *_ = await q.drafts.of_forum(forum.id)
            await perform(store, chair[0].id, draft.id, do.Issue("issue", "Rev.9"))
            return draft.id

    return asyncio.run(work())


def test_a_compilation_text(played, tmp_path):
    file = tmp_path / "tides.md"
    file.write_text("*Recalling* the tides,\n\n1. *Invites* States to watch them.\n")
    assert played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9").code == 0
    assert "[" not in played("compilation", "SIM/L.9").out
    said = ("--clause", "OP1", "--text", "*Invites* States to measure them.", "--table")
    assert played("proposals", "begin", "SIM/L.9", *said, "--as", "norvale@demo.invalid").code == 0
    shown = "*Invites* States to [watch] (Norvale: delete) [measure] (Norvale) them."
    assert f"**OP1** {shown} <!--" in played("compilation", "SIM/L.9").out
    assert shown in played("compilation", "SIM/L.9", "--as", "helplines@demo.invalid").out
    told = json.loads(played("compilation", "SIM/L.9", "--json").out)
    assert [(clause["label"], clause["proposals"]) for clause in told["clauses"]] == [("PP1", []), ("OP1", [1])]
    made = tmp_path / "compilation.docx"
    assert played("compilation", "SIM/L.9", "--format", "docx", "--out", str(made)).code == 0
    line = f"{'OP1':12} modify by Norvale: *Invites* States to measure them.\n"
    assert played("compilation", "SIM/L.9", "--read", str(made)).out == line
    typed = tmp_path / "typed.md"
    typed.write_text("1. *Invites* States to [watch] (Norvale: delete) (Elland: retain) [measure] (Norvale) them.\n")
    read = played("compilation", "SIM/L.9", "--read", str(typed), "--as", "norvale@demo.invalid")
    assert "No party is called Elland." in read.err
    assert played("compilation", "SIM/L.9", "--format", "json").code == 2


def test_a_proposal_is_compared_with_the_text(played, tmp_path):
    file = tmp_path / "tides.md"
    file.write_text("*Recalling* the tides,\n\n1. *Invites* States to watch them.\n")
    assert played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9").code == 0
    said = ("--clause", "OP1", "--text", "*Invites* States to measure them.", "--table")
    assert played("proposals", "begin", "SIM/L.9", *said, "--as", "norvale@demo.invalid").code == 0
    told = played("compare", "SIM/L.9@live", "SIM/L.9@P1", "--json")
    assert told.code == 1
    changed = [row for row in json.loads(told.out)["rows"] if row["change"] != "same"]
    assert [row["new"]["text"] for row in changed] == ["*Invites* States to measure them."]
    assert played("compare", "SIM/L.9@live", "SIM/L.9@P2").code == 2
