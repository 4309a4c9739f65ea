"""Addresses: what a link points to, when two addresses are one, and whose host it is.

`absolute` gives an address that can be fetched; `address_key` says when two addresses are the same page and is
never fetched (it forgets whether http or https was used).
"""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_SESSION_ARGUMENT = re.compile(
    r"^(?:jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|sessionid|session_id)$", re.IGNORECASE
)
_CACHE_ARGUMENT = re.compile(
    r"^(?:v|ver|version|_|t|ts|timestamp|rnd|rand|random|r|_t|_v|nocache)$",
    re.IGNORECASE,
)
_CACHE_VALUE = re.compile(r"[\d.]*(?:e-?\d+)?|[0-9a-f]{8,}", re.IGNORECASE)
_QUOTED = re.compile(r"""(["'])((?:(?!\1).){1,2000})\1""")
_LOOKS_LIKE_ADDRESS = re.compile(
    r"^(?:https?:)?//|^\.{0,2}/[^\s]|^[\w%\-./\u4e00-\u9fff（）()]+\.(?:s?html?|aspx?|jspx?|php|do"
    r"|action|pdf|docx?|wps|xlsx?"
    r"|et|zip|rar|7z|ofd|pptx?)(?:[?#]|$)|^[\w\-./]+\?\w+=",
    re.IGNORECASE,
)
_NOT_A_PAGE = re.compile(
    r"^\s*(?:mailto|tel|data|about|file|blob|vbscript|ftp|weixin|tencent|chrome)\s*:", re.IGNORECASE
)
_DEFAULT_PORT = {"http": 80, "https": 443}
_SAFE_IN_PATH = "/:@!$&'()*+,;=-._~%"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?[]"
_NOTHING_TO_ENCODE = re.compile(r"[\w/:@!$&'()*+,;=\-.~]*", re.ASCII)


def absolute(href: str, base: str, encoding: str = "utf-8") -> str | None:
    """Return the address that a link points to, ready to be fetched, or None where it is no http address.

    Fragments, session ids, default ports and `../` are gone. Chinese characters are percent-encoded: in a path as
    UTF-8, in a query in the page's `encoding`, as browsers do (WHATWG URL, 4.3); what is encoded already stays.
    """
    href = re.sub(r"[\t\r\n]", "", href).strip().replace("\\", "/")
    if not href or href.startswith("#") or _NOT_A_PAGE.match(href):
        return None
    if re.match(r"javascript\s*:", href, re.IGNORECASE):
        target = script_target(href)
        return absolute(target, base, encoding) if target else None
    try:
        parts = urlsplit(urljoin(base, href))
        return _tidy(parts, encoding) if parts.scheme.lower() in _DEFAULT_PORT and parts.hostname else None
    except ValueError:
        return None


def address_key(url: str) -> str:
    """Return what two addresses of one page share: no scheme, no `?v=` or time stamp, one way of encoding."""
    parts = urlsplit(absolute(url, url) or url)
    kept = [
        argument
        for argument in parts.query.split("&")
        if argument and not _is_cache_argument(*argument.partition("=")[::2])
    ]
    path = quote(unquote_to_bytes(parts.path), safe="/")
    return urlunsplit(("", parts.netloc, path, "&".join(kept), "")).lstrip("/")


def owned(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address lies on one of the hosts, compared exactly; `hosts` are names, `name:port`, or addresses.

    A host given with a port owns that port only. A loopback or numeric host given without one owns the default
    ports only, so that a page cannot send us to a neighbour on the same machine.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in _DEFAULT_PORT or parts.username is not None or not parts.hostname:
            return False
        name, port = _host_name(parts.hostname), parts.port or _DEFAULT_PORT[parts.scheme.lower()]
        return any(_same_host(name, port, *_declared_host(host)) for host in hosts)
    except ValueError:
        return False


def script_target(code: str) -> str | None:
    """Return the address in a script call such as `javascript:download('/upload/a.pdf')`, or None."""
    if len(code) > 4000:
        return None
    for match in _QUOTED.finditer(code):
        text = match.group(2).strip()
        if _LOOKS_LIKE_ADDRESS.match(text):
            return text
    return None


def _tidy(parts: SplitResult, encoding: str) -> str:
    host = _host_name(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    netloc = host if port is None or port == _DEFAULT_PORT[parts.scheme.lower()] else f"{host}:{port}"
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    path = re.sub(r"^(?:/\.\.)+(?=/|$)", "", path) or "/"
    query = "&".join(part for part in parts.query.split("&") if not _is_session(part))
    path, query = _encoded(path, _SAFE_IN_PATH, "utf-8"), _encoded(query, _SAFE_IN_QUERY, encoding)
    return urlunsplit((parts.scheme.lower(), netloc, path, query, ""))


def _encoded(text: str, safe: str, encoding: str) -> str:
    """Encode what an address may not hold; a `%` that begins no escape becomes `%25`."""
    if _NOTHING_TO_ENCODE.fullmatch(text):
        return text
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe=safe, encoding=encoding, errors="replace")


def _is_session(argument: str) -> bool:
    return bool(_SESSION_ARGUMENT.match(argument.partition("=")[0]))


def _is_cache_argument(name: str, value: str) -> bool:
    return bool(_CACHE_ARGUMENT.match(name) and _CACHE_VALUE.fullmatch(value))


def _host_name(host: str) -> str:
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


@lru_cache(maxsize=256)
def _declared_host(host: str) -> tuple[str, int | None]:
    parts = urlsplit(host if "//" in host else f"//{host}")
    port = parts.port
    if port is None and parts.scheme and _is_numeric(_host_name(parts.hostname or "")):
        port = _DEFAULT_PORT.get(parts.scheme.lower())
    return _host_name(parts.hostname or ""), port


def _same_host(name: str, port: int, declared: str, declared_port: int | None) -> bool:
    if name != declared:
        return False
    if declared_port is not None:
        return port == declared_port
    return port in _DEFAULT_PORT.values() or not _is_numeric(name)


def _is_numeric(host: str) -> bool:
    """Whether a host is this machine or a bare IP address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
