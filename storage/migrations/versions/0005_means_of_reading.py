"""By which programs a document was read, attempts to read that failed; and columns that 0001 got after it was in use.

What was read before is known by its content: a Word 97 file without LibreOffice bears a doubt that says so. An alert
of the days before alerts had revisions told what its change said; an upgrade is no news to its holder.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _alerts_of_the_first_days()
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("means", sa.String(), nullable=False, server_default=""))
        batch_op.drop_constraint(batch_op.f("uq_documents_sha256_page_family_reader_version"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_documents_sha256_page_family_reader_version_means"),
            ["sha256", "page_family", "reader_version", "means"],
        )
    content = "CAST(content AS TEXT) LIKE"
    op.execute(f"""UPDATE documents SET means = '+soffice' WHERE {content} '%"kind": "doc"%'""")
    op.execute(f"""UPDATE documents SET means = '-soffice' WHERE {content} '%LibreOffice is not installed; install%'""")
    op.create_table(
        "reading_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("page_family", sa.String(), nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("failed_on", sa.Date(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_failures")),
        sa.UniqueConstraint(
            "sha256", "page_family", "reader_version", "failed_on",
            name=op.f("uq_reading_failures_sha256_page_family_reader_version_failed_on"),
        ),
    )  # fmt: skip


def _alerts_of_the_first_days() -> None:
    if "revision" in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("alerts")}:
        return
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("update_of", sa.Integer(), nullable=True))
    op.execute("UPDATE alerts SET revision = (SELECT changes.revision FROM changes WHERE changes.id = change_id)")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_alerts_update_of"), "alerts", ["update_of"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_alerts_update_of_revision"), ["update_of", "revision"])
