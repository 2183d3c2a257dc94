"""A file that comes back: it is read, shown before anything happens, applied, and what meets other changes is settled.

Whom the file's authors stand for travels with the form: ``p0``, ``p1``, … are party ids in the order of
``exchange.authors``; ``audience`` is who reads the file's comments.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import exchange
from drafts.access import Verb, may
from drafts.desk import admit, bringing, brought, cast, drafts, merges, versions
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.exchange import docx
from drafts.exchange.authors import Author, authors
from drafts.exchange.parsed import Base, Parsed
from drafts.model import Audience, Draft, Member, Party, ProposalState, Version, new_id
from drafts.outside import Brought, Held, How, Purpose, Report, Stage
from drafts.store import Store
from server.auth import Signed
from server.i18n import Tongue
from server.pages import view
from server.pages.forms import Form
from server.pages.merge_rows import Writer

_ID: Final = re.compile(r"[0-9a-z]{10}\Z")
_USED: Final = frozenset({docx.NOTE_TRACKED, docx.NOTE_COMMENTS})  # left out when a text is brought; used here
AS_FILE: Final = "file"
LEAVE_OUT: Final = "none"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the preview's form says: author to party id, who reads the comments, and the fields that say so."""

    mapping: dict[str, str] = field(default_factory=dict)
    audience: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def heard(self) -> Audience | None:
        """Who reads the file's comments; None: they are left out."""
        return None if self.audience == LEAVE_OUT else Audience(self.audience)


# ── bringing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def new(request: Request, signed: Signed) -> Response:
    """The form for a file."""
    return await _new(request, signed)


async def bring(request: Request, signed: Signed, form: Form) -> Response:
    """Read the file and keep it for the person's party; nothing in the draft changes."""
    store, person = request.app.state.store, signed.person.id
    draft, _ = await drafts.open(store, person, request.path_params["draft_id"], Verb.THREAD_OPEN)
    try:
        file = form.files.get("file")
        if file is None:
            raise Invalid("import_no_file", "Choose a file.")
        chosen = form.text("base", most=10) or AS_FILE
        known = form.text("id", most=10)
        parsed = await asyncio.to_thread(exchange.read, *file)
        base = None if chosen == AS_FILE or _says(parsed.base, draft) else form.number("base")
        own_id = known if _ID.match(known) else None
        kept = await brought.keep(store, person, draft.id, file[0], parsed, Purpose.MERGE, base=base, brought_id=own_id)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _new(request, signed, refusal)
    return RedirectResponse(f"/drafts/{draft.id}/merges/{kept.id}", 303)


async def _new(request: Request, signed: Signed, why: Refusal | None = None) -> Response:
    store, spoken = request.app.state.store, view.tongue(request)
    draft, me = await drafts.open(store, signed.person.id, request.path_params["draft_id"], Verb.THREAD_OPEN)
    if draft.parent:
        raise admit.nothing()
    issued = await versions.all(store, signed.person.id, draft.id)
    return view.page(
        request,
        "merge_new.html",
        status=why.status if why else 200,
        me=me,
        draft=draft,
        versions=issued,
        why=spoken.refusal(why) if why else "",
        rule=_rule(me, draft, spoken),
        proposes=bringing.instead(me, draft),
        own_id=new_id(),
        held=await brought.held(store, me.person_id, draft.id),
    )


def _says(base: Base | None, draft: Draft) -> bool:
    """Whether a file says that it was made from this draft, as something that we know."""
    return base is not None and base.draft == draft.id and 1 <= base.seq <= draft.seq


# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def page(request: Request, signed: Signed) -> Response:
    """What the file would do, or, once it is applied, what it did and what is to settle."""
    return await _page(request, signed)


async def _page(
    request: Request,
    signed: Signed,
    why: Refusal | None = None,
    typed: tuple[str, str] = ("", ""),
    refused: Mapping[str, Refusal] = MappingProxyType({}),
) -> Response:
    found, me = await _found(request, signed)
    store, spoken = request.app.state.store, view.tongue(request)
    parsed = await asyncio.to_thread(lambda: found.parsed)
    state, _ = await drafts.state(store, signed.person.id, found.draft_id)
    people = await cast.of(store, state)
    waiting = found.state is Stage.WAITING
    leads = may(me, Verb.EDIT_FOR, state.draft) is None
    who = writers(parsed)
    wishes = await _wishes(store, me, state.draft, found, who, people.parties, request.query_params)
    report, why_not = await _report(store, signed.person.id, found, wishes)
    writer = Writer(state, people, parsed, wishes.mapping, me.party, spoken)
    acts = await store.acts(state.draft.id, report.base_seq) if report.conflicts else []
    made = {} if waiting else await bringing.standing(store, signed.person.id, report, found.draft_id)
    untabled = [one for one in made.values() if one.number is None and one.state is not ProposalState.WITHDRAWN]
    tabling = may(me, Verb.PROPOSAL_TABLE, state.draft)
    shown = why or why_not
    return view.page(
        request,
        "merge.html",
        status=shown.status if shown else 200,
        me=me,
        draft=state.draft,
        brought=found,
        waiting=waiting,
        report=report,
        blocked=why_not is not None,
        summary=summary(report, spoken, me.party.name, done=not waiting),
        notes=[spoken._(note) for note in dict.fromkeys(report.notes or parsed.notes) if note not in _USED],
        made_from=_made_from(found, people.issued, spoken),
        base_note=_base_note(found, parsed, state.draft, spoken) if waiting else "",
        versions=people.issued,
        meetings=writer.meetings(report, acts),
        lines=[
            *writer.lines(report.applied, "applies"),
            *writer.lines(report.proposed, "proposal"),
            *writer.lines(report.commented, "comment"),
            *writer.lines(report.left, "left"),
            *writer.lines(report.already, "already"),
        ],
        by=_name(people.members, found.person_id),
        rule=_rule(me, state.draft, spoken),
        proposes=bringing.instead(me, state.draft),
        may_propose=may(me, Verb.PROPOSAL_WRITE, state.draft) is None,
        made=made,
        untabled=len(untabled),
        not_tabled=spoken.refusal(tabling) if tabling else "",
        refused={proposal: spoken.refusal(refusal) for proposal, refusal in refused.items()},
        authors=list(enumerate(who)) if leads else [],
        parties=sorted(people.parties.values(), key=lambda party: party.name),
        mapping=wishes.mapping,
        remarks=len(parsed.remarks),
        audiences=_audiences(me, state.draft),
        audience=wishes.audience,
        fields=wishes.fields,
        typed=typed,
        why=spoken.refusal(shown) if shown else "",
    )


async def _report(store: Store, person_id: str, found: Brought, wishes: Wishes) -> tuple[Report, Refusal | None]:
    """What came of the file; of a waiting one what would come of it, or why nothing can."""
    if found.state is Stage.APPLIED:
        return await merges.report(store, person_id, found.id), None
    try:
        heard = wishes.heard
        return await merges.preview(store, person_id, found.id, wishes.mapping, heard, remarks=heard is not None), None
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return Report(found.id, found.base_seq, found.base_seq), refusal


def writers(parsed: Parsed) -> list[Author]:
    """The authors of words; those who only wrote comments stand for nobody."""
    return [author for author in authors(parsed) if author.insertions or author.deletions]


async def _found(request: Request, signed: Signed) -> tuple[Brought, Member]:
    """The file of the address, which must be one of this draft and for merging. Raises NotFound."""
    store, params = request.app.state.store, request.path_params
    _, me = await drafts.open(store, signed.person.id, params["draft_id"])
    found = await brought.get(store, signed.person.id, params["brought_id"])
    if found.draft_id != params["draft_id"] or found.purpose is not Purpose.MERGE:
        raise NotFound("not_found", "There is nothing at this address.")
    return found, me


async def _wishes(
    store: Store,
    me: Member,
    draft: Draft,
    found: Brought,
    who: Iterable[Author],
    parties: dict[str, Party],
    said: Mapping[str, str],
) -> Wishes:
    """The choices that a query or a form holds, else what is remembered; comments of a file that becomes private
    proposals stay private too. Raises Invalid for a party of elsewhere."""
    usual = Audience.DELEGATIONS if me.role != "observer" else Audience.EVERYONE
    audience = said.get("audience", "") or (Audience.PARTY if bringing.instead(me, draft) else usual)
    if audience not in {*Audience, LEAVE_OUT}:
        raise Invalid("bad_choice", "Please choose one of the list.")
    mapping: dict[str, str] = {}
    if may(me, Verb.EDIT_FOR, draft) is None:
        remembered = await merges.mapping(store, me.person_id, found.id)
        for at, author in enumerate(who):
            chosen = said.get(f"p{at}") or remembered.get(author.name, me.party.id)
            if chosen not in parties:
                raise Invalid("bad_choice", "Please choose one of the list.")
            mapping[author.name] = chosen
    fields = {f"p{at}": chosen for at, chosen in enumerate(mapping.values())}
    return Wishes(mapping, str(audience), fields | {"audience": str(audience)})


# ── doing ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def apply(request: Request, signed: Signed, form: Form) -> Response:
    """Bring into the text what can be brought; once more changes nothing."""
    found, me = await _found(request, signed)
    store = request.app.state.store
    draft, _ = await drafts.open(store, signed.person.id, found.draft_id)
    async with store.read() as q:
        parties = {party.id: party for party in await q.forums.parties(draft.forum_id)}
    parsed = await asyncio.to_thread(lambda: found.parsed)
    wishes = await _wishes(store, me, draft, found, writers(parsed), parties, form.values)
    heard, perform = wishes.heard, request.app.state.hub.perform
    await merges.apply(store, perform, signed.person.id, found.id, wishes.mapping, heard, remarks=heard is not None)
    return _back(found)


async def settle(request: Request, signed: Signed, form: Form) -> Response:
    """Settle one conflict."""
    found, _ = await _found(request, signed)
    store, hub = request.app.state.store, request.app.state.hub
    conflict, how = form.text("conflict", most=48, needed=True), form.choice("how", How)
    text = form.text("text", most=exchange.MAX_CLAUSE, needed=how is How.TEXT)
    own = text if how is How.TEXT else ""  # a comment has the file's wording
    try:
        await merges.settle(store, hub.perform, signed.person.id, found.id, conflict, how, own)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, signed, refusal, (conflict, text))
    return _back(found, f"#m-{conflict}")


async def table(request: Request, signed: Signed, _form: Form) -> Response:
    """Lay the proposals that the file became on the table."""
    found, _ = await _found(request, signed)
    store, hub = request.app.state.store, request.app.state.hub
    refused = await bringing.table(store, hub.perform, signed.person.id, found.id)
    if refused:
        why = Conflict("some_not_tabled", "Not all of them could be tabled. The reasons stand beside those.")
        return await _page(request, signed, why, refused=refused)
    return _back(found)


async def base(request: Request, signed: Signed, form: Form) -> Response:
    """Say which version a waiting file was made from."""
    found, _ = await _found(request, signed)
    chosen = form.text("base", most=10, needed=True)
    if chosen != versions.LIVE:  # that is what a file is at which no version is named: nothing to say
        await brought.set_base(request.app.state.store, signed.person.id, found.id, form.number("base"))
    return _back(found)


async def discard(request: Request, signed: Signed, _form: Form) -> Response:
    """Forget a waiting file."""
    found, _ = await _found(request, signed)
    await brought.discard(request.app.state.store, signed.person.id, found.id)
    return RedirectResponse(f"/drafts/{found.draft_id}", 303)


def _back(found: Brought, to: str = "") -> Response:
    return RedirectResponse(f"/drafts/{found.draft_id}/merges/{found.id}{to}", 303)


# ── what is open ─────────────────────────────────────────────────────────────────────────────────────────────────────


def held_says(held: Iterable[Held], spoken: Tongue) -> str:
    """One line on them: ``1 file waiting, 2 conflicts to settle``; '' when nothing is open."""
    files, conflicts = sum(one.waiting for one in held), sum(one.conflicts for one in held)
    said = [spoken.ngettext("{n} file waiting", "{n} files waiting", files)] if files else []
    if conflicts:
        said.append(spoken.ngettext("{n} conflict to settle", "{n} conflicts to settle", conflicts))
    return spoken._(", ").join(said)


def summary(report: Report, spoken: Tongue, party: str, *, done: bool = False) -> str:
    """What a merge comes to for ``party``, in one sentence."""
    gone = sum(clash.why == "deleted" for clash in report.open)
    meeting = len(report.open) - gone
    settled = len(report.conflicts) - len(report.open)
    n = spoken.ngettext
    applied = len(report.applied)
    parts = []
    if applied:
        parts.append(
            n("{n} change went in", "{n} changes went in", applied)
            if done
            else n("{n} change applies", "{n} changes apply", applied)
        )
    parts += _instead(report, spoken, party, done=done)
    if done and report.open:
        parts.append(n("{n} conflict to settle", "{n} conflicts to settle", len(report.open)))
    elif meeting:
        parts.append(n("{n} conflicts", "{n} conflict", meeting))
    if gone and not done:
        parts.append(n("{n} clause is gone", "{n} clauses are gone", gone))
    if settled:
        parts.append(n("{n} settled", "{n} settled", settled))
    if report.already:
        parts.append(n("{n} is there already", "{n} are there already", len(report.already)))
    if not parts:
        return spoken._("The file changes nothing: every word of it is in the text.")
    return f"{spoken._(', ').join(parts)}."


def _instead(report: Report, spoken: Tongue, party: str, *, done: bool) -> Iterator[str]:
    """What comes of a file instead of edits."""
    n, proposed, said = spoken.ngettext, len(report.proposed), len(report.commented)
    if proposed and done:
        yield n("{n} change is a proposal of {party}", "{n} changes are proposals of {party}", proposed, party=party)
    elif proposed:
        yield n(
            "{n} change becomes a proposal of {party}, kept private until you table it",
            "{n} changes become proposals of {party}, kept private until you table them",
            proposed,
            party=party,
        )
    if said and done:
        yield n("{n} change went in as a comment", "{n} changes went in as comments", said)
    elif said:
        yield n("{n} change becomes a comment", "{n} changes become comments", said)
    if report.left:
        yield n("{n} change is listed only", "{n} changes are listed only", len(report.left))


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rule(me: Member, draft: Draft, spoken: Tongue) -> str:
    """Why the person may not edit the text; '' when they may."""
    refusal = may(me, Verb.DRAFT_EDIT, draft)
    return spoken.refusal(refusal) if refusal else ""


def _audiences(me: Member, draft: Draft) -> list[str]:
    found = [Audience.DELEGATIONS] if may(me, Verb.THREAD_OPEN_DELEGATIONS, draft) is None else []
    return [*found, Audience.EVERYONE, Audience.PARTY, LEAVE_OUT]


def _made_from(found: Brought, issued: list[Version], spoken: Tongue) -> str:
    version = next((one for one in issued if one.number == found.base_version), None)
    return version.label if version else spoken._("the working text, after change {n}", n=found.base_seq)


def _base_note(found: Brought, parsed: Parsed, draft: Draft, spoken: Tongue) -> str:
    """What is to be said of a base that the file does not name, or names wrongly."""
    _, said = spoken._, parsed.base
    if said is None:
        return ""
    if said.draft != draft.id:
        return _("The file says that it was made from another draft. Look closely before anything is applied.")
    if not _says(said, draft):
        return _("The file says that it was made from a text that is not known here. Look closely at what it changes.")
    if said.seq != found.base_seq:
        return _("The file itself says that it was made from another version.")
    return ""


def _name(members: dict[str, Member], person_id: str) -> str:
    member = members.get(person_id)
    return member.person_name if member else "–"
