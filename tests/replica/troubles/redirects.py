"""Redirects, to where a crawler may go and where it may not."""

import re
from dataclasses import dataclass, field

from tests.replica import screens
from tests.replica.answer import Answer, Asked, page, redirect
from tests.replica.troubles.trouble import Trouble


@dataclass(frozen=True)
class RedirectTo(Trouble):
    """A redirect to any address."""

    location: str = "/"
    status: int = 302

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(self.location, self.status)


class RedirectLoop(Trouble):
    """An address that redirects to itself with a growing argument, for ever."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        turn = int(asked.query.get("turn", "0")) + 1
        bare = re.sub(r"[?&]turn=\d+", "", asked.target)
        return redirect(f"{bare}{'&' if '?' in bare else '?'}turn={turn}")


@dataclass(frozen=True)
class RedirectToLoopback(Trouble):
    """A redirect to another service of the machine that crawls."""

    port: int = 80

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(f"http://127.0.0.1:{self.port}/")


@dataclass(frozen=True)
class RedirectToOtherHost(Trouble):
    """A redirect to a host that the authority does not own."""

    host: str = "tracker.example"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(f"http://{self.host}{asked.target}")


@dataclass(frozen=True)
class RedirectToWww(Trouble):
    """A redirect to the www or mobile name of the same site; `host` may carry a port."""

    host: str = "www.localhost"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(f"http://{self.host}{asked.target}", 301)


@dataclass(frozen=True)
class RefusedThenRedirect(Trouble):
    """503 to the first request and a redirect to another host after the retry."""

    location: str = "http://tracker.example/"
    _seen: list[str] = field(default_factory=list)

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        self._seen.append(asked.target)
        return page(screens.ERROR.format(status=503), status=503) if len(self._seen) == 1 else redirect(self.location)
