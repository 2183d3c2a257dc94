"""Import of comments: a table is uploaded, its columns are said, what would come of it is shown, and then it is brought
in.

Nothing is kept before the last step: the form holds the file itself, packed. Of column ``n`` it has ``r{n}`` (what it
is); of the words of a column ``group``, ``view`` or ``disposition`` it has ``{kind}k{n}`` (the word) and ``{kind}v{n}``
(what it means); further ``source``, ``who``, ``group``, ``language``, ``encoding``, ``separator`` and the boxes.
"""

import asyncio
import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from drafts import importing
from drafts.access import Verb
from drafts.consultation import Disposition, View
from drafts.desk import importing as desk
from drafts.desk.importing import Done
from drafts.errors import Invalid, Refusal
from drafts.exchange import sheet
from drafts.exchange.sheet import Sheet
from drafts.importing import Choices, Plan, Role
from drafts.model import Group
from server.auth import Signed
from server.pages import consulting, view
from server.pages.forms import Form

E = TypeVar("E", bound=StrEnum)
SHOWN: Final = 6  # rows of the preview
FAULTS: Final = 100  # of them that are told one by one


def _(message: str) -> str:
    """Marks a message for the catalogue; it is translated where it is shown."""
    return message


ROLES: Final[Mapping[Role, str]] = {
    Role.LEAVE: _("leave out"),
    Role.ROW: _("number of the row"),
    Role.WHO: _("organisation"),
    Role.GROUP: _("group"),
    Role.CLAUSE: _("clause"),
    Role.BODY: _("comment"),
    Role.PROPOSED: _("proposed words"),
    Role.VIEW: _("stance"),
    Role.LANGUAGE: _("language"),
    Role.DATE: _("date"),
    Role.DISPOSITION: _("answer"),
    Role.RATIONALE: _("reason for the answer"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The words of one column with what they mean. ``kind``: group, view or disposition."""

    kind: str
    words: tuple[tuple[str, int, str], ...]  # word, how often, what it means ('' nothing)


async def new(request: Request, _signed: Signed) -> Response:
    """The form for a file."""
    return await _first(request)


async def bring(request: Request, _signed: Signed, form: Form) -> Response:
    """Look at a table (``do=look``, or a file), or bring it in (``do=import``)."""
    await consulting.enter(request, Verb.ROUND_LEAD)
    file = form.files.get("file")
    try:
        data = file[1] if file else unpacked(form.values.get("packed", ""))
        read = await asyncio.to_thread(
            sheet.read, data, form.values.get("encoding", ""), form.values.get("separator", "")
        )
    except Refusal as refusal:
        return await _first(request, refusal)
    choices = importing.guess(read, PurePath(file[0]).stem) if file else _choices(form, read)
    if file or form.values.get("do") != "import":
        return await _preview(request, data, read, choices)
    store, now = request.app.state.store, consulting.at(request)
    try:
        round_id = request.path_params["round_id"]
        done = await desk.bring_in(store, consulting.reader(request), round_id, now, read, choices)
    except Invalid as refusal:
        return await _preview(request, data, read, choices, refusal)
    except Refusal as refusal:
        if refusal.key != "import_nothing_new":
            raise
        return await _preview(request, data, read, choices, refusal)
    return await _first(request, done=done)


async def _first(request: Request, why: Refusal | None = None, done: Done | None = None) -> Response:
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    return await consulting.page(
        request,
        entered,
        "consultation_import.html",
        "settings",
        status=why.status if why else 200,
        why=view.tongue(request).refusal(why) if why else "",
        done=done,
        sheet=None,
    )


async def _preview(
    request: Request, data: bytes, read: Sheet, choices: Choices, why: Refusal | None = None
) -> Response:
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    spoken = view.tongue(request)
    plan = await desk.look(
        request.app.state.store, consulting.reader(request), entered.round.id, entered.inside.at, read, choices
    )
    return await consulting.page(
        request,
        entered,
        "consultation_import.html",
        "settings",
        status=why.status if why else 200,
        why=spoken.refusal(why) if why else "",
        done=None,
        sheet=read,
        notes=[spoken._(message, count=count) for message, count in read.notes],
        packed=await asyncio.to_thread(packed, data),
        choices=choices,
        roles=[(role.value, spoken._(name)) for role, name in ROLES.items()],
        meanings=meanings(read, choices),
        means={"group": Group, "view": View, "disposition": Disposition},
        groups=list(Group),
        encodings=sheet.ENCODINGS,
        separators=sheet.SEPARATORS,
        rows=read.rows[:SHOWN],
        plan=plan,
        counts=counts(plan),
        faults=[(one.row, spoken._(one.message, value=one.value)) for one in plan.faults[:FAULTS]],
    )


def counts(plan: Plan) -> list[tuple[Group, int]]:
    """How many comments each group gets."""
    return [(group, sum(line.group is group for line in plan.lines)) for group in Group]


def meanings(read: Sheet, choices: Choices) -> list[Meaning]:
    """The words that have to be given a meaning."""
    found = []
    for kind, role, known in (
        ("group", Role.GROUP, choices.groups),
        ("view", Role.VIEW, choices.views),
        ("disposition", Role.DISPOSITION, choices.dispositions),
    ):
        told = importing.values(read, choices, role)
        words = tuple((word, count, str(known.get(word, ""))) for word, count in told.items())
        found += [Meaning(kind, words)] if words else []
    return found


def _choices(form: Form, read: Sheet) -> Choices:
    roles = tuple(form.choice(f"r{at}", Role, Role.LEAVE) for at in range(len(read.columns)))
    plain = Choices(
        roles,
        group=form.choice("group", Group) if form.values.get("group") else None,
        source=form.text("source", most=importing.MAX_SOURCE),
        who=form.text("who", most=importing.MAX_WHO),
        language=form.text("language", most=16),
        whole=form.flag("whole"),
        parties=form.flag("parties"),
        contributions=form.flag("contributions"),
        skip=form.flag("skip"),
    )
    guessed = importing.meant(read, plain)
    return replace(
        guessed,
        groups=_said(form, "group", Group, guessed.groups),
        views=_said(form, "view", View, guessed.views),
        dispositions=_said(form, "disposition", Disposition, guessed.dispositions),
    )


def _said(form: Form, kind: str, values: type[E], guessed: Mapping[str, E]) -> dict[str, E]:
    """What the form says of words, over what is guessed of those that it did not ask about."""
    found = dict(guessed)
    for at in range(importing.MAX_VALUES):
        word = form.values.get(f"{kind}k{at}")
        if word is None:
            break
        found.pop(word, None)
        if form.values.get(f"{kind}v{at}"):
            found[word] = form.choice(f"{kind}v{at}", values)
    return found


def packed(data: bytes) -> str:
    """A file for a field of the form."""
    return base64.b64encode(zlib.compress(data, 6)).decode()


def unpacked(text: str) -> bytes:
    """The same again. Raises Invalid for what no page of ours has sent."""
    if not text:
        raise Invalid("import_no_file", "Choose a file.")
    try:
        unpacking = zlib.decompressobj()
        return unpacking.decompress(base64.b64decode(text, validate=True), sheet.MAX_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise Invalid("import_no_file", "Choose a file.") from None
