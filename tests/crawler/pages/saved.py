"""Saved pages and what they say: `tests/pages/SYSTEM/SECTION/list.html` beside `list.golden.json`.

A golden file says how its page was asked for (`page`) and what a reader must make of it (`read`; null where it must
refuse). Every page here was made by hand, after the shapes that content systems really print.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crawler.errors import ArticleUnreadable, ListUnreadable
from crawler.pages.families import read_article, read_list
from crawler.pages.records import Article, JsonRows, ListPage, PageRequest

ROOT = Path(__file__).parents[2] / "pages"


@dataclass(frozen=True)
class SavedPage:
    """One saved page with its golden file."""

    golden_path: Path

    @property
    def name(self) -> str:
        """Where the page lies under tests/pages, and which it is."""
        return f"{self.golden_path.parent.relative_to(ROOT)}/{self.golden_path.name.split('.')[0]}"

    @property
    def golden(self) -> dict[str, Any]:
        """What the golden file says: `page`, how it was asked for, and `read`."""
        said: dict[str, Any] = json.loads(self.golden_path.read_text("utf-8"))
        return said

    @property
    def data(self) -> bytes:
        """The page, byte for byte."""
        stem = self.golden_path.name.removesuffix(".golden.json")
        path = self.golden_path.with_name(f"{stem}.html")
        return (path if path.exists() else path.with_suffix(".json")).read_bytes()

    def read(self, family: str | None = None, data: bytes | None = None) -> dict[str, Any] | None:
        """What a reader makes of the page, in the shape of the golden file; None where it refuses."""
        asked = self.golden["page"]
        data = self.data if data is None else data
        family = family or asked["family"]
        try:
            if asked["kind"] == "article":
                return article_as_json(read_article(data, asked["url"], family, asked.get("content_type")))
            return list_as_json(
                read_list(
                    data,
                    asked["url"],
                    family,
                    asked.get("content_type"),
                    _json_rows(asked.get("json_rows")),
                    date.fromisoformat(asked["today"]),
                    asked.get("page_number"),
                )
            )
        except (ListUnreadable, ArticleUnreadable):
            return None


def saved_pages() -> list[SavedPage]:
    """Every saved page, in the order of their names."""
    return [SavedPage(path) for path in sorted(ROOT.rglob("*.golden.json"))]


def list_as_json(page: ListPage) -> dict[str, Any]:
    """A list as a golden file keeps it."""
    return {
        "family": page.family,
        "encoding": page.encoding,
        "page_count": page.page_count,
        "next_page": _request_as_json(page.next_page),
        "rows": [
            {
                "title": row.title,
                "published": row.published.isoformat() if row.published else None,
                "url": row.url,
                "pinned": row.pinned,
            }
            for row in page.rows
        ],
    }


def article_as_json(article: Article) -> dict[str, Any]:
    """An article as a golden file keeps it."""
    return {
        "family": article.family,
        "encoding": article.encoding,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "source": article.source,
        "body": article.body_text.split("\n"),
        "files": [{"name": file.name, "url": file.url} for file in article.attachments],
    }


def _request_as_json(request: PageRequest | None) -> dict[str, Any] | None:
    if request is None:
        return None
    said: dict[str, Any] = {"url": request.url, "method": request.method}
    if request.form:
        said["form"] = dict(request.form)
    if request.json_body:
        said["json"] = request.json_body
    return said


def _json_rows(said: dict[str, Any] | None) -> JsonRows | None:
    return JsonRows(**{**said, "params": tuple(said.get("params", {}).items())}) if said else None
