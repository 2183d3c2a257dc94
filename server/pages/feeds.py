"""What can be followed with other programs: the Atom feed of a public draft, and dates for calendars."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from drafts.desk import deadlines, feeds, secret
from drafts.desk.feeds import Entry, Feed, Happening
from drafts.errors import NotFound
from server import i18n, icalendar
from server.i18n import Tongue
from server.pages import consulting, view

ATOM: Final = "http://www.w3.org/2005/Atom"
_KEPT: Final = "max-age=300"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_XML: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


async def atom(request: Request) -> Response:
    """The feed of a draft, where something of it is public. Raises NotFound."""
    draft_id, spoken = request.path_params["draft_id"], view.tongue(request)
    found = await feeds.public(request.app.state.store, draft_id, consulting.at(request))
    body = _atom(found, request.app.state.settings.site, draft_id, spoken)
    return _kept(request, body, "application/atom+xml; charset=utf-8")


def _atom(feed: Feed, site: str, draft_id: str, spoken: Tongue) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # stubs know no default one
    root.set(_XML, spoken.language)
    _add(root, "id", _urn(f"draft-{draft_id}"))
    _add(root, "title", feed.title or feed.forum.name)
    _add(root, "updated", _when(feed.updated))
    _link(root, f"{site}/drafts/{draft_id}/feed.atom", "self", "application/atom+xml")
    _link(root, f"{site}/consultations", "alternate", "text/html")
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _add(author, "name", feed.forum.name)
    for one in feed.entries:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, "id", _urn(one.key))
        _add(entry, "title", _said(one, spoken))
        _add(entry, "updated", _when(one.at))
        _add(entry, "published", _when(one.at))
        _link(entry, f"{site}/consultations/{one.round.id}{_PAGES.get(one.kind, '')}", "alternate", "text/html")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


_PAGES: Final = {Happening.ANSWERED: "/matrix"}


def _said(one: Entry, spoken: Tongue) -> str:
    title = one.round.title
    match one.kind:
        case Happening.ISSUED:
            return spoken._("{label} was issued", label=one.version.label)
        case Happening.ANNOUNCED:
            until = spoken.minute(one.round.closes_at)
            return spoken._("Consultation announced: {title}, until {moment}", title=title, moment=until)
        case Happening.OPENED:
            return spoken._("Consultation open: {title}", title=title)
        case Happening.CLOSED:
            return spoken._("Consultation closed: {title}", title=title)
        case _:
            return spoken._("Answers published: {title}", title=title)


def _urn(key: str) -> str:
    """A name that stays the same, whatever this installation's address becomes."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'adref:{key}')}"


def _when(moment: datetime) -> str:
    return i18n.iso(moment)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = _ILLEGAL.sub("", text)


def _link(parent: etree._Element, href: str, rel: str, media: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", href=href, rel=rel, type=media)


def _kept(request: Request, body: bytes, media: str) -> Response:
    """An answer that programs ask for again and again: with a tag, and empty when they have it."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": _KEPT, "Vary": "Cookie, Accept-Language"}
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in asked:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media, headers=headers)


async def of_round(request: Request) -> Response:
    """The dates of one consultation, for whoever may read it. Raises NotFound."""
    entered = await consulting.enter(request)
    dates = deadlines.of_round(entered)
    changed = entered.round.announced_at or entered.round.created_at
    body = icalendar.calendar(
        entered.round.title,
        dates,
        site=request.app.state.settings.site,
        at=changed,
        spoken=view.tongue(request),
    )
    return _kept(request, body, icalendar.MEDIA)


async def of_person(request: Request) -> Response:
    """A person's dates, for whoever has the secret address. Raises NotFound."""
    key = request.path_params["secret"]
    store, at = request.app.state.store, consulting.at(request)
    if not _SECRET.match(key):
        raise NotFound("not_found", "There is nothing at this address.")
    async with store.read() as q:
        person = await q.post.of_calendar(secret.hashed(key))
        if person is None:
            raise NotFound("not_found", "There is nothing at this address.")
        dates = await deadlines.of_person(q, person.id, at)
    spoken = Tongue(i18n.choose([person.language], ""))
    stamp = at.replace(minute=0, second=0, microsecond=0)
    body = icalendar.calendar("Adref", dates, site=request.app.state.settings.site, at=stamp, spoken=spoken)
    return _kept(request, body, icalendar.MEDIA)
