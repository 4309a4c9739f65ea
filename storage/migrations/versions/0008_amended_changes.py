"""Entries of the log that are a part of another change's history; what happens on which day, for each certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("amends", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_changes_amends"), "changes", ["amends"], ["id"])
        batch_op.create_index(batch_op.f("ix_changes_amends"), ["amends"])
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("step", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("days", sa.JSON(), nullable=False, server_default="[]"))
