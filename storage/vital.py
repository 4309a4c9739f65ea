"""What certificates depend on, in words that the crawler can look for: rule families, and the texts of their rules."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.captures import CaptureRow
from storage.certificates import CertificateRow
from storage.changes import EditionRow


def certified_families(session: Session) -> list[str]:
    """Return the rule families on which certificates are based."""
    return list(session.scalars(select(CertificateRow.family).distinct().order_by(CertificateRow.family)))


def principal_addresses(session: Session, authority: str) -> list[str]:
    """Return the addresses at which an authority publishes the texts of rules that certificates are based on."""
    query = (
        select(CaptureRow.url)
        .join(EditionRow, EditionRow.capture_id == CaptureRow.id)
        .where(CaptureRow.authority == authority)
        .where(EditionRow.family.in_(select(CertificateRow.family)))
        .distinct()
    )
    return list(session.scalars(query))
