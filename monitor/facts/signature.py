"""The date under the signature: the day on which the notice itself was published."""

import re
from collections.abc import Iterator

from monitor.facts.fact import Fact, FactType
from monitor.facts.moments import Known, moments_of
from monitor.facts.text.lines import Sentence
from monitor.facts.text.marks import DATE


def is_signature(sentences: tuple[Sentence, ...], index: int) -> bool:
    """Return whether a sentence is the last line with who signs and the day."""
    is_last = index > 0 and index + 1 == len(sentences) and not sentences[index].is_row
    return is_last and bool(_LAST.fullmatch(sentences[index].text))


def read_signature(sentences: tuple[Sentence, ...], known: Known) -> Iterator[Fact]:
    """Yield the date that stands alone under the body that signs, beside its name, or at the end of the text."""
    for index, sentence in enumerate(sentences):
        before = sentences[index - 1].text if index else ""
        is_end = index > 0 and (index == len(sentences) - 1 or bool(_BODY.search(before)))
        after = sentences[index + 1].text if index + 2 == len(sentences) else ""
        is_end = is_end or bool(len(after) <= 24 and _BODY.search(after))
        if (
            is_signature(sentences, index)
            or _SIGNED.fullmatch(sentence.text)
            or (_ALONE.fullmatch(sentence.text) and is_end)
        ):
            for moment in moments_of(sentence, known):
                if moment.first is not None:
                    yield Fact(
                        FactType.PUBLISHED, moment.first.value, sentence.quote(), moment.first.sure, whose="rule"
                    )


_NAME = r"(?:中国质量认证中心|中汽认证中心|认证中心|CQC|CCAP|质量认证中心)(?:有限公司)?"
_BODY = re.compile(r"(?:中心|公司|委员会|部|处|总局|局|委|院|所|会|CQC|CCAP)(?:（[^（）]{0,12}）)?$")
_ALONE = re.compile(rf"（?{DATE}）?")
_LAST = re.compile(
    rf"[^，。；：{DATE}]{{1,6}}{DATE}。?|[^，。；：{DATE}]{{0,20}}(?:中心|公司|委员会|部|处|室|组|局|会|所|院|办)(?:（[^（）]{{0,12}}）)?{DATE}。?"
)
_SIGNED = re.compile(rf"(?:特此(?:通知|公告|通告)。?)?[^，。；]{{0,16}}{_NAME}[^，。；]{{0,10}}{DATE}。?")
