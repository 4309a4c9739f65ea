"""What a text is made of once print is set aside: codes, standards, dates, amounts, references, words, signs."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a token is; the value is the word by which a reason names it."""

    CODE = "rule code"
    STANDARD = "standard"
    DATE = "date"
    AMOUNT = "number"
    REFERENCE = "reference"
    WORD = "word"
    HAN = "wording"
    SIGN = "sign"


class Token(NamedTuple):
    """One thing said: text[start:end]. `gap` is what separated it from the token before.

    `detail` says what the value leaves out and an equal value may still differ in: unit and decimals of an
    amount, the undated form of a standard.
    """

    kind: Kind
    value: str
    start: int
    end: int
    detail: str = ""
    gap: str = ""
