"""Changes that a consultant merged into another.

The table that an upgrade left when it broke off half-way, before upgrades were one transaction, goes first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("DROP TABLE IF EXISTS _alembic_tmp_changes")
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_changes_merged_into"), "changes", ["merged_into"], ["id"])
