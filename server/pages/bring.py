"""Bringing a text: paste or upload, look at the clauses that were found and mend them, then create the draft.

Nothing is stored before the last step: the preview is a form that holds everything, and each of its steps reads it
again. Per clause ``n`` it has ``t`` (text), ``k`` (kind; sub-clauses as ``sub1`` to ``sub3``), ``l`` (language), ``i``
(the id that the file carried), ``j`` (join with the one above) and ``x`` (leave out).
"""

import asyncio
import re
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import brackets, exchange
from drafts.access import Verb
from drafts.desk import drafts, forums
from drafts.errors import Forbidden, Invalid, NotFound, Refusal, TooLarge
from drafts.exchange import Format, Parsed
from drafts.exchange.parsed import Proposed
from drafts.model import Clause, ClauseKind, DraftKind, Mode, Stage
from drafts.numbering import Slot, labels
from drafts.room import MAX_CLAUSES
from drafts.stages import FIRST
from server import words
from server.auth import Signed
from server.i18n import Tongue
from server.pages import view
from server.pages.forms import Form

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es", "de", "fa", "hi", "id", "it", "ja", "ko", "pt", "sw", "tr", "ur")
_MARKDOWN = re.compile(r"\A\ufeff?(---|\+\+\+)\s|^#{1,6} \S|^\s*[-*+] \S", re.MULTILINE)
_MOST_SOURCE = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A clause of the preview."""

    kind: ClauseKind
    depth: int
    text: str
    lang: str = ""
    id: str = ""
    label: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Lines of its text field."""
        return max(1, min(12, len(self.text) // 88 + 1))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the draft will be, beside its clauses."""

    title: str = ""
    symbol: str = ""
    kind: str = DraftKind.NORM
    language: str = "en"
    mode: str = Mode.OPEN
    observers: bool = True
    stage: str = Stage.SECOND_READING
    clauses: tuple[Found, ...] = field(default=())


async def new(request: Request, signed: Signed) -> Response:
    """The form for a text."""
    await _admit(request, signed)
    return await _new(request, signed, Facts(language=view.tongue(request).language), "")


async def preview(request: Request, signed: Signed, form: Form) -> Response:
    """The clauses that were found, or as they are after mending."""
    await _admit(request, signed)
    if "count" in form.values:
        return await _preview(request, signed, mended(form))
    facts = _facts(form)
    source = form.text("source", most=_MOST_SOURCE)
    try:
        parsed = await _read(form, source)
    except Refusal as refusal:
        return await _new(request, signed, facts, source, refusal)
    facts = replace(
        facts,
        title=facts.title or parsed.title,
        symbol=facts.symbol or parsed.symbol[:100],
        language=parsed.language or facts.language,
        clauses=tuple(Found(c.kind, c.depth, c.text, c.lang, c.id) for c in parsed.clauses),
    )
    return await _preview(request, signed, facts, parsed.notes, proposed=parsed.proposed)


async def create(request: Request, signed: Signed, form: Form) -> Response:
    """Store the draft as the preview has it."""
    await _admit(request, signed)
    facts = mended(form)
    clauses = [Clause(c.id, c.kind, c.depth, c.text, "", c.lang) for c in facts.clauses]
    store, forum_id = request.app.state.store, request.path_params["forum_id"]
    try:
        if not clauses:
            raise Invalid("import_empty", "There is no text in it. Choose another file, or paste the text.")
        draft = await drafts.create(
            store,
            signed.person.id,
            forum_id,
            facts.title,
            facts.symbol,
            facts.kind,
            facts.language,
            facts.mode,
            facts.observers,
            clauses,
            stage=facts.stage,
        )
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _preview(request, signed, facts, why=refusal)
    return RedirectResponse(f"/drafts/{draft.id}", 303)


def mended(form: Form) -> Facts:
    """What the preview's form says, with joins made and left-out clauses gone.

    Raises Invalid for a form that no page of ours sends, TooLarge for too many clauses.
    """
    count = form.number("count")
    if count > MAX_CLAUSES:
        raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
    clauses: list[Found] = []
    for number in range(count):
        text = " ".join(form.text(f"t{number}", most=64 * 1024).split())
        if not text or form.flag(f"x{number}"):
            continue
        if form.flag(f"j{number}") and clauses:
            clauses[-1] = replace(clauses[-1], text=f"{clauses[-1].text} {text}")
            continue
        kind, depth = _kind(form.text(f"k{number}", most=20))
        lang = form.text(f"l{number}", most=16)
        clauses.append(Found(kind, depth, text, lang, form.text(f"i{number}", most=32)))
    return replace(_facts(form), clauses=tuple(clauses))


def _kind(value: str) -> tuple[ClauseKind, int]:
    if value in {"sub1", "sub2", "sub3"}:
        return ClauseKind.SUB, int(value[3])
    if value in {"heading", "preambular", "operative", "chapeau"}:
        return ClauseKind(value), 0
    raise Invalid("bad_choice", "Please choose one of the list.")


def _facts(form: Form) -> Facts:
    return Facts(
        title=form.text("title", most=500),
        symbol=form.text("symbol", most=100),
        kind=form.choice("kind", DraftKind, DraftKind.NORM),
        language=form.text("language", most=16) or "en",
        mode=form.choice("mode", Mode, Mode.OPEN),
        observers=form.flag("observers") if "count" in form.values else True,
        stage=form.choice("stage", Stage, Stage.SECOND_READING),
    )


async def _read(form: Form, source: str) -> Parsed:
    file = form.files.get("file")
    if file is not None:
        return await asyncio.to_thread(exchange.read, *file)
    if not source:
        raise Invalid("import_nothing", "Paste a text or choose a file.")
    return await asyncio.to_thread(exchange.read_text, source, _format(source))


def _format(source: str) -> Format:
    return Format.MARKDOWN if _MARKDOWN.search(source) else Format.PLAIN


async def _admit(request: Request, signed: Signed) -> None:
    forum_id = request.path_params["forum_id"]
    await forums.enter(request.app.state.store, signed.person.id, forum_id, Verb.DRAFT_CREATE)


async def _new(request: Request, signed: Signed, facts: Facts, source: str, why: Refusal | None = None) -> Response:
    forum, me = await forums.enter(request.app.state.store, signed.person.id, request.path_params["forum_id"])
    spoken = view.tongue(request)
    return view.page(
        request,
        "draft_new.html",
        status=why.status if why else 200,
        me=me,
        forum=forum,
        source=source,
        why=spoken.refusal(why) if why else "",
        text_languages=_languages(spoken, facts.language),
        **_shown(facts),
    )


async def _preview(
    request: Request,
    signed: Signed,
    facts: Facts,
    notes: tuple[str, ...] = (),
    why: Refusal | None = None,
    proposed: tuple[Proposed, ...] = (),
) -> Response:
    forum, me = await forums.enter(request.app.state.store, signed.person.id, request.path_params["forum_id"])
    spoken = view.tongue(request)
    used = {facts.language, *(clause.lang for clause in facts.clauses)}
    return view.page(
        request,
        "draft_preview.html",
        status=why.status if why else 200,
        me=me,
        forum=forum,
        clauses=_labelled(facts.clauses, spoken),
        notes=[spoken._(note) for note in notes],
        proposed=[(one, spoken._(words.word(one.kind, "proposal"))) for one in proposed],
        why=spoken.refusal(why) if why else "",
        text_languages=_languages(spoken, *used),
        **_shown(facts),
    )


def _shown(facts: Facts) -> dict[str, object]:
    return {
        "title": facts.title,
        "symbol": facts.symbol,
        "kind": facts.kind,
        "language": facts.language,
        "mode": facts.mode,
        "observers": facts.observers,
        "stage": facts.stage,
        "stages": FIRST,
    }


def _labelled(clauses: tuple[Found, ...], spoken: Tongue) -> list[Found]:
    named = labels([Slot(c.kind, c.depth) for c in clauses])
    above = 0
    out: list[Found] = []
    for clause, label in zip(clauses, named, strict=True):
        warnings = []
        if brackets.parse(clause.text).unbalanced:
            warnings.append(spoken._("A bracket has no partner in this clause."))
        if clause.kind is ClauseKind.SUB and clause.depth > above + 1:
            warnings.append(spoken._("This sub-clause stands deeper than the one above allows."))
        above = clause.depth if clause.kind is ClauseKind.SUB else 0
        out.append(replace(clause, label=label, warnings=tuple(warnings)))
    return out


def _languages(spoken: Tongue, *used: str) -> dict[str, str]:
    tags = [*LANGUAGES, *sorted(tag for tag in set(used) if tag and tag not in LANGUAGES)]
    return {tag: spoken.name_of(tag) for tag in tags}
