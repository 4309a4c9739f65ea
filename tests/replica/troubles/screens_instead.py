"""An answer that is not the page asked for: challenge, maintenance, login, an empty template."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.replica import screens
from tests.replica.answer import Answer, Asked, page
from tests.replica.troubles.trouble import Row, Trouble


@dataclass(frozen=True)
class ScriptChallenge(Trouble):
    """412, 521 or 202 with a short script that sets a cookie; who sends the cookie gets the page."""

    status: int = 521
    cookie: str = "__jsl_clearance_s=1772409600.123|0|pass"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        if self.cookie in asked.headers.get("cookie", ""):
            return healthy
        screen = page(screens.CHALLENGE.replace("COOKIE", self.cookie), status=self.status)
        return screen.with_header("Set-Cookie", "__jsluid_s=6d0b52f3c9; max-age=31536000; path=/; HttpOnly")


@dataclass(frozen=True)
class Screen(Trouble):
    """Another page of the site in place of the one asked for, with 200."""

    text: str = ""
    encoding: str = "utf-8"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return page(self.text, self.encoding)


@dataclass(frozen=True)
class Maintenance(Screen):
    """系统维护中, with 200."""

    text: str = screens.MAINTENANCE


@dataclass(frozen=True)
class TooManyRequests(Screen):
    """访问过于频繁, with 200."""

    text: str = screens.TOO_OFTEN


@dataclass(frozen=True)
class LoginPage(Screen):
    """The form of the members' area in place of the page, with 200."""

    text: str = screens.LOGIN


@dataclass(frozen=True)
class SoftNotFound(Screen):
    """您访问的页面不存在, with 200."""

    text: str = screens.NOT_FOUND


class EmptyTemplate(Trouble):
    """The frame of the page stands, the list in it is empty."""

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        return rows[:0]


class EmptyArticle(Trouble):
    """The article's head stands, its body is empty and its files are gone."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=re.sub(rb"(?s)<!--body-->.*<!--/body-->", b"", healthy.body))
