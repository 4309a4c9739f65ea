"""Does an edit change a requirement, and why (FACTS.md, "Substance").

Both texts are read as what they say (meaning.py). Where that is the same, only print differs. Where it is not, each
place that differs is asked whether a certification engineer would do anything differently; in doubt the answer is yes.
"""

from collections.abc import Iterable, Sequence

from cydifflib import SequenceMatcher

from monitor.changes.diff import shared_end, shared_start
from monitor.changes.items import is_reordered_list
from monitor.changes.meaning import meaning
from monitor.changes.reasons import Hunk, editorial_reason, print_reasons, substantive_reasons
from monitor.changes.references import Renumbering
from monitor.changes.tokens import Token

Verdict = tuple[bool, tuple[str, ...]]
"""Whether a requirement differs, and why, or why not."""

Opcode = tuple[str, int, int, int, int]
MOST_REASONS = 12
LAYOUT_ONLY = "layout only: spaces, line breaks, width or numbering"


def judge(old: str, new: str, numbers: Renumbering | None = None) -> Verdict:
    """Return whether the new text asks anything else than the old one, and what. `numbers` is the renumbering."""
    old_window, new_window = windows(old, new)
    before, after = meaning(old_window), meaning(new_window)
    hunks, blocks = _parted(before, after, old_window, new_window)
    serious, harmless = _weighed(hunks, numbers or Renumbering())
    if serious and is_reordered_list(before, after):
        serious, harmless = [], ["order of a list"]
    printed = list(print_reasons(blocks, old_window, new_window))
    serious += [reason for is_serious, reason in printed if is_serious]
    harmless += [reason for is_serious, reason in printed if not is_serious]
    return (True, few_reasons(serious)) if serious else (False, few_reasons(harmless or [LAYOUT_ONLY]))


def few_reasons(reasons: Sequence[str]) -> tuple[str, ...]:
    """Return each reason once, and no more of them than a person reads."""
    each = tuple(dict.fromkeys(reasons))
    return (
        each if len(each) <= MOST_REASONS else (*each[: MOST_REASONS - 1], f"and {len(each) - MOST_REASONS + 1} more")
    )


def windows(old: str, new: str) -> tuple[str, str]:
    """Return the sentences in which the two texts differ."""
    head = shared_start(old, new)
    tail = shared_end(old, new, min(len(old), len(new)) - head)
    begin = max(old.rfind("。", 0, head), old.rfind("；", 0, head)) + 1
    ends = [place for place in (old.find(sign, len(old) - tail) for sign in "。；") if place >= 0]
    rest = len(old) - min(ends) - 1 if ends else 0
    return old[begin : len(old) - rest], new[begin : len(new) - rest]


def _parted(
    before: Sequence[Token], after: Sequence[Token], old: str, new: str
) -> tuple[list[Hunk], list[tuple[Sequence[Token], Sequence[Token]]]]:
    """The places at which the two say something else, and the stretches between in which they say the same."""
    old_values, new_values = [token.value for token in before], [token.value for token in after]
    if old_values == new_values:
        return [], [(before, after)]
    hunks, blocks = [], []
    for tag, a, b, c, d in _opcodes(old_values, new_values):
        if tag == "equal":
            blocks.append((before[a:b], after[c:d]))
        else:
            hunks.append(Hunk(before, after, (a, b), (c, d), old, new))
    return hunks, blocks


def _opcodes(old: list[str], new: list[str]) -> list[Opcode]:
    """The opcodes of the two sequences, two words that changed places as one replacement."""
    found: list[Opcode] = []
    for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        found.append(code)
        if len(found) > 2 and _are_swapped(found[-3:], old, new):
            (_, a, _, c, _), _, (_, _, b, _, d) = found[-3:]
            found[-3:] = [("replace", a, b, c, d)]
    return found


def _are_swapped(codes: list[Opcode], old: list[str], new: list[str]) -> bool:
    (first, a, _, c, _), (middle, e, f, _, _), (last, _, b, _, d) = codes
    if middle != "equal" or f - e > 2 or {first, last} != {"insert", "delete"}:
        return False
    return sorted(old[a:b]) == sorted(new[c:d])


def _weighed(hunks: Iterable[Hunk], numbers: Renumbering) -> tuple[list[str], list[str]]:
    serious: list[str] = []
    harmless: list[str] = []
    for hunk in hunks:
        reason = editorial_reason(hunk, numbers)
        if reason is None:
            serious.extend(substantive_reasons(hunk))
        else:
            harmless.append(reason)
    return serious, harmless
