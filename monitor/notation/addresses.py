"""Addresses: of people, and of servers with a user and a password in them.

An e-mail address is what a mail server and a message's header both take, in the one form in which it is kept.

Syntax is read by email-validator (RFC 5321, 5322, 6531); nothing is looked up. A domain in any script is kept in its
ASCII form (IDNA 2008: `müller.example` is `xn--mller-kva.example`), so that every mail server takes it.
"""

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from functools import lru_cache
from urllib.parse import urlsplit

from monitor.errors import BadInput

EXPECTED = "expected something like quality@supplier.example"
ENCODE = (
    "signs that part an address must be percent-encoded in user name and password: "
    "@ is %40, : %3A, / %2F, ? %3F, # %23, [ %5B, ] %5D and % itself %25"
)


def read_address(text: str) -> str:
    """Return an address as it is kept: lower case, the domain in ASCII.

    Raises:
        BadInput: it is none that can be written to; the message says why.
    """
    plain = text.strip().lower()
    local, _, domain = plain.partition("@")
    if _PLAIN_LOCAL.fullmatch(local) and domain.isascii() and len(plain) <= LONGEST_PLAIN and _is_domain(domain):
        return plain
    return _read_any(text)


@lru_cache(maxsize=1 << 14)
def _is_domain(domain: str) -> bool:
    """Return whether a domain is kept as it stands; lists name few domains and many people in them."""
    try:
        return _read_any(f"x@{domain}") == f"x@{domain}"
    except BadInput:
        return False


def _read_any(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # slow to load; most commands read no address

    try:
        found = validate_email(
            text.strip(),
            strict=True,
            allow_smtputf8=False,
            check_deliverability=False,
            globally_deliverable=False,
            test_environment=True,
        )
    except EmailNotValidError as reason:
        raise BadInput(f'"{text[:80]}" is not an e-mail address: {_sentence(str(reason))} ({EXPECTED})') from None
    if "." not in found.ascii_domain:
        raise BadInput(f'"{text[:80]}" is not an e-mail address: its domain has no dot ({EXPECTED})')
    return _writable((found.ascii_email or found.normalized).lower(), text)


def as_kept(text: str) -> str:
    """Return the form in which an address is kept; one that could not be written to is looked for as it stands."""
    try:
        return read_address(text)
    except BadInput:
        return text.strip().lower()


def is_web_address(url: str) -> bool:
    """Whether a text is the address of something on the web: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def credentials_hint(url: str) -> str | None:
    """Return what to do where user name and password of a server's address cannot be told from the rest, else None.

    A sign that parts an address (RFC 3986, 2.2) and stands in a password as it is makes a host of half of it.
    """
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return ENCODE
    if not parts.netloc:
        return None
    is_torn = parts.netloc.count("@") > 1 or "@" in parts.path + parts.fragment or bool(parts.fragment)
    return ENCODE if is_torn or "[" in parts.netloc.rpartition("@")[0] else None


def _writable(address: str, text: str) -> str:
    """Return the address if a header can name it: the parser of headers takes an encoded word for what it encodes."""
    try:
        if Address(addr_spec=address).addr_spec == address and "=?" not in address:
            return address
    except (ValueError, HeaderParseError):
        pass
    raise BadInput(f'"{text[:80]}" is not an e-mail address: a mail header cannot name it ({EXPECTED})')


_PLAIN_LOCAL = re.compile(r"[a-z0-9]+(?:[._+\-][a-z0-9]+)*")
"""Parts before the @ that any server takes as they stand (RFC 5322, dot-atom)."""
LONGEST_PLAIN = 64
"""Shorter than any limit of RFC 5321, of the whole or of its parts."""


def _sentence(reason: str) -> str:
    return reason[:1].lower() + reason[1:].rstrip(".")
