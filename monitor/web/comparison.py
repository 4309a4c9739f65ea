"""A comparison of two documents as one page that stands alone: to send on, to print, to keep."""

from pathlib import Path

from monitor.comparison.comparison import Comparison
from monitor.web.templating import render

STYLE = Path(__file__).parent / "static" / "style.css"


def comparison_page(old_name: str, new_name: str, comparison: Comparison) -> str:
    """Return the page: changed clauses side by side, those with a changed requirement first."""
    clauses = sorted((clause.to_json() for clause in comparison.changed), key=lambda clause: not clause["substantive"])
    context = {
        "old_name": old_name,
        "new_name": new_name,
        "clauses": clauses,
        "unchanged": comparison.unchanged,
        "substantive": sum(clause["substantive"] for clause in clauses),
        "style": STYLE.read_text(encoding="utf-8"),
    }
    return render("comparison.html", context)
