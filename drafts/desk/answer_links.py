"""Where answers lead: to a clause of the round's text, a tabled proposal, a later version or a clause in it. That is
checked when an answer is given; those who may read what is there can follow."""

from collections.abc import Iterable
from dataclasses import dataclass

from drafts import access, answers
from drafts.access import Verb
from drafts.answers import Link
from drafts.desk import rounds
from drafts.desk.rounds import Entered
from drafts.errors import NotFound
from drafts.exchange.parsed import Content
from drafts.model import Version
from drafts.store import Store


@dataclass(frozen=True, slots=True)
class Linked:
    """A link for one reader. ``version`` and ``content``: of the text that it leads into (the round's own for its
    clauses, None for a proposal); ``content`` is None where the reader may not read it, and then nothing of it is told.
    ``gone``: the clause is one of the round's text that the later version does not have any more. ``proposal_id``: ''
    where the reader may not read proposals. ``reads_draft``: whether the reader comes to the draft's own pages."""

    link: Link
    version: Version | None
    content: Content | None
    gone: bool
    proposal_id: str
    reads_draft: bool


async def checked(store: Store, entered: Entered, text: str) -> str:
    """A link as it is kept, when it leads somewhere. Raises Invalid."""
    link = answers.link(text)
    if link.proposal:
        async with store.read() as q:
            found = bool(await q.answers.proposals(entered.draft.id, [link.proposal]))
    elif link.version:
        found = link.version > entered.round.version and await _has(store, entered, link)
    else:
        own = await rounds.text(store, entered)
        found = not link.clause_id or any(clause.id == link.clause_id for clause in own.clauses)
    if not found:
        raise answers.no_link()
    return str(link)


async def _has(store: Store, entered: Entered, link: Link) -> bool:
    """Whether there is such a version, with the clause; or without it, when the round's text has it: then it was
    removed, which is an answer too."""
    try:
        _, content = await rounds.version(store, entered, link.version)
    except NotFound:
        return False
    own = await rounds.text(store, entered)
    return not link.clause_id or any(clause.id == link.clause_id for clause in (*content.clauses, *own.clauses))


async def followed(store: Store, entered: Entered, links: Iterable[str]) -> dict[str, Linked]:
    """Some links (as answers keep them) for one reader; those that are empty are left out."""
    asked = {text: answers.link(text) for text in dict.fromkeys(links) if text}
    member, draft = entered.member, entered.draft
    reads = member is not None and access.may(member, Verb.DRAFT_READ, draft) is None
    proposals: dict[int, str] = {}
    numbers = [link.proposal for link in asked.values() if link.proposal]
    if numbers and reads and access.may(member, Verb.PROPOSALS_READ, draft) is None:
        async with store.read() as q:
            proposals = await q.answers.proposals(draft.id, numbers)
    texts = {number: await _text(store, entered, number) for number in _versions(entered, asked.values())}
    found: dict[str, Linked] = {}
    for text, link in asked.items():
        number = 0 if link.proposal else link.version or entered.round.version
        version, content = texts.get(number, (None, None))
        gone = (
            content is not None and bool(link.clause_id) and link.clause_id not in {one.id for one in content.clauses}
        )
        found[text] = Linked(link, version, content, gone, proposals.get(link.proposal, ""), reads)
    return found


def _versions(entered: Entered, links: Iterable[Link]) -> set[int]:
    return {link.version or entered.round.version for link in links if not link.proposal}


async def _text(store: Store, entered: Entered, number: int) -> tuple[Version | None, Content | None]:
    try:
        return await rounds.version(store, entered, number)
    except NotFound:
        async with store.read() as q:
            known = await q.drafts.versions(entered.draft.id)
    return next((one for one in known if one.number == number), None), None
