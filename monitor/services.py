"""What services on the network have in common: how their address is named, and until when one waits for an answer."""

import threading
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from monitor.notation.addresses import is_web_address


def _plain(address: str) -> str:
    if not is_web_address(address):
        raise PydanticCustomError("setting", "must be an http or https address")
    if "@" in address:
        raise PydanticCustomError("setting", "must not hold a user or password: a key goes into api_key")
    return address


ServiceAddress = Annotated[str, AfterValidator(_plain)]
"""A setting: the address of a service on the web, without user and password."""


class NoAnswerInTime(Exception):
    """Raised where a service gave no answer until the deadline."""


def in_time(call: Callable[[], Any], seconds: float, name: str) -> Any:
    """Return what the call returns or raise what it raises. At the deadline it is left behind, still running, because a
    byte a second keeps every time-out of a connection happy.

    Raises:
        NoAnswerInTime: there was no answer in time.
    """
    outcome: list[tuple[bool, Any]] = []

    def work() -> None:
        try:
            outcome.append((True, call()))
        except BaseException as reason:  # translation service: raised again in the thread that waits
            outcome.append((False, reason))

    worker = threading.Thread(target=work, name=name, daemon=True)
    worker.start()
    worker.join(seconds)
    if not outcome:
        raise NoAnswerInTime(f"no answer within {seconds:g} seconds")
    done, value = outcome[0]
    if not done:
        raise value
    return value
