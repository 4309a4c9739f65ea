"""How far a visit is trusted and how far it saw its list; what was learned of a section; where an address is now."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("visits") as visits:
        visits.add_column(sa.Column("trust", sa.String(), nullable=False, server_default=""))
        visits.add_column(sa.Column("reach", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("addresses") as addresses:
        addresses.add_column(sa.Column("seen_visit_id", sa.Integer(), nullable=True))
        addresses.add_column(sa.Column("in_doubt", sa.Boolean(), nullable=False, server_default=sa.false()))
        addresses.add_column(sa.Column("moved_to", sa.String(), nullable=True))
        addresses.create_foreign_key(op.f("fk_addresses_seen_visit_id"), "visits", ["seen_visit_id"], ["id"])
    op.create_table(
        "sections",
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("volatile", sa.JSON(), nullable=False),
        sa.Column("suspected", sa.JSON(), nullable=False),
        sa.Column("shape", sa.String(), nullable=False),
        sa.Column("confirmed_shape", sa.String(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("authority", "section", name=op.f("pk_sections")),
    )
