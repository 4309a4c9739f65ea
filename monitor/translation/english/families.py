"""Products by rule family: how a rule is called in English where its Chinese title cannot be said.

`families.csv` has the families whose rules a consultancy has published in English; the names are the glossary's.
"""

import csv
import io
from functools import lru_cache
from importlib.resources import files


def product_of(family: str | None) -> str | None:
    """Return the product that a rule family (`CCAP-GZ-5830`) is about, None where it is not known."""
    return products_by_family().get(family or "")


@lru_cache(maxsize=1)
def products_by_family() -> dict[str, str]:
    """Return the product of every family that is known."""
    text = files(__package__).joinpath("families.csv").read_text(encoding="utf-8")
    return {row["family"]: row["en"] for row in csv.DictReader(io.StringIO(text))}
