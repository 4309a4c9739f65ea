"""What a page reader hands on: rows of a list, an article, its attachments."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How to ask for a page: an address, and a form where the site pages by POST (`__doPostBack`, JSON)."""

    url: str
    method: str = "GET"
    form: tuple[tuple[str, str], ...] = ()
    json_body: str | None = None


@dataclass(frozen=True, slots=True)
class JsonRows:
    """Where the rows of a json-list are: the request, and JMESPath expressions for what is in the answer.

    `{page}` in `endpoint`, `params` and `body` is the page's number. `rows` is applied to the answer and gives an
    array of rows or a text of HTML; `title`, `url` and `date` are applied to each row; `total` (all rows) or `pages`
    (all pages) to the answer. A POST with a `body` sends it as JSON, one without sends `params` as a form.
    """

    endpoint: str
    rows: str
    title: str = "title"
    url: str = "url"
    date: str | None = None
    method: str = "GET"
    params: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    total: str | None = None
    pages: str | None = None
    page_size: int | None = None
    first_page: int = 1


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list as it stood: full title where the page has it, absolute address, date if shown."""

    title: str
    url: str
    published: date | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class SetAside:
    """What a reader saw and did not hand on: what it says, where it leads, and why; `is_doubt` where that is no
    more than a guess, so that a person should look."""

    what: str
    url: str | None
    reason: str
    is_doubt: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; `family` is the reader that fitted, `page_count` what the page says of the whole list.

    `beside` are rows that bear a rule's code and stand in no list of the page's subject: they are followed, but not
    listed. `set_aside` is all else that the page links. `unknown_way_on` is what seems to lead to more of the list and
    cannot be followed.

    `row_count` is what it says of all rows, and None unless `page_count` is guessed from it and from the rows of this
    page: a short last page makes the guess too large, while a total may leave out pinned rows.
    """

    rows: tuple[ListRow, ...]
    next_page: PageRequest | None
    family: str
    encoding: str
    page_count: int | None = None
    row_count: int | None = None
    unknown_way_on: str | None = None
    beside: tuple[ListRow, ...] = ()
    set_aside: tuple[SetAside, ...] = ()

    @property
    def doubts(self) -> tuple[SetAside, ...]:
        """What looks like a row and is in no list: while there is any, the page is not fully understood."""
        return tuple(one for one in self.set_aside if one.is_doubt)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file linked from an article: the name shown to a reader, and the absolute address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article: title, day of publication, source, body as HTML and as plain text, linked files."""

    title: str
    published: date | None
    source: str | None
    body_html: str
    body_text: str
    attachments: tuple[Attachment, ...]
    family: str
    encoding: str
