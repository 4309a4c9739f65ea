"""Between Scrapy's engine and the network: own hosts only, conditional requests, unpacking, is this the page?"""

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.pages.answers import AnswerKind, judge_answer
from crawler.visit.answered import BROKEN_ENCODING, CONFIRMED, DATALOSS, ForeignHost, header_texts
from crawler.visit.failures import explain
from crawler.visit.files import unpack

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.visit.authority import AuthoritySpider


class _Middleware:
    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "_Middleware":
        return cls(crawler)

    @property
    def spider(self) -> "AuthoritySpider":
        return cast("AuthoritySpider", self.crawler.spider)

    def count(self, name: str, value: int = 1) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(name, value)


class OwnHostsOnly(_Middleware):
    """Lets no request out to a host that the authority does not own, whatever made it.

    Scrapy's offsite middleware exempts requests with `dont_filter` (what a retry and `start_urls` set) and so lets
    their redirects go anywhere; this one has no exemption (HOUSE.md, "Own hosts only").
    """

    def process_request(self, request: Request) -> None:
        """Raise ForeignHost for an address on another host, port or scheme."""
        if not self.spider.authority.owns(request.url):
            self.count("rulewatch/foreign")
            raise ForeignHost(urlsplit(request.url).netloc, self.spider.name)


class RobotsUnread(IgnoreRequest):
    """Raised for a request to a host whose robots.txt cannot be read: whether it forbids the address is not known."""


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's, but a robots.txt that cannot be read (5xx, no answer) forbids all, as RFC 9309, 2.3.1.4 says.

    Scrapy reads an error page as if it were the file, finds no rule in it, and goes on.
    """

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._unread: dict[str, str] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            raise RobotsUnread(f"robots.txt cannot be read: status {response.status}")
        if response.status >= 400:
            response = response.replace(body=b"")  # there is none (2.3.1.3), whatever the error page says
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, RobotsUnread):
            self._unread[netloc] = str(exc)
        elif not isinstance(exc, IgnoreRequest):
            self._unread[netloc] = f"robots.txt cannot be read: {explain(exc)}"
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: Any, request: Request) -> None:
        """Raise RobotsUnread or, where the file forbids the address, IgnoreRequest."""
        if reason := self._unread.get(urlsplit(request.url).netloc):
            raise RobotsUnread(reason)
        super().process_request_2(rp, request)


class ConditionalRequests(_Middleware):
    """Asks "has it changed?" where a server gave validators, and puts what we have in the place of a 304."""

    def process_request(self, request: Request) -> None:
        """Add If-None-Match and If-Modified-Since (RFC 9110, 13.1) to requests that may be answered by 304."""
        known = request.meta.get("known")
        if known is None or not request.meta.get("conditional") or known.capture_id is None:
            return
        if known.etag:
            request.headers.setdefault("If-None-Match", known.etag.encode("latin-1", "replace"))
        if known.last_modified:
            request.headers.setdefault("If-Modified-Since", known.last_modified.encode("latin-1", "replace"))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Return the stored page for a 304; ask again without condition where it was not asked for or is lost."""
        if response.status != 304:
            return response
        known = request.meta.get("known")
        body = self.spider.stored_body(known) if known is not None and request.meta.get("conditional") else None
        if body is not None:
            return response.replace(status=200, body=body, flags=[*response.flags, CONFIRMED])
        return _unconditional(request) if request.meta.get("conditional") else response


def _unconditional(request: Request) -> Request:
    again = request.replace(dont_filter=True, meta={**request.meta, "conditional": False})
    for name in ("If-None-Match", "If-Modified-Since"):
        again.headers.pop(name, None)
    return again


class Unpack(_Middleware):
    """Undoes gzip and deflate. A body that ends early is retried, then kept as it came (Scrapy would pass on a part).

    Scrapy's own middleware returns what it could unfold of a broken body without a word: half a list would look whole.
    """

    def process_request(self, request: Request) -> None:
        """Ask for gzip."""
        request.headers.setdefault("Accept-Encoding", "gzip")

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Return the response unpacked; the header stays, so that the capture tells how the bytes came."""
        named = response.headers.getlist("Content-Encoding")
        if not named or not response.body or request.method == "HEAD":
            return response
        encodings = [name.strip().lower() for line in named for name in line.decode("latin-1").split(",")]
        limit = int(request.meta.get("download_maxsize") or self.crawler.settings.getint("DOWNLOAD_MAXSIZE"))
        try:
            body = unpack(response.body, encodings, limit)
        except OverflowError as reason:
            raise IgnoreRequest(f"too large: {reason}") from None
        if body is not None:
            return response.replace(body=body)
        return self._again(request) or response.replace(flags=[*response.flags, BROKEN_ENCODING])

    def _again(self, request: Request) -> Request | None:
        return get_retry_request(request, spider=self.spider, reason="broken content encoding")


class NotThePage(_Middleware):
    """Marks what came in place of the page: a challenge, a login, maintenance, an error; retries cut-off bodies.

    `meta["answer"]` is the verdict; the spider keeps such an answer as evidence and reads nothing from it.
    """

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Judge the answer; ask again for one that is shorter than announced."""
        if DATALOSS in response.flags:
            again = get_retry_request(request, spider=self.spider, reason="cut off")
            if again is not None:
                return again
        answer = judge_answer(response.status, header_texts(response), response.body, response.url)
        request.meta["answer"] = answer
        if answer.kind is not AnswerKind.PAGE:
            self.count(f"rulewatch/answers/{answer.kind.value}")
        return response
