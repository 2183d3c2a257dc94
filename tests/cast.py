"""The same people in every test: two delegations, the chair and the secretariat, an observer, and somebody who is not
in the forum. States, organisations and people are invented.
"""

from dataclasses import dataclass

from drafts.desk import drafts, forums, people
from drafts.model import Clause, ClauseKind, Draft, Forum, Party
from drafts.store import Store

CLAUSES = (
    Clause("", ClauseKind.HEADING, 0, "Norms for the lake states"),
    Clause("", ClauseKind.PREAMBULAR, 0, "*Recalling* that the lakes are shared,"),
    Clause("", ClauseKind.OPERATIVE, 0, "States [should][shall] not harm the networks of the lakes:"),
    Clause("", ClauseKind.SUB, 1, "those that measure water levels;"),
    Clause("", ClauseKind.SUB, 1, "those that warn of floods."),
    Clause("", ClauseKind.OPERATIVE, 0, "ينبغي للدول أن تتبادل الإنذارات.", lang="ar"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """A forum with an open draft of ``CLAUSES``; its people by person id. ``stranger`` has an account and no seat."""

    forum: Forum
    draft: Draft
    chair: str
    secretary: str
    norvale: str
    norvale_second: str
    costamar: str
    observer: str
    stranger: str
    parties: dict[str, Party]  # by code

    @property
    def members(self) -> list[str]:
        """Everybody in the forum."""
        return [self.chair, self.secretary, self.norvale, self.norvale_second, self.costamar, self.observer]


_SEATS = {
    "chair": ("Ada Brannt", "Chair", "CHR", "government", "chair"),
    "secretary": ("Sven Okoro", "Secretariat", "SEC", "government", "secretariat"),
    "norvale": ("Ines Valder", "Norvale", "NVL", "government", "delegate"),
    "norvale_second": ("Jonas Fell", "Norvale", "NVL", "government", "delegate"),
    "costamar": ("Pilar Montes", "Costamar", "CTM", "government", "delegate"),
    "observer": ("Wanda Reiss", "Open networks watch", "ONW", "civil_society", "observer"),
}


async def cast(store: Store) -> Cast:
    """Seat them all and bring the text: open drafting, and observers may read it."""
    forum = await forums.create(store, "Lake states dialogue", "regional")
    ids, parties = {}, {}
    for key, (name, party, code, group, role) in _SEATS.items():
        person = await people.create(store, name, f"{key}@lakes.example", None)
        member = await forums.seat(store, forum.id, person.id, party=party, code=code, group=group, role=role)
        ids[key], parties[code] = person.id, member.party
    stranger = await people.create(store, "Nils Outer", "nils@elsewhere.example", None)
    draft = await drafts.create(
        store, ids["chair"], forum.id, "Norms for the lake states", "LS/1", "norm", "en", "open", True, CLAUSES
    )
    return Cast(forum, draft, **ids, stranger=stranger.id, parties=parties)
