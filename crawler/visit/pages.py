"""The articles and files of a visit: asked for once, judged by what they are, never by what they were asked for."""

import re
from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import PageUnreadable
from crawler.items import CaptureItem, GoneItem, Kind, Link
from crawler.pages.answers import Answer, AnswerKind
from crawler.pages.articles.attachments import is_file_address
from crawler.pages.articles.filenames import name_from_disposition, name_from_url
from crawler.pages.families import files_between, read_article
from crawler.pages.records import Article
from crawler.section import Section
from crawler.visit.answered import CONFIRMED, ForeignHost, answer_trouble, content_type, is_short
from crawler.visit.asking import RENDERED
from crawler.visit.failures import explain, is_forbidden
from crawler.visit.files import kind_of, trouble_of
from crawler.visit.ground import Known
from crawler.visit.hints import bears_title
from crawler.visit.visiting import PRIORITY, Visiting, Yield

_FILE_KINDS = frozenset({"pdf", "zip", "ole", "rar", "7z", "rtf", "image"})
_TOLD_BY_WORDS = frozenset(
    (AnswerKind.MAINTENANCE, AnswerKind.NOT_FOUND, AnswerKind.EMPTY_TEMPLATE, AnswerKind.RATE_LIMITED)
)
"""What an answer is taken for by its words alone: a notice may have them, too."""
_SHORT_MESSAGE = 400
_MOST_BETWEEN = 10


class PageVisiting(Visiting):
    """A visit that follows links to articles and files."""

    def _ask(self, section: Section, url: str, link: Link, parent_url: str | None) -> Iterator[Request]:
        """Ask for an article or a file once a visit, whatever its addresses; again only where it was gone at one."""
        name = self.ground.name_of(url)
        if name not in self._asked or name in self._gone:
            self._asked.add(name)
            self._gone.discard(name)
            if link.kind is Kind.ARTICLE:
                self._waiting[name] = []
            yield self.page_request(section, url, link, parent_url)

    def _ask_again(self, section: Section, known: Known) -> Iterator[Request]:
        link = Link(known.url, known.kind, known.title, known.published)
        url = self.moves.get(known.url) or known.moved_to or known.url
        yield from self._ask(section, url, link, known.parent_url)

    def _ask_for_the_rest(self, section: Section, page: str) -> Iterator[Request]:
        """Files that are due waited for their article, which may show them at other addresses today; now those that
        it does not show, or that it did not tell because it was not read."""
        for known in self._waiting.pop(page, ()):
            yield from self._ask_again(section, known)

    def page_request(self, section: Section, url: str, link: Link, parent_url: str | None) -> Request:
        """Return the request for an article or a file; conditional unless the rotation wants its bytes."""
        known = self.ground.find(url)
        conditional = known is not None and known.capture_id is not None and not self.ground.must_hash(known)
        size = self.crawl_settings.file_megabytes
        meta = self._meta(section, known, self.ground.name_of(url), size, conditional) | {"asked": url}
        if section.render and link.kind is Kind.ARTICLE:
            meta |= RENDERED
        return Request(
            url,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"section": section, "link": link, "parent_url": parent_url},
            meta=meta,
            priority=PRIORITY[link.kind],
        )

    def parse_page(self, response: Response, section: Section, link: Link, parent_url: str | None) -> Iterator[Yield]:
        """Read what a row or an article links to: an article, a file, or neither."""
        yield from self._page(response, section, link, parent_url)
        yield from self._ask_for_the_rest(section, response.meta["name"])

    def _page(self, response: Response, section: Section, link: Link, parent_url: str | None) -> Iterator[Yield]:
        answer: Answer = response.meta["answer"]
        if answer.kind in _TOLD_BY_WORDS and response.status == 200 and bears_title(response.body, link.title):
            answer = Answer(AnswerKind.PAGE, "it bears the title of its row")
        if answer.kind is AnswerKind.NOT_FOUND:
            self._gone.add(response.meta["name"])
            moved_to = self.moves.get(response.meta["name"], response.meta["asked"])
            if moved_to != response.meta["asked"]:
                yield from self._ask(section, moved_to, link, parent_url)
                return
            self.count(section, "gone")
            yield GoneItem(section, response.meta["name"])
        elif trouble := answer_trouble(response, answer):
            self._failed(section, response.meta["known"], "unanswered")
            yield self._capture(response, section, link.kind, parent_url, link.title, trouble)
        elif CONFIRMED in response.flags:
            yield self._capture(response, section, link.kind, parent_url, link.title)
        elif link.kind is not Kind.ARTICLE and (between := self._between(response, section, link)):
            yield self._capture(response, section, Kind.BETWEEN, parent_url, link.title, links=between)
            for file in between:
                yield from self._ask(section, file.url, file, parent_url)
        elif link.kind is not Kind.ARTICLE or kind_of(response.body) in _FILE_KINDS:
            yield self._file(response, section, link, parent_url)
        else:
            yield from self._article(response, section, link, parent_url)

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """Note that an article or a file could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        section: Section = request.cb_kwargs["section"]
        if isinstance(failure.value, ForeignHost):
            self._foreign(section, failure.value.host)
        if is_forbidden(failure.value):
            self.note(section, "forbidden", (*(self.noted(section, "forbidden") or ()), request.url))
        else:
            self._failed(section, request.meta["known"], "unanswered")
            self.logger.info("page not answered: %s", explain(failure.value))
        yield from self._ask_for_the_rest(section, request.meta["name"])

    def _between(self, response: Response, section: Section, link: Link) -> tuple[Link, ...]:
        """The files of a page that answers in a file's place and links it; none where the answer is the file."""
        is_named = response.headers.get("Content-Disposition") or name_from_url(response.url)
        if kind_of(response.body) != "html" or (is_named and is_file_address(response.url)):
            return ()
        found = files_between(response.body, response.url, content_type(response))
        own = [file for file in found if self.ground.name_of(file.url) != response.meta["name"]]
        return tuple(
            Link(self.ground.name_of(file.url), Kind.FILE, link.title if len(own) == 1 else file.name)
            for file in own[:_MOST_BETWEEN]
            if self.authority.owns(file.url)
        )

    def _file(self, response: Response, section: Section, link: Link, parent_url: str | None) -> CaptureItem:
        name = name_from_disposition(response.headers.get("Content-Disposition"))
        name = name or name_from_url(response.url) or link.title
        trouble = trouble_of(response.body, name, is_short(response))
        if trouble:
            self._failed(section, response.meta["known"], "bad_files")
        return self._capture(response, section, Kind.FILE, parent_url, name, trouble)

    def _article(self, response: Response, section: Section, link: Link, parent_url: str | None) -> Iterator[Yield]:
        sample = self._samples[section.name] if self._is_baseline(section, response.meta["known"]) else None
        if sample is not None and not is_short(response) and sample.speaks_for(response.body, response.url, link.title):
            yield self._capture(response, section, Kind.ARTICLE, parent_url, link.title)
            return
        try:
            article = read_article(response.body, response.url, section.family, content_type(response))
            trouble = "cut off" if is_short(response) else _stranger(article, link.title)
        except PageUnreadable as reason:
            article, trouble = None, f"no article found: {reason}"
        if sample is not None:
            sample.add(response.body, trouble is None)
        if article is None or trouble:
            self._failed(section, response.meta["known"], "unreadable")
            yield self._capture(response, section, Kind.ARTICLE, parent_url, link.title, trouble)
            return
        name, page_url = article.title, response.meta["name"]
        files = [(file.name, file.url) for file in article.attachments if self.authority.owns(file.url)]
        self.ground.recognise_files(page_url, files)
        shown = {self.ground.name_of(url): url for _, url in files}
        self.moves |= {name: url for name, url in shown.items() if name != url}
        links = tuple(self._files_of(section, article))
        item = self._capture(response, section, Kind.ARTICLE, parent_url, name, None, article.family, links)
        yield item
        for file in links:
            yield from self._ask(section, shown[file.url], file, page_url)

    def _is_baseline(self, section: Section, known: Known | None) -> bool:
        """Whether a page belongs to the first visit of a section, of which not every article is read."""
        return self.ground.plans[section.name].listed is None and not (known is not None and known.is_old)

    def _files_of(self, section: Section, article: Article) -> Iterator[Link]:
        for file in article.attachments:
            if self.authority.owns(file.url):
                yield Link(self.ground.name_of(file.url), Kind.FILE, file.name)
            else:
                self._foreign(section, file.url)


def _stranger(article: Article, row_title: str | None) -> str | None:
    """Why a short page without files and with nothing of its row's title is some message in the article's place."""
    if article.attachments or len(article.body_text) >= _SHORT_MESSAGE:
        return None
    title = re.sub(r"\W", "", row_title or "")
    said = re.sub(r"\W", "", f"{article.title}{article.body_text}")
    parts = [title[at : at + 4] for at in range(len(title) - 3)]
    is_borne = not parts or any(part in said for part in parts)
    return None if is_borne else f"not the page: it says “{article.title[:40]}” and nothing of its row's title"
