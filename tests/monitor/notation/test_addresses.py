"""An address that is taken can be written to: by a header, and by a mail server without extensions."""

from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import BadInput
from monitor.notation.addresses import _read_any, read_address

UNUSABLE = [
    "aaron..doe@x.example", ".aaron@x.example", "aaron.@x.example", "=?utf-8?q?a?=@x.example", "质量@x.example",
    "a@x", "a b@x.example", "a@-x.example", "a@x..example", "a@x.example.", "@x.example", "a@", "a", "", "a@@x.example",
    "a@b@x.example", "<a@x.example>", "Aaron <a@x.example>", "mailto:a@x.example", "a@[127.0.0.1]", '"a b"@x.example',
    "a@x_y.example", "a@x.example\r\nBcc: b@x.example", "a\u202e@x.example", "a\u200b@x.example", "a@xn--a.example",
    "a" * 65 + "@x.example", "a@" + "x" * 64 + ".example", "a@" + "x." * 130 + "example", "a\x00@x.example",
]  # fmt: skip


@pytest.mark.parametrize("text", UNUSABLE)
def test_an_address_that_cannot_be_written_to_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(BadInput, match=r"is not an e-mail address: "):
        read_address(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" Quality@Supplier.Example ", "quality@supplier.example"),
        ("q@müller.example", "q@xn--mller-kva.example"),
        ("q@质量.example", "q@xn--2n3aq5g.example"),
        ("q@XN--MLLER-KVA.example", "q@xn--mller-kva.example"),
        ("o'neil+alerts@x-1.example", "o'neil+alerts@x-1.example"),
        ("a@intranet.test", "a@intranet.test"),
    ],
)
def test_an_address_is_kept_in_one_form(text: str, kept: str) -> None:
    assert read_address(text) == kept
    assert read_address(kept) == kept


_PIECES = st.lists(st.sampled_from([*'ab.@=?<>"\\ _-,;:\r\n\x00', "é", "中", "\u202e", "xn--", ".example"]), max_size=9)


@given(_PIECES.map("".join))
def test_whatever_is_taken_stands_in_a_header_and_is_read_back(text: str) -> None:
    try:
        address = read_address(f"{text}a@{text}x.example")
    except BadInput:
        return
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(addr_spec=address)
    assert address.isascii()
    assert [found.addr_spec for found in message["To"].addresses] == [address]


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
LOCAL = st.from_regex(r"[a-zA-Z0-9._+%'=?\-]{1,70}", fullmatch=True)
DOMAIN = st.lists(LABEL, min_size=1, max_size=4).map(".".join) | st.sampled_from(
    [
        "x.local",
        "example.org",
        "xn--mller-kva.example",
        "münchen.example",
        "a..b",
        "-a.b",
        "x.test",
        "arpa",
        "EXAMPLE.org",
    ]
)


@given(LOCAL, DOMAIN)
def test_plain_addresses_are_read_as_the_library_reads_all(local: str, domain: str) -> None:
    text = f"{local}@{domain}"

    def read(reader: Callable[[str], str]) -> str:
        try:
            return reader(text)
        except BadInput as reason:
            return str(reason)

    assert read(read_address) == read(_read_any)
