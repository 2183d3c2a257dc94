"""Who is where in a draft, built from sessions and never from what a client says about itself."""

from dataclasses import dataclass

from drafts.model import Member
from server.wire import Cursor, Here, Who


def who(member: Member) -> Who:
    """A person as others see them: name and party, never an address."""
    party = member.party
    return Who(member.person_name, party.id, party.code, party.group.value, party.name)


@dataclass(slots=True)
class Presence:
    """The carets and the watchers of one draft. Changes gather until ``take`` hands them to a frame."""

    _here: dict[str, Here]
    _moved: dict[str, Here]
    _gone: list[str]
    _watching: dict[str, int]
    _watching_changed: bool
    _people: dict[str, Who]  # everybody who was named in a frame so far
    _new_people: dict[str, Who]

    @classmethod
    def empty(cls) -> "Presence":
        """Nobody."""
        return cls({}, {}, [], {}, False, {}, {})

    def enter(self, member: Member) -> None:
        """One more connection of a party."""
        party = member.party.id
        self._watching[party] = self._watching.get(party, 0) + 1
        self._watching_changed = True

    def leave(self, connection: str, member: Member) -> None:
        """A connection is gone, and its caret with it."""
        party = member.party.id
        left = self._watching.get(party, 0) - 1
        if left > 0:
            self._watching[party] = left
        else:
            self._watching.pop(party, None)
        self._watching_changed = True
        self._moved.pop(connection, None)
        if self._here.pop(connection, None) is not None:
            self._gone.append(connection)

    def move(self, connection: str, member: Member, cursor: Cursor) -> None:
        """A caret moved, or went away (``clause`` null)."""
        if cursor.clause is None:
            if self._here.pop(connection, None) is not None:
                self._moved.pop(connection, None)
                self._gone.append(connection)
            return
        here = Here(connection, member.person_id, cursor.clause, cursor.number, cursor.anchor, cursor.head)
        self._here[connection] = self._moved[connection] = here
        self.name(member)

    def name(self, member: Member) -> None:
        """Make sure that frames say who this is before, or when, they name the id."""
        if member.person_id not in self._people:
            self._people[member.person_id] = self._new_people[member.person_id] = who(member)

    @property
    def changed(self) -> bool:
        """Whether a caret moved or went, or somebody is new (watchers alone can wait)."""
        return bool(self._moved or self._gone or self._new_people)

    @property
    def watching_changed(self) -> bool:
        """Whether the counts of watchers changed since they were last taken."""
        return self._watching_changed

    def all(self) -> tuple[dict[str, Who], list[Here], dict[str, int]]:
        """People, carets and watchers for somebody who arrives."""
        return dict(self._people), list(self._here.values()), dict(self._watching)

    def take(self, *, watching: bool) -> tuple[dict[str, Who], list[Here], list[str], dict[str, int]]:
        """What changed since: new people, moved carets, gone ones, and the watchers if wanted and changed."""
        out = (
            self._new_people,
            list(self._moved.values()),
            self._gone,
            dict(self._watching) if watching and self._watching_changed else {},
        )
        self._new_people, self._moved, self._gone = {}, {}, []
        if watching:
            self._watching_changed = False
        return out
