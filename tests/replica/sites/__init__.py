"""One file a site: addresses → answers. Each `answer(world, asked, trouble)` is a function of day and request."""

from collections.abc import Callable

from tests.replica.answer import Answer, Asked
from tests.replica.sites import ccap, cnca, cqc
from tests.replica.troubles import Trouble
from tests.replica.world import World

SITES: dict[str, Callable[[World, Asked, Trouble | None], Answer]] = {
    "cqc": cqc.answer,
    "ccap": ccap.answer,
    "cnca": cnca.answer,
}
