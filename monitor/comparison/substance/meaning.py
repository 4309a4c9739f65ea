"""A text as the sequence of what it says: codes, standards, dates, amounts, references, words.

Each token has a `value` by which two are equal however they are printed: 二〇二六年三月一日 and 2026-03-01,
GB/T18655—2018 and GB/T 18655-2018, 一百件 and 100 件, 应当 and 应, ≥ and 不小于. White space, wrapping, width, page
numbers, list markers and separators are no tokens; what separated two tokens is kept beside them.
"""

import re
from collections.abc import Iterator

from monitor.comparison.substance.compact import compact
from monitor.comparison.substance.pieces import plain_tokens
from monitor.comparison.substance.tokens import Kind, Token
from monitor.notation.codes import RuleCode, locate_codes
from monitor.notation.standards import locate_standards


def meaning(text: str) -> tuple[Token, ...]:
    """Return what the text says, in order; start and end are places in the text as given."""
    squeezed, places = compact(text)
    straight = len(squeezed) == len(text)
    tokens: list[Token] = []
    at = 0
    for piece in _pieces(squeezed):
        kind, value, start, end, detail, _ = piece
        if detail == "after" and tokens:
            amount = tokens.pop()
            sign = Token(kind, value, places[start], places[end - 1] + 1, detail, amount.gap)
            tokens += [sign, amount._replace(gap="")]
        elif straight and start == at:
            tokens.append(piece)
        else:
            gap = squeezed[at:start].replace(" ", "") if start > at else ""
            tokens.append(Token(kind, value, places[start], places[end - 1] + 1, detail, gap))
        at = max(at, end)
    return tuple(tokens)


def _pieces(text: str) -> Iterator[Token]:
    """The tokens of the compact text, codes and standards first and everything else between them."""
    at = 0
    for token in _named(text) if _LATIN.search(text) else ():
        if token.start >= at:
            yield from plain_tokens(text, at, token.start)
            yield token
            at = token.end
        elif token.end == at:
            yield token
    yield from plain_tokens(text, at, len(text))


def _named(text: str) -> list[Token]:
    """Rule codes and standards; the members of a range of parts stand at one place."""
    codes = [Token(Kind.CODE, _edition(at.code), at.start, at.end) for at in locate_codes(text)]
    standards = [
        Token(Kind.STANDARD, str(at.standard), at.start, at.end, at.standard.undated) for at in locate_standards(text)
    ]
    return sorted([*codes, *standards], key=lambda token: (token.start, token.end))


def _edition(code: RuleCode) -> str:
    return f"{code.family}:{code.year or ''}{code.letter or ''}"


_LATIN = re.compile(r"[A-Za-z]")
