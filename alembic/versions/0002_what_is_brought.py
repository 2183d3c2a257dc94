"""Files that are brought to be compared or merged, and who their authors stand for."""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("base_seq", sa.BigInteger(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_brought_draft_id_draft")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_brought_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_brought_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought")),
    )
    op.create_index(op.f("ix_brought_draft_id_party_id"), "brought", ["draft_id", "party_id"])
    op.create_table(
        "word_author",
        sa.Column("forum_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("stands_for", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_word_author_forum_id_forum")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_word_author_party_id_party")),
        sa.ForeignKeyConstraint(["stands_for"], ["party.id"], name=op.f("fk_word_author_stands_for_party")),
        sa.PrimaryKeyConstraint("forum_id", "party_id", "author", name=op.f("pk_word_author")),
    )


def downgrade() -> None:
    op.drop_table("word_author")
    op.drop_index(op.f("ix_brought_draft_id_party_id"), table_name="brought")
    op.drop_table("brought")
