"""The look whether all is there: every file that the database names, and every file that lies in the store."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storage.captures import named_hashes
from storage.engine.database import Database
from storage.errors import EvidenceDamaged
from storage.evidence.store import EvidenceStore


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk over database and evidence found. `missing` and `altered` map a hash to its first capture's number;
    `unnamed` are hashes that no capture names."""

    named: int
    kept: int
    missing: dict[str, int]
    altered: dict[str, int | None]
    unnamed: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every named file is there and every file is what its name says."""
        return not self.missing and not self.altered

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as `rulewatch verify --json` prints it."""
        return {
            "named": self.named,
            "kept": self.kept,
            "sound": self.is_sound,
            "missing": [{"sha256": sha256, "capture": capture} for sha256, capture in self.missing.items()],
            "altered": [{"sha256": sha256, "capture": capture} for sha256, capture in self.altered.items()],
            "unnamed": list(self.unnamed),
        }


def verify(
    database: Database, evidence: EvidenceStore, progress: Callable[[int, int], None] = lambda done, of: None
) -> Verdict:
    """Read every file of the store and compare both ways. What is written meanwhile is not missed: files are looked
    for after the database was asked."""
    with database.session() as session:
        named = named_hashes(session)
    kept, altered = sorted(evidence.hashes()), dict[str, int | None]()
    for done, sha256 in enumerate(kept, 1):
        try:
            evidence.read(sha256)
        except EvidenceDamaged:
            altered[sha256] = named.get(sha256)
        progress(done, len(kept))
    there = set(kept)
    missing = {sha256: capture for sha256, capture in sorted(named.items()) if sha256 not in there}
    return Verdict(len(named), len(kept), missing, altered, tuple(sorted(there - named.keys())))
