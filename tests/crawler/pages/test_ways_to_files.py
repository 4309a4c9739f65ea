"""A link is a way to a file where its paragraph calls it so, wherever it leads first."""

import pytest

from crawler.pages.families import read_article
from tests.crawler.made import FRAME

TEXT = "各有关单位：现将规则予以发布，自发布之日起实施，请遵照执行，联系电话010-88888888。" * 3


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("附件：<a href='/down/01e3.html'>CQC16-491278-2019 认证规则</a>", ["/down/01e3.html"]),
        ("附件1：<a href='/down/1.html'>规则</a> <a href='/down/2.html'>表</a>", ["/down/1.html", "/down/2.html"]),
        ("详见<a href='/c/2025-01-01/1.html'>关于换版的通知</a>", []),
        ("见附件。<br>有关通知：<a href='/c/2025-01-01/1.html'>关于换版的通知</a>", []),
    ],
)
def test_page_behind_the_word_attachment_is_followed(line: str, found: list[str]) -> None:
    body = f"<h1>关于发布规则的公告</h1><div>发布时间：2026-03-02</div><div class='zw'><p>{TEXT}</p><p>{line}</p></div>"
    article = read_article(FRAME.format(title="公告", body=body).encode(), "http://a.cn/c/1.html", "general")
    assert [file.url.removeprefix("http://a.cn") for file in article.attachments] == found
