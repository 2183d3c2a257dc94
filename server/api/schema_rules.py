"""What the API takes of a forum's rules."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from drafts.model import Openness


class RulesIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is changed of a forum's rules; what is left out stays."""

    silence_minimum: Annotated[int, Meta(description="Seconds, from a minute to 60 days.")] | UnsetType = UNSET
    breaks: Openness | UnsetType = UNSET
    public: bool | UnsetType = UNSET
    accredits: bool | UnsetType = UNSET
    non_objection: Annotated[int, Meta(description="Seconds, from an hour to 90 days; 0: none.")] | UnsetType = UNSET
    pseudonyms: bool | UnsetType = UNSET
    retention: Annotated[int, Meta(description="Days; 0: kept.")] | UnsetType = UNSET
