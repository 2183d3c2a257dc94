"""Who takes part in the demo exercise: invented states, groups of states, organisations and people.

Seat codes are three letters and no ISO 3166 code; addresses end in ``.invalid``, which no mail reaches.
"""

from typing import Final, NamedTuple

from drafts.model import Group, Level, Role

FORUM: Final = "Simulation exercise of the Lakes and Coast Regional Workshop"
LEVEL: Final = Level.WORKSHOP


class Seat(NamedTuple):
    """A party of the exercise."""

    name: str
    code: str
    group: Group


class Player(NamedTuple):
    """A person of the exercise. ``key`` is the name in the story and in front of the @ of the address."""

    key: str
    name: str
    code: str
    role: Role

    @property
    def email(self) -> str:
        """An address in the reserved domain ``.invalid``."""
        return f"{self.key}@demo.invalid"


SEATS: Final = (
    Seat("Chair of the workshop", "CHR", Group.GOVERNMENT),
    Seat("Secretariat of the workshop", "SEC", Group.GOVERNMENT),
    Seat("Archipelago Group", "AGP", Group.GOVERNMENT),
    Seat("Costamar", "CTM", Group.GOVERNMENT),
    Seat("Ellandia", "ELA", Group.GOVERNMENT),
    Seat("Highland Group", "HLG", Group.GOVERNMENT),
    Seat("Norvale", "NVL", Group.GOVERNMENT),
    Seat("Qoralia", "QRL", Group.GOVERNMENT),
    Seat("Sundara", "SDA", Group.GOVERNMENT),
    Seat("Tarvia", "TVA", Group.GOVERNMENT),
    Seat("Network operators’ forum", "NOF", Group.INDUSTRY),
    Seat("Hosting and cloud council", "HCC", Group.INDUSTRY),
    Seat("Association of digital helplines", "ADH", Group.CIVIL_SOCIETY),
    Seat("Open networks watch", "ONW", Group.CIVIL_SOCIETY),
    Seat("University working group on norms", "UWG", Group.ACADEMIA),
    Seat("Institute for regional dialogue", "IRD", Group.ACADEMIA),
)

PLAYERS: Final = (
    Player("chair", "Chair of the exercise", "CHR", Role.CHAIR),
    Player("secretary", "Secretary of the exercise", "SEC", Role.SECRETARIAT),
    Player("archipelago", "Speaker of the Archipelago Group", "AGP", Role.DELEGATE),
    Player("costamar", "Delegate of Costamar", "CTM", Role.DELEGATE),
    Player("ellandia", "Delegate of Ellandia", "ELA", Role.DELEGATE),
    Player("highland", "Speaker of the Highland Group", "HLG", Role.DELEGATE),
    Player("norvale", "Delegate of Norvale", "NVL", Role.DELEGATE),
    Player("norvale-adviser", "Adviser to Norvale", "NVL", Role.DELEGATE),
    Player("qoralia", "Delegate of Qoralia", "QRL", Role.DELEGATE),
    Player("sundara", "Delegate of Sundara", "SDA", Role.DELEGATE),
    Player("tarvia", "Delegate of Tarvia", "TVA", Role.DELEGATE),
    Player("operators", "Speaker of the operators", "NOF", Role.OBSERVER),
    Player("hosting", "Speaker of the hosting council", "HCC", Role.OBSERVER),
    Player("helplines", "Speaker of the helplines", "ADH", Role.OBSERVER),
    Player("networks-watch", "Speaker of the networks watch", "ONW", Role.OBSERVER),
    Player("university", "Speaker of the working group", "UWG", Role.OBSERVER),
    Player("institute", "Speaker of the institute", "IRD", Role.OBSERVER),
)
