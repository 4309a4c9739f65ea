"""What the sites share: templates, files with their headers, bodies as HTML, and printing in a full-width mood."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tests.replica.answer import Answer, Asked, page
from tests.replica.troubles import Trouble
from tests.replica.world import Article, FileLink, Look, World

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_CODE = re.compile(r"\b(?:CCAP|CQC)[\dA-Z:-]*\d[A-Z]?")
_WIDE = str.maketrans("-:", "－：")
STYLE = (Path(__file__).parent.parent / "templates" / "site.css").read_bytes()


def render(template: str, **values: object) -> str:
    """Return a template's page."""
    return _ENVIRONMENT.get_template(template).render(**values)


def cut(text: str, length: int) -> str:
    """Return a title as lists cut it."""
    return text if len(text) <= length else text[: length - 1] + "…"


def printed(text: str, look: Look) -> str:
    """Return a title as the site prints it today: rule codes in full-width signs where it is in that mood."""
    return _CODE.sub(lambda found: found.group().translate(_WIDE), text) if look.full_width else text


def body_html(article: Article, look: Look) -> Markup:
    """Return an article's body: paragraphs and tables, set in one of two ways."""
    lines = article.body.strip().split("\n")
    out: list[Markup] = []
    rows: list[Markup] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append(_row(line))
            continue
        if rows:
            out.append(Markup('<table class="body">{}</table>').format(Markup("").join(rows)))
            rows = []
        if line:
            out.append(_paragraph(line, look))
    return Markup("\n").join(out)


def _row(line: str) -> Markup:
    cells = (cell.strip() for cell in line.strip("| ").split("|"))
    return Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells))


def _paragraph(line: str, look: Look) -> Markup:
    if not look.retypeset:
        return Markup("<p>　　{}</p>").format(line)
    middle = len(line) // 2
    shape = (
        '<p class="MsoNormal" style="text-indent:2em;line-height:28pt"><span style="font-family:宋体">{}'
        "</span><span lang=EN-US>{}</span></p>"
    )
    return Markup(shape).format(line[:middle], line[middle:])


def file_answer(link: FileLink) -> Answer:
    """Return a file with the headers by which its site sends it."""
    content = _content(link.path)
    headers = [("Content-Type", link.content_type), ("Last-Modified", http_date(link.modified))]
    headers.append(("Accept-Ranges", "bytes"))
    if link.etag:
        headers.append(("ETag", f'"{hashlib.sha256(content).hexdigest()[:16]}"'))
    if named := _disposition(link):
        headers.append(("Content-Disposition", named))
    return Answer(content, headers=tuple(headers))


def _disposition(link: FileLink) -> str | None:
    name = f"{re.sub(r'^附件[0-9]*[:：]', '', link.text).removesuffix(link.path.suffix)}{link.path.suffix}"
    forms = {
        "gbk": "attachment; filename=" + name.encode("gb18030").decode("latin-1"),
        "utf8": 'attachment; filename="' + name.encode().decode("latin-1") + '"',
        "rfc5987": "attachment; filename*=UTF-8''" + quote(name),
    }
    return forms.get(link.named)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


def http_date(day: date) -> str:
    """Return nine in the morning of a day in China as HTTP says it."""
    return format_datetime(datetime.combine(day, time(1), UTC), usegmt=True)


def with_validators(answer: Answer, day: date) -> Answer:
    """Give a static page its ETag and Last-Modified."""
    etag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    return answer.with_header("ETag", etag).with_header("Last-Modified", http_date(day))


def counted(answer: Answer, asked: Asked) -> Answer:
    """Print the visit counter, which grows with every request."""
    return replace(answer, body=answer.body.replace(b"%HITS%", b"%d" % (2000 + asked.number)))


def pages_of(rows: int, size: int) -> int:
    """Return how many pages a list has; an empty list has one."""
    return max(1, -(-rows // size))


def shown(rows: list[Article], trouble: Trouble | None) -> list[Article]:
    """Return the rows as a trouble leaves them."""
    return list(trouble.rows(rows)) if trouble else rows


def style() -> Answer:
    """Return the style sheet."""
    return Answer(STYLE, headers=(("Content-Type", "text/css"), ("ETag", '"s1"')))


def robots(text: str) -> Answer:
    """Return robots.txt."""
    return Answer(text.encode(), headers=(("Content-Type", "text/plain"),))


def side_page(site: str, world: World, title: str, text: str) -> Answer:
    """Return one of the pages around the lists, which say nothing of rules."""
    look = world.looks[site]
    values = {"frame": f"{site}_frame.html", "world": world, "look": look, "title": title, "text": text}
    return with_validators(page(render("plain.html", **values)), look.since)


def gif() -> Answer:
    """Return a picture of one pixel."""
    head, colours = b"GIF89a\x01\x00\x01\x00\x80\x00\x00", b"\xcc\x00\x00\xff\xff\xff"
    pixel = head + colours + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    return Answer(pixel, headers=(("Content-Type", "image/gif"),))


def not_found() -> Answer:
    """Return a plain 404."""
    return page("<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>", status=404)
