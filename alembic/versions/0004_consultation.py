"""Consultations: rounds, remarks and their answers, accreditation, notices."""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and index
    op.create_table(
        "visit",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("forum_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_visit_forum_id_forum")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "forum_id", name=op.f("pk_visit")),
    )
    op.create_table(
        "wording",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("of_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("view", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wording_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
    )
    op.create_index(op.f("ix_wording_of_id_at"), "wording", ["of_id", "at"])
    op.create_table(
        "application",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("forum_id", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("group", sa.String(length=16), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("objects_until", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("party_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_application_decided_by_person")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_application_forum_id_forum")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_application_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_application_secret_hash")),
    )
    op.create_index(op.f("ix_application_forum_id_state"), "application", ["forum_id", "state"])
    op.create_table(
        "round",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("groups", sa.String(length=100), nullable=False),
        sa.Column("reveal", sa.String(length=16), nullable=False),
        sa.Column("granularity", sa.String(length=16), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("pseudonyms", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("announced_at", sa.BigInteger(), nullable=True),
        sa.Column("revealed_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("bundled", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("head", sa.String(length=64), server_default="", nullable=False),
        sa.Column("entries", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_round_draft_id_draft")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_round_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_round_draft_id_number")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("disposition", sa.String(length=20), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_answer_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_round_id_at"), "answer", ["round_id", "at"])
    op.create_table(
        "bundle",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("variants", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(length=32), server_default="", nullable=False),
        sa.Column("answer_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_bundle_answer_id_answer")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_bundle_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
    )
    op.create_index(op.f("ix_bundle_round_id_copies"), "bundle", ["round_id", "copies"])
    op.create_table(
        "contribution",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=300), server_default="", nullable=False),
        sa.Column("group", sa.String(length=16), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["party.id"], name=op.f("fk_contribution_owner_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contribution_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_contribution_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    op.create_index(op.f("ix_contribution_round_id"), "contribution", ["round_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("forum_id", sa.String(length=32), nullable=True),
        sa.Column("draft_id", sa.String(length=32), nullable=True),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("of_id", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("mailed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_notice_draft_id_draft")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_notice_forum_id_forum")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_notice_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_person_id_at"), "notice", ["person_id", "at"])
    op.create_index(op.f("ix_notice_round_id"), "notice", ["round_id"])
    op.create_table(
        "objection",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_objection_application_id_application")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_objection_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_objection_person_id_person")),
        sa.PrimaryKeyConstraint("application_id", "party_id", name=op.f("pk_objection")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_question_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_round_id"), "question", ["round_id"])
    op.create_table(
        "register",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("of_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_register_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "seq", name=op.f("pk_register")),
    )
    op.create_index(op.f("ix_register_round_id_of_id"), "register", ["round_id", "of_id"])
    op.create_table(
        "report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("remark_id", sa.String(length=32), nullable=False),
        sa.Column("reply_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("party_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_report_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_report_round_id_round")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_report_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_round_id_settled_at"), "report", ["round_id", "settled_at"])
    op.create_table(
        "remark",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("spot", sa.String(length=16), nullable=False),
        sa.Column("clause_id", sa.String(length=32), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("view", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("group", sa.String(length=16), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("party_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.String(length=32), nullable=True),
        sa.Column("pseudonym", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("contribution_id", sa.String(length=32), nullable=True),
        sa.Column("source_start", sa.Integer(), nullable=True),
        sa.Column("source_end", sa.Integer(), nullable=True),
        sa.Column("source_row", sa.String(length=64), nullable=False),
        sa.Column("bundle_id", sa.String(length=32), nullable=True),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("overruled", sa.Boolean(), nullable=False),
        sa.Column("answer_id", sa.String(length=32), nullable=True),
        sa.Column("disposition", sa.String(length=20), nullable=True),
        sa.Column("shown_id", sa.String(length=32), nullable=True),
        sa.Column("shown", sa.String(length=20), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column(
            "quarter",
            sa.BigInteger(),
            sa.Computed("coalesce(sent_at, created_at) / 900000", persisted=True),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_remark_answer_id_answer")),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_remark_bundle_id_bundle")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_remark_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["party.id"], name=op.f("fk_remark_owner_id_party")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_remark_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remark_person_id_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_remark_question_id_question")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_remark_round_id_round")),
        sa.ForeignKeyConstraint(["shown_id"], ["answer.id"], name=op.f("fk_remark_shown_id_answer")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_remark")),
        sa.UniqueConstraint("id", name=op.f("uq_remark_id")),
    )
    op.create_index("ix_remark_answer", "remark", ["answer_id"])
    for name, columns, where in (
        ("ix_remark_answered", ["round_id", "state", "answer_id", "shown_id"], "answer_id IS NOT NULL"),
        (
            "ix_remark_bundled",
            ["round_id", "bundle_id", "overruled", "disposition", "state", "serial"],
            "bundle_id IS NOT NULL",
        ),
    ):
        only = sa.text(where)
        op.create_index(name, "remark", columns, sqlite_where=only, postgresql_where=only)
    op.create_index("ix_remark_bundle", "remark", ["bundle_id", "state", "group", "variant"])
    op.create_index("ix_remark_owner", "remark", ["owner_id", "round_id"])
    op.create_index("ix_remark_party", "remark", ["party_id", "round_id"])
    op.create_index("ix_remark_person", "remark", ["person_id"])
    op.create_index("ix_remark_round_clause", "remark", ["round_id", "clause_id", "serial"])
    op.create_index(
        "ix_remark_round_counts", "remark", ["round_id", "state", "clause_id", "group", "view", "disposition", "shown"]
    )
    op.create_index("ix_remark_round_number", "remark", ["round_id", "number"])
    op.create_index("ix_remark_round_spans", "remark", ["round_id", "spot", "state", "clause_id", "start", "end"])
    op.create_index("ix_remark_round_days", "remark", ["round_id", "state", "quarter", "group"])
    op.create_index("ix_remark_round_kinds", "remark", ["round_id", "state", "language", "question_id", "group"])
    op.create_index("ix_remark_round_sources", "remark", ["round_id", "state", "who", "party_id", "group", "view"])
    wanted = ["round_id", "state", "clause_id", "group", "view", "kind", "spot", "language", "question_id"]
    wanted += ["disposition", "shown", "late", "party_id", "bundle_id", "contribution_id", "quarter", "owner_id", "who"]
    op.create_index("ix_remark_round_wanted", "remark", wanted)
    op.create_index("ix_remark_round_serial", "remark", ["round_id", "serial"])
    op.create_table(
        "given",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("remark_id", sa.String(length=32), nullable=False),
        sa.Column("answer_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_given_answer_id_answer")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_given_remark_id_remark")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_given")),
    )
    op.create_index(op.f("ix_given_answer_id"), "given", ["answer_id"])
    op.create_index(op.f("ix_given_remark_id"), "given", ["remark_id"])
    op.create_table(
        "placing",
        sa.Column("remark_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("clause_id", sa.String(length=32), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_placing_person_id_person")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_placing_remark_id_remark")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_placing_round_id_round")),
        sa.PrimaryKeyConstraint("remark_id", "version", name=op.f("pk_placing")),
    )
    op.create_index(op.f("ix_placing_round_id_version_clause_id"), "placing", ["round_id", "version", "clause_id"])
    op.create_table(
        "reply",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("remark_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_reply_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reply_person_id_person")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_reply_remark_id_remark")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    op.create_index(op.f("ix_reply_remark_id_created_at"), "reply", ["remark_id", "created_at"])
    op.create_index(op.f("ix_reply_party_id_created_at"), "reply", ["party_id", "created_at"])
    op.create_index(op.f("ix_reply_created_at"), "reply", ["created_at"])
    op.create_table(
        "together",
        sa.Column("remark_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_together_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_together_person_id_person")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_together_remark_id_remark")),
        sa.PrimaryKeyConstraint("remark_id", "party_id", name=op.f("pk_together")),
    )
    op.create_index(op.f("ix_together_party_id"), "together", ["party_id"])
    op.add_column("forum", sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("forum", sa.Column("accredits", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("forum", sa.Column("non_objection", sa.Integer(), server_default="0", nullable=False))
    op.add_column("forum", sa.Column("pseudonyms", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("forum", sa.Column("retention", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("digest", sa.String(length=16), server_default="off", nullable=False))
    op.add_column("person", sa.Column("digested_at", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("digest_due", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("digest_held", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("digest_tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("calendar_hash", sa.String(length=64), nullable=True))
    op.add_column("person", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_person_calendar_hash"), "person", ["calendar_hash"], unique=True)
    _index_of_words()


def _index_of_words() -> None:
    """Where words are searched: each database has its own way, see ``drafts/store/search.py``."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE remark_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 2')")
        return
    op.execute("CREATE TABLE remark_words (serial BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
    op.execute("CREATE INDEX ix_remark_words ON remark_words USING gin (words)")


def downgrade() -> None:
    op.drop_index("ix_person_calendar_hash", table_name="person")
    op.execute("DROP TABLE IF EXISTS remark_words")
    for name in (
        "given",
        "together",
        "reply",
        "placing",
        "remark",
        "report",
        "register",
        "question",
        "objection",
        "notice",
        "contribution",
        "bundle",
        "answer",
        "round",
        "application",
        "wording",
        "visit",
    ):
        op.drop_table(name)
    for name in ("erased_at", "calendar_hash", "digest_tries", "digest_held", "digest_due", "digested_at", "digest"):
        op.drop_column("person", name)
    for name in ("retention", "pseudonyms", "non_objection", "accredits", "public"):
        op.drop_column("forum", name)
