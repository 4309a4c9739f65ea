"""What an import of certificates did, or with a dry run would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.certificates.files.reading import Problem
from monitor.certificates.files.tables import Unread

MOST_PROBLEMS = 1000
"""So many problems are listed; refused rows beyond them are in their file, and all are counted."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A contact of a holder that the file names no more; `kept_because` is None where it was removed."""

    holder: str
    email: str
    kept_because: str | None

    def __str__(self) -> str:
        """Return what becomes of the contact, as a sentence."""
        if self.kept_because is None:
            return f"{self.email} is no longer a contact of {self.holder}"
        return f"{self.email} stays a contact of {self.holder}, though the file does not name it: {self.kept_because}"


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with a dry run would do: every row is in exactly one of the counts.

    `said` is how the file was read where that could be doubted; `unlisted` counts the problems beyond MOST_PROBLEMS.
    """

    file: str
    dry_run: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    absent: list[Absent] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    refused_file: Path | None = None

    @property
    def read(self) -> int:
        """How many rows went in, or were in already."""
        return self.added + self.changed + self.unchanged

    def tell(self, problems: Sequence[Problem]) -> None:
        """Keep problems, as many as are listed."""
        room = max(MOST_PROBLEMS - len(self.problems), 0)
        self.problems += problems[:room]
        self.unlisted += len(problems[room:])

    def to_json(self) -> dict[str, Any]:
        """Return the report as `rulewatch certificates import --json` prints it."""
        problems = [
            {
                "sheet": item.sheet,
                "row": item.row,
                "column": item.column,
                "message": item.message,
                "rejected": item.rejected,
            }
            for item in self.problems
        ]
        counts = {name: getattr(self, name) for name in ("added", "changed", "unchanged", "rejected")}
        absent = [
            {"holder": item.holder, "contact": item.email, "kept_because": item.kept_because} for item in self.absent
        ]
        return {
            "file": self.file, "dry_run": self.dry_run, **counts, "problems": problems,
            "problems_not_listed": self.unlisted, "absent_contacts": absent, "read_as": self.said,
            "unread_sheets": [{"sheet": item.sheet, "reason": item.reason} for item in self.unread],
            "refused_file": str(self.refused_file) if self.refused_file else None,
        }  # fmt: skip
