"""What goes wrong on such sites, a class for each trouble.

A trouble is laid over an address (`Replica.trouble`) or named in a day's file. It alters the rows of a list before
they are printed (`rows`), or the healthy answer before it is sent (`answer`).
"""

from collections.abc import Iterator
from typing import Any

from tests.replica.troubles.connection import (
    ConnectionReset,
    CutOffDownload,
    EndlessBody,
    GzipBomb,
    GzipEndsEarly,
    Hang,
    ServerError,
    SlowAnswer,
    SlowDrip,
    WrongContentLength,
)
from tests.replica.troubles.headers import (
    DownloadWithoutName,
    EtagAbsent,
    FileNameRawGbk,
    FileNameRawUtf8,
    FileNameRfc5987,
    LastModifiedChangesDaily,
    SwappedFileSameEtag,
    WrongContentType,
)
from tests.replica.troubles.letters import (
    DocThatIsHtml,
    Gb2312MetaOverGb18030,
    NewFileId,
    SessionIdsInLinks,
    Utf8HeaderOverGbk,
    VersionInLinks,
)
from tests.replica.troubles.lists import HalfList, ListWithoutDates, PinnedNotices, Redesigned, ReorderedList
from tests.replica.troubles.redirects import (
    RedirectLoop,
    RedirectTo,
    RedirectToLoopback,
    RedirectToOtherHost,
    RedirectToWww,
    RefusedThenRedirect,
)
from tests.replica.troubles.screens_instead import (
    EmptyArticle,
    EmptyTemplate,
    LoginPage,
    Maintenance,
    Screen,
    ScriptChallenge,
    SoftNotFound,
    TooManyRequests,
)
from tests.replica.troubles.trouble import Row, Trouble

__all__ = [
    "ALL",
    "ConnectionReset",
    "CutOffDownload",
    "DocThatIsHtml",
    "DownloadWithoutName",
    "EmptyArticle",
    "EmptyTemplate",
    "EndlessBody",
    "EtagAbsent",
    "FileNameRawGbk",
    "FileNameRawUtf8",
    "FileNameRfc5987",
    "Gb2312MetaOverGb18030",
    "GzipBomb",
    "GzipEndsEarly",
    "HalfList",
    "Hang",
    "LastModifiedChangesDaily",
    "ListWithoutDates",
    "LoginPage",
    "Maintenance",
    "NewFileId",
    "PinnedNotices",
    "Redesigned",
    "RedirectLoop",
    "RedirectTo",
    "RedirectToLoopback",
    "RedirectToOtherHost",
    "RedirectToWww",
    "RefusedThenRedirect",
    "ReorderedList",
    "Row",
    "Screen",
    "ScriptChallenge",
    "ServerError",
    "SessionIdsInLinks",
    "SlowAnswer",
    "SlowDrip",
    "SoftNotFound",
    "SwappedFileSameEtag",
    "TooManyRequests",
    "Trouble",
    "Utf8HeaderOverGbk",
    "VersionInLinks",
    "WrongContentLength",
    "WrongContentType",
    "by_name",
]


def by_name(name: str, **options: Any) -> Trouble:
    """Return the trouble that a day's file names.

    Raises:
        KeyError: there is no such trouble.
    """
    return ALL[name](**options)


def _subclasses(kind: type[Trouble]) -> Iterator[type[Trouble]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


ALL: dict[str, type[Trouble]] = {kind.__name__: kind for kind in _subclasses(Trouble) if kind is not Screen}
