"""How one authority's site is built: a way of each dimension, all ways equally often over the seeds."""

from dataclasses import asdict, dataclass, replace
from random import Random

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "markup": ("li", "table", "table_header", "table_wide", "merged", "div", "card", "card_link", "dl", "months"),
    "paging": (
        "links",
        "numbered",
        "select",
        "form",
        "form_script",
        "postback",
        "more_json",
        "more_html",
        "pictures",
        "endless",
        "single",
    ),
    "list_date": ("iso", "cn", "dots", "slash", "md_bracket", "english", "unix", "time"),
    "head_date": ("iso", "cn", "time", "md", "english", "md_slash", "unix", "meta", "american"),
    "files": (
        "body",
        "block",
        "onclick",
        "viewer",
        "embed",
        "object",
        "landing",
        "bare",
        "second_host",
        "gbk_name",
    ),
    "frames": ("none", "none", "iframe", "none", "frameset", "none"),
    "charset": ("utf-8", "gbk", "gb18030", "wrong_meta", "wrong_header", "undeclared"),
    "addresses": ("static", "query", "argument", "segment", "new_ids", "moved"),
    "row_link": ("href", "href", "relative", "onclick"),
    "cut": ("whole", "attribute"),
}
"""Each dimension and its ways. `argument` and `segment` change on every request (volatile.py)."""


@dataclass(frozen=True, slots=True)
class Combination:
    """One way of each dimension; `kind` is the number of the volatile kind where addresses are volatile.

    `renewed_on` is the day from which addresses are other ones (new_ids, moved), 0 for never; `redirects` says
    whether the old ones lead there. `volatile_files`: files' addresses change as well.
    """

    markup: str
    paging: str
    list_date: str
    head_date: str
    files: str
    frames: str
    charset: str
    addresses: str
    row_link: str
    cut: str
    kind: int = 0
    renewed_on: int = 0
    redirects: bool = False
    volatile_files: bool = False
    validators: bool = False
    known_family: bool = False

    def family(self) -> str:
        """The family that an operator would name: aspnet or static-shtml where all of it fits, else general."""
        if self.frames != "none" or not self.known_family:
            return "general"
        if self.paging == "postback" and self.markup.startswith("table"):
            return "aspnet"
        if self.paging == "links" and self.markup == "li" and self.addresses == "static":
            return "static-shtml"
        return "general"

    def as_json(self) -> dict[str, object]:
        """The combination without what does not apply."""
        shown = {name: value for name, value in asdict(self).items() if value or name in DIMENSIONS}
        return {**shown, "family": self.family()}


def draw(number: int) -> Combination:
    """Return the combination of a number; any n successive numbers, n ways of a dimension, show each of them."""
    ways = {name: _way(name, number) for name in DIMENSIONS}
    random = Random(f"combination {number}")
    volatile = {"argument": (0, 12), "segment": (12, 20)}.get(ways["addresses"])
    drawn = Combination(
        **ways,
        kind=random.randrange(*volatile) if volatile else 0,
        renewed_on=random.choice((4, 5, 7)) if ways["addresses"] in ("new_ids", "moved") else 0,
        redirects=ways["addresses"] == "moved" and random.random() < 0.5,
        volatile_files=bool(volatile) and random.random() < 0.5,
        validators=not volatile and random.random() < 0.5,
        known_family=random.random() < 0.5,
    )
    return _possible(drawn)


def _way(name: str, number: int) -> str:
    ways = list(DIMENSIONS[name])
    Random(f"{name} {number // len(ways)}").shuffle(ways)
    return ways[number % len(ways)]


def _possible(drawn: Combination) -> Combination:
    """Take out what no reader could know: an article without its year under a list without years.

    Nor do merged cells and month headings go with pages that are fetched in pieces.
    """
    if drawn.head_date.startswith("md") and drawn.list_date.startswith("md"):
        drawn = replace(drawn, list_date="iso")
    if drawn.paging.startswith("more") and drawn.markup in ("merged", "months"):
        drawn = replace(drawn, markup="div")
    return drawn
