"""Reminders that were told, calendar feeds; since when a certificate is looked after, and when it was settled."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watched_from", sa.Date(), nullable=True))
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reckoned", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("settled_on", sa.Date(), nullable=True))
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_reminders_contact_id")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_reminders_certificate_id")),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_reminders_digest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "contact_id", "certificate_id", "about", "on", "distance",
            name=op.f("uq_reminders_contact_id_certificate_id_about_on_distance"),
        ),
    )  # fmt: skip
    op.create_table(
        "feeds",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_feeds_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_feeds")),
    )
