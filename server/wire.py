"""The frames of ``/ws/drafts/{id}``, one type each (documented for strangers in docs/protocol.md).

Text frames of JSON; the field ``t`` names the type. An unknown type, a missing field or a value of the wrong type is
answered with ``refused`` (key ``bad_frame``) and counted; too many close the socket with 1008.
"""

from typing import Annotated, Any, TypeAlias

import msgspec

MAX_FRAME = 256 * 1024  # bytes of one frame from a client

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]  # what a column of the log can hold
Sections: TypeAlias = list[Any]  # the JSON of a CodeMirror ChangeSet: int | [int] | [int, line]


class _In(msgspec.Struct, tag_field="t", frozen=True, forbid_unknown_fields=True):
    pass


class Push(_In, frozen=True, tag="push"):
    """Updates of one clause's text: ``updates[0]`` has number ``counter`` of ``client`` and stands on text number
    ``base``."""

    clause: str
    client: str
    base: Count
    counter: Count
    updates: list[Sections]


class Insert(_In, frozen=True, tag="insert"):
    """A new clause behind ``after`` (null: at the very front)."""

    op: str
    after: str | None
    kind: str = "operative"
    depth: Count = 0
    lang: str = ""
    texts: list[str] = []  # one clause per text, in order; none: one empty clause


class Split(_In, frozen=True, tag="split"):
    """Cut the clause at UTF-16 position ``at`` of text number ``number``; the rest becomes the next clause."""

    op: str
    clause: str
    number: Count
    at: Count


class Join(_In, frozen=True, tag="join"):
    """Append the clause to the one before it."""

    op: str
    clause: str


class Move(_In, frozen=True, tag="move"):
    """Put the clause behind ``after`` (null: to the very front)."""

    op: str
    clause: str
    after: str | None


class Delete(_In, frozen=True, tag="delete"):
    """Take the clause out; it stays in the redline with who and why."""

    op: str
    clause: str
    reason: str = ""


class Restore(_In, frozen=True, tag="restore"):
    """Bring a deleted clause back where it stood."""

    op: str
    clause: str


class Shape(_In, frozen=True, tag="shape"):
    """Change a clause's kind, depth or language."""

    op: str
    clause: str
    kind: str
    depth: Count = 0
    lang: str = ""


class Lock(_In, frozen=True, tag="lock"):
    """Say how far a clause is: a ``ClauseStatus``; the agreed ones are locked. Re-opening one takes a reason."""

    op: str
    clause: str
    state: str
    reason: str = ""


class SetMode(_In, frozen=True, tag="set"):
    """Set how the draft is edited: ``open`` or ``pen``."""

    op: str
    mode: str


class PutBracket(_In, frozen=True, tag="bracket"):
    """Put brackets round ``[start, end)`` of text ``number``; with ``start`` = ``end`` at an opening bracket, say
    whose it is and why. ``private``: only one's own party sees reason and words."""

    op: str
    clause: str
    number: Count
    start: Count
    end: Count
    reason: str = "contentious"
    link: str | None = None
    words: str = ""
    private: bool = False


class LiftBracket(_In, frozen=True, tag="lift"):
    """Take the bracket with a glyph at ``at`` of text ``number`` out; ``with_text``: its words too."""

    op: str
    clause: str
    number: Count
    at: Count
    with_text: bool = False


class Position(_In, frozen=True, tag="position"):
    """Your party's position on a proposal, as you read its ``wording``, or on a clause; ``stance`` null takes it back.
    ``condition``: the clause that a conditional one depends on."""

    op: str
    on: str
    stance: str | None
    note: str = ""
    condition: str | None = None
    wording: Count = 0


class Sponsor(_In, frozen=True, tag="sponsor"):
    """Join the sponsors of a tabled proposal, or leave them."""

    op: str
    proposal: str
    joins: bool = True


class Object(_In, frozen=True, tag="object"):
    """Object to a clause's being marked as agreed."""

    op: str
    clause: str
    reason: str


class Cursor(_In, frozen=True, tag="cursor"):
    """Where this person's caret is (UTF-16, in text ``number``), or that it is nowhere (``clause`` null)."""

    clause: str | None
    number: Count = 0
    anchor: Count = 0
    head: Count = 0


class Fetch(_In, frozen=True, tag="fetch"):
    """The acts that made text ``since + 1`` and later of a clause."""

    clause: str
    since: Count


class Ping(_In, frozen=True, tag="ping"):
    """Is the line alive? Answered with ``pong``."""


Incoming: TypeAlias = (
    Push | Insert | Split | Join | Move | Delete | Restore | Shape | Lock | SetMode | PutBracket | LiftBracket
    | Position | Sponsor | Object | Cursor | Fetch | Ping
)  # fmt: skip


class _Out(msgspec.Struct, tag_field="t", frozen=True):
    pass


class ActFrame(msgspec.Struct, frozen=True, omit_defaults=True):
    """One act of the log, as in drafts/acts.py. Short names, because there are many."""

    s: int  # seq
    at: int  # UTC ms
    by: str  # person id
    p: str  # party id
    k: str  # kind
    c: str | None = None  # clause id
    n: int | None = None  # text number
    i: str | None = None  # client id, or operation id of a command
    u: int | None = None  # counter of the client
    b: dict[str, Any] = {}  # body


class Who(msgspec.Struct, frozen=True):
    """Somebody who acts or is present."""

    name: str
    party: str
    code: str
    group: str
    party_name: str


class Here(msgspec.Struct, frozen=True, omit_defaults=True):
    """A connection's place in the text, built by the server from its session. ``clause`` null: reading."""

    id: str  # of the connection
    by: str  # person id
    clause: str | None = None
    n: int = 0
    a: int = 0  # anchor
    h: int = 0  # head


class Welcome(_Out, frozen=True, tag="welcome"):
    """First frame. ``client`` is this connection's id and the client id for its editors' updates; acts after
    ``since`` follow in the first ``tick``. ``tick_ms`` is the pace of frames."""

    seq: int
    client: str
    you: str
    may_edit: bool
    people: dict[str, Who]
    here: list[Here]
    watching: dict[str, int]  # party id -> connections
    shown: str | None = None  # the clause that the chair shows to the room


class Tick(_Out, frozen=True, tag="tick", omit_defaults=True):
    """What happened since the last frame: acts up to ``seq``, carets, arrivals and departures."""

    seq: int
    acts: list[ActFrame] = []
    people: dict[str, Who] = {}
    here: list[Here] = []
    gone: list[str] = []
    watching: dict[str, int] = {}
    shown: str | None = None  # the clause that the chair shows to the room, when it is another one now


class Fetched(_Out, frozen=True, tag="fetched"):
    """Answer to ``fetch``: every act of the clause after text ``since``, up to ``seq``."""

    clause: str
    since: int
    seq: int
    acts: list[ActFrame]


class Carried(_Out, frozen=True, tag="carried"):
    """Updates up to ``counter`` on a clause that was joined into ``into`` went there; forget the joined clause's
    editor."""

    clause: str
    client: str
    counter: int
    into: str


class Refused(_Out, frozen=True, tag="refused", omit_defaults=True):
    """Something sent was not done, and changed nothing. Either ``op`` (a command) or
    ``clause``+``client``+``counter`` (updates from that counter on) says what; neither: the frame was not
    understood."""

    key: str
    message: str
    op: str | None = None
    clause: str | None = None
    client: str | None = None
    counter: int | None = None


class ThreadFrame(_Out, frozen=True, tag="thread"):
    """A comment thread is new or changed; ``thread`` is its whole view as ``GET /api/v1/drafts/{id}/threads`` gives
    it."""

    thread: dict[str, Any]


class FloorFrame(_Out, frozen=True, tag="floor"):
    """What changed on the table, as this listener may see it: whole views as ``GET /api/v1/drafts/{id}/floor`` gives
    them. ``whole``: this is all there is; what is not in it is gone."""

    seq: int
    proposals: list[dict[str, Any]] = []
    clauses: list[dict[str, Any]] = []
    draft: dict[str, Any] | None = None
    whole: bool = False


class Done(_Out, frozen=True, tag="done"):
    """A command was done whose acts are not told to all, so that none of them comes in a ``tick``."""

    op: str
    seq: int


class Again(_Out, frozen=True, tag="again"):
    """This connection cannot go on from where it was (a gap): load the page's state afresh, keep what is unsent."""

    reason: str


class Pong(_Out, frozen=True, tag="pong"):
    """Answer to ``ping``; ``at`` is the server's UTC ms."""

    at: int


decoder = msgspec.json.Decoder(Incoming)
encoder = msgspec.json.Encoder()
