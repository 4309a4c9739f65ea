"""Text without anything that acts instead of being read: for terminals, calendar files and logs.

Control characters move a cursor, colour a screen or end a line of a file; the marks of bidirectional text turn round
what stands after them (CVE-2021-42574); a lone surrogate can be written nowhere.
"""

import re

_ACTING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
_TEXT = re.compile(f"[{_ACTING}]")
_LINE = re.compile(f"[\n\t{_ACTING}]")


def visible(text: str) -> str:
    """Return the text with a visible sign in place of each character that acts; line breaks and tabs stay.

    A control character becomes its picture (ESC is ␛), which is as wide as one sign; anything else is �.
    """
    return _TEXT.sub(_sign, text)


def blank(text: str) -> str:
    """Return the text with a space in place of each character that acts, line breaks and tabs too."""
    return _LINE.sub(" ", text)


def escaped(text: str) -> str:
    """Return a JSON document in which each character that acts is written as its escape; its values stay the same."""
    return _TEXT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"
