"""Series: what each field of a change said before, since when it says what it says, and by which document.

Drawn from the notes that every addition to a change leaves (ChangeRow.updates), so that nothing is kept twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FOLLOWED = (
    "kind",
    "effective",
    "deadline",
    "deadline_note",
    "accepted_from",
    "accepted_until",
    "actions",
    "consequence",
    "standards",
    "new_edition",
)
"""Fields whose history a holder or a consultant asks for: days, duties, consequence, standards."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One value of a field: since which day, from which capture, by which entry of the log or by whom.

    `since` is None where a person set it; `value` is plain, as JSON has it.
    """

    value: Any
    since: str | None
    capture: int | None
    by_change: int | None = None
    by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as `rulewatch changes --json` prints it."""
        return {
            "value": self.value,
            "since": self.since,
            "capture": self.capture,
            "by_change": self.by_change,
            "by": self.by,
        }


def series_of(
    now: Mapping[str, Any], notes: Iterable[Mapping[str, Any]], detected_on: str, capture: int
) -> dict[str, tuple[Stand, ...]]:
    """Return the values of each field that became another, oldest first; fields that never did are left out."""
    notes = list(notes)
    found = {}
    for name in FOLLOWED:
        changed = [note for note in notes if name in note.get("before", {})]
        if changed:
            values = [*(note["before"][name] for note in changed), _plain(now[name])]
            first = Stand(values[0], detected_on, capture)
            stands = (first, *(_stand(value, note) for value, note in zip(values[1:], changed, strict=True)))
            found[name] = _overnight(stands)
    return {name: stands for name, stands in found.items() if len(stands) > 1}


def _overnight(stands: Iterable[Stand]) -> tuple[Stand, ...]:
    """What stood at the end of a day: the pages of one day may come in any order, and only their sum was ever said."""
    kept: list[Stand] = []
    for stand in stands:
        if kept and stand.since is not None and kept[-1].since == stand.since:
            kept.pop()
        kept.append(stand)
    return tuple(kept)


def _stand(value: Any, note: Mapping[str, Any]) -> Stand:
    return Stand(value, note.get("on"), note.get("capture"), note.get("by_change"), note.get("by"))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
