"""Character sets and links as such sites print them on bad days."""

import re
from dataclasses import dataclass, replace

from tests.replica import screens
from tests.replica.answer import Answer, Asked, page
from tests.replica.troubles.trouble import Trouble


class Utf8HeaderOverGbk(Trouble):
    """The header says UTF-8; the bytes, and nothing else, are GBK."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        text = re.sub(r"<meta[^>]*charset[^>]*>", "", _text(healthy), flags=re.IGNORECASE)
        return page(text, "gbk", healthy.status, "text/html; charset=utf-8")


class Gb2312MetaOverGb18030(Trouble):
    """The meta tag says gb2312; the bytes are GB18030, with letters (镕, ㎡, 𠮷) that GB2312 does not have."""

    rare = "<p>联系人：朱镕　检测场地：1200㎡　𠮷林办事处</p>"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        text = re.sub(r"<meta[^>]*charset[^>]*>", "", _text(healthy), flags=re.IGNORECASE)
        text = text.replace("<head>", '<head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">', 1)
        return page(text.replace("</body>", f"{self.rare}</body>"), "gb2312", healthy.status, "text/html")


class SessionIdsInLinks(Trouble):
    """Every link to a page carries a session id that is another one with each request."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        mark = b";jsessionid=%032X" % (0xC0FFEE * (asked.number + 7))
        pattern = rb"""(href=["'][^"'?#]+\.(?:s?html|aspx))"""
        return replace(healthy, body=re.sub(pattern, rb"\1" + mark, healthy.body))


class VersionInLinks(Trouble):
    """Every link carries `v=` with a number that is another one with each request."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        number = b"%d" % (1772409600 + asked.number)

        def marked(found: re.Match[bytes]) -> bytes:
            joint = b"&" if b"?" in found[2] else b"?"
            return found[1] + found[2] + joint + b"v=" + number + found[3]

        return replace(healthy, body=re.sub(rb"""(href=["'])([^"'#:]+)(["'])""", marked, healthy.body))


@dataclass(frozen=True)
class DocThatIsHtml(Trouble):
    """A file named .doc and sent as application/msword whose content is a page of HTML, as some systems export."""

    text: str = screens.HTML_AS_DOC

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=self.text.encode("gb18030")).with_header("Content-Type", "application/msword")


class NewFileId(Trouble):
    """The article was saved again: its files have other IDs, the bytes under them are the same."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=re.sub(rb"(download\?ID=)(\d+)", rb"\g<1>9\g<2>", healthy.body))


def _text(answer: Answer) -> str:
    """The text of a healthy page. CCAP's pages are GBK and name their letters in a meta tag only."""
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        return answer.body.decode("gb18030")
