"""Stages, proposals of a party's own, who sees what is tabled, groups of parties, silence procedures."""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("forum", sa.Column("silence_minimum", sa.Integer(), nullable=False, server_default="259200"))
    op.add_column("forum", sa.Column("breaks", sa.String(length=16), nullable=False, server_default="delegations"))
    op.add_column("draft", sa.Column("stage", sa.String(length=16), nullable=False, server_default="second_reading"))
    op.add_column("draft", sa.Column("proposals", sa.String(length=16), nullable=False, server_default="everyone"))
    op.add_column("draft", sa.Column("positions", sa.String(length=16), nullable=False, server_default="delegations"))
    op.add_column("draft", sa.Column("parent_id", sa.String(length=32), nullable=True))
    op.add_column("draft", sa.Column("circle", sa.Text(), nullable=True))
    op.create_table(
        "alignment",
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_alignment_party_id_party")),
        sa.ForeignKeyConstraint(["member_id"], ["party.id"], name=op.f("fk_alignment_member_id_party")),
        sa.PrimaryKeyConstraint("party_id", "member_id", name=op.f("pk_alignment")),
    )
    op.create_table(
        "opened",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_opened_draft_id_draft")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opened_person_id_person")),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name=op.f("pk_opened")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("clause_id", sa.String(length=32), nullable=True),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("base_seq", sa.BigInteger(), nullable=False),
        sa.Column("base_text", sa.Text(), nullable=False),
        sa.Column("after_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["draft.id"], name=op.f("fk_proposal_id_draft")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_proposal_draft_id_draft")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_proposal_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_draft_id_party_id"), "proposal", ["draft_id", "party_id"])


def downgrade() -> None:
    _forget_own_texts()
    op.drop_index(op.f("ix_proposal_draft_id_party_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_table("opened")
    op.drop_table("alignment")
    for name in ("circle", "parent_id", "positions", "proposals", "stage"):
        op.drop_column("draft", name)
    for name in ("breaks", "silence_minimum"):
        op.drop_column("forum", name)


def _forget_own_texts() -> None:
    """They go with their table: an older program knows no circles, and would show them to the whole forum."""
    draft = sa.table("draft", sa.column("id"), sa.column("parent_id"))
    thread = sa.table("thread", sa.column("id"), sa.column("draft_id"))
    comment = sa.table("comment", sa.column("thread_id"))
    own = sa.select(draft.c.id).where(draft.c.parent_id.is_not(None))
    threads = sa.select(thread.c.id).where(thread.c.draft_id.in_(own))
    op.execute(sa.delete(comment).where(comment.c.thread_id.in_(threads)))
    for name in ("thread", "version", "checkpoint", "log", "brought", "opened"):
        of_draft = sa.table(name, sa.column("draft_id"))
        op.execute(sa.delete(of_draft).where(of_draft.c.draft_id.in_(own)))
    op.execute(sa.delete(sa.table("proposal")))
    op.execute(sa.delete(draft).where(draft.c.parent_id.is_not(None)))
