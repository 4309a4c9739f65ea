"""Which version of the facts' reader has read a document; databases made while it stood in 0001 have the table."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("fact_readings"):
        return
    op.create_table(
        "fact_readings",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_fact_readings_document_id")),
        sa.PrimaryKeyConstraint("document_id", "facts_version", name=op.f("pk_fact_readings")),
    )
