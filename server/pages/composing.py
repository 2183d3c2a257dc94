"""Where a comment is written: the composer on the page of the text, what it keeps while one types, and sending.

Without scripts the composer is opened by an address and every button sends the form; with scripts it is fetched by
itself, and kept as one types."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from drafts import commenting
from drafts.access import Verb, demand
from drafts.commenting import Said
from drafts.consultation import Remark, RemarkKind, Reveal, Round, Spot, View
from drafts.decide import MAX_COMMENT
from drafts.desk import remarks, rounds, together
from drafts.desk.rounds import Entered
from drafts.errors import NotFound, Refusal
from drafts.exchange.parsed import Content
from drafts.model import Clause, ClauseKind, Party, new_id
from drafts.store.rows import ms
from server.auth import Signed
from server.i18n import Tongue
from server.pages import consulting, view
from server.pages.forms import Form
from server.pages.remark_cards import difference, places

_LANGUAGES: Final = ("ar", "de", "en", "es", "fa", "fr", "hi", "id", "it", "ja", "ko", "pt", "ru", "sw", "tr", "zh")


@dataclass(frozen=True, slots=True)
class Composer:
    """A composer that is open. ``seen``: when the draft was kept that it continues (UTC ms; 0 for none); ``kept``: the
    same as a moment; ``codes``: the parties to be asked, as typed; ``theirs``: what a colleague has made of the draft
    meanwhile."""

    id: str
    typed: Said
    seen: int = 0
    kept: datetime | None = None
    codes: str = ""
    theirs: Remark | None = None


async def asked(request: Request, entered: Entered) -> Composer | None:
    """The composer that an address asks for; None for none, or where the reader does not comment."""
    query = request.query_params
    if not entered.may(Verb.REMARK_WRITE) or not (query.get("on") or query.get("draft")):
        return None
    if query.get("draft"):
        return continued(await remarks.draft(request.app.state.store, entered, query["draft"][:32]))
    clause = None if query.get("on") in {None, "-"} else query["on"][:32]
    content = await rounds.text(request.app.state.store, entered)
    found = next((one for one in content.clauses if one.id == clause), None)
    if clause is not None and found is None:
        raise NotFound("not_found", "There is nothing at this address.")
    possible = spots(entered.round, found)
    about = query.get("about", "")
    spot = Spot(about) if about in {one.value for one in possible} else possible[0]
    question = query.get("question", "")
    known = question in {one.id for one in entered.round.questions}
    typed = Said(spot, clause, language=view.tongue(request).language, question_id=question if known else None)
    return Composer(new_id(16), typed)


def continued(draft: Remark) -> Composer:
    """The composer of a draft."""
    kept = draft.edited_at or draft.created_at
    return Composer(draft.id, commenting.said(draft), ms(kept), kept)


def spots(told: Round, clause: Clause | None) -> list[Spot]:
    """What a comment that is begun at a clause (None: at the text) can be on, the most likely first."""
    if clause is None:
        return [Spot.WHOLE, Spot.MISSING]
    whole = Spot.SECTION if clause.kind is ClauseKind.HEADING else Spot.CLAUSE
    return [spot for spot in (whole, Spot.SPAN, Spot.MISSING) if commenting.takes(told, spot)]


# ── the composer ──


async def fragment(request: Request, _signed: Signed) -> Response:
    """The composer by itself, for the page's script: addresses as the page's own."""
    entered = await consulting.enter(request, Verb.REMARK_WRITE)
    found = await asked(request, entered)
    if found is None:
        raise NotFound("not_found", "There is nothing at this address.")
    content = await rounds.text(request.app.state.store, entered)
    return HTMLResponse(await form(request, entered, found, content, None))


async def form(request: Request, entered: Entered, found: Composer, content: Content, why: Refusal | None) -> Markup:
    """A composer as HTML."""
    spoken, typed = view.tongue(request), found.typed
    me = demand(entered.member, Verb.REMARK_WRITE, entered.inside)
    known = places(content.clauses)
    clause = known.clauses.get(typed.clause_id or "")
    made = view.macros(request, "consultation_composer.html", me=me)
    said: list[tuple[Party, str]] = []
    if found.seen:
        said = await together.said(request.app.state.store, entered, found.id)
    facts = {
        "c": found,
        "base": f"/consultations/{entered.round.id}",
        "round": entered.round,
        "place": known.names.get(typed.clause_id or "", ""),
        "clause": clause,
        "text_language": (clause.lang if clause else "") or content.language,
        "spots": spots(entered.round, clause),
        "words": _changed(found, clause, spoken),
        "languages_known": languages(spoken, content.language, typed.language),
        "pseudonyms": entered.round.pseudonyms and entered.forum.pseudonyms,
        "asked": said,
        "sends": entered.may(Verb.REMARK_SEND),
        "reveal": entered.round.reveal,
        "at_close": entered.round.reveal is Reveal.AT_CLOSE and not entered.round.revealed(entered.inside.at),
        "why": spoken.refusal(why) if why else "",
        "most": MAX_COMMENT,
    }
    return Markup(made.composer(facts))  # noqa: S704 - the template has escaped it


def _changed(found: Composer, clause: Clause | None, spoken: Tongue) -> Markup | None:
    """The proposed words against what stands there, once there are some."""
    typed = found.typed
    if typed.kind is not RemarkKind.DRAFTING or not typed.proposed:
        return None
    return difference(standing(typed, clause), typed.proposed, spoken)


def standing(typed: Said, clause: Clause | None) -> str:
    """The words that proposed ones would take the place of."""
    if typed.spot is Spot.SPAN:
        return typed.quote
    return clause.text if clause is not None and typed.spot is Spot.CLAUSE else ""


def languages(spoken: Tongue, *more: str) -> list[tuple[str, str]]:
    """Languages to choose from, with their names, by name; those of ``more`` are among them."""
    tags = dict.fromkeys([*_LANGUAGES, *[tag for tag in more if tag]])
    return sorted([(tag, spoken.name_of(tag)) for tag in tags], key=lambda one: one[1].casefold())


def read(sent: Form) -> Said:
    """The comment in a form. Raises Invalid."""
    near = sent.text("near", most=9)
    return Said(
        spot=sent.choice("spot", Spot),
        clause_id=sent.text("clause", most=32) or None,
        start=sent.number("start") if sent.text("start") else None,
        end=sent.number("end") if sent.text("end") else None,
        quote=sent.text("quote", most=MAX_COMMENT),
        kind=sent.choice("kind", RemarkKind, RemarkKind.GENERAL),
        view=sent.choice("view", View, View.NEUTRAL),
        body=sent.text("body", most=MAX_COMMENT),
        proposed=sent.text("proposed", most=MAX_COMMENT),
        language=sent.text("language", most=35) or "en",
        question_id=sent.text("question", most=32) or None,
        name=sent.text("name", most=remarks.MAX_NAME),
        near=int(near) if near.isdecimal() else None,
    )
