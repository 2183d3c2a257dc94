"""What is printed of a draft: a version, or the working text, as a clean document for whoever may read it."""

from dataclasses import replace

from drafts.access import Verb
from drafts.desk import admit, drafts, versions
from drafts.exchange.document import Document, Written
from drafts.exchange.parsed import Base, Content
from drafts.model import Draft
from drafts.store import Store


async def clean(store: Store, person_id: str | None, draft_id: str, wanted: int | str) -> Document:
    """The text of a version (its number), or the working text (``'live'``), without changes and comments.

    Raises NotFound.
    """
    async with store.read() as q:
        draft, _ = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
    return await of(store, draft, wanted)


def bare(document: Document) -> tuple[Content, Base]:
    """The document for the formats of bare text, and what an edited copy that comes back was made from."""
    clauses = [one.clause for one in document.clauses]
    head = (document.title, document.symbol, document.version_label, document.date, document.language)
    return Content(*head, clauses), Base(document.draft, document.seq, document.version)


async def of(store: Store, draft: Draft, wanted: int | str) -> Document:
    """The same for the operator, who reads everything. Raises NotFound."""
    async with store.read() as q:
        forum = await q.forums.get(draft.forum_id)
        number = int(wanted) if str(wanted).isdecimal() and len(str(wanted)) < 9 else 0
        found = None if wanted == versions.LIVE else await q.drafts.version(draft.id, number)
    name = forum.name if forum else ""
    if wanted == versions.LIVE:
        state = await drafts.restored(store, await store.load(draft.id))
        return replace(_document(versions.live(state), name, draft.id), seq=state.draft.seq)
    if found is None:
        raise admit.nothing()
    version, text = found
    made = _document(versions.read(text), name, draft.id)
    return replace(made, seq=version.seq, version=version.number, hash=version.hash)


def _document(content: Content, forum: str, draft_id: str) -> Document:
    clauses = tuple(Written(clause) for clause in content.clauses)
    head = (forum, content.title, content.symbol, content.version_label, content.date, content.language)
    return Document(*head, draft_id, 0, 0, "", clauses)
