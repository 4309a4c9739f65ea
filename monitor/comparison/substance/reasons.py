"""Why a place that differs matters, or why it does not, in words that a consultant can check against the text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.comparison.diff import shared_end, shared_start
from monitor.comparison.substance.references import Renumbering
from monitor.comparison.substance.spelling import is_particle_only, is_typing_error
from monitor.comparison.substance.tokens import Kind, Token
from monitor.notation.text import fold

Span = tuple[int, int]
LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place that differs: before[old_span] became after[new_span]."""

    before: Sequence[Token]
    after: Sequence[Token]
    old_span: Span
    new_span: Span
    old_text: str
    new_text: str

    @property
    def old(self) -> Sequence[Token]:
        """The tokens that are gone."""
        return self.before[slice(*self.old_span)]

    @property
    def new(self) -> Sequence[Token]:
        """The tokens that came."""
        return self.after[slice(*self.new_span)]

    @property
    def old_words(self) -> str:
        """What is gone, as printed."""
        return quoted(self.old, self.old_text)

    @property
    def new_words(self) -> str:
        """What came, as printed."""
        return quoted(self.new, self.new_text)

    @property
    def lead(self) -> str:
        """The Chinese words just before, the same on both sides."""
        return _han(self.before[max(0, self.old_span[0] - 6) : self.old_span[0]], backward=True)

    @property
    def trail(self) -> str:
        """The Chinese words just after, the same on both sides."""
        return _han(self.before[self.old_span[1] : self.old_span[1] + 6], backward=False)


def editorial_reason(hunk: Hunk, numbers: Renumbering) -> str | None:
    """Return why this place asks nothing else of anybody, None where it does or may."""
    return _reference_reason(hunk, numbers) or _title_reason(hunk) or _wording_reason(hunk)


def substantive_reasons(hunk: Hunk) -> Iterator[str]:
    """Yield what differs at this place, each thing once."""
    if len(hunk.old) == len(hunk.new) and _is_worth_pairing(hunk):
        for old, new in zip(hunk.old, hunk.new, strict=True):
            if old.value != new.value:
                yield _changed(old, new, hunk)
        return
    yield from _mixed(hunk)


def wording_reason(old: str, new: str) -> Iterator[str]:
    """Yield what words changed, came or are gone."""
    before, after = _short(" ".join(old.split())), _short(" ".join(new.split()))
    if before and after:
        yield f"wording {before} → {after}"
    elif before or after:
        yield f"added {after}" if after else f"removed {before}"


def print_reasons(
    blocks: Sequence[tuple[Sequence[Token], Sequence[Token]]], old: str, new: str
) -> Iterator[tuple[bool, str]]:
    """Yield what tokens of equal value differ in, with whether it matters: precision, or only how it is printed."""
    for before, after in blocks:
        for place, (mine, other) in enumerate(zip(before, after, strict=True)):
            if place and mine.gap != other.gap:
                yield _gap_reason(before[place - 1], mine, after[place - 1], other, old, new)
            if (reason := _spelling_reason(mine, other, old, new)) is not None:
                yield reason


def quoted(tokens: Sequence[Token], text: str) -> str:
    """Return the tokens as the text prints them, on one line."""
    return " ".join(text[tokens[0].start : tokens[-1].end].split()) if tokens else ""


def _reference_reason(hunk: Hunk, numbers: Renumbering) -> str | None:
    pairs = list(zip(hunk.old, hunk.new, strict=False))
    if len(hunk.old) != len(hunk.new) or not all(_is_reference(old) and _is_reference(new) for old, new in pairs):
        return None
    if all(old.value == new.value or numbers.follows(old.value, new.value) for old, new in pairs):
        return f"cross reference follows renumbering {hunk.old_words} → {hunk.new_words}"
    return None


def _title_reason(hunk: Hunk) -> str | None:
    """The name in 《》 of a standard that is cited by its number came or went."""
    if bool(hunk.old) == bool(hunk.new):
        return None
    tokens, (begin, end) = (hunk.before, hunk.old_span) if hunk.old else (hunk.after, hunk.new_span)
    closed = end == len(tokens) or "》" in tokens[end].gap
    if begin and tokens[begin - 1].kind is Kind.STANDARD and "《" in tokens[begin].gap and closed:
        inside = tokens[begin + 1 : end]
        return None if any("》" in token.gap for token in inside) else "name of a standard that is cited by its number"
    return None


def _is_reference(token: Token) -> bool:
    return token.kind is Kind.REFERENCE


def _wording_reason(hunk: Hunk) -> str | None:
    if not all(token.kind is Kind.HAN for token in (*hunk.old, *hunk.new)):
        return None
    old, new = _joined(hunk.old), _joined(hunk.new)
    if is_particle_only(old, new) and not _is_bound_particle(hunk):
        return f"particle {old or '—'} → {new or '—'}"
    if {old, new} in _BEFORE_A_DATE and _is_date(hunk.after if hunk.new else hunk.before, hunk):
        return f"word {old or new} before a date"
    if _is_typing_error(hunk.lead, old, new, hunk.trail):
        return f"typing error {_in_word(hunk, old)} → {_in_word(hunk, new)}"
    return None


def _is_typing_error(lead: str, old: str, new: str, trail: str) -> bool:
    """Whether the two are one word typed right and wrong; what they share belongs to the neighbours."""
    start = shared_start(old, new)
    end = shared_end(old, new, min(len(old), len(new)) - start)
    shared = old[len(old) - end :]
    return is_typing_error(lead + old[:start], old[start : len(old) - end], new[start : len(new) - end], shared + trail)


def _is_date(tokens: Sequence[Token], hunk: Hunk) -> bool:
    end = hunk.new_span[1] if hunk.new else hunk.old_span[1]
    return end < len(tokens) and tokens[end].kind is Kind.DATE


def _is_bound_particle(hunk: Hunk) -> bool:
    """不得, 应得, 目的, 产地, 地址, 了解: not a particle but half of a word."""
    lead, trail = hunk.lead[-1:], hunk.trail[:1]
    particles = {*_joined(hunk.old), *_joined(hunk.new)}
    if "得" in particles and lead in "不应获取所须免可":
        return True
    if "地" in particles and (lead in "产属境外内当场基工各实本异住" or trail in "址点区方面域线") and lead + trail:
        return True
    return ("了" in particles and trail[:1] == "解") or ("的" in particles and lead[-1:] == "目")


def _joined(tokens: Sequence[Token]) -> str:
    return "".join(token.value for token in tokens)


def _in_word(hunk: Hunk, middle: str) -> str:
    return f"{hunk.lead[-1:]}{middle}{hunk.trail[:1]}"


def _han(tokens: Sequence[Token], backward: bool) -> str:
    words: list[str] = []
    for token in reversed(tokens) if backward else tokens:
        if token.kind is not Kind.HAN:
            break
        words.append(token.value)
    return "".join(reversed(words) if backward else words)


def _is_worth_pairing(hunk: Hunk) -> bool:
    """Whether tokens stand for one another one by one: the same kinds in the same order, words of one sign."""
    kinds = [(old.kind, new.kind) for old, new in zip(hunk.old, hunk.new, strict=True)]
    if len(kinds) == 1:
        return True
    return all(old is new and old is not Kind.HAN for old, new in kinds)


def _changed(old: Token, new: Token, hunk: Hunk) -> str:
    before, after = quoted([old], hunk.old_text), quoted([new], hunk.new_text)
    if old.kind is not new.kind:
        return f"wording {before} → {after}"
    if old.kind is Kind.STANDARD and old.detail == new.detail:
        return f"standard year {before} → {after}"
    if old.kind is Kind.HAN:
        if before in MODALS or after in MODALS:
            return f"{before} → {after}"
        return f"wording {_in_context(hunk, before)} → {_in_context(hunk, after)}"
    if old.kind is Kind.SIGN and old.value in "≥≤<>":
        return f"limit {before} → {after}"
    return f"{old.kind.value} {before} → {after}"


def _in_context(hunk: Hunk, word: str) -> str:
    return f"{hunk.lead[-1:]}{word}" if len(word) == 1 and hunk.lead else word


def _mixed(hunk: Hunk) -> Iterator[str]:
    """What differs where no token stands for another: numbers, dates and codes first, then the words."""
    for kind in _NAMED:
        old = [token for token in hunk.old if token.kind is kind]
        new = [token for token in hunk.new if token.kind is kind]
        if [token.value for token in old] != [token.value for token in new] and (hunk.old and hunk.new):
            yield _listed(kind, old, new, hunk)
    if not (hunk.old and hunk.new) or any(token.kind not in _NAMED for token in (*hunk.old, *hunk.new)):
        yield from wording_reason(hunk.old_words, hunk.new_words)


def _listed(kind: Kind, old: list[Token], new: list[Token], hunk: Hunk) -> str:
    before = ", ".join(quoted([token], hunk.old_text) for token in old)
    after = ", ".join(quoted([token], hunk.new_text) for token in new)
    if before and after:
        return f"{kind.value} {before} → {after}"
    return f"{kind.value} {'added ' + after if after else 'removed ' + before}"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"


def _spelling_reason(mine: Token, other: Token, old: str, new: str) -> tuple[bool, str] | None:
    before, after = old[mine.start : mine.end], new[other.start : other.end]
    if before == after:
        return None
    if mine.kind is Kind.AMOUNT and mine.detail != other.detail and _unit(mine) == _unit(other):
        return True, f"precision {before} → {after}"
    if "".join(fold(before).split()) == "".join(fold(after).split()):
        return None
    kind = "word" if mine.kind is Kind.HAN else mine.kind.value
    return False, f"same {kind} spelled otherwise: {' '.join(before.split())} → {' '.join(after.split())}"


def _unit(token: Token) -> str:
    return token.detail.partition(" ")[0]


def _gap_reason(
    old_before: Token, mine: Token, new_before: Token, other: Token, old: str, new: str
) -> tuple[bool, str]:
    """Separators say little: what matters is a 、 that joins or parts what is listed."""
    lists = ("、" in mine.gap, "、" in other.gap)
    if mine.kind is Kind.STANDARD and old_before.kind is Kind.STANDARD:
        return False, "same standards listed otherwise"
    if lists == (True, False) or lists == (False, True):
        bare = other.gap if lists[0] else mine.gap
        broken = "\n" in old[old_before.end : mine.start] or "\n" in new[new_before.end : other.start]
        joined = {old_before.value, mine.value} & {"和", "或", "等"}
        if any(sign in bare for sign in "。;") or (not bare.strip("\"'") and not broken and not joined):
            return True, f"punctuation {mine.gap or '—'} → {other.gap or '—'}"
    return False, "punctuation"


MODALS = frozenset(
    (
        *("应", "应当", "应该", "须", "必须", "宜", "可", "可以", "能", "不", "未", "非", "无", "无需", "不得", "不应"),
        *("不宜", "不可", "免", "禁止", "或", "和", "及", "与", "且", "每", "需", "不能", "不需"),
        *("以上", "以下", "以内", "以外", "至少", "至多"),
    )
)
_BEFORE_A_DATE = ({"", "自"}, {"", "从"}, {"", "于"}, {"", "在"}, {"自", "从"}, {"于", "在"})
_NAMED = (Kind.CODE, Kind.STANDARD, Kind.DATE, Kind.AMOUNT, Kind.REFERENCE)
