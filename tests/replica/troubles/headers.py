"""Headers that say something else than the body, and file names in the forms that are met."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from tests.replica.answer import Answer, Asked
from tests.replica.troubles.trouble import Trouble


@dataclass(frozen=True)
class WrongContentType(Trouble):
    """A file as text/html, a page as octet-stream: the declared type is not the content's."""

    content_type: str = "text/html"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("Content-Type", self.content_type)


class EtagAbsent(Trouble):
    """No validators at all: neither ETag nor Last-Modified."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("ETag", None).with_header("Last-Modified", None)


@dataclass(frozen=True)
class LastModifiedChangesDaily(Trouble):
    """No ETag, and Last-Modified is this morning whatever happened to the content."""

    on: str = "Mon, 02 Mar 2026 01:00:00 GMT"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("ETag", None).with_header("Last-Modified", self.on)


@dataclass(frozen=True)
class SwappedFileSameEtag(Trouble):
    """Other bytes under the same address, while ETag and Last-Modified are those of the old ones."""

    body: bytes = b""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=self.body)


@dataclass(frozen=True)
class FileNameRawGbk(Trouble):
    """`Content-Disposition: attachment; filename=<GBK bytes>`, as ASP.NET sites send it."""

    name: str = "汽车用制动器衬片认证规则.pdf"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        raw = self.name.encode("gb18030").decode("latin-1")
        return healthy.with_header("Content-Disposition", f"attachment; filename={raw}")


@dataclass(frozen=True)
class FileNameRawUtf8(Trouble):
    """`Content-Disposition: attachment; filename="<UTF-8 bytes>"`."""

    name: str = "汽车用制动器衬片认证规则.pdf"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        raw = self.name.encode().decode("latin-1")
        return healthy.with_header("Content-Disposition", f'attachment; filename="{raw}"')


@dataclass(frozen=True)
class FileNameRfc5987(Trouble):
    """`Content-Disposition: attachment; filename*=UTF-8''<percent-encoded>` (RFC 5987, RFC 6266)."""

    name: str = "汽车用制动器衬片认证规则.pdf"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        value = f"attachment; filename=\"download\"; filename*=UTF-8''{quote(self.name)}"
        return healthy.with_header("Content-Disposition", value)


class DownloadWithoutName(Trouble):
    """A file as octet-stream without any name: only its bytes say what it is."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("Content-Disposition", None).with_header("Content-Type", "application/octet-stream")
