"""Trust: may a capture be judged now, must it wait for another look, or is it no state of its address at all?

A visit that is not trusted concludes nothing, neither from lists nor from pages and files (DESIGN.md). Its captures
wait until a trusted visit has seen the same bytes, and are dropped when one has seen others. An article that lost its
date, its title, its end or most of its body against itself is a damaged answer until a week of trusted visits has seen
it so; a text that breaks off within a line that it had before has lost its end, too.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from monitor.documents.document import Document
from monitor.facts.text.printed import document_text
from monitor.notation.text import count_han, normalise

LASTING_DAYS = 7
"""What looks damaged and has stood for so many days is how the page is now: a consultant is asked."""
_KEPT_OF_BODY = 0.4
_KEPT_OF_TITLE = 0.5
_LEAST_BODY = 12


class Standing(Enum):
    """What is to be done with a capture."""

    JUDGE = "judge"
    WAIT = "wait"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Looks:
    """How a capture was looked at: by a trusted visit; whether its bytes still stand at the address, and whether a
    later trusted visit has said so, how many days after."""

    is_trusted: bool
    stands: bool = True
    is_looked_at_again: bool = False
    lasted_days: int = 0


def standing(looks: Looks, is_damaged: bool) -> Standing:
    """Return what is to be done with a capture now."""
    if looks.is_trusted and not is_damaged:
        return Standing.JUDGE
    if not looks.is_looked_at_again:
        return Standing.WAIT
    if not looks.stands:
        return Standing.DROP
    return Standing.JUDGE if not is_damaged or looks.lasted_days >= LASTING_DAYS else Standing.WAIT


def is_damaged(now: Document, before: Document) -> bool:
    """Whether an article lost its date, its title, its Chinese or most of its body against the same page before."""
    if not (now.readable and before.readable):
        return before.readable
    if lost_its_end(now, before):
        return True
    body, body_before = normalise(document_text(now)), normalise(document_text(before))
    if (before.published is not None and now.published is None) or _lost_its_script(body, body_before):
        return True
    if len(body_before) >= _LEAST_BODY and len(body) < _KEPT_OF_BODY * len(body_before):
        return True
    is_other_title = _alike(now.title, before.title) < _KEPT_OF_TITLE and now.code is None
    return is_other_title and _alike(body[:4000], body_before[:4000]) < _KEPT_OF_BODY


def is_damaged_file(now: Document, before: Document) -> bool:
    """Whether something else came in a file's place: a page where none was, or far less text, with no rule's code and
    little of what the file said; a text without its end, or without any of its Chinese."""
    if not (now.readable and before.readable):
        return False
    if lost_its_end(now, before):
        return True
    body, body_before = normalise(document_text(now)), normalise(document_text(before))
    if _lost_its_script(body, body_before):
        return True
    is_other = now.kind == "html" != before.kind or len(body) < _KEPT_OF_BODY * len(body_before)
    return is_other and now.code is None and _alike(body[:4000], body_before[:4000]) < _KEPT_OF_BODY


def lost_its_end(now: Document, before: Document) -> bool:
    """Whether a page has no closing tag that had one before (or whose neighbour, `before`, has one); a text that has no
    such end breaks off within a sentence that went on."""
    if not now.readable or not before.readable or (now.is_closed and now.kind != "text"):
        return False
    return before.is_closed > now.is_closed or _breaks_off(_said(now), _said(before))


def _lost_its_script(now: str, before: str) -> bool:
    """Whether what was Chinese is question marks, boxes or letters of another character set: a wrong encoding."""
    shares = [count_han(text) / max(len(text), 1) for text in (now, before)]
    return shares[0] < shares[1] / 4


def _breaks_off(now: str, before: str) -> bool:
    whole, _, last = now.rpartition("\n")
    then = before[len(whole) :].lstrip("\n").partition("\n")[0]
    is_beginning = before.startswith(whole) and then.startswith(last[:-1]) and len(last) < len(then)
    return is_beginning and not last.endswith(("。", ";", "."))


def _said(document: Document) -> str:
    lines = (normalise(line) for line in document_text(document).splitlines())
    return "\n".join(line for line in lines if line)


def same_text(one: Document, other: Document) -> bool:
    """Whether two documents say the same, layout aside."""
    return normalise(f"{one.title}\n{document_text(one)}") == normalise(f"{other.title}\n{document_text(other)}")


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
