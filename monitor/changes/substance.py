"""Does an edit change a requirement, and why (FACTS.md, "Substance")."""

from monitor.changes.diff import diff_texts
from monitor.notation.text import normalise


def judge(old: str, new: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether the new text asks anything else than the old one, and what."""
    if normalise(old) == normalise(new):
        return False, ("layout only",)
    edits = [edit for edit in diff_texts(old, new) if edit.op != "equal"]
    return True, tuple(f"{edit.op} {edit.text}" for edit in edits)
