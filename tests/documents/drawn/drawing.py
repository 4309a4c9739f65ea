"""`draw(seed, format)`: a file of a made-up rule and the truth about it; with `change`, one digit of it is another."""

from collections.abc import Iterable
from dataclasses import replace

from tests.documents.drawn import content, ofd, office, page, pdf, sheet, word
from tests.documents.drawn.layout import Laid
from tests.documents.drawn.values import FORMATS, Change, Digit, Drawn, Rule

Wish = tuple[int, str, tuple[int, int] | None]
"""A seed, a format, and the change (which digit, counted round; what it becomes) or None."""

_OFFICE = {"doc": "doc", "office-pdf": "pdf"}
_UNFIT = {
    "office-pdf": frozenset({"comment", "deleted", "hidden", "placeholder"}),
    "doc": frozenset({"placeholder"}),
}
"""Extras that LibreOffice prints as if they were text, or leaves out."""

_ENDINGS = {"office-pdf": "pdf"}


def draw(seed: int, format: str, change: tuple[int, int] | None = None) -> Drawn:
    """Return the file of a seed in one of `FORMATS`. `change` = (k, digit): its k-th digit is that digit.

    Raises ValueError for an unknown format, NoOffice where LibreOffice is needed and not there.
    """
    return draw_all([(seed, format, change)])[0]


def draw_all(wishes: Iterable[Wish]) -> list[Drawn]:
    """Return many files; LibreOffice is called once for all of a format."""
    drawn = [_drawn(*wish) for wish in wishes]
    for format, ending in _OFFICE.items():
        places = [at for at, (_, wanted) in enumerate(drawn) if wanted == format]
        if not places:
            continue
        for at, made in zip(places, office.converted([drawn[at][0].bytes for at in places], ending), strict=True):
            drawn[at] = (replace(drawn[at][0], bytes=made), format)
    return [one for one, _ in drawn]


def digits_in(seed: int, format: str) -> tuple[Digit, ...]:
    """Return the digits that a change of this seed and format may pick, without making the file."""
    return content.digits_of(_rule(seed, format))


def _drawn(seed: int, format: str, change: tuple[int, int] | None) -> tuple[Drawn, str]:
    if format not in FORMATS:
        raise ValueError(f"{format} is none of {', '.join(FORMATS)}")
    rule, done = _rule(seed, format), None
    digits = content.digits_of(rule)
    if change is not None:
        rule, done = content.changed(rule, *change)
    made, laid = _made(rule, seed, format)
    ending = _ENDINGS.get(format, format)
    name = f"{seed:05}-{'office-' if format == 'office-pdf' else ''}{'new' if done else 'old'}.{ending}"
    return replace(_truth(rule, laid, done, format), bytes=made, name=name, digits=digits), format


def _rule(seed: int, format: str) -> Rule:
    rule = content.draw_rule(seed)
    if format in ("xlsx", "xls"):
        return sheet.draw_sheets(rule, seed)
    blocks = tuple(block for block in rule.blocks if block.kind != "sideways" or format == "pdf")
    look = replace(rule.look, extras=rule.look.extras - _UNFIT.get(format, frozenset()))
    return replace(rule, blocks=blocks, look=look)


def _made(rule: Rule, seed: int, format: str) -> tuple[bytes, Laid]:
    if format == "pdf":
        return pdf.make_pdf(rule)
    if format == "ofd":
        return ofd.make_ofd(rule)
    if format == "html":
        return page.make_page(rule, seed)
    if format in ("xlsx", "xls"):
        return sheet.make_xlsx(rule) if format == "xlsx" else sheet.make_xls(rule)
    return word.make_docx(rule)


def _truth(rule: Rule, laid: Laid, change: Change | None, format: str) -> Drawn:
    return Drawn(
        bytes=b"",
        name="",
        title=rule.title,
        text=content.text_of(rule),
        clauses=content.clauses_of(rule),
        tables=content.tables_of(rule),
        furniture=tuple(laid.furniture),
        contents=tuple(laid.contents),
        extras=tuple(extra for extra in laid.extras if format != "office-pdf"),
        change=change,
        features=_features(rule),
    )


def _features(rule: Rule) -> tuple[str, ...]:
    look = rule.look
    named = [f"cover {look.cover}", f"contents {look.contents!r}", f"running {look.running}", f"foot {look.foot}"]
    named += ["two columns"] if look.two_columns else []
    named += ["watermark"] if look.watermark else []
    return (*named, *sorted({block.kind for block in rule.blocks}))
