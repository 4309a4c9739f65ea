"""From when a rule ends, is suspended or is back: dates beside 废止, 停止, 暂停, 恢复.

The fact reader keeps days from which something applies; the day from which something ends is read here.
"""

import re
from datetime import date

from monitor.changes.sighting import sentences
from monitor.facts.fact import Fact, FactType
from monitor.notation.codes import find_codes
from monitor.notation.text import fold

_VERB = re.compile(r"废止|作废|停止|终止|撤销|取消|不再|暂停|中止|恢复|解除|继续")
_DECREE = re.compile(r"证书[^。；]{0,14}?(?:予以|将|一并|同时|自动|起)(?:予以)?(?P<verb>注销|撤销|暂停|失效)")
_NEGATED = re.compile(r"不(?:予|再|会|得)|除外|继续有效")
_CONSEQUENCES = (("注销", "cancellation"), ("失效", "cancellation"), ("撤销", "withdrawal"), ("暂停", "suspension"))
_DAY = re.compile(r"(\d{4})\s?(?:年|-|\.|/)\s?(\d{1,2})\s?(?:月|-|\.|/)\s?(\d{1,2})\s?日?")
_AT_ONCE = re.compile(
    r"即日起|(?:发布|公布|公告|通知)之日起(?!\s?\d|[一二三四五六七八九十])|自(?:本)?公告(?:发布)?之日起"
)


def ended_on(text: str, family: str | None, published: date | None) -> date | None:
    """Return the day from which a rule ends, is suspended or is back, as one sentence of a notice says it.

    Sentences that name the family count first. 即日起 and 自发布之日起 are the day of publication.
    """
    candidates = [sentence for sentence in sentences(text) if _VERB.search(sentence)]
    own = [s for s in candidates if family and any(str(code.family) == family for code in find_codes(s))]
    for sentence in (*own, *candidates):
        if (day := _day_beside_verb(sentence, published)) is not None:
            return day
    return None


def decree_in(text: str) -> Fact | None:
    """Return what the notice that ends or suspends a rule decrees for its certificates, None where it says nothing."""
    for sentence in sentences(text):
        match = _DECREE.search(sentence)
        if match and not _NEGATED.search(sentence[: match.end()]):
            value = next(name for verb, name in _CONSEQUENCES if verb in match["verb"])
            return Fact(FactType.CONSEQUENCE, value, sentence)
    return None


def _day_beside_verb(sentence: str, published: date | None) -> date | None:
    folded = fold(sentence)
    for match in _DAY.finditer(folded):
        if (
            "起" in folded[match.end() : match.end() + 3]
            or folded[max(0, match.start() - 1) : match.start()] in "自从于"
        ):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return published if _AT_ONCE.search(folded) else None
