"""Release: which alerts may go, which wait, and why. A doubtful alert is never sent as certain, and never dropped."""

from collections.abc import Collection
from typing import Literal

from pydantic import BaseModel, ConfigDict

from monitor.certificates.matching import Certainty


class ReleaseSettings(BaseModel):
    """[release]: auto lets certain matches of undoubted changes go, review lets everything wait."""

    model_config = ConfigDict(extra="forbid")
    policy: Literal["auto", "review"] = "auto"


def held_because(
    policy: Literal["auto", "review"],
    *,
    decision: str | None,
    reasons: Collection[str],
    needs_review: bool,
    certainties: Collection[Certainty],
) -> str | None:
    """Return why an alert may not go yet, None where it may. What was dismissed never goes."""
    if decision == "dismissed":
        return "dismissed by a consultant"
    if decision == "approved":
        return None
    if needs_review or reasons:
        return f"the change waits for a consultant: {', '.join(sorted(reasons)) or 'review asked for'}"
    if any(certainty is not Certainty.CERTAIN for certainty in certainties):
        return "a match that is not certain waits for a consultant"
    if policy == "review":
        return "every change waits for a consultant (release policy review)"
    return None
