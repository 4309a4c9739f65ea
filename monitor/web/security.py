"""Who may talk to the change log: pages of its own, on this machine; and what its pages may load.

There are no accounts yet, so the service listens on the loopback address only. A page on the internet could still
send a consultant's browser here (DNS rebinding, cross-site forms): a foreign Host is refused, and so is every change
that does not come from a page of ours. Scripts, styles and pictures come from this service alone.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class OwnPagesOnly:
    """Refuses a foreign Host, and a change asked for by a foreign page; adds the headers that bind our own pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = _refusal(scope["method"], headers)
        answer = PlainTextResponse(refusal, status_code=403) if refusal else self.app
        await answer(scope, receive, _with_headers(send))


def is_loopback(host: str | None) -> bool:
    """Whether a Host header's name is this machine and nothing else."""
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refusal(method: str, headers: Headers) -> str | None:
    host = headers.get("host", "")
    if not is_loopback(_name(host)):
        return f"Rulewatch answers on this machine's own address only, not as {host[:80]!r}."
    if method in SAFE_METHODS:
        return None
    source = headers.get("origin") or headers.get("referer") or ""
    if urlsplit(source).netloc != host or urlsplit(source).scheme not in ("http", "https"):
        return "A change can only be decided from a page of Rulewatch itself."
    return None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
