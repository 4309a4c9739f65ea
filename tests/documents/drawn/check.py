"""Has the product read drawn files and says what it lost: `python -m tests.documents.drawn.check --count 60`.

One JSON line a file, a summary as the last line. With `--changes`, pairs that differ by one digit are compared instead.
With `--cases`, the small cases of `cases.py`.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.documents.drawn import office, product
from tests.documents.drawn.account import account, how_seen
from tests.documents.drawn.case import judged
from tests.documents.drawn.cases import CASES
from tests.documents.drawn.drawing import Wish, digits_in, draw_all
from tests.documents.drawn.values import FORMATS, Drawn


def read_drawn(wishes: list[Wish], folder: Path, read: product.Read = product.read) -> Iterator[dict[str, Any]]:
    """Yield the account of each file drawn."""
    for (seed, format, _), drawn in zip(wishes, draw_all(wishes), strict=True):
        found = account(drawn, read(_saved(drawn, folder))).as_json()
        yield {"check": "read", "seed": seed, "format": format, "features": drawn.features, **found}


def compare_drawn(
    wishes: list[Wish], folder: Path, compare: product.Compare = product.compare
) -> Iterator[dict[str, Any]]:
    """Yield how the one digit that each wish changes is told."""
    files = draw_all(
        [wish for seed, format, change in wishes for wish in ((seed, format, None), (seed, format, change))]
    )
    for (seed, format, asked), old, new in zip(wishes, files[::2], files[1::2], strict=True):
        assert new.change is not None
        how = how_seen(new.change, compare(_saved(old, folder), _saved(new, folder)))
        told = {"where": new.change.kind, "before": new.change.before, "after": new.change.after}
        yield {"check": "change", "seed": seed, "format": format, "change": asked, "how": how, **told}


def check_cases(names: list[str], folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the outcome of each case."""
    for name in names or sorted(CASES):
        try:
            case = CASES[name]()
        except office.NoOffice as missing:
            yield {"check": "skipped", "case": name, "why": str(missing)}
            continue
        outcome = judged(case, folder / name, product.read, product.compare)
        yield {"check": "case", "case": name, "passed": not outcome, "wrong": outcome}


def wishes_of(count: int, formats: list[str], start: int, changes: bool) -> list[Wish]:
    """Return as many wishes, the formats by turns; a change picks a kind of block first, so that rare ones count."""
    wishes: list[Wish] = []
    for at in range(count):
        seed, format = start + at, formats[at % len(formats)]
        wishes.append((seed, format, _change(seed, format) if changes else None))
    return wishes


def _change(seed: int, format: str) -> tuple[int, int]:
    chance, digits = random.Random(f"change {seed}"), digits_in(seed, format)
    kind = chance.choice(sorted({digit.kind for digit in digits}))
    return chance.choice([at for at, digit in enumerate(digits) if digit.kind == kind]), chance.randrange(10)


def _saved(drawn: Drawn, folder: Path) -> Path:
    path = folder / drawn.name
    path.write_bytes(drawn.bytes)
    return path


def summary(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of all lines, those of each format apart."""
    read = [line for line in lines if line["check"] == "read"]
    out: dict[str, Any] = {"check": "summary", "files": len(read)}
    for format in sorted({line["format"] for line in read}):
        out[format] = _figures([line for line in read if line["format"] == format])
    changes = [line for line in lines if line["check"] == "change"]
    out["changes"] = dict(Counter(line["how"] for line in changes))
    out["changes not seen"] = dict(
        Counter(f"{line['format']} {line['where']}" for line in changes if not line["how"].startswith("seen"))
    )
    cases = [line for line in lines if line["check"] == "case"]
    out["cases"] = {"passed": sum(line["passed"] for line in cases), "of": len(cases)}
    return out


def _figures(lines: list[dict[str, Any]]) -> dict[str, Any]:
    by_kind = {key: Counter[str]() for key in ("unnamed", "intruding")}
    for line in lines:
        for key, kinds in by_kind.items():
            kinds.update(line.get(key, {}))
    return {
        "files": len(lines),
        "without loss": sum("lost" not in line and "lost_lines" not in line for line in lines),
        "characters lost": sum(len(line.get("lost", "")) for line in lines),
        "lines lost": sum(len(line.get("lost_lines", ())) for line in lines),
        "headings wrong": sum(len(line.get("headings", ())) for line in lines),
        "cells wrong": sum(line.get("cells", 0) for line in lines),
        "titles wrong": sum(not line.get("title", True) for line in lines),
        **{key: dict(kinds) for key, kinds in by_kind.items()},
    }


def main() -> int:
    """Check as the arguments say; end with 1 where anything was lost, unseen or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=16, help="how many files, or changes")
    parser.add_argument("--format", choices=FORMATS, help="one format only")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--changes", action="store_true", help="compare pairs that differ by one digit")
    parser.add_argument("--cases", nargs="*", help="the small cases, all or those named")
    given = parser.parse_args()
    formats = (
        [given.format] if given.format else [one for one in FORMATS if office.available() or one not in _BY_OFFICE]
    )
    wishes = wishes_of(given.count, formats, given.start, given.changes)
    lines = []
    with tempfile.TemporaryDirectory(prefix="rulewatch-drawn-") as name:
        if given.cases is not None:
            found = check_cases(given.cases, Path(name))
        else:
            found = (compare_drawn if given.changes else read_drawn)(wishes, Path(name))
        for line in found:
            lines.append(line)
            print(json.dumps(line, ensure_ascii=False), flush=True)
    print(json.dumps(summary(lines), ensure_ascii=False))
    wrong = (line for line in lines if line.get("lost_lines") or not line.get("passed", True))
    return int(any(wrong) or any(not line.get("how", "seen").startswith("seen") for line in lines))


_BY_OFFICE = ("doc", "office-pdf")

if __name__ == "__main__":
    sys.exit(main())
