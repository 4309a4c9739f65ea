"""What is drawn on a page, in points from the top left."""

from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.0, 842.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place, turned by some degrees about its lower left corner."""

    text: str
    x: float
    y: float
    size: float
    angle: float = 0
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a form with its value."""

    value: str
    x: float
    y: float
    width: float
    size: float


@dataclass
class Page:
    """What is drawn on a page."""

    marks: list[Mark] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_cover: bool = False
