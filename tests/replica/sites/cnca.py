"""CNCA: a third authority. Lists filled by a script (JSON by GET and by POST, or a block of HTML), a section of
TRS WCM pages, and a page of no known family for the general reader."""

import json
import re
from typing import Any

from tests.replica.answer import Answer, Asked, page, redirect
from tests.replica.sites import common
from tests.replica.troubles import Trouble
from tests.replica.world import Article, Section, World

_SIDE_PAGES = {
    "/hdjl/": ("互动交流", "咨询、投诉和举报。"),
    "/wza/": ("无障碍浏览", "本网站支持无障碍浏览。"),
    "/en/": ("English", "The English pages are being prepared."),
}
_ROBOTS = "User-agent: *\nDisallow: /manage/\n"
_TRS = re.compile(r"/zwxx/tz/(\d{6})/t(\d{8})_(\d+)\.html")
_SHELL = re.compile(r"/zwxx/(?:gg|rzgg)/art/(\d{4})/art_(\d+)\.html")
_TRADE = re.compile(r"/hyzx/show-(\d+)\.html")
_TRS_INDEX = re.compile(r"/zwxx/tz/(?:index(?:_(\d+))?\.html)?")


def answer(world: World, asked: Asked, trouble: Trouble | None) -> Answer:
    """Return what the site answers when all is well; `trouble` may alter the rows of a list."""
    path = asked.path
    fixed = {"/robots.txt": common.robots(_ROBOTS), "/css/cnca.css": common.style(), "/": redirect("/zwxx/")}
    if path in fixed:
        return fixed[path]
    if path.startswith("/api/"):
        return _api(world, asked, trouble)
    for pattern in (_TRS, _SHELL, _TRADE):
        if found := pattern.fullmatch(path):
            return _article(world, path, int(found[pattern.groups]))
    if link := world.file_at("cnca", path):
        return common.file_answer(link)
    if found := _TRS_INDEX.fullmatch(path):
        return _trs_list(world, int(found[1] or 0), trouble)
    if path == "/hyzx/":
        section = world.section("cnca", "trade")
        return _page("cnca_trade.html", world, section=section, rows=_rows(world, section, trouble))
    if path in _SIDE_PAGES:
        return common.side_page("cnca", world, *_SIDE_PAGES[path])
    if path == "/zwxx/":
        return _page("cnca_home.html", world)
    shell = next((s for s in world.sections_of("cnca") if s.path == path and s.family == "json-list"), None)
    return _page("cnca_shell.html", world, section=shell) if shell else common.not_found()


def address(article: Article) -> str:
    """Return the address of an article."""
    day = article.published
    return {
        "letters": f"/zwxx/tz/{day:%Y%m}/t{day:%Y%m%d}_{article.number}.html",
        "notices": f"/zwxx/gg/art/{day:%Y}/art_{article.number}.html",
        "announcements": f"/zwxx/rzgg/art/{day:%Y}/art_{article.number}.html",
        "trade": f"/hyzx/show-{article.number}.html",
    }[article.section]


def _page(template: str, world: World, **values: object) -> Answer:
    look = world.looks["cnca"]
    text = common.render(template, world=world, look=look, address=address, cut=common.cut, **values)
    newest = max(article.shown_on for article in world.articles if article.site == "cnca")
    return common.with_validators(page(text), max(look.since, newest))


def _rows(world: World, section: Section, trouble: Trouble | None) -> list[Article]:
    return common.shown(world.listed(section), trouble)


def _article(world: World, path: str, number: int) -> Answer:
    article = world.article("cnca", number)
    if article is None or address(article) != path:
        return common.not_found()
    look = world.looks["cnca"]
    template = "cnca_trs_article.html" if article.section == "letters" else "cnca_article.html"
    return _page(template, world, article=article, body=common.body_html(article, look))


def _trs_list(world: World, number: int, trouble: Trouble | None) -> Answer:
    """A TRS list: `index.html`, then `index_1.html`; a script call says how many pages there are."""
    section = world.section("cnca", "letters")
    rows = _rows(world, section, trouble)
    count = common.pages_of(len(rows), section.page_size)
    if number >= count:
        return common.not_found()
    here = rows[number * section.page_size : (number + 1) * section.page_size]
    return _page("cnca_trs_list.html", world, section=section, rows=here, number=number, count=count)


def _api(world: World, asked: Asked, trouble: Trouble | None) -> Answer:
    """`/api/notices` by GET, `/api/search` by POST (JSON or form), `/api/block` with HTML in a field."""
    rows = _rows(world, world.section("cnca", "notices"), trouble)
    if asked.path == "/api/search" and asked.method == "POST":
        rows = _rows(world, world.section("cnca", "announcements"), trouble)
    if asked.path == "/api/notices":
        return _json(_listing(rows, asked.query, asked.base_url))
    if asked.path == "/api/search" and asked.method == "POST":
        wanted = _posted(asked)
        return _json(_listing(rows, wanted, asked.base_url)) if wanted else _json({"code": 400, "msg": "参数错误"})
    if asked.path == "/api/search":
        return Answer(b'{"code":405,"msg":"Method Not Allowed"}', 405, (("Content-Type", "application/json"),))
    if asked.path == "/api/block":
        listing = _listing(rows, asked.query, asked.base_url)
        html = "".join(
            f"<li><a href='{row['url']}' title='{row['title']}'>{common.cut(row['title'], 24)}</a>"
            f"<span>{row['publishTime'][:10]}</span></li>"
            for row in listing["data"]["rows"]
        )
        return _json({"success": True, "pages": listing["data"]["pages"], "html": f"<ul>{html}</ul>"})
    return common.not_found()


def _posted(asked: Asked) -> dict[str, str]:
    if "json" not in asked.headers.get("content-type", ""):
        return asked.form
    try:
        content = json.loads(asked.body)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in content.items()} if isinstance(content, dict) else {}


def _listing(rows: list[Article], wanted: dict[str, str], base_url: str) -> dict[str, Any]:
    words = {name.lower(): value for name, value in wanted.items()}
    number, size = _whole(words.get("pageno"), 1), min(_whole(words.get("pagesize"), 10), 50)
    here = rows[(number - 1) * size : number * size]
    content = [
        {
            "id": article.number,
            "title": article.title,
            "url": base_url + address(article),
            "publishTime": f"{article.shown_on} 09:30:00",
            "isTop": int(article.pinned),
        }
        for article in here
    ]
    return {"data": {"rows": content, "total": len(rows), "pages": common.pages_of(len(rows), size), "pageNo": number}}


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and int(text) > 0 else default


def _json(content: object) -> Answer:
    text = json.dumps(content, ensure_ascii=False)
    return Answer(text.encode(), headers=(("Content-Type", "application/json;charset=UTF-8"),))
