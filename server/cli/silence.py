"""``adref silence``: start, break and cancel a silence procedure, see where it stands, and take its certificate along.

Whoever is named with ``--as`` needs the right; texts are adopted by the running server, at the deadline.
"""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from drafts import commands as do
from drafts.desk import silence
from drafts.desk.live import perform
from drafts.desk.silence import Certificate, Proceedings
from drafts.errors import Invalid
from drafts.model import new_id, now
from drafts.store import Store
from drafts.store.rows import ms
from server import certificates
from server.api import schema_silence
from server.cli import frame
from server.cli.frame import on_database, out
from server.i18n import Tongue

app = typer.Typer(
    help="Silence procedures: a text is adopted at a deadline unless somebody objects.", no_args_is_help=True
)

DraftName = Annotated[str, typer.Argument(help="A draft's id or symbol.")]
By = Annotated[str, typer.Option("--as", help="E-mail address of the person who does it.")]
Reason = Annotated[str, typer.Option(help="Why.")]
_TONGUE = Tongue("en")


@app.command()
def start(
    draft: DraftName,
    by: By,
    hours: Annotated[float | None, typer.Option(min=0.0, help="How long, up to the next full minute.")] = None,
    until: Annotated[str | None, typer.Option(help="Or until when, UTC: 2026-11-27T12:00.")] = None,
    note: Annotated[str, typer.Option(help="A word to the delegations.")] = "",
) -> None:
    """Put the last version under silence."""
    if (hours is None) == (until is None):
        raise Invalid("bad_deadline", "Give either --hours or --until.")

    async def work(store: Store) -> Proceedings:
        where, one = await frame.draft(store, draft), await frame.person(store, by)
        deadline = silence.ends(round(hours * 3600), ms(now())) if hours is not None else _moment(until or "")
        command = await silence.starting(store, one.id, where.id, new_id(), deadline, note)
        await perform(store, one.id, where.id, command)
        return await silence.proceedings(store, one.id, where.id)

    _tell(on_database(work))


@app.command("break")
def break_it(
    draft: DraftName,
    by: By,
    reason: Reason,
    clause: Annotated[
        list[str] | None, typer.Option(help="A clause: its id, or what it is called: OP3, “OP3 (a)”.")
    ] = None,
) -> None:
    """Break the silence for a person's party."""

    async def work(store: Store) -> Proceedings:
        where, one = await frame.draft(store, draft), await frame.person(store, by)
        told = await silence.proceedings(store, one.id, where.id)
        known = {label: each for each, label in silence.called(told.state.live()).items()}
        clauses = tuple(known.get(name, name) for name in clause or [])
        await perform(store, one.id, where.id, do.BreakSilence(new_id(), _latest(told), reason, clauses))
        return await silence.proceedings(store, one.id, where.id)

    _tell(on_database(work))


@app.command()
def cancel(draft: DraftName, by: By, reason: Reason) -> None:
    """End the procedure without an outcome."""

    async def work(store: Store) -> Proceedings:
        where, one = await frame.draft(store, draft), await frame.person(store, by)
        told = await silence.proceedings(store, one.id, where.id)
        await perform(store, one.id, where.id, do.CancelSilence(new_id(), _latest(told), reason))
        return await silence.proceedings(store, one.id, where.id)

    _tell(on_database(work))


@app.command()
def explain(
    draft: DraftName, by: By, text: Annotated[str, typer.Argument(help="The words, or - to read them.")]
) -> None:
    """Put an explanation of position on record."""
    words = typer.get_text_stream("stdin").read() if text == "-" else text

    async def work(store: Store) -> None:
        where, one = await frame.draft(store, draft), await frame.person(store, by)
        await perform(store, one.id, where.id, do.Explain(new_id(), words))

    on_database(work)


@app.command()
def status(draft: DraftName, by: By) -> None:
    """Say where the silence procedures of a draft stand, as a person sees them."""

    async def work(store: Store) -> Proceedings:
        where, one = await frame.draft(store, draft), await frame.person(store, by)
        return await silence.proceedings(store, one.id, where.id)

    _tell(on_database(work))


@app.command()
def certificate(
    draft: DraftName,
    by: By,
    procedure: Annotated[str, typer.Option(help="A procedure's id.")] = silence.LATEST,
    output: Annotated[
        Path | None, typer.Option("-o", help="Where to: a .pdf or .json file; JSON is printed without.")
    ] = None,
) -> None:
    """Write the certificate of how a procedure ended."""

    async def work(store: Store) -> Certificate:
        where, one = await frame.draft(store, draft), await frame.person(store, by)
        return await silence.certificate(store, one.id, where.id, procedure)

    found = on_database(work)
    if output is not None and output.suffix.lower() == ".pdf":
        output.write_bytes(certificates.printed(found, _TONGUE))
        return
    data = msgspec.json.format(msgspec.json.encode(schema_silence.paper(found)), indent=2)
    if output is None:
        out.print(data.decode(), markup=False)
    else:
        output.write_bytes(data + b"\n")


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        return ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Invalid("bad_moment", "Write the moment as 2026-11-27T12:00, UTC.") from None


def _latest(told: Proceedings) -> str:
    return str(told.procedures[0]["id"]) if told.procedures else ""


def _tell(told: Proceedings) -> None:
    show = partial(out.print, markup=False)
    for one in told.procedures:
        show(f"{one['id']}  {one['label']}  {one['outcome'] or 'running'}  {one['hash']}")
        show(f"  started {_TONGUE.minute(one['started_at'])} by {one['party']['name']}")
        show(f"  deadline {_TONGUE.minute(one['deadline'])}")
        if one["outcome"]:
            show(f"  recorded {_TONGUE.minute(one['ended_at'])}")
        for said in one["breaks"]:
            show(
                f"  broken by {said['party']['code']} {_TONGUE.minute(said['at'])}: {' '.join(said['reason'].split())}"
            )
        for said in told.explanations[one["id"]]:
            show(
                f"  explained by {said['party']['code']} {_TONGUE.minute(said['at'])}: {' '.join(said['text'].split())}"
            )
    if not told.procedures:
        show("No silence procedure has been started on this text.")
    if told.unopened:
        show("Have not opened the text since: " + ", ".join(party.code for party in told.unopened))
