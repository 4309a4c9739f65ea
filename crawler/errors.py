"""The ways in which a visit can fail: one class each, named for what a person must know."""


class CrawlError(Exception):
    """The root of every error that the crawler raises on purpose."""


class UnusableSettings(CrawlError):
    """Raised before any visit where settings ask for what cannot or may not be done."""


class PageUnreadable(CrawlError):
    """Raised when a page cannot be read at all: not markup, or more of it than the limits allow."""


class ListUnreadable(PageUnreadable):
    """Raised when no reader finds a list in a page. The section is degraded; nothing is withdrawn."""


class ArticleUnreadable(PageUnreadable):
    """Raised when no reader finds an article in a page: no title, or nothing under it."""
