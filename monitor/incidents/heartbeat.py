"""The dead-man's switch: a monitoring service is told when a cycle begins, ends or fails, and raises the alarm itself
when it hears nothing, because a machine that is off can tell nobody.

The protocol is that of Healthchecks (healthchecks.io/docs/http_api), which others speak too: a POST to the address
itself is "ended well", to `/start` "begun", to `/fail` "failed"; `rid` joins what belongs to one run; the body is shown
to the operator, its first 10 kB at most. The address is the key, and is kept and shown as a secret.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import requests
import structlog

from monitor.incidents.failure import CycleFailure

LONGEST_BODY = 10_000
"""Bytes."""
TIMES_OUT = (5.0, 10.0)
"""Seconds to connect, and to wait for an answer."""
TRIES = 2

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What one cycle tells; nothing where no address is set. What cannot be told keeps no cycle from its work."""

    url: str | None
    rid: UUID

    @classmethod
    def of_a_run(cls, url: str | None) -> "Heartbeat":
        """Return the heartbeat of a new run."""
        return cls(url, uuid4())

    def begun(self) -> bool:
        """Tell that the cycle begins; return whether that was heard."""
        return self._tell("/start", "")

    def ended(self, said: str) -> bool:
        """Tell that the cycle came to its end, and how."""
        return self._tell("", said)

    def failed(self, failure: CycleFailure) -> bool:
        """Tell that the cycle ended before its time, and why."""
        return self._tell("/fail", failure.sentence)

    def _tell(self, step: str, said: str) -> bool:
        return self.url is not None and any(self._heard(self.url, step, said) for _ in range(TRIES))

    def _heard(self, url: str, step: str, said: str) -> bool:
        body = said.encode()[:LONGEST_BODY]
        try:
            with requests.post(_address(url, step, self.rid), body, timeout=TIMES_OUT, stream=True) as answer:
                heard = answer.ok
                trouble = f"HTTP {answer.status_code}"
        except (requests.RequestException, ValueError) as reason:  # urllib3 raises ValueErrors of its own
            heard, trouble = False, type(reason).__name__
        if not heard:
            log.warning("the monitoring service was not told", step=step or "ended", reason=trouble)
        return heard


def _address(url: str, step: str, rid: UUID) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, f"rid={rid}") if part)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + step, query=query))
