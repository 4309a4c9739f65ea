"""Bytes to text: whatever header and meta tag say, the text is that of the bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.charset import decode

WORDS = "认证实施规则公告关于发布标准换版的通知产品证书暂停撤销镕喆䶮㐂"
TEXTS = st.text(st.sampled_from(WORDS + "0123456789 -《》（）:"), min_size=12, max_size=200).filter(
    lambda text: sum(char in WORDS for char in text) > 8
)


@given(TEXTS, st.sampled_from(["gb2312", "gbk", "utf-8", "iso-8859-1", "big5", ""]))
def test_utf8_and_gb18030_are_told_by_their_bytes(text: str, declared: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        page = f'<meta charset="{declared}"><p>{text}</p>'.encode(encoding)
        read = decode(page, f"text/html; charset={declared}")
        assert (read.text, read.encoding) == (page.decode(encoding), encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    assert decode("<p>公告</p>".encode(encoding), "text/html; charset=gbk").text == "<p>公告</p>"


@given(TEXTS, st.integers(1, 3))
def test_a_page_cut_inside_a_character_loses_that_character_only(text: str, cut: int) -> None:
    for encoding in ("utf-8", "gb18030"):
        data = (text + "规").encode(encoding)[:-1]
        assert decode(data).text.startswith(text[:-cut])
        assert decode(data).encoding == encoding


@given(st.binary(max_size=2000))
def test_no_bytes_are_beyond_reading(data: bytes) -> None:
    assert isinstance(decode(data).text, str)
