"""What can be played: a drawn site, or the replica itself with (or without) volatile addresses."""

from typing import Any, Protocol

from tests.replica.door import Seen
from tests.replica.folding import day_numbers, world_on
from tests.replica.server import Replica
from tests.sites.volatile import KINDS, VolatileReplica


class Playable(Protocol):
    """Sites with settings for the product, days, a log of requests, and the truth of each day."""

    @property
    def seen(self) -> list[Seen]:
        """All requests so far."""

    @property
    def truth(self) -> dict[int, list[dict[str, Any]]]:
        """The changes that are to be found on each day."""

    def settings(self) -> str:
        """The text of rulewatch.toml."""

    def go_to_day(self, number: int) -> None:
        """Play another day."""


class PlayedReplica:
    """The replica as the product knows it; `kind` is the number of a volatile kind, None for none. Close after use."""

    def __init__(self, kind: int | None) -> None:
        """Open the replica's doors on the first day."""
        self.replica = Replica(1) if kind is None else VolatileReplica(KINDS[kind])
        self.replica.start()

    @property
    def seen(self) -> list[Seen]:
        """All requests so far."""
        return self.replica.requests

    @property
    def truth(self) -> dict[int, list[dict[str, Any]]]:
        """The changes that are to be found on each day."""
        return {number: list(world_on(number).expected["changes"]) for number in day_numbers()}

    def settings(self) -> str:
        """Addresses of the built-in authorities and nothing else: their sections are those of the product."""
        return (
            '[crawl]\ndelay_seconds = 0\ncontact = "mailto:test@rulewatch.example"\n[translation]\nprovider = "none"\n'
            f'[authorities.cqc]\nbase_url = "{self.replica.cqc_url}"\n'
            f'[authorities.ccap]\nbase_url = "{self.replica.ccap_url}"\n'
        )

    def go_to_day(self, number: int) -> None:
        """Play another day."""
        self.replica.set_day(number)

    def close(self) -> None:
        """Shut the doors."""
        self.replica.close()
