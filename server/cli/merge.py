"""``adref merge``: bring in what a file does to the text it was made from."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from drafts import exchange
from drafts.desk import brought, live, merges
from drafts.errors import Invalid
from drafts.outside import Clash, Done, Purpose, Report
from drafts.store import Store
from server.cli import frame
from server.cli.frame import on_database, out
from server.cli.texts import bytes_of

_WHY = {
    "overlap": "others changed the same words",
    "deleted": "the clause was deleted since",
    "locked": "the clause is agreed",
    "moved": "the clause was moved since",
    "split": "the clause was split since",
    "joined": "the clause was joined with another since",
    "unsure": "which clause is meant is not certain",
    "too_long": "it would be too long",
    "unpaired": "a bracket would stand alone",
}


def merge(
    file: Annotated[Path, typer.Argument(help="Word, Markdown, plain text or Adref's JSON.")],
    draft: Annotated[str, typer.Argument(help="A draft's id or symbol.")],
    by: Annotated[str, typer.Option("--as", help="E-mail address of the person who brings it.")],
    base: Annotated[int | None, typer.Option(help="Number of the version it was made from; else what it says.")] = None,
    author: Annotated[list[str] | None, typer.Option(help='Whom an author stands for: "Name=CODE".')] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would happen.")] = False,
) -> None:
    """Merge a file into a draft: what nobody else touched is applied, the rest is listed and left as it is.

    For a delegation that may not edit the text now, it becomes private proposals instead; for observers, comments.
    Ends with 1 when something is left for a person to decide.
    """
    parsed = exchange.read(file.name, bytes_of(file))

    async def work(store: Store) -> Report:
        where, one = await frame.draft(store, draft), await frame.person(store, by)
        kept = await brought.keep(store, one.id, where.id, file.name, parsed, Purpose.MERGE, base=base)
        try:
            mapping = await merges.mapping(store, one.id, kept.id)
            mapping |= await _named(store, where.forum_id, author or [])
            if dry_run:
                return await merges.preview(store, one.id, kept.id, mapping)
            return await merges.apply(store, partial(live.perform, store), one.id, kept.id, mapping)
        finally:
            if (await brought.get(store, one.id, kept.id)).report is None:
                await brought.discard(store, one.id, kept.id)

    report = on_database(work)
    _tell(report, dry_run=dry_run)
    if report.open or report.left:
        raise typer.Exit(1)


async def _named(store: Store, forum_id: str, authors: list[str]) -> dict[str, str]:
    """Names of authors and the ids of the parties that they stand for."""
    found = {}
    for said in authors:
        name, _, code = said.rpartition("=")
        async with store.read() as q:
            party = await q.forums.party(forum_id, code=code.upper())
        if not name or party is None:
            raise Invalid("bad_author", "An author is named with a party of the forum: “Name=CODE”.")
        found[name] = party.id
    return found


def _tell(report: Report, *, dry_run: bool) -> None:
    for done in report.applied:
        out.print(f"+ {_line(done)}", style="green", markup=False)
    for done in report.already:
        out.print(f"= {_line(done)}: there already", markup=False)
    for done in report.proposed:
        out.print(f"> {_line(done)}: as proposal {done.proposal}", style="cyan", markup=False)
    for done in report.commented:
        out.print(f"# {_line(done)}: as a comment", markup=False)
    for done in report.left:
        out.print(f"? {_line(done)}: neither as a proposal nor as a comment", style="red", markup=False)
    for clash in report.conflicts:
        _conflict(clash)
    for note in report.notes:
        frame.err.print(note, markup=False)
    told = [
        (len(report.applied), "would be applied" if dry_run else "applied"),
        (len(report.already), "there already"),
        (len(report.proposed), "would become private proposals" if dry_run else "private proposals"),
        (len(report.commented), "as comments"),
        (len(report.left), "only listed"),
        (len(report.conflicts), "in conflict"),
        (report.remarks, "comments of the file"),
    ]
    out.print(", ".join(f"{count} {what}" for count, what in told if count) or "Nothing differs.", markup=False)


def _line(done: Done) -> str:
    words = f" ({done.words} words)" if done.words else ""
    return f"{done.kind.value} {done.label or _start(done.text or done.base)}{words}"


def _conflict(clash: Clash) -> None:
    where = clash.label or _start(clash.theirs or clash.base)
    out.print(f"! {clash.kind.value} {where}: {_WHY[clash.why.value]}", style="red", markup=False)
    texts = (("base", clash.base), ("theirs", "\n          ".join(clash.parts) or clash.theirs), ("live", clash.live))
    for name, text in texts:
        if text:
            out.print(f"  {name:7} {text}", markup=False)


def _start(text: str) -> str:
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
