"""``adref comments`` and ``adref compendium``: what a consultation heard, brought in from a table and written into
files.

A round is named by its id, or by its draft and number: ``SIM/L.3#1``.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from starlette.datastructures import QueryParams

from drafts import importing as columns
from drafts.consultation import Disposition, View
from drafts.desk import compendium as desk
from drafts.desk import importing
from drafts.desk.importing import Done
from drafts.errors import Invalid, NotFound
from drafts.exchange import sheet
from drafts.exchange.compendium import Form, Order
from drafts.exchange.sheet import Sheet
from drafts.importing import Choices, Plan, Role
from drafts.model import Group, now
from drafts.store import Store
from server import compendia, wanted
from server.cli import frame
from server.cli.frame import on_database, out
from server.i18n import Tongue

E = TypeVar("E", bound=StrEnum)
app = typer.Typer(help="Comments of consultations: bring them in, write them out.", no_args_is_help=True)
_Round = Annotated[str, typer.Argument(metavar="ROUND", help="A round's id, or DRAFT#NUMBER.")]
_Out = Annotated[Path | None, typer.Option("--out", "-o", help="A file; else standard output.")]
_By = Annotated[str, typer.Option("--as", help="Read as this person (e-mail address); else what everybody may read.")]
_Where = Annotated[str, typer.Option("--where", help="A filter as in an address: 'group=academia&answered=no'.")]
_Origin = Annotated[str, typer.Option(help="Address of the installation, for the links in the file.")]
_FAULTS = 20  # that are told


def compendium(
    named: _Round,
    form: Annotated[Form, typer.Option("--format", help="What it is written as.")] = Form.DOCX,
    order: Annotated[Order, typer.Option(help="What comes after what.")] = Order.CLAUSE,
    output: _Out = None,
    by: _By = "",
    where: _Where = "",
    origin: _Origin = "http://127.0.0.1:8000",
) -> None:
    """Write all comments of a consultation, with what became of them, as one file."""
    asked = wanted.wanted(QueryParams(where))

    async def work(store: Store) -> None:
        person = (await frame.person(store, by)).id if by else None
        round_id = await _round(store, named)
        found = await desk.open(store, person, round_id, now(), asked, order, origin.rstrip("/"))
        if form is Form.PDF:
            data = await compendia.printed(store, found, Tongue("en"))
            _write(output, data, first=True)
            return
        first = True
        async for part in compendia.stream(store, found, form, Tongue("en")):
            _write(output, part, first=first)
            first = False

    on_database(work)


@app.command("export")
def export(
    named: _Round,
    form: Annotated[Form, typer.Option("--format", help="What it is written as.")] = Form.CSV,
    output: _Out = None,
    by: _By = "",
    where: _Where = "",
    origin: _Origin = "http://127.0.0.1:8000",
) -> None:
    """Write the comments of a consultation as a table, or as JSON; the same as ``compendium`` in the order of
    clauses."""
    compendium(named, form, Order.CLAUSE, output, by, where, origin)


@app.command("import")
def bring(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(help="A table (CSV) with names of columns in its first line.")],
    named: Annotated[str, typer.Option("--round", help="A round's id, or DRAFT#NUMBER.")],
    by: Annotated[str, typer.Option("--as", help="E-mail address of the chair or secretariat who brings it.")],
    column: Annotated[
        list[str] | None, typer.Option(help='What a column is: "Name=ROLE" (row, who, group, clause, body …).')
    ] = None,
    means: Annotated[
        list[str] | None, typer.Option(help='What a word means: "private sector=industry", "agree=support".')
    ] = None,
    *,
    group: Annotated[Group | None, typer.Option(help="For rows that do not say one.")] = None,
    who: Annotated[str, typer.Option(help="The source of rows that name none.")] = "",
    language: Annotated[str, typer.Option(help="A tag; else it is found by the words.")] = "",
    source: Annotated[str, typer.Option(help="The table's name; else the file's.")] = "",
    encoding: Annotated[str, typer.Option(help="utf-8, utf-16, cp1252, gb18030 or big5; else it is guessed.")] = "",
    separator: Annotated[str, typer.Option(help="Between cells; else it is guessed.")] = "",
    whole: Annotated[bool, typer.Option("--whole", help="What names no clause is on the whole text.")] = False,
    parties: Annotated[bool, typer.Option("--parties", help="Organisations with a seat are that party.")] = False,
    contributions: Annotated[bool, typer.Option("--contributions", help="Long texts become contributions.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="Leave out rows with errors.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would come of it.")] = False,
) -> None:
    """Bring the comments of a table into a consultation, all of them or none. Rows that were imported before are
    known."""
    read = sheet.read(_bytes(file), encoding, {"tab": "\t"}.get(separator, separator))
    guessed = columns.guess(read, source or file.stem)
    choices = replace(
        columns.meant(read, replace(guessed, roles=_roles(read, guessed.roles, column or []))),
        group=group,
        who=who,
        language=language,
        whole=whole,
        parties=parties,
        contributions=contributions,
        skip=skip,
    )
    choices = _meant(choices, means or [])

    async def work(store: Store) -> Plan | Done:
        person, round_id = await frame.person(store, by), await _round(store, named)
        plan = await importing.look(store, person.id, round_id, now(), read, choices)
        _tell(read, choices, plan)
        if dry_run:
            return plan
        return await importing.bring_in(store, person.id, round_id, now(), read, choices)

    done = on_database(work)
    if isinstance(done, Done):
        out.print(
            f"{done.remarks} comments, {done.contributions} contributions, {done.answers} answers imported; "
            f"{done.known} known, {done.left} left out",
            markup=False,
        )


def _tell(read: Sheet, choices: Choices, plan: Plan) -> None:
    for name, role in zip(read.columns, choices.roles, strict=True):
        out.print(f"{role.value or '-':12} {name}", markup=False)
    for message, count in read.notes:
        frame.err.print(message.format(count=count), markup=False)
    for fault in plan.faults[:_FAULTS]:
        frame.err.print(f"row {fault.row}: {fault.message.format(value=fault.value)}", style="red", markup=False)
    if len(plan.faults) > _FAULTS:
        frame.err.print(f"and {len(plan.faults) - _FAULTS} more rows with errors", style="red", markup=False)
    out.print(f"{len(plan.lines)} new, {plan.known} known, {len(plan.faults)} with errors", markup=False)


def _roles(read: Sheet, guessed: tuple[Role, ...], said: list[str]) -> tuple[Role, ...]:
    roles = dict(zip(read.columns, guessed, strict=True))
    for one in said:
        name, _, role = one.rpartition("=")
        if name not in roles or role not in set(Role):
            known = ", ".join(role.value for role in Role if role.value)
            raise Invalid("bad_column", "A column is told as Name=ROLE, with one of: {roles}.", roles=known)
        roles = {column: Role.LEAVE if has.value == role != Role.BODY else has for column, has in roles.items()}
        roles[name] = Role(role)
    return tuple(roles[name] for name in read.columns)


def _meant(choices: Choices, said: list[str]) -> Choices:
    groups, views, dispositions = dict(choices.groups), dict(choices.views), dict(choices.dispositions)
    for one in said:
        word, _, meaning = one.rpartition("=")
        found = [_put(groups, Group, word, meaning), _put(views, View, word, meaning)]
        found.append(_put(dispositions, Disposition, word, meaning))
        if not word or not any(found):
            raise Invalid("bad_meaning", "A meaning is told as word=VALUE, a group, a stance or an answer.")
    return replace(choices, groups=groups, views=views, dispositions=dispositions)


def _put(known: dict[str, E], kind: type[E], word: str, meaning: str) -> bool:
    values: Mapping[str, E] = {one.value: one for one in kind}
    if meaning in values:
        known[word.lower()] = values[meaning]
    return meaning in values


async def _round(store: Store, named: str) -> str:
    """The id of the round with this id, or of this draft and number. Raises NotFound."""
    async with store.read() as q:
        found = await q.rounds.get(named)
    if found is not None:
        return found.id
    draft, _, number = named.rpartition("#")
    if draft:
        one = await frame.draft(store, draft)
        async with store.read() as q:
            for told in await q.rounds.of_draft(one.id):
                if str(told.number) == number:
                    return told.id
    raise NotFound("no_round", "There is no consultation {name}.", name=named)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid("no_file", "{path} cannot be read: {why}", path=str(path), why=str(error.strerror)) from None


def _write(path: Path | None, part: bytes, *, first: bool) -> None:
    if path is None:
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        return
    try:
        with path.open("wb" if first else "ab") as file:
            file.write(part)
    except OSError as error:
        raise Invalid("no_file", "{path} cannot be written: {why}", path=str(path), why=str(error.strerror)) from None
