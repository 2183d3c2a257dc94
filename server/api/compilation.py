"""Doors about compilation texts: the one of a draft, and what a file holds that is one."""

from drafts.desk import compilations
from drafts.desk.compilations import Read, Told
from drafts.errors import Invalid
from drafts.exchange import Format
from drafts.exchange.compiled import Found, marked
from drafts.heard import Heard, Said
from server import exports
from server.api import schema_compilation as c
from server.api.door import Ask, Raw
from server.exports import Wanted
from server.i18n import Tongue


async def get(ask: Ask) -> c.Compilation:
    """The compilation text."""
    return told(await compilations.of_draft(ask.store, ask.person.id, ask.path("draft")))


async def export(ask: Ask) -> Raw:
    """The same as a file."""
    form = exports.compilation_form(ask.queries["format"])
    document = compilations.document(await compilations.of_draft(ask.store, ask.person.id, ask.path("draft")))
    data = await exports.made(ask.request.app.state.workers, document, Wanted(form), Tongue("en"))
    return Raw(data, form.media_type.partition(";")[0], exports.filename(document, form))


async def read(ask: Ask) -> c.CompilationInFile:
    """What a file holds."""
    body: c.CompilationIn = ask.body
    if bool(body.text) == bool(body.file):
        raise Invalid("two_files", "Send text or a file, not both.")
    name = f"compilation.{(Format.MARKDOWN if body.text else Format.DOCX).value}"
    data = body.text.encode() if body.text else body.file
    return in_file(await compilations.read(ask.store, ask.person.id, ask.path("draft"), name, data))


def told(found: Told) -> c.Compilation:
    """A compilation for whoever it was made for; the command line gives the same."""
    clauses = [
        c.CompiledClause(
            one.clause.id, one.clause.label, one.clause.kind, one.clause.depth, one.clause.lang, one.clause.text,
            one.base, list(one.proposals),
        )
        for one in found.found.entries
    ]  # fmt: skip
    return c.Compilation(
        found.state.draft.seq, found.positions, list(found.found.parties), clauses, list(found.found.loose)
    )


def in_file(found: Read) -> c.CompilationInFile:
    """What was read from a file."""
    parsed = found.found.parsed
    parties = {name: party.id if party else None for name, party in found.parties.items()}
    clauses = [_clause(one) for one in found.found.clauses]
    return c.CompilationInFile(parsed.title, marked(parsed), parties, clauses, list(parsed.notes))


def _clause(found: Found) -> c.ClauseInFile:
    clause = found.clause
    base = clause.text if found.stands else None
    proposals = [_proposal(one) for one in found.proposals]
    said = [_said(one) for one in found.said]
    return c.ClauseInFile(
        clause.id, found.label, clause.kind, clause.depth, clause.lang, base, proposals, said
    )  # fmt: skip


def _proposal(one: Heard) -> c.ProposalInFile:
    said = [_said(each) for each in one.positions]
    return c.ProposalInFile(one.kind, list(one.parties), one.text, one.place, one.number, one.stale, said)


def _said(one: Said) -> c.SaidInFile:
    return c.SaidInFile(one.party, one.says.value, one.place, one.earlier)
