"""What holders must or may do, and what happens to those who do not.

Both are read clause by clause. A deed counts where somebody who holds a certificate is told, asked or allowed to
do it; a consequence where a notice threatens it for not acting in time, or decrees it.
"""

import re
from collections.abc import Iterator

from monitor.facts.fact import Fact, FactType
from monitor.facts.patterns import AGENT, NOT_DONE, OTHER_BUSINESS
from monitor.facts.sentences import Sentence


def read_obligations(sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield the actions and consequences that the sentences state."""
    actions = [fact for sentence in sentences for fact in _actions(sentence)]
    yield from actions
    if not actions:
        yield from (fact for sentence in sentences for fact in _nothing(sentence))
    threatened = False
    for sentence in sentences:
        found = list(_consequences(sentence, threatened))
        threatened = bool(found) or bool(_FAILING.search(sentence.text))
        yield from found


def _actions(sentence: Sentence) -> Iterator[Fact]:
    text = sentence.text
    if _is_heading(text):
        return
    for name, pattern in _DEEDS:
        if any(_is_asked(text, match) for match in pattern.finditer(text)):
            yield Fact(FactType.ACTION, name, sentence.marked.quote())


def _is_heading(text: str) -> bool:
    return bool(_HEADING.search(text))


def _is_asked(text: str, match: re.Match[str]) -> bool:
    start = max(text.rfind(stop, 0, match.start()) for stop in "，：。；") + 1
    before = text[start : match.start()]
    end = min((at for at in (text.find(stop, match.end()) for stop in "，。；") if at >= 0), default=len(text))
    clause = text[start:end]
    if _NOT_ASKED.search(before) or _FAILED.search(before) or OTHER_BUSINESS.search(clause):
        return False
    if _CONDITIONAL.search(text[match.end() : end]) and not _MODAL.search(before):
        return False
    agent = _agent(text, match.start())
    if agent == "newcomer" or (agent in ("authority", "laboratory") and not _FOR_HOLDER.search(clause)):
        return False
    asked = _MODAL.search(text[max(0, start - 60) : match.end()]) or _MODAL_AFTER.match(text[match.end() : end])
    return bool(asked or _IMPERATIVE.search(clause))


def _agent(text: str, position: int) -> str:
    last = ""
    for match in AGENT.finditer(text, 0, position):
        last = match.lastgroup or ""
    return last


def _nothing(sentence: Sentence) -> Iterator[Fact]:
    if _NOTHING.search(sentence.text):
        yield Fact(FactType.ACTION, "none", sentence.marked.quote())


def _consequences(sentence: Sentence, threatened: bool) -> Iterator[Fact]:
    text = sentence.text
    for name, pattern in _FATES:
        for match in pattern.finditer(text):
            if _is_fate(text, match, threatened):
                yield Fact(FactType.CONSEQUENCE, name, sentence.marked.quote())
                break


def _is_fate(text: str, match: re.Match[str], threatened: bool) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if _NOT_FATE.search(before[-12:]) or _NOT_FATE_AFTER.match(after):
        return False
    if _DECREE.search(before) and not _GENERAL.search(text):
        return True
    if _GENERAL.search(text):
        return False
    return bool(_FAILING.search(before) or (threatened and _CONTINUES.search(text)))


_HEADING = re.compile(r"^(?:[一二三四五六七八九十\d、.（）]*)?[^，。；]{0,30}(?:通知|公告|要求|安排|事项|说明)$")
_DEEDS = (
    (
        "changeover",
        re.compile(
            r"换证|换版|(?:证书|标准|规则)(?:的)?(?:转换|更换|换发|变更)|(?:完成|办理|进行|提出|提交|申请)[^，。；]{0,12}(?:转换|变更)|变更申请|换发|更换证书|完成转换|转换(?=申请|$|。|，)"
        ),
    ),
    (
        "retest",
        re.compile(
            r"(?:补充|差异|补做|重新)[^，。；]{0,14}?(?:试验|检测|检验|测试)|型式试验|型式检验|送样|(?:试验|检测)报告(?=。|，|；|$|和|及|、)|进行[^，。；]{0,16}(?:试验|检测|检验)"
        ),
    ),
    (
        "factory_inspection",
        re.compile(r"工厂[^，。；]{0,6}?(?:检查|审查)|现场检查|现场审查|补充检查|接受[^，。；]{0,14}检查"),
    ),
    ("declaration", re.compile(r"(?:一致性|自我|符合性)(?:的)?声明|声明(?=[^，。；]{0,20}(?:符合|未发生|一致))")),
)
_MODAL = re.compile(
    r"应当?(?!用|对)|须|请|必须|务必|需要?(?!求)|可(?!靠|能|燃)|要求|最迟|不得晚于|不迟于|自愿|凭|通过|仅需|直接|办理|完成|签署|提交|提出"
)
_MODAL_AFTER = re.compile(
    r"(?:工作|手续|申请|事宜)*(?:应|须|最迟|不得晚于|不迟于|请|务必|必须|[于在][^，。；]{1,6}前完成)"
)
_IMPERATIVE = re.compile(r"^(?:\ue004)?(?:前|内|之前)?(?:完成|提交|办理|申请|签署|接受|补充|进行|换发)")
_NEG = r"无需|无须|不需要?|不必|毋需|免于|免除|免予|免去|不进行|不再(?:进行|安排|要求|需要|做|重复)|不要求|不用|不安排|免(?=做|交|检)|不涉及|不另行|不作"
_NOT_ASKED = re.compile(rf"(?:{_NEG})[^，。；]{{0,14}}$")
_FAILED = re.compile(rf"(?:{NOT_DONE}|逾期|拒绝|不)[^，。；]{{0,12}}$")
_CONDITIONAL = re.compile(r"^[^，。；]{0,10}(?:的$|时$|后$|前$|的(?:企业|证书|产品|持证人|单位|组织))")
_FOR_HOLDER = re.compile(r"换发|接受|配合|申请|提交")
_NOTHING = re.compile(
    rf"(?:{_NEG})(?:再|另行|企业)?(?:办理|进行|采取|提出|提交|做|履行)?(?:任何|其他|额外|相关|另外)?(?:的)?(?:手续|操作|申请|动作|措施|行动|工作|变更手续|处理)"
    rf"|(?:继续有效|依然有效|仍然有效|有效性不变|保持有效|继续使用)[^。]{{0,20}}(?:{_NEG})[^。，；]{{0,6}}(?:换证|换版|转换|换发|更换|变更|申请)"
    rf"|(?:证书)[^。，；]{{0,10}}(?:{_NEG})(?:更换|换发|转换|换证|换版|变更)"
)
_FATES = (
    ("suspension", re.compile(r"暂停")),
    ("withdrawal", re.compile(r"撤销|吊销")),
    ("cancellation", re.compile(r"注销")),
    ("not_accepted", re.compile(r"(?:不予|不再|将不|停止)(?:受理|接受|接收)")),
)
_FAILING = re.compile(
    rf"逾期|过期|否则|届时|超期|到期(?:仍)?未|{NOT_DONE}(?:按|在|于|能|及时|如期)?[^。；]{{0,24}}?(?:完成|换|转换|提交|申请|办理|接受|提出|通过)|未换[证版]|未转换|仍不"
)
_CONTINUES = re.compile(r"仍未|超过|期满|届满|暂停")
_NOT_FATE = re.compile(
    r"(?:不|不会|不得|不被|未被|未|免于|不予|申请|自愿|可|可以|办理|主动|已|已经|恢复|^被|[，。；]被|已被|对被)(?:被|将)?$|(?:不|不会|无需|申请|要求|主动|自愿)[^，。；]{0,4}$"
)
_NOT_FATE_AFTER = re.compile(
    r"(?:期间|期满|期内|后|的(?:证书|企业|条件|规定|情形)|超过|受理|[、和及]|条件|恢复|满|之日|申请|手续|时)"
)
_DECREE = re.compile(r"决定|现(?:予以?)?$|现将|予以$|公告如下")
_GENERAL = re.compile(
    r"监督(?:检查)?不合格|情形之一|按照?[^，。；]{0,12}(?:管理办法|规定)的?规定?执行|应当?(?:予以)?(?:暂停|撤销|注销)其?认证证书"
)
