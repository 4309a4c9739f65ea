"""The certificate's own calendar and people; what each field was before, and the import that changed it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        for name in ("next_surveillance", "last_surveillance", "cop_due"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in ("factory", "models", "consultant", "language", "time_zone"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("first_import_id", sa.Integer(), nullable=True))
        key = batch_op.f("fk_certificates_first_import_id")
        batch_op.create_foreign_key(key, "imports", ["first_import_id"], ["id"])
    op.create_table(
        "certificate_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_history_certificate_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_certificate_history_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_history")),
        sa.UniqueConstraint(
            "certificate_id", "import_id", "field", name=op.f("uq_certificate_history_certificate_id_import_id_field")
        ),
    )
