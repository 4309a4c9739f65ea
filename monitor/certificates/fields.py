"""Fields: what a certificate file says of a certificate, column by column, as values to keep and as text to show.

The text of a field is what stands in an exported file and in the history of a certificate: days as 2027-06-30,
standards separated by "; ", an empty text where nothing is known.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from operator import itemgetter
from typing import Any, Protocol

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


def texts(values: Mapping[str, Any], holder: str, standards: Iterable[str]) -> dict[str, str]:
    """Return what each field of kept values says, as text; standards are sorted, as their order says nothing."""
    said = {"holder": holder, "rule": values["rule_printed"], "standards": "; ".join(sorted(standards))}
    return {field: said[field] if field in said else _text(values[field]) for field in FIELDS}


class Kept(Protocol):
    """What is kept of a certificate: its values, its holder's name, its standards as text."""

    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def holder(self) -> str: ...
    @property
    def standards(self) -> Iterable[str]: ...


class Stated:
    """The fields that a table speaks of: what it says nothing of is as it was."""

    def __init__(self, columns: Collection[str]) -> None:
        """Prepare to compare what stands in the columns."""
        self._fields = [field for field in FIELDS if field in columns]
        kept = [name for field in self._fields for name in KEPT_AS.get(field, (field,)) if field != "holder"]
        self._values = itemgetter(*kept)
        self._has_standards = "standards" in columns

    def changed(self, old: Kept, new: Kept) -> dict[str, tuple[str, str]]:
        """Return each field that became another, with its old and its new text."""
        if (
            old.holder == new.holder
            and self._values(old.values) == self._values(new.values)
            and not (self._has_standards and set(old.standards) != set(new.standards))
        ):
            return {}
        was, now = (texts(kept.values, kept.holder, kept.standards) for kept in (old, new))
        return {field: (was[field], now[field]) for field in self._fields if was[field] != now[field]}


def _text(value: date | str | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""
