"""``adref import``, ``export`` and ``compare``."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer

from drafts import exchange
from drafts.bracketed import AsIf
from drafts.compare import Comparison
from drafts.compare import compare as compared
from drafts.desk import documents, drafts, supposed, versions
from drafts.errors import Invalid, NotFound
from drafts.exchange import Content, Format, pdf, word
from drafts.exchange.document import Document
from drafts.model import Clause, Draft, DraftKind, Mode
from drafts.state import State
from drafts.store import Store
from server import exports
from server.cli import frame, show
from server.cli.frame import on_database, out
from server.exports import Wanted
from server.i18n import Tongue
from server.side_by_side import side_by_side


class Side(NamedTuple):
    """One side of a comparison; ``draft`` and its ``version`` (a number or live), ``lineage`` and ``merged`` where it
    is in the database."""

    content: Content
    draft: str = ""
    version: str = ""
    lineage: Mapping[str, str] = {}
    merged: Mapping[str, str] = {}


def bring(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(help="Markdown, plain text, Word or Adref's JSON.")],
    by: Annotated[str, typer.Option("--as", help="E-mail address of the chair or secretariat who brings it.")],
    forum: Annotated[str | None, typer.Option(help="Id or name; not needed where there is one forum.")] = None,
    title: Annotated[str, typer.Option(help="Else the file's own title.")] = "",
    symbol: Annotated[str, typer.Option(help="Such as SIM/L.3.")] = "",
    kind: Annotated[DraftKind, typer.Option(help="What is being negotiated.")] = DraftKind.NORM,
    language: Annotated[str, typer.Option(help="Else the file's own, or English.")] = "",
    mode: Annotated[Mode, typer.Option(help="Who edits: open drafting, or the chair's pen.")] = Mode.OPEN,
    *,
    observers: Annotated[bool, typer.Option(help="Whether observers read and comment.")] = True,
) -> None:
    """Bring a file into a forum as a new draft. Prints the draft's id and the clauses that were found."""
    parsed = exchange.read(file.name, bytes_of(file))
    clauses = [Clause(c.id, c.kind, c.depth, c.text, "", c.lang) for c in parsed.clauses]

    async def work(store: Store) -> tuple[Draft, State]:
        where, one = await frame.forum(store, forum), await frame.person(store, by)
        draft = await drafts.create(
            store,
            one.id,
            where.id,
            title or parsed.title,
            symbol or parsed.symbol,
            kind.value,
            language or parsed.language or "en",
            mode.value,
            observers,
            clauses,
        )
        return draft, (await drafts.state(store, one.id, draft.id))[0]

    draft, state = on_database(work)
    out.print(f"{draft.id}  {draft.title}", markup=False)
    for clause in state.live():
        out.print(show.line(clause), markup=False)
    for note in parsed.notes:
        frame.err.print(note, markup=False)


def export(
    text: Annotated[str, typer.Argument(metavar="DRAFT[@VERSION]", help="A draft's id or symbol; else the live text.")],
    form: Annotated[Format, typer.Option("--format", help="md, html, json, docx or pdf.")] = Format.MARKDOWN,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; else standard output.")] = None,
    by: Annotated[str, typer.Option("--as", help="Read as this person (e-mail address); else as the operator.")] = "",
    since: Annotated[str, typer.Option(help="Track the changes since this version (docx, pdf, html).")] = "",
    *,
    comments: Annotated[bool, typer.Option("--comments", help="What the --as person may see (docx, pdf).")] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Line numbers (docx, pdf).")] = False,
    brackets: Annotated[
        AsIf | None, typer.Option(help="As if all brackets, or all that is in them, were gone.")
    ] = None,
) -> None:
    """Write a version, or the live text, as a file."""
    Wanted(form, comments=comments, lines=lines, brackets=brackets)  # what cannot be is refused before anything is read
    if comments and not by:
        raise Invalid("comments_as", "Comments are for those who may see them: name a person with --as.")

    async def work(store: Store) -> tuple[Document, Wanted]:
        one = await frame.person(store, by) if by else None
        draft, version = await _named(store, text)
        if one:
            await drafts.open(store, one.id, draft.id)
        number = await version_number(store, draft, version)
        before = await version_number(store, draft, since) if since else ""
        asked = Wanted(form, number, before, comments, lines, brackets)
        if one:
            return await exports.load(store, one.id, draft.id, asked), asked
        return exports.read_as(await documents.of(store, draft, number, before or None), brackets), asked

    written = exports.written(*on_database(work))
    if output is None:
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
        return
    save(output, written)


def save(path: Path, data: bytes) -> None:
    """Write a file. Raises Invalid when it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Invalid("no_file", "{path} cannot be written: {why}", path=str(path), why=str(error.strerror)) from None


def compare(
    old: Annotated[str, typer.Argument(help="A file, or DRAFT@VERSION (a number, a label, live, or P7: proposal 7).")],
    new: Annotated[str, typer.Argument(help="Likewise.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write it side by side to this file instead.")] = None,
    docx: Annotated[Path | None, typer.Option("--docx", help="As a Word file with tracked changes.")] = None,
    print_to: Annotated[Path | None, typer.Option("--pdf", help="Side by side for print.")] = None,
) -> None:
    """Compare two texts, clause by clause and word by word. Ends with 0 when they are equal, with 1 when not."""
    one, two = _side(old), _side(new)
    akin = bool(one.draft) and one.draft == two.draft
    lineage, merged = (two.lineage, two.merged) if akin else (None, None)
    found = compared(one.content.clauses, two.content.clauses, lineage, merged=merged)
    names = show.name(one.content), show.name(two.content)
    language = two.content.language or "en"
    if html is not None:
        title = f"{names[0]} – {names[1]}"
        save(html, side_by_side(title, language, names, found, Tongue("en")))
    if docx is not None:
        save(docx, word.write(_as_tracked(one, two, found, names[0])))
    if print_to is not None:
        save(print_to, pdf.side_by_side(found, pdf.Heads("", two.content.title, *names, language)))
    if as_json:
        _print_json(found)
    elif (html, docx, print_to) == (None, None, None):
        show.comparison(one.content, two.content, found)
    if not found.equal:
        raise typer.Exit(1)


def _as_tracked(old: Side, new: Side, found: Comparison, since: str) -> Document:
    """The newer text with the changes; signed where both are of one draft and in their order."""
    if not new.draft:
        return documents.tracked(documents.loose(new.content), found, since)
    akin = old.draft == new.draft and old.version != versions.LIVE
    akin = akin and (new.version == versions.LIVE or int(old.version) < int(new.version))

    async def work(store: Store) -> Document:
        draft = await frame.draft(store, new.draft)
        return await documents.of(store, draft, new.version, old.version if akin else None)

    made = on_database(work)
    return made if akin else documents.tracked(made, found, since)


def _print_json(found: Comparison) -> None:
    data = msgspec.json.format(msgspec.json.encode(found.plain()))
    sys.stdout.buffer.write(data + b"\n")
    sys.stdout.buffer.flush()


def _side(named: str) -> Side:
    path = Path(named)
    if path.is_file():
        parsed = exchange.read(path.name, bytes_of(path))
        clauses = [Clause(c.id, c.kind, c.depth, c.text, "", c.lang) for c in parsed.clauses]
        return Side(Content(parsed.title, parsed.symbol, "", None, parsed.language, show.labelled(clauses)))
    if "@" not in named:
        raise NotFound("no_file", "There is no file {name}. A draft is named with its version: DRAFT@1", name=named)
    return on_database(lambda store: _stored(store, named))


async def _named(store: Store, text: str) -> tuple[Draft, str]:
    name, _, version = text.rpartition("@") if "@" in text else (text, "", versions.LIVE)
    return await frame.draft(store, name), version


async def _stored(store: Store, text: str) -> Side:
    """What ``DRAFT@VERSION`` names, read as the operator."""
    draft, version = await _named(store, text)
    state = await drafts.restored(store, await store.load(draft.id))
    lineage, merged = state.origins(), state.joined()
    if version == versions.LIVE:
        return Side(versions.live(state), draft.id, version, lineage, merged)
    tabled = next((p for p in state.floor.proposals.values() if version == f"P{p.number}"), None)
    if tabled is not None:
        return Side(replace(versions.live(state), clauses=supposed.text(state, tabled), version_label=version))
    number = await version_number(store, draft, version)
    async with store.read() as q:
        found = await q.drafts.version(draft.id, int(number))
    if found is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return Side(versions.read(found[1]), draft.id, number, lineage, merged)


async def version_number(store: Store, draft: Draft, version: str) -> str:
    """The number of the version with this number or label; ``live`` as it is."""
    if version == versions.LIVE:
        return version
    async with store.read() as q:
        every = await q.drafts.versions(draft.id)
    for one in every:
        if version in {str(one.number), one.label}:
            return str(one.number)
    known = ", ".join(f"{one.number} ({one.label})" for one in every) or "none"
    raise NotFound("no_version", "There is no version {version}. Issued: {known}.", version=version, known=known)


def bytes_of(path: Path) -> bytes:
    """What a file holds. Raises Invalid when it cannot be read."""
    try:
        if path.stat().st_size > exchange.MAX_FILE:
            return path.open("rb").read(exchange.MAX_FILE + 1)  # enough to be refused with the reader's own words
        return path.read_bytes()
    except OSError as error:
        raise Invalid("no_file", "{path} cannot be read: {why}", path=str(path), why=str(error.strerror)) from None
