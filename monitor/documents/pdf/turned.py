"""Text that is turned: what runs across a page is a watermark, what stands sideways at its edge is read apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.documents.document import Doubt, SetAside
from monitor.documents.pdf.characters import Character
from monitor.documents.structure.lines import Line

_LEVEL = 3.0
"""Degrees by which text may be askew and is still taken for upright."""
_WHY = "it is printed at an angle across the page"


@dataclass(frozen=True, slots=True)
class Turned:
    """The level text of a page, the lines beside it that stand sideways, and what runs across it."""

    level: list[Character]
    sideways: tuple[Line, ...] = ()
    watermark: str = ""

    def set_aside(self, number: int) -> tuple[SetAside, ...]:
        """Return the watermark of the page with this number by its name."""
        return (SetAside("watermark", f"page {number}", _WHY, self.watermark),) if self.watermark.strip() else ()

    def doubts(self) -> tuple[Doubt, ...]:
        """Return that there is one: it may say that the text is void."""
        return (Doubt("watermark", f"“{self.watermark.strip()}”: {_WHY}"),) if self.watermark.strip() else ()


def parted(characters: Sequence[Character], height: float) -> Turned:
    """Return the text of a page by how it is turned; one that lies on its side as a whole is level."""
    if not any(sign.angle for sign in characters):
        return Turned(list(characters))
    watermark = "".join(sign.text for sign in characters if _is_slanted(sign))
    straight = [sign for sign in characters if not _is_slanted(sign)]
    sideways = [sign for sign in straight if 45 < sign.angle < 315]
    if 2 * len(sideways) > sum(not sign.made for sign in straight):
        return Turned(straight, (), watermark)
    level = [sign for sign in straight if not 45 < sign.angle < 315]
    return Turned(level, _lines(sideways, height), watermark)


def _is_slanted(sign: Character) -> bool:
    return min(sign.angle % 90, 90 - sign.angle % 90) > _LEVEL


def _lines(sideways: Sequence[Character], height: float) -> tuple[Line, ...]:
    """Signs that stand one above another are a line."""
    lines: list[Line] = []
    for at, sign in enumerate(sideways):
        if at and abs(sideways[at - 1].left - sign.left) < 0.6 * sign.size:
            lines[-1] = replace(lines[-1], text=lines[-1].text + sign.text)
        else:
            lines.append(Line(sign.text, whole=True, top=height / 2, height=sign.size, size=sign.size))
    return tuple(lines)
