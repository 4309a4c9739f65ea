"""Does an edit change a requirement, and why (FACTS.md, "Substance").

Both texts are read as what they say (meaning.py). Where that is the same, only print differs. Where it is not, each
place that differs is asked whether a certification engineer would do anything differently; in doubt the answer is yes.
"""

from collections.abc import Iterable, Iterator, Sequence

from cydifflib import SequenceMatcher

from monitor.comparison.comparison import Edit
from monitor.comparison.diff import LARGEST, diff_texts
from monitor.comparison.substance.items import is_reordered_list
from monitor.comparison.substance.meaning import meaning
from monitor.comparison.substance.pieces import EXACT, TELLING
from monitor.comparison.substance.reasons import (
    Hunk,
    editorial_reason,
    print_reasons,
    substantive_reasons,
    wording_reason,
)
from monitor.comparison.substance.references import Renumbering
from monitor.comparison.substance.tokens import Token
from monitor.comparison.substance.windows import Place, places_of, windows
from monitor.notation.text import fold

Verdict = tuple[bool, tuple[str, ...]]
"""Whether a requirement differs, and why, or why not."""

Opcode = tuple[str, int, int, int, int]
MOST_REASONS = 12
LAYOUT_ONLY = "layout only: spaces, line breaks, width or numbering"


def judge(old: str, new: str, numbers: Renumbering | None = None, edits: Sequence[Edit] | None = None) -> Verdict:
    """Return whether the new text asks anything else than the old one, and what.

    `numbers` is the renumbering that references may follow, `edits` the diff of the two where it is known already.
    """
    changes = places_of(diff_texts(old, new) if edits is None else edits)
    serious = list(_plain_reasons(changes, old, new))
    harmless: list[str] = []
    for old_window, new_window in windows(old, new, [c for c in changes if not (serious and _is_plain(c, old, new))]):
        found, excused = _judge_window(old_window, new_window, numbers or Renumbering())
        serious += found
        harmless += excused
    return (True, few_reasons(serious)) if serious else (False, few_reasons(harmless or [LAYOUT_ONLY]))


def few_reasons(reasons: Sequence[str]) -> tuple[str, ...]:
    """Return each reason once, and no more of them than a person reads."""
    each = tuple(dict.fromkeys(reasons))
    if len(each) <= MOST_REASONS:
        return each
    return *each[: MOST_REASONS - 1], f"and {len(each) - MOST_REASONS + 1} more"


def _judge_window(old: str, new: str, numbers: Renumbering) -> tuple[list[str], list[str]]:
    """What differs between two passages: what changes a requirement, and what does not."""
    before, after = meaning(old), meaning(new)
    hunks, blocks = _parted(before, after, old, new)
    serious, harmless = _weighed(hunks, numbers)
    if serious and is_reordered_list(before, after):
        serious, harmless = [], ["order of a list"]
    for is_serious, reason in print_reasons(blocks, old, new):
        (serious if is_serious else harmless).append(reason)
    return serious, harmless


def _plain_reasons(changes: Sequence[Place], old: str, new: str) -> Iterator[str]:
    """The reasons of changes whose words need no second look: several plain Chinese words came, went or changed.

    None where what is gone is what came: words that only changed places are looked at closely.
    """
    gone = "".join(old[change[0] : change[1]] for change in changes)
    if len(changes) > 1 and sorted(gone) == sorted("".join(new[change[2] : change[3]] for change in changes)):
        return
    for change in changes:
        if _is_plain(change, old, new):
            yield from wording_reason(old[change[0] : change[1]], new[change[2] : change[3]])


def _is_plain(change: Place, old: str, new: str) -> bool:
    """Whether at least two Chinese signs came or went that no spelling and no slip explains.

    Numbers, dates and codes are never plain: a reason names them.
    """
    begin, end, new_begin, new_end = change
    gone, came = fold(old[begin:end]), fold(new[new_begin:new_end])
    if EXACT.search(gone) or EXACT.search(came):
        return False
    before, after = set(TELLING.findall(gone)), set(TELLING.findall(came))
    if len(before - after) < 2 and len(after - before) < 2:
        return False
    extra = gone or came
    return bool(gone and came) or not (fold(old[:begin]).endswith(extra) or fold(old[end:]).startswith(extra))


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
    if len(old) * len(new) > LARGEST:
        return [("replace", 0, len(old), 0, len(new))]
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
