"""The words of tests/corpus/days.yaml: what happened on a site on one day, played on a Site, and the log that must be.

A case begins on the evening of the baseline. Each of its days is a list of events; after each day's crawl detection
runs twice, and the second run must find nothing to do.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from monitor.changes.stage import detect_changes
from storage.changes import ChangeRow
from storage.engine.database import Database
from tests.monitor.changes.site import Page, Site, article_bytes, file_bytes, rule_text, tomorrow

CORPUS = Path(__file__).parents[2] / "corpus" / "days.yaml"
UNREADABLE = b"%PDF-1.4 \x00\x01\x02 cut off"


def corpus() -> dict[str, Any]:
    """Return the whole corpus: the world on the day of the baseline, and the cases."""
    return yaml.safe_load(CORPUS.read_text("utf-8"))


@dataclass
class Days:
    """Both sites, and how each event of the corpus is played on them."""

    database: Database
    today: date

    def __post_init__(self) -> None:
        """Begin with two empty sites."""
        self.sites = {name: Site(self.database, name, self.today) for name in ("cqc", "ccap")}
        self.known: dict[str, tuple[Site, Page, Page | None, str]] = {}

    def stand(self, world: dict[str, Any]) -> None:
        """Put the world of the baseline on the sites."""
        for name, rule in world["rules"].items():
            self.rule({"rule": name, **rule})
        for notice in world["notices"]:
            self.notice({"dated": date(2026, 2, 2), **notice})

    def day(self, events: list[dict[str, Any]]) -> None:
        """Play one day and detect twice."""
        self.today = tomorrow(self.today)
        statuses: dict[str, dict[str, str]] = {"cqc": {}, "ccap": {}}
        for site in self.sites.values():
            site.today = self.today
        for event in events:
            if "visit" in event:
                statuses[event.get("site", "ccap")][event.get("section", "rules")] = event["visit"]
            else:
                self.play(event)
        self.crawl(statuses)

    def play(self, event: dict[str, Any]) -> None:
        """Play one event: its first key is the method."""
        getattr(self, next(iter(event)))(event)

    def on(self, database: Database) -> "Days":
        """Return the same sites as they stand, with another database."""
        sites = self.sites, self.known
        twin = Days(database, self.today)
        twin.sites, twin.known = deepcopy(sites, {id(self.database): database})
        return twin

    def crawl(self, statuses: dict[str, dict[str, str]] | None = None) -> None:
        """Crawl both sites, detect, and detect again."""
        for name, site in self.sites.items():
            site.crawl((statuses or {}).get(name))
        detect_changes(self.database, self.today)
        again = detect_changes(self.database, self.today)
        assert set(again) <= {"waiting"}, again

    def rule(self, event: dict[str, Any]) -> None:
        """A new row of a rules list, with its page and, unless `file: none`, its file."""
        code, name = event["code"], event["name"]
        site = self.sites["cqc" if code.startswith("CQC") else "ccap"]
        title = event.get("title", f"{code} {name}")
        page = site.article(
            "rules", title, event.get("body", "规则文本见附件。"), event.get("row_date"), event.get("row")
        )
        page.trouble = event.get("page_trouble")
        file, text = None, self._text(event)
        if event.get("file") != "none":
            file = site.file(page, event.get("file_name", f"{name}.pdf"), self._bytes(event, text))
            file.trouble = event.get("trouble")
        self.known[event["rule"]] = (site, page, file, text)

    def notice(self, event: dict[str, Any]) -> None:
        """An announcement, with files if it has any."""
        site = self.sites[event.get("site", "ccap")]
        page = site.article(
            event.get("section", "notices"), event["notice"], event.get("body", ""), event.get("dated", self.today),
            event.get("row"),
        )  # fmt: skip
        page.trouble = event.get("trouble")
        self.known[event.get("as", event["notice"])] = (site, page, None, event.get("body", ""))
        for file in event.get("files", []):
            self._file(site, page, file)

    def file(self, event: dict[str, Any]) -> None:
        """A further file under a known page."""
        site, page, _, text = self.known[event["under"]]
        self._file(site, page, {"text": text, **event})

    def exchange(self, event: dict[str, Any]) -> None:
        """Other bytes under the same link."""
        site, page, file, text = self.known[event["exchange"]]
        assert file is not None
        text = self._edited(event, text)
        file.data = UNREADABLE if event.get("unreadable") else file_bytes(text, event.get("form", "html"))
        file.trouble = event.get("trouble")
        if not event.get("trouble"):
            self.known[event["exchange"]] = (site, page, file, text)

    def edit(self, event: dict[str, Any]) -> None:
        """An article whose text or title is altered in place."""
        site, page, _, _ = self.known[event["edit"]]
        page.title = event.get("title", page.title)
        page.body = self._edited(event, page.body)
        page.data = article_bytes(page.title, page.body, page.published)
        if event.get("counter"):
            page.data = page.data.replace("浏览次数：12".encode(), f"浏览次数：{event['counter']}".encode())
        site.row_titles[page.url] = event.get("row", site.row_titles[page.url])

    def unlist(self, event: dict[str, Any]) -> None:
        """A row goes from its list."""
        site, page, _, _ = self.known[event["unlist"]]
        site.rows[page.section].remove(page.url)

    def relist(self, event: dict[str, Any]) -> None:
        """A row comes back to its list."""
        site, page, _, _ = self.known[event["relist"]]
        site.rows[page.section].append(page.url)

    def heal(self, event: dict[str, Any]) -> None:
        """What could not be fetched can be fetched now."""
        _, page, file, _ = self.known[event["heal"]]
        for held in (page, file):
            if held is not None:
                held.trouble = None
                held.sha256 = None

    def log(self) -> list[ChangeRow]:
        """Return the log in a fixed order."""
        with self.database.session() as session:
            query = select(ChangeRow).options(selectinload(ChangeRow.evidence), selectinload(ChangeRow.clauses))
            rows = session.scalars(query).all()
        return sorted(rows, key=lambda row: (row.detected_on, row.kind, row.family, row.id))

    def _file(self, site: Site, page: Page, event: dict[str, Any]) -> None:
        text = self._text(event) if "code" in event else self._edited(event, event.get("text", ""))
        file = site.file(page, event.get("name_of_file", event.get("name", "附件")), self._bytes(event, text))
        file.trouble = event.get("trouble")
        if "as" in event:
            self.known[event["as"]] = (site, page, file, text)

    def _bytes(self, event: dict[str, Any], text: str) -> bytes:
        return UNREADABLE if event.get("unreadable") else file_bytes(text, event.get("form", "html"))

    def _text(self, event: dict[str, Any]) -> str:
        text = rule_text(
            event.get("code", ""), event.get("name", ""), str(event.get("published", "")),
            str(event.get("effective", "")), event.get("standard", "GB/T 1-2000"), event.get("replaces"),
        )  # fmt: skip
        return self._edited(event, text)

    def _edited(self, event: dict[str, Any], text: str) -> str:
        for old, new in event.get("replace", {}).items():
            assert str(old) in text, f"{old!r} is not in the text"
            text = text.replace(str(old), str(new))
        return event.get("whole", text)


def described(row: ChangeRow, asked: dict[str, Any], first: date) -> dict[str, Any]:
    """Return what a row says of the keys that a label asks about, in the words of the corpus."""
    said = {
        "kind": row.kind, "family": row.family or None, "old": row.old_edition, "new": row.new_edition,
        "effective": row.effective, "deadline": row.deadline, "note": row.deadline_note, "published": row.published,
        "accepted_until": row.accepted_until, "accepted_from": row.accepted_from,
        "standards": [f"{pair['old']} → {pair['new']}" for pair in row.standards], "supersedes": row.supersedes,
        "actions": row.actions, "consequence": row.consequence, "reasons": sorted(row.reasons),
        "evidence": sorted(piece.role for piece in row.evidence), "day": (row.detected_on - first).days + 1,
        "clauses": [_clause(clause.content) for clause in row.clauses], "substantive": row.substantive,
        "families": sorted(row.families_named), "scope": row.scope_zh, "title": row.title_zh,
        "revision": row.revision,
    }  # fmt: skip
    always = ("kind", "family", "reasons", "effective", "deadline")
    return {key: said[key] for key in dict.fromkeys((*always, *asked))}


def labelled(label: dict[str, Any]) -> dict[str, Any]:
    """Return a label with what it leaves unsaid: no reasons, no dates."""
    return {"family": None, "reasons": [], "effective": None, "deadline": None, **label}


def _clause(content: dict[str, Any]) -> str:
    path = content["new_path"] or content["old_path"] or "–"
    return f"{content['op']} {path}"
