"""Ways in which a healthy page goes wrong: cut, re-ordered, emptied, re-encoded, replaced, renamed, stripped."""

import random
import re
from collections.abc import Callable

Mutate = Callable[[bytes, random.Random], bytes]

_ROW = re.compile(rb"<(li|tr|dl|article|record)\b.*?</\1>", re.S | re.I)
_DATE = re.compile(rb"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|[\[(]\d\d-\d\d[\])]")
IMPOSTORS = {
    "challenge": b"<html><head><script>document.cookie='__jsl_clearance=1;path=/';location.href=location.pathname;"
    b"</script></head><body></body></html>",
    "maintenance": "<html><title>维护</title><body><h1>系统维护中，请稍后访问</h1></body></html>".encode(),
    "login": "<html><title>登录</title><body><form action='/login'>用户名<input name=u>密码<input type=password name=p>"
    "<input type=submit value=登录></form></body></html>".encode(),
    "rate limit": "<html><body>您的访问过于频繁，请稍后再试</body></html>".encode("gb18030"),
    "missing": "<html><title>404</title><body>您访问的页面不存在 <a href='/'>返回首页</a></body></html>".encode(),
    "shell": b"<html><body><div id=app></div><script src=/static/js/app.3f2a1b.js></script></body></html>",
    "error": b"<html><title>Runtime Error</title><body>Server Error in '/' Application.</body></html>",
    "nothing": b"",
    "blanks": b" \r\n\t " * 50,
    "null bytes": b"\x00" * 4000,
    "noise": bytes(random.Random(7).randrange(256) for _ in range(20_000)),
    "unclosed": b"<" * 20_000,
    "nested": b"<div>" * 8_000,
    "tables": b"<table><tr><td>" * 4_000,
    "links": b"<a href=/x>x</a>" * 9_000,
    "words": "公告".encode() * 200_000,
    "json": b'{"data":[[[[[[[[[[[[]]]]]]]]]]]]}',
    "deep json": b"[" * 100_000,
    "pdf": b"%PDF-1.7\n" + b"0" * 5000,
}


def cut_off(data: bytes, chance: random.Random) -> bytes:
    """Only the beginning arrived."""
    return data[: chance.randrange(len(data))]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    """A stretch of the middle is missing."""
    start = chance.randrange(len(data))
    return data[:start] + data[chance.randrange(start, len(data)) :]


def reorder(data: bytes, chance: random.Random) -> bytes:
    """Rows of one kind in another order."""
    rows = [match.group() for match in _ROW.finditer(data)]
    chance.shuffle(rows)
    waiting = iter(rows)
    return _ROW.sub(lambda _: next(waiting), data)


def drop_rows(data: bytes, chance: random.Random) -> bytes:
    """Most rows are gone, menus and sidebars stay or go with them."""
    return _ROW.sub(lambda match: match.group() if chance.random() < 0.3 else b"", data)


def drop_all_rows(data: bytes, chance: random.Random) -> bytes:
    """No row is left."""
    return _ROW.sub(b"", data)


def empty_links(data: bytes, chance: random.Random) -> bytes:
    """Links without their words."""
    return re.sub(rb"(<a\b[^>]*>)[^<]*(</a>)", rb"\1\2", data)


def drop_dates(data: bytes, chance: random.Random) -> bytes:
    """Rows without their dates."""
    return _DATE.sub(b"", data)


def change_dates(data: bytes, chance: random.Random) -> bytes:
    """Dates that no calendar has."""
    return _DATE.sub(b"2025-13-45", data)


def re_encode(data: bytes, chance: random.Random) -> bytes:
    """The same text in another encoding, whatever the page declares."""
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(["gb18030", "utf-16", "big5", "utf-8-sig", "utf-16-be", "latin-1"]), "replace")


def rename_tags(data: bytes, chance: random.Random) -> bytes:
    """Another template: rows, lists and links under other names."""
    old, new = chance.choice([(b"li", b"div"), (b"a", b"span"), (b"td", b"p"), (b"ul", b"section"), (b"div", b"td")])
    return re.sub(rb"(</?)" + old + rb"\b", rb"\1" + new, data)


def drop_attributes(data: bytes, chance: random.Random) -> bytes:
    """Elements without class, id, href, title or any attribute."""
    name = chance.choice([b"class", b"id", b"href", b"title", rb"[\w-]+"])
    return re.sub(rb"\s" + name + rb"=(?:\"[^\"]*\"|'[^']*')", b"", data)


def drop_ends(data: bytes, chance: random.Random) -> bytes:
    """No element is closed."""
    return re.sub(rb"</\w+>", b"", data)


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    broken = bytearray(data)
    for _ in range(max(1, len(broken) // 40)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)


def comment_out(data: bytes, chance: random.Random) -> bytes:
    """Everything after some point is a comment that never ends."""
    at = chance.randrange(len(data))
    return data[:at] + b"<!--" + data[at:]


def repeat(data: bytes, chance: random.Random) -> bytes:
    """The page three times over."""
    return data * 3


def wrap(data: bytes, chance: random.Random) -> bytes:
    """The page deep inside other elements."""
    return b"<div>" * 900 + data + b"</div>" * 900


def escape(data: bytes, chance: random.Random) -> bytes:
    """Markup shown as text."""
    return data.replace(b"<", b"&lt;").replace(b">", b"&gt;")


def swap_addresses(data: bytes, chance: random.Random) -> bytes:
    """Every link leads to the same place, or nowhere."""
    return re.sub(rb"href=\"[^\"]*\"", chance.choice([b'href="/"', b'href="#"', b'href="javascript:;"']), data)


MUTATIONS: tuple[Mutate, ...] = (
    cut_off,
    cut_out,
    reorder,
    drop_rows,
    drop_all_rows,
    empty_links,
    drop_dates,
    change_dates,
    re_encode,
    rename_tags,
    drop_attributes,
    drop_ends,
    flip_bytes,
    comment_out,
    repeat,
    wrap,
    escape,
    swap_addresses,
)
