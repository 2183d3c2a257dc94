"""The tables of consultations: rounds, what comes in, what becomes of it, who applies, and what people are told."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from drafts.tables.columns import ident, ident_or_none, metadata, ref, time

round_ = Table(  # ``round`` is a function of Python
    "round",
    metadata,
    ident(primary=True),
    ref("draft_id", "draft.id"),
    Column("number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", String(500), nullable=False),
    Column("intro", Text, nullable=False),
    time("opens_at"),
    time("closes_at"),
    Column("zone", String(64), nullable=False),
    Column("groups", String(100), nullable=False),  # with spaces between
    Column("reveal", String(16), nullable=False),
    Column("granularity", String(16), nullable=False),
    Column("public", Boolean, nullable=False),
    Column("pseudonyms", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("last", Integer, nullable=False),  # number of the last remark that was sent
    ref("made_by", "person.id"),
    time("created_at"),
    time("announced_at", nullable=True),
    time("revealed_at", nullable=True),
    time("answered_at", nullable=True),
    Column("bundled", BigInteger, nullable=False, server_default="0"),  # serial of the last remark that was looked at
    Column("head", String(64), nullable=False, server_default=""),  # hash of the last row of its register
    Column("entries", BigInteger, nullable=False, server_default="0"),  # rows of its register
    UniqueConstraint("draft_id", "number"),
)
question = Table(
    "question",
    metadata,
    ident(primary=True),
    ref("round_id", "round.id"),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "round_id"),
)
bundle = Table(
    "bundle",
    metadata,
    ident(primary=True),
    ref("round_id", "round.id"),
    ident("lead_id"),
    Column("copies", Integer, nullable=False),
    Column("variants", Integer, nullable=False),
    Column("likeness", Integer, nullable=False),
    Column("campaign", String(32), nullable=False, server_default=""),  # the same in bundles of one template
    ref("answer_id", "answer.id", nullable=True),  # decided last for all of it that is not overruled
    Index(None, "round_id", "copies"),
)
answer = Table(
    "answer",
    metadata,
    ident(primary=True),
    ref("round_id", "round.id"),
    Column("disposition", String(20), nullable=False),
    Column("rationale", Text, nullable=False),
    Column("link", String(100), nullable=False),
    ref("person_id", "person.id"),
    time("at"),
    Index(None, "round_id", "at"),
)
contribution = Table(
    "contribution",
    metadata,
    ident(primary=True),
    ref("round_id", "round.id"),
    ref("owner_id", "party.id"),
    ref("person_id", "person.id"),
    Column("name", String(200), nullable=False),
    Column("media", String(100), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    time("at"),
    Column("who", String(300), nullable=False, server_default=""),  # whom the remarks that are made of it stand for
    Column("group", String(16), nullable=False, server_default=""),
    Index(None, "round_id"),
)
remark = Table(
    "remark",
    metadata,
    Column("serial", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    ref("round_id", "round.id"),
    Column("number", Integer, nullable=False),  # 0: not sent
    Column("spot", String(16), nullable=False),
    Column("clause_id", String(32), nullable=True),
    Column("start", Integer, nullable=True),  # UTF-16 units
    Column("end", Integer, nullable=True),
    Column("quote", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("view", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("state", String(16), nullable=False),
    Column("group", String(16), nullable=False),
    Column("who", String(300), nullable=False),
    ref("owner_id", "party.id", nullable=True),  # who wrote it; null: imported
    ref("party_id", "party.id", nullable=True),  # whom it is shown under; null: pseudonym, imported
    ref("person_id", "person.id"),
    ref("question_id", "question.id", nullable=True),
    Column("pseudonym", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    time("created_at"),
    time("sent_at", nullable=True),
    time("edited_at", nullable=True),
    time("withdrawn_at", nullable=True),
    Column("hidden_reason", Text, nullable=False),
    Column("withdrawn_reason", Text, nullable=False, server_default=""),
    ref("contribution_id", "contribution.id", nullable=True),
    Column("source_start", Integer, nullable=True),
    Column("source_end", Integer, nullable=True),
    Column("source_row", String(64), nullable=False),
    ref("bundle_id", "bundle.id", nullable=True),
    Column("variant", Integer, nullable=False),
    Column("settled", Boolean, nullable=False),  # a person said in which bundle it is, or that it is in none
    Column("overruled", Boolean, nullable=False),
    ref("answer_id", "answer.id", nullable=True),  # decided last
    Column("disposition", String(20), nullable=True),  # of answer_id
    ref("shown_id", "answer.id", nullable=True),  # published last
    Column("shown", String(20), nullable=True),  # disposition of shown_id
    Column(
        "salt", String(32), nullable=False
    ),  # of the digests in the register; goes with the words when they are erased
    Column("quarter", BigInteger, Computed("coalesce(sent_at, created_at) / 900000", persisted=True)),  # of an hour
    # Pages of remarks, and the counts, each read in the order of an index that holds all they need. What a filter asks
    # for is found in ``_wanted``, which holds every column that ``seen`` and ``wants`` look at.
    Index("ix_remark_round_serial", "round_id", "serial"),
    Index("ix_remark_round_clause", "round_id", "clause_id", "serial"),
    Index("ix_remark_round_counts", "round_id", "state", "clause_id", "group", "view", "disposition", "shown"),
    Index("ix_remark_round_sources", "round_id", "state", "who", "party_id", "group", "view"),
    Index("ix_remark_round_days", "round_id", "state", "quarter", "group"),
    Index("ix_remark_round_kinds", "round_id", "state", "language", "question_id", "group"),
    Index(
        "ix_remark_round_wanted",
        *("round_id", "state", "clause_id", "group", "view", "kind", "spot", "language", "question_id", "disposition"),
        *("shown", "late", "party_id", "bundle_id", "contribution_id", "quarter", "owner_id", "who"),
    ),
    Index("ix_remark_round_number", "round_id", "number"),
    Index("ix_remark_round_spans", "round_id", "spot", "state", "clause_id", "start", "end"),
    Index("ix_remark_owner", "owner_id", "round_id"),
    Index("ix_remark_party", "party_id", "round_id"),
    Index("ix_remark_person", "person_id"),
    Index("ix_remark_bundle", "bundle_id", "state", "group", "variant"),
    Index("ix_remark_answer", "answer_id"),
    # What is decided and not published, and each bundle once: of those only that have an answer, or a bundle.
    Index(
        "ix_remark_answered",
        *("round_id", "state", "answer_id", "shown_id"),
        sqlite_where=text("answer_id IS NOT NULL"),
        postgresql_where=text("answer_id IS NOT NULL"),
    ),
    Index(
        "ix_remark_bundled",
        *("round_id", "bundle_id", "overruled", "disposition", "state", "serial"),
        sqlite_where=text("bundle_id IS NOT NULL"),
        postgresql_where=text("bundle_id IS NOT NULL"),
    ),
)
# The answers that a remark was given, one after the other; without an answer: the one before was taken back.
given = Table(
    "given",
    metadata,
    Column("serial", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    ref("remark_id", "remark.id"),
    ref("answer_id", "answer.id", nullable=True),
    time("at"),
    time("shown_at", nullable=True),  # when it was published, if it was
    Index(None, "remark_id"),
    Index(None, "answer_id"),
)
# Other parties that a remark speaks for: asked by its owner, counted once they have joined.
together = Table(
    "together",
    metadata,
    ref("remark_id", "remark.id", primary=True),
    ref("party_id", "party.id", primary=True),
    Column("state", String(16), nullable=False),  # 'asked' | 'joined' | 'declined'
    ref("person_id", "person.id", nullable=True),  # who answered for the party
    time("at"),
    Index(None, "party_id"),
)
reply = Table(
    "reply",
    metadata,
    ident(primary=True),
    ref("remark_id", "remark.id"),
    ref("person_id", "person.id"),
    ref("party_id", "party.id"),
    Column("body", Text, nullable=False),
    time("created_at"),
    time("edited_at", nullable=True),
    Column("hidden_reason", Text, nullable=False),
    Column("salt", String(32), nullable=False),
    Index(None, "remark_id", "created_at"),
    Index(None, "party_id", "created_at"),
    Index(None, "created_at"),
)
# What a remark or a reply said before it was changed.
wording = Table(
    "wording",
    metadata,
    ident(primary=True),
    ident("of_id"),  # of the remark or reply
    ref("person_id", "person.id"),  # who had written it
    time("at"),  # until when it said this
    Column("body", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("view", String(16), nullable=False),
    Index(None, "of_id", "at"),
)
placing = Table(
    "placing",
    metadata,
    ref("remark_id", "remark.id", primary=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    ref("round_id", "round.id"),
    Column("clause_id", String(32), nullable=True),
    Column("start", Integer, nullable=True),
    Column("end", Integer, nullable=True),
    Column("score", Integer, nullable=False),
    Column("how", String(16), nullable=False),
    ref("person_id", "person.id", nullable=True),
    Index(None, "round_id", "version", "clause_id"),
)
# Somebody says that a remark or a reply should not stand there.
report = Table(
    "report",
    metadata,
    ident(primary=True),
    ref("round_id", "round.id"),
    ident("remark_id"),
    ident_or_none("reply_id"),
    ref("person_id", "person.id", nullable=True),  # null: forgotten
    ref("party_id", "party.id", nullable=True),
    Column("reason", Text, nullable=False),
    time("at"),
    time("settled_at", nullable=True),
    ref("settled_by", "person.id", nullable=True),
    Column("outcome", String(16), nullable=False),  # '' | 'hidden' | 'kept'
    Index(None, "round_id", "settled_at"),
)
# What happened in a round, one row an act, each with the hash of the one before: nothing goes or changes unseen. Of
# words it holds a salted digest only, so that they can be erased and the chain still holds.
register = Table(
    "register",
    metadata,
    ref("round_id", "round.id", primary=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    time("at"),
    Column("person_id", String(32), nullable=False),
    Column("party_id", String(32), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("of_id", String(32), nullable=False),  # the remark, reply, contribution …
    Column("digest", String(64), nullable=False),  # hex SHA-256 over the salt and the words
    Column("facts", Text, nullable=False),  # JSON without words
    Column("hash", String(64), nullable=False),
    Index(None, "round_id", "of_id"),
)
application = Table(
    "application",
    metadata,
    ident(primary=True),
    ref("forum_id", "forum.id"),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("code", String(8), nullable=False),
    Column("group", String(16), nullable=False),
    Column("contact", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    Column("statement", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    time("created_at"),
    time("objects_until", nullable=True),
    time("decided_at", nullable=True),
    ref("decided_by", "person.id", nullable=True),
    ref("party_id", "party.id", nullable=True),
    Index(None, "forum_id", "state"),
)
objection = Table(
    "objection",
    metadata,
    ref("application_id", "application.id", primary=True),
    ref("party_id", "party.id", primary=True),
    ref("person_id", "person.id"),
    Column("reason", Text, nullable=False),
    time("at"),
)

# ── notices ──
notice = Table(
    "notice",
    metadata,
    ident(primary=True),
    ref("person_id", "person.id"),
    time("at"),
    Column("kind", String(24), nullable=False),
    ref("forum_id", "forum.id", nullable=True),
    ref("draft_id", "draft.id", nullable=True),
    ref("round_id", "round.id", nullable=True),
    Column("of_id", String(32), nullable=False),  # the remark, reply, application … that it is about, or ''
    Column("facts", Text, nullable=False),  # JSON: what its sentence needs
    time("seen_at", nullable=True),
    time("mailed_at", nullable=True),
    Index(None, "person_id", "at"),
    Index(None, "round_id"),
)
# When a person was last in a forum, and the time before that: what is new "since you were last here".
visit = Table(
    "visit",
    metadata,
    ref("person_id", "person.id", primary=True),
    ref("forum_id", "forum.id", primary=True),
    time("at"),
    time("before", nullable=True),
)
