"""History: the line of one rule over time, drawn from its editions, the changes that were found, and its notices.

A page that is evidence of a change is told by the change; notices from before we watched stand for themselves.
"""

from collections.abc import Iterable
from typing import Any


def line_of(
    editions: Iterable[dict[str, Any]], changes: Iterable[dict[str, Any]], mentions: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return one entry an event, oldest first: when (`on`), `type`, in words (`what`), and where it is shown."""
    told = list({change["id"]: change for change in changes}.values())
    shown = {capture for change in told for capture in change["captures"]}
    entries = [entry for edition in editions for entry in _of_edition(edition)]
    entries += [_of_change(change) for change in told]
    notices = {m["capture"]: m for m in mentions if m["role"] == "notice" and m["capture"] not in shown}
    entries += [_of_notice(mention) for mention in notices.values()]
    return sorted(entries, key=lambda entry: (entry["on"] or "", _ORDER[entry["type"]]))


_ORDER = {"edition": 0, "in_force": 1, "end": 2, "notice": 3, "change": 4}


def _of_edition(edition: dict[str, Any]) -> Iterable[dict[str, Any]]:
    name, title = edition["edition"], edition["title_zh"]
    verb = "published" if edition["published"] else "known"
    on = edition["published"] or edition["effective"] or edition["first_seen"]
    yield _entry(on, "edition", f"{name} {verb} {title}".rstrip(), edition)
    if edition["effective"]:
        yield _entry(edition["effective"], "in_force", f"{name} takes effect", edition)
    if edition["ended"]:
        yield _entry(edition["ended"], "end", f"{name} is {edition['end_reason'] or 'ended'}", edition)


def _of_change(change: dict[str, Any]) -> dict[str, Any]:
    edition = " → ".join(name for name in (change["old_edition"], change["new_edition"]) if name)
    standards = "; ".join(f"{pair['old']} → {pair['new']}" for pair in change["standards"])
    words = [change["kind"].replace("_", " "), edition, standards]
    words += [f"{name} {change[name]}" for name in ("effective", "deadline") if change[name]]
    words += [change["title_zh"]]
    return _entry(change["detected_on"], "change", ", ".join(word for word in words if word), change)


def _of_notice(mention: dict[str, Any]) -> dict[str, Any]:
    return _entry(mention["on"], "notice", f"notice: {mention['title_zh']}", mention)


def _entry(on: str | None, kind: str, what: str, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "on": on,
        "type": kind,
        "what": what,
        "edition": source.get("edition") or source.get("new_edition") or source.get("old_edition"),
        "title_zh": source["title_zh"],
        "change": source.get("id"),
        "source_url": source["source_url"],
    }
