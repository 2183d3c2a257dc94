"""The database schema, and alembic's target. Times are stored as UTC milliseconds since 1970 (integers sort, compare
and travel the same on SQLite and PostgreSQL); enums as their string values; ids as the short strings of
``model.new_id``.

The **log** is the truth of a draft: one row per accepted act, numbered 1, 2, 3 … per draft, each row's ``hash``
chaining to the one before. ``checkpoint`` is derived (a room's state at a seq, so that opening does not depend on the
history's length) and may be deleted at any time.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from drafts.tables.columns import ident, ident_or_none, metadata, ref, time
from drafts.tables.consultation import (
    answer,
    application,
    bundle,
    contribution,
    given,
    notice,
    objection,
    placing,
    question,
    register,
    remark,
    reply,
    report,
    round_,
    together,
    visit,
    wording,
)

__all__ = [
    "alignment",
    "answer",
    "application",
    "brought",
    "bundle",
    "checkpoint",
    "comment",
    "contribution",
    "draft",
    "forum",
    "given",
    "invitation",
    "log",
    "member",
    "metadata",
    "notice",
    "objection",
    "opened",
    "party",
    "person",
    "placing",
    "proposal",
    "question",
    "register",
    "remark",
    "reply",
    "report",
    "round_",
    "session",
    "setting",
    "thread",
    "together",
    "token",
    "version",
    "visit",
    "word_author",
    "wording",
]

# One row: facts of this installation (the secret that client ids and tokens are signed with).
setting = Table(
    "setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# ── forums and people ──
forum = Table(
    "forum",
    metadata,
    ident(primary=True),
    Column("name", String(200), nullable=False),
    Column("level", String(16), nullable=False),
    Column("demo", Boolean, nullable=False, default=False),
    time("created_at"),
    Column("silence_minimum", Integer, nullable=False, server_default="259200"),  # seconds
    Column("breaks", String(16), nullable=False, server_default="delegations"),  # who sees who broke a silence
    Column("public", Boolean, nullable=False, server_default=false()),  # whether rounds can be opened to everybody
    Column("accredits", Boolean, nullable=False, server_default=false()),  # whether organisations can apply
    Column("non_objection", Integer, nullable=False, server_default="0"),  # seconds; 0: no such period
    Column("pseudonyms", Boolean, nullable=False, server_default=false()),
    Column("retention", Integer, nullable=False, server_default="0"),  # days after a round's close; 0: kept
)
party = Table(
    "party",
    metadata,
    ident(primary=True),
    ref("forum_id", "forum.id"),
    Column("name", String(200), nullable=False),
    Column("code", String(8), nullable=False),
    Column("group", String(16), nullable=False),
    UniqueConstraint("forum_id", "code"),
)
# Parties that act as one through another: ``party_id`` speaks for ``member_id``.
alignment = Table(
    "alignment",
    metadata,
    ref("party_id", "party.id", primary=True),
    ref("member_id", "party.id", primary=True),
)
person = Table(
    "person",
    metadata,
    ident(primary=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False, unique=True),  # lower-cased
    Column("password", String(200), nullable=True),  # argon2id; null: cannot sign in by password
    Column("language", String(16), nullable=False, default="en"),
    time("created_at"),
    Column("digest", String(16), nullable=False, server_default="off"),  # 'off' | 'daily' | 'weekly'
    time("digested_at", nullable=True),  # when the last one was handed over
    time("digest_due", nullable=True),  # when the next one is to be, or is tried again
    time("digest_held", nullable=True),  # since when a process is handing one over
    Column("digest_tries", Integer, nullable=False, server_default="0"),  # that failed, one after another
    Column("calendar_hash", String(64), nullable=True),  # of the secret of the calendar’s address
    time("erased_at", nullable=True),
    Index(None, "calendar_hash", unique=True),
)
member = Table(
    "member",
    metadata,
    ref("forum_id", "forum.id", primary=True),
    ref("person_id", "person.id", primary=True),
    ref("party_id", "party.id"),
    Column("role", String(16), nullable=False),
    time("created_at"),
    Index(None, "person_id"),
)
# The cookie and the links carry a random secret; the table keeps its SHA-256 only.
session = Table(
    "session",
    metadata,
    ident(primary=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    ref("person_id", "person.id"),
    time("created_at"),
    time("seen_at"),
    time("expires_at"),
    Index(None, "person_id"),
)
invitation = Table(
    "invitation",
    metadata,
    ident(primary=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    ref("forum_id", "forum.id"),
    ref("party_id", "party.id"),
    Column("role", String(16), nullable=False),
    ref("made_by", "person.id"),
    time("created_at"),
    time("expires_at"),
    time("used_at", nullable=True),
    ref("used_by", "person.id", nullable=True),
    time("revoked_at", nullable=True),
)
token = Table(
    "token",
    metadata,
    ident(primary=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    ref("person_id", "person.id"),
    Column("name", String(100), nullable=False),
    time("created_at"),
    time("used_at", nullable=True),
    time("expires_at", nullable=True),
    time("revoked_at", nullable=True),
    Index(None, "person_id"),
)

# ── drafts ──
draft = Table(
    "draft",
    metadata,
    ident(primary=True),
    ref("forum_id", "forum.id"),
    Column("title", String(500), nullable=False),
    Column("symbol", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("observers", Boolean, nullable=False),
    Column("seq", BigInteger, nullable=False),  # number of the last row of the log
    Column("head", String(64), nullable=False),  # hash of the last row of the log
    time("created_at"),
    ref("created_by", "person.id"),
    Column("stage", String(16), nullable=False, server_default="second_reading"),
    Column("proposals", String(16), nullable=False, server_default="everyone"),
    Column("positions", String(16), nullable=False, server_default="delegations"),
    ident_or_none("parent_id"),  # of a proposal's own text: the draft that it is proposed for
    Column("circle", Text, nullable=True),  # ids of the parties that know of it, with spaces between; the owner first
    Index(None, "forum_id"),
)
log = Table(
    "log",
    metadata,
    ref("draft_id", "draft.id", primary=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    time("at"),
    Column("person_id", String(32), nullable=False),
    Column("party_id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),  # see drafts.room: the acts
    Column("clause_id", String(32), nullable=True),
    Column("number", Integer, nullable=True),  # the clause's text number that this act made
    Column("client", String(48), nullable=True),  # who sent it, for recognising a repeat: client id and its counter,
    Column("counter", Integer, nullable=True),  # or the operation id of a command and null
    Column("body", Text, nullable=False),  # JSON of the act
    Column("hash", String(64), nullable=False),
    Index(None, "draft_id", "clause_id", "number"),
    Index(None, "draft_id", "client", "counter"),
)
checkpoint = Table(
    "checkpoint",
    metadata,
    ref("draft_id", "draft.id", primary=True),
    Column("seq", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
version = Table(
    "version",
    metadata,
    ref("draft_id", "draft.id", primary=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("label", String(50), nullable=False),
    Column("symbol", String(100), nullable=False),
    Column("status", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    time("issued_at"),
    ref("issued_by", "person.id"),
    ref("party_id", "party.id"),
    Column("content", Text, nullable=False),  # canonical JSON
    Column("hash", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    UniqueConstraint("draft_id", "label"),
)

# When a person last opened a draft: who has not seen a text that is under silence is reminded.
opened = Table(
    "opened",
    metadata,
    ref("draft_id", "draft.id", primary=True),
    ref("person_id", "person.id", primary=True),
    time("at"),
)
# A proposal as its own party has it. Its words are the draft with the same id; what others see of it once it is tabled
# stands in the log of the draft it is for.
proposal = Table(
    "proposal",
    metadata,
    ref("id", "draft.id", primary=True),
    ref("draft_id", "draft.id"),
    ref("party_id", "party.id"),
    ref("person_id", "person.id"),
    Column("kind", String(16), nullable=False),
    Column("state", String(20), nullable=False),
    Column("clause_id", String(32), nullable=True),
    Column("base_number", Integer, nullable=False),
    Column("base_seq", BigInteger, nullable=False),
    Column("base_text", Text, nullable=False),  # what that text of the clause says
    Column("after_id", String(32), nullable=True),
    Column("reason", Text, nullable=False),
    Column("number", Integer, nullable=True),
    time("created_at"),
    Index(None, "draft_id", "party_id"),
)

# ── comments ── (where a thread's anchor stands now is part of the room's state: the log has an act for each)
thread = Table(
    "thread",
    metadata,
    ident(primary=True),
    ref("draft_id", "draft.id"),
    Column("place", String(16), nullable=False),
    Column("clause_id", String(32), nullable=True),
    Column("quote", Text, nullable=False),
    Column("audience", String(16), nullable=False),
    ref("party_id", "party.id"),  # the opener's party: for audience 'party'
    time("created_at"),
    time("resolved_at", nullable=True),
    ref("resolved_by", "person.id", nullable=True),
    Index(None, "draft_id", "clause_id"),
)
comment = Table(
    "comment",
    metadata,
    ident(primary=True),
    ref("thread_id", "thread.id"),
    ref("person_id", "person.id"),
    ref("party_id", "party.id"),
    Column("body", Text, nullable=False),
    time("created_at"),
    time("edited_at", nullable=True),
    Index(None, "thread_id", "created_at"),
    CheckConstraint("body <> ''", name="said"),
)

# ── what is brought from outside ── (a file, read: to be compared with a draft or merged into it)
brought = Table(
    "brought",
    metadata,
    ident(primary=True),
    ref("draft_id", "draft.id"),
    ref("person_id", "person.id"),
    ref("party_id", "party.id"),  # only this party's members see it
    time("at"),
    Column("name", String(200), nullable=False),
    Column("purpose", String(16), nullable=False),  # 'compare' | 'merge'
    Column("state", String(16), nullable=False),  # 'waiting' | 'applied'
    Column("base_seq", BigInteger, nullable=False),  # the act after which the draft was as the file's maker had it
    Column("base_version", Integer, nullable=True),  # the version that this is, if it is one
    Column("data", LargeBinary, nullable=False),  # see drafts.outside
    Column("report", Text, nullable=True),  # JSON, once it is applied
    Index(None, "draft_id", "party_id"),
)
# Which party an author named in word processors' files stands for, as a party that brings such files has said.
word_author = Table(
    "word_author",
    metadata,
    ref("forum_id", "forum.id", primary=True),
    ref("party_id", "party.id", primary=True),
    Column("author", String(200), primary_key=True),
    ref("stands_for", "party.id"),
)
