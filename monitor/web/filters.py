"""The filter of the log ↔ the query string of its address, so that a filtered log can be sent on as a link."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from monitor.changes.change import ChangeKind
from storage.changelog import LogFilter

STATES = {
    "waiting": "waits for a decision",
    "certain": "went out by itself",
    "approved": "approved",
    "dismissed": "dismissed",
}


def read_filter(query: Mapping[str, str]) -> LogFilter:
    """Return the filter that a query string states; what cannot be used narrows nothing."""
    kind, state = query.get("kind"), query.get("state")
    page = query.get("page", "1")
    return LogFilter(
        words=query.get("words", "").strip()[:200],
        authority=query.get("authority") or None,
        kind=kind if kind in set(ChangeKind) else None,
        state=state if state in STATES else None,
        since=_day(query.get("since")),
        until=_day(query.get("until")),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 and int(page) > 0 else 1,
    )


def write_filter(wanted: LogFilter, page: int | None = None) -> str:
    """Return the query string of a filter, "" for none; `page` names another page of the same filter."""
    values = {
        "words": wanted.words,
        "authority": wanted.authority,
        "kind": wanted.kind,
        "state": wanted.state,
        "since": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "page": str(page or wanted.page) if (page or wanted.page) > 1 else None,
    }
    return urlencode({name: value for name, value in values.items() if value})


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
