"""The edits between two texts, so that a person can read them.

Text is cut into tokens that stay whole (codes, dates, numbers with their unit, Latin words, one Han character), the
tokens are compared, and changes that only a sign or two keep apart become one. Nothing is normalised here: what is
equal is equal to the letter, so that `apply_edits(diff_texts(old, new)) == (old, new)` always.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Literal

from cydifflib import SequenceMatcher
from rapidfuzz.distance import Postfix, Prefix

from monitor.comparison.comparison import Edit

Offsets = tuple[int, int, int, int]
"""A stretch that differs: old from and to, new from and to."""


def diff_texts(old: str, new: str) -> tuple[Edit, ...]:
    """Return the edits that lead from the old text to the new one."""
    if old == new:
        return (Edit("equal", old),) if old else ()
    head, tail = _frame(old, new)
    spans = _changes(old[head : len(old) - tail], new[head : len(new) - tail])
    placed = [(a + head, b + head, c + head, d + head) for a, b, c, d in spans]
    return tuple(_edits(old, new, list(_settled(placed, old, new))))


def apply_edits(edits: Iterable[Edit]) -> tuple[str, str]:
    """Return the old and the new text that the edits tell of."""
    listed = tuple(edits)
    old = "".join(edit.text for edit in listed if edit.op != "insert")
    return old, "".join(edit.text for edit in listed if edit.op != "delete")


def joined_edits(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return the edits with neighbours of one kind joined, and what is deleted before what is inserted."""
    joined: list[Edit] = []
    run: dict[str, str] = {}
    for edit in edits:
        if edit.text and (edit.op == "equal") != ("equal" in run):
            joined.extend(_taken(run))
        run[edit.op] = run.get(edit.op, "") + edit.text
    joined.extend(_taken(run))
    return tuple(joined)


def _taken(run: dict[str, str]) -> list[Edit]:
    ops: tuple[Literal["equal", "delete", "insert"], ...] = ("equal", "delete", "insert")
    return [Edit(op, text) for op in ops if (text := run.pop(op, ""))]


def tokens_of(text: str) -> list[str]:
    """Return the text cut into the tokens of a diff; joined they are the text again."""
    return _TOKEN.findall(text)


def shared_start(old: str, new: str) -> int:
    """Return how many characters both texts begin with."""
    return Prefix.similarity(old, new)


def shared_end(old: str, new: str, limit: int) -> int:
    """Return how many characters both texts end with, at most `limit`."""
    return min(limit, Postfix.similarity(old, new))


def _frame(old: str, new: str) -> tuple[int, int]:
    """What stands before and after the change on both sides, cut back so that no token is torn."""
    shorter = min(len(old), len(new))
    head = shared_start(old, new)
    tail = shared_end(old, new, shorter - head)
    old_end, new_end = len(old) - tail, len(new) - tail
    if tail and (old[old_end - 1 : old_end] in _JOINING or new[new_end - 1 : new_end] in _JOINING):
        tail -= _token_rest(old, old_end)
    if head and old[head - 1] in _JOINING:
        head = _token_start(old, head)
    return head, tail


def _token_start(old: str, head: int) -> int:
    """The cut moved left over signs that may belong to one token with what follows."""
    match = _JOINED_BEFORE.search(old, max(0, head - LONGEST_TOKEN), head)
    return match.start() if match else head


def _token_rest(old: str, at: int) -> int:
    """How many signs after the cut may belong to one token with what stands before it."""
    match = _JOINED_AFTER.match(old, at, min(len(old), at + LONGEST_TOKEN))
    return match.end() - at if match else 0


def _changes(old: str, new: str) -> list[Offsets]:
    """The stretches that differ, as offsets: old from, to, new from, to."""
    if not old or not new or set(old).isdisjoint(new):
        return [(0, len(old), 0, len(new))]
    before, after = tokens_of(old), tokens_of(new)
    if len(before) * len(after) <= SMALL:
        spans = _token_changes(before, after)
    else:
        spans = _long_changes(before, after)
    spans = _without_confetti(spans, before)
    return _offsets(spans, before, after)


def _token_changes(before: Sequence[str], after: Sequence[str]) -> list[Offsets]:
    if not before or not after or len(before) * len(after) > LARGEST:
        return [(0, len(before), 0, len(after))]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _long_changes(before: list[str], after: list[str]) -> list[Offsets]:
    """Long texts: whole sentences first, then tokens inside the sentences that differ."""
    old_sentences, new_sentences = _sentences(before), _sentences(after)
    found = []
    old_starts, new_starts = _places(old_sentences), _places(new_sentences)
    for a, b, c, d in _token_changes(["".join(s) for s in old_sentences], ["".join(s) for s in new_sentences]):
        old_part = before[old_starts[a] : old_starts[b]]
        new_part = after[new_starts[c] : new_starts[d]]
        for e, f, g, h in _token_changes(old_part, new_part):
            found.append((e + old_starts[a], f + old_starts[a], g + new_starts[c], h + new_starts[c]))
    return found


def _sentences(tokens: list[str]) -> list[list[str]]:
    sentences: list[list[str]] = []
    begin = 0
    for index, token in enumerate(tokens):
        if token in _SENTENCE_ENDS:
            sentences.append(tokens[begin : index + 1])
            begin = index + 1
    if begin < len(tokens):
        sentences.append(tokens[begin:])
    return sentences


def _without_confetti(spans: list[Offsets], before: Sequence[str]) -> list[Offsets]:
    """Changes that a short equal stretch keeps apart joined into one, unless a line or sentence ends there."""
    joined: list[Offsets] = []
    for span in spans:
        if joined and _is_crumb(before[joined[-1][1] : span[0]], min(_size(joined[-1]), _size(span))):
            last = joined.pop()
            span = (last[0], span[1], last[2], span[3])
        joined.append(span)
    return joined


def _size(span: Offsets) -> int:
    return max(span[1] - span[0], span[3] - span[2])


def _is_crumb(gap: Sequence[str], smaller: int) -> bool:
    """Whether the gap is too short to be read on its own: two signs, or up to four between changes as long as it."""
    length = sum(map(len, gap))
    return length <= max(2, min(4, smaller)) and not any(token in _SENTENCE_ENDS for token in gap)


def _settled(spans: list[Offsets], old: str, new: str) -> Iterator[Offsets]:
    """The changes, those that only add or only remove slid to where a person would see them begin: after a sign.

    ，根据宪法 added before ，制定本法 is 根据宪法， added after the sign: either gives the same texts.
    """
    last = -1
    for number, (a, b, c, d) in enumerate(spans):
        if (a == b) != (c == d):
            text, begin, end = (new, c, d) if a == b else (old, a, b)
            following = spans[number + 1][0] if number + 1 < len(spans) else len(old) + 1
            slide = _slide(text, begin, end, a - last - 1, following - b - 1)
            a, b, c, d = a + slide, b + slide, c + slide, d + slide
        yield a, b, c, d
        last = b


def _slide(text: str, begin: int, end: int, most_left: int, most_right: int) -> int:
    """By how many signs text[begin:end] is best moved, at most so far to either side, so that both texts stay."""
    left = min(most_left, Postfix.similarity(text[begin - min(begin, most_left) : begin], text[begin:end]))
    right = min(most_right, Prefix.similarity(text[begin:end], text[end : end + most_right]))
    if not left and not right:
        return 0
    choices = sorted(range(-left, right + 1), key=abs)
    return max(choices, key=lambda slide: _rest(text, begin + slide) + _rest(text, end + slide))


def _rest(text: str, at: int) -> int:
    """How much a reader rests between two signs: a line, a sentence, a part of one; not at all inside a token."""
    if not 0 < at < len(text):
        return _RESTS["\n"]
    if text[at - 1] in _JOINING and text[at] in _JOINING:
        return -10
    return _RESTS.get(text[at - 1], 0)


def _offsets(spans: list[Offsets], before: Sequence[str], after: Sequence[str]) -> list[Offsets]:
    old_at, new_at = _places(before), _places(after)
    return [(old_at[a], old_at[b], new_at[c], new_at[d]) for a, b, c, d in spans]


def _places(tokens: Sequence[Sequence[str]]) -> list[int]:
    """Where each token begins, and where the last one ends; in tokens for sentences, in characters for tokens."""
    return list(accumulate(map(len, tokens), initial=0))


def _edits(old: str, new: str, spans: list[Offsets]) -> Iterator[Edit]:
    at = 0
    for old_from, old_to, new_from, new_to in spans:
        if old_from > at:
            yield Edit("equal", old[at:old_from])
        if old_to > old_from:
            yield Edit("delete", old[old_from:old_to])
        if new_to > new_from:
            yield Edit("insert", new[new_from:new_to])
        at = old_to
    if at < len(old):
        yield Edit("equal", old[at:])


LONGEST_TOKEN = 60
LARGEST = 100_000_000
"""Pairs beyond which a stretch that differs is one change: nobody reads on, and a stranger's text must not hold us."""
SMALL = 4_000_000
"""Pairs of tokens up to which two texts are compared token by token without looking at sentences first."""
_RESTS = {"\n": 4, **dict.fromkeys("。；;！？", 3), **dict.fromkeys("，：,:", 2), "、": 1}
_SENTENCE_ENDS = frozenset("。；\n;！？")
_HAN_DIGIT = "〇○零一二三四五六七八九十百千万亿两"
_UNIT = (
    r"(?:个?工作日|个?自然日|个?日历日|个?月|周年|年度|年|季度|天|日|小时|分钟|秒|周|次|件|台|套|只|个|份|批|组|张|倍|元|万元|"
    r"米|千米|毫米|厘米|千克|公斤|克|伏|安|瓦|人日|人|家|名|项|页|种|辆|条|支|根|卷|盘|片|块|‰|％|%|℃|°C|"
    r"[kKmMμµnGcd]?(?:Hz|Ω|Pa|W|V|A|m[²³23]?|g|s|L|l|N|J|lx|B|bit|h|min)(?![A-Za-z]))"
)
_NUMBER = r"[+±-]?\d+(?:[.．,，]\d+)*"
_DAY = r"[\d一二三四五六七八九十]{1,3}"
_TOKEN = re.compile(
    rf"""
    (?:GB|QC|JB|HJ|YD|SJ|GA|JT|QB|DL|NB|CCAP|CQC|CNCA|CNAS|ISO|IEC|UN|EN|[A-Z]{{1,4}}[/／]T)   # codes, whole
      (?:[\s/／_:：.—–－-]{{0,3}}[A-Z]{{0,6}})?[\s_—–－-]{{0,3}}\d[\d.]*
      (?:\s?[—–－:：-]{{1,2}}\s?\d{{1,6}}(?:\.\d+)?[A-Z]?)*
  | (?:\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s?年\s?(?:{_DAY}\s?月\s?(?:{_DAY}\s?[日号])?)?
  | \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)
  | {_NUMBER}\s?{_UNIT}?
  | [{_HAN_DIGIT}]+{_UNIT}
  | [A-Za-z]+
  | [ \t\u3000]+
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
_JOINING = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,/_:-±+% \t"
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ０１２３４５６７８９"
    f"．，／：—–－年月日号百千万亿两{_HAN_DIGIT}"
)
"""Signs that may stand inside a token of several signs."""
_JOIN = f"[{re.escape(''.join(sorted(_JOINING)))}]"
_JOINED_BEFORE = re.compile(rf"{_JOIN}+\Z")
_JOINED_AFTER = re.compile(rf"{_JOIN}*[个工作自然历季周小分毫厘]?[\u4e00-\u9fffA-Za-z%％℃°Ω²³]?")
