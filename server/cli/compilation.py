"""``adref compilation``: a draft with everything that is proposed to it, as a file; or what such a file holds."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from drafts.desk import compilations
from drafts.desk.compilations import Read, Told
from drafts.exchange import Format
from drafts.heard import Heard
from drafts.store import Store
from server import exports
from server.api.compilation import in_file, told
from server.cli import frame
from server.cli.frame import on_database, out
from server.cli.texts import bytes_of, save
from server.exports import Wanted


def compilation(
    draft: Annotated[str, typer.Argument(help="A draft's id or symbol.")],
    form: Annotated[Format, typer.Option("--format", help="md, docx, html or pdf.")] = Format.MARKDOWN,
    output: Annotated[Path | None, typer.Option("--out", "-o", help="A file; else standard output.")] = None,
    by: Annotated[str, typer.Option("--as", help="Read as this person (e-mail address); else as the operator.")] = "",
    read: Annotated[Path | None, typer.Option(help="Tell what this compilation file holds, instead.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Write the compilation text: every proposal in its place, with its parties and what others say."""
    if read is not None:
        _read(draft, by, read, as_json=as_json)
        return
    exports.compilation_form(form.value)

    async def work(store: Store) -> Told:
        found = await frame.draft(store, draft)
        if not by:
            return await compilations.of(store, found)
        return await compilations.of_draft(store, (await frame.person(store, by)).id, found.id)

    found = on_database(work)
    data = _json(told(found)) if as_json else exports.written(compilations.document(found), Wanted(form))
    if output is not None:
        save(output, data)
    else:
        _out(data)


def _read(draft: str, by: str, file: Path, *, as_json: bool) -> None:
    async def work(store: Store) -> Read:
        found = await frame.draft(store, draft)
        if by:
            person = await frame.person(store, by)
            return await compilations.read(store, person.id, found.id, file.name, bytes_of(file))
        return await compilations.read_by_operator(store, found, file.name, bytes_of(file))

    found = on_database(work)
    if as_json:
        _out(_json(in_file(found)))
        return
    for clause in found.found.clauses:
        for one in clause.proposals:
            out.print(f"{clause.label or 'heading':12} {_line(one)}", markup=False)
        for said in clause.said:
            out.print(f"{clause.label or 'heading':12} {said.party}: {said.says.value}", markup=False)
    for name in (name for name, party in found.parties.items() if party is None):
        frame.err.print(f"No party is called {name}.", markup=False)


def _line(one: Heard) -> str:
    said = "".join(f" ({each.party}: {each.says.value})" for each in one.positions)
    text = f": {one.text}" if one.text else f" {one.place}" if one.place else ""
    return f"{one.kind.value.replace('_', ' ')} by {', '.join(one.parties)}{text}{said}"


def _json(found: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(found)) + b"\n"


def _out(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
