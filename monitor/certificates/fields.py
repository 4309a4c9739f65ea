"""Fields: what a certificate file says of a certificate, column by column, as values to keep and as text to show.

The text of a field is what stands in an exported file and in the history of a certificate: days as 2027-06-30,
standards separated by "; ", an empty text where nothing is known.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from monitor.certificates.certificate import Certificate

FIELDS = (
    "holder", "rule", "product", "standards", "issued", "expires", "next_surveillance", "last_surveillance", "cop_due",
    "factory", "models", "consultant", "language", "time_zone", "status",
)  # fmt: skip
"""The columns of a file that speak of a certificate alone, besides its number and without its holder's contacts."""

KEPT_AS: Mapping[str, tuple[str, ...]] = {
    "holder": ("holder_id",),
    "rule": ("rule_printed", "family", "edition"),
    "standards": (),
}
"""As which values a field is kept where not as one of its own name; standards are kept beside."""

_PLAIN = tuple(field for field in FIELDS if field not in ("holder", "rule", "standards", "status"))


def values_of(certificate: Certificate) -> dict[str, Any]:
    """Return the values that are kept of a certificate, without its number, its holder and its standards."""
    return {
        "rule_printed": certificate.rule_printed,
        "family": certificate.family,
        "edition": certificate.edition,
        "status": certificate.status.value,
        **{field: getattr(certificate, field) for field in _PLAIN},
    }


def texts_of(certificate: Certificate) -> dict[str, str]:
    """Return what each field says, as text."""
    standards = [str(standard) for standard in certificate.standards]
    return texts(values_of(certificate), certificate.holder.name, standards)


def texts(values: Mapping[str, Any], holder: str, standards: Iterable[str]) -> dict[str, str]:
    """Return what each field of kept values says, as text; standards are sorted, as their order says nothing."""
    said = {"holder": holder, "rule": values["rule_printed"], "standards": "; ".join(sorted(standards))}
    return {field: said[field] if field in said else _text(values[field]) for field in FIELDS}


def _text(value: date | str | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""
