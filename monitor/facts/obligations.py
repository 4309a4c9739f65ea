"""What holders must or may do, and what happens to those who do not.

Both are read clause by clause. A deed counts where somebody who holds a certificate is told, asked or allowed to
do it; a consequence where a notice threatens it for not acting in time, or decrees it. What only names a deed
(换版时限, 已提交换证申请的), denies it or says it of newcomers is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.facts.actors import Actor, actor_at
from monitor.facts.fact import Fact, FactType
from monitor.facts.marks import any_of
from monitor.facts.patterns import NOT_DONE, OTHER_BUSINESS
from monitor.facts.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause around a word: the words before it, after it, and the clauses that came first in its sentence."""

    earlier: str
    before: str
    after: str

    @classmethod
    def around(cls, text: str, start: int, end: int) -> "Clause":
        """Return the clause around text[start:end]."""
        begin = max(text.rfind(stop, 0, start) for stop in "，：。；") + 1
        stop = min((at for at in (text.find(stop, end) for stop in "，。；") if at >= 0), default=len(text))
        return cls(text[:begin], text[begin:start], text[end:stop])


def read_obligations(sentences: tuple[Sentence, ...], is_aside: bool = False) -> Iterator[Fact]:
    """Yield the actions and consequences that the sentences state; `is_aside`: the text is of a course, a draft …."""
    actions = [fact for sentence in sentences for fact in _actions(sentence)]
    yield from actions
    if not actions:
        yield from (fact for sentence in sentences for fact in _nothing(sentence))
    failing = False
    if is_aside:
        return
    for sentence in sentences:
        yield from _consequences(sentence, failing and bool(_CONTINUES.search(sentence.text)))
        failing = bool(_FAILING.search(sentence.text))


def _actions(sentence: Sentence) -> Iterator[Fact]:
    text = sentence.text
    if _HEADING.search(text) or _QUESTION.search(text):
        return
    for name, pattern in _DEEDS:
        if any(_is_asked(text, match) for match in pattern.finditer(text)):
            yield Fact(FactType.ACTION, name, sentence.marked.quote())
    for name, pattern in _WHOLE:
        if pattern.search(text):
            yield Fact(FactType.ACTION, name, sentence.marked.quote())


def _is_asked(text: str, match: re.Match[str]) -> bool:
    clause = Clause.around(text, *match.span())
    named = _NAMED_ONLY.match(clause.after) and not (clause.after.startswith("事宜") and _STRONG.search(clause.before))
    if named or _DENIED.search(clause.before) or _DENIED_AFTER.match(clause.after):
        return False
    if (
        _DONE.search(clause.before)
        or _IF.match(clause.before)
        or OTHER_BUSINESS.search(clause.before.replace("免费", ""))
    ):
        return False
    if _TAKES.search(clause.before) and clause.after.startswith("申请"):
        return False
    if _ATTRIBUTE.match(clause.after) and not _STRONG.search(clause.before):
        return False
    if not _may_be_asked(actor_at(text, match.start()), clause.before + match[0], text):
        return False
    return _is_told(clause, match[0]) or bool(_WILL_DO.search(text, match.end()))


def _may_be_asked(actor: Actor, words: str, text: str) -> bool:
    if _ASKS_US.search(words):
        return True
    if actor is not Actor.HOLDER and _FOR_HOLDER.search(words) and _DONE_FOR_THEM.search(text):
        return False
    if actor is Actor.AUTHORITY:
        return bool(_FOR_HOLDER.search(words)) and not _TAKES.search(words)
    return actor in (Actor.HOLDER, Actor.NOBODY)


def _is_told(clause: Clause, deed: str) -> bool:
    """Told in this clause (应, 请, 可 …), by its verb alone, or by a clause before that it goes on from."""
    if _MODAL.search(clause.before) or _MODAL_AFTER.match(clause.after):
        return True
    if _BY_ITSELF.search(clause.before):
        return False
    if not _VERB.search(clause.before + deed):
        return False
    return bool(_BARE_VERB.match(clause.before + deed) or _MODAL_EARLIER.search(clause.earlier))


def _nothing(sentence: Sentence) -> Iterator[Fact]:
    if any(not _SUPPOSED.search(sentence.text, 0, found.start() + 2) for found in _NOTHING.finditer(sentence.text)):
        yield Fact(FactType.ACTION, "none", sentence.marked.quote())


def _consequences(sentence: Sentence, goes_on: bool) -> Iterator[Fact]:
    text = sentence.text
    for name, pattern in _FATES:
        if any(_is_fate(text, match, goes_on) for match in pattern.finditer(text)):
            yield Fact(FactType.CONSEQUENCE, name, sentence.marked.quote())


def _is_fate(text: str, match: re.Match[str], goes_on: bool) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if _NO_FATE.search(before[-14:]) or _NO_FATE_AFTER.match(after):
        return False
    if "受理" in match[0] and OTHER_BUSINESS.search(text):
        return False
    if _DECREED_NOW.search(before):
        return True
    if _CERTIFICATES.search(text) and (_DECREE.search(before) or _DECREE_TITLE.search(text)):
        return True
    if _AT_ONCE.search(before) and not OTHER_BUSINESS.search(text):
        return True
    if _GENERAL.search(text):
        return False
    return goes_on or bool(_FAILING.search(before) or _UNDONE.match(after))


_QUESTION = re.compile("？$")
_WILL_DO = re.compile("(?:提交|办理|申请|上传|提供|签署|换发)[^，。；]{0,6}即可")
_ASKS_US = re.compile("向(?:我中心|我公司|本中心|CQC|CCAP|认证机构|发证机构)(?:提出|提交|申请|办理)")
_DONE_FOR_THEM = re.compile(
    r"(?:企业|持证人|客户|委托人)[^，。；]{0,4}(?:无需|无须|不需|不必|不用)[^，。；]{0,6}(?:申请|办理|手续)"
)
"""我中心将…换发，企业无需申请: the authority does it all."""

_BY_ITSELF = re.compile("(?:到期|期满)后?[^，。；]{0,10}$|自然$|自动$")
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十\d、.（）]*)?(?:关于)?[^，。；]{0,60}(?:的)?(?:通知|公告|要求|安排|事项|说明|通告|函)(?:（[^（）]*）)?$"
)
_CHANGE = any_of(
    "(?:换证|(?<!文件)换版|换发|换领)(?!后)|完成[^，。；]{0,4}(?:新版|新)(?:标准|规则)的?认证|换成[^，。；]{0,8}证书|完成转换|更换证书|证书更换|变更申请|重新申请认证|(?:取得|领取|获得)[^，。；]{0,4}新版?证书",
    "(?:证书|标准|规则)的?(?:转换|更换|换发|变更|升级|转版)|证书的?更新|更换为新版|升版|(?:旧版?证书|原证书)的?(?:更换|转换|更新)",
    "(?:完成|办理|进行|提出|提交|申请|启动)[^，。；]{0,12}(?:转换|变更申请|变更手续)|办理变更(?=。|，|；|$)|申请(?:标准|证书)?变更|转换(?=为新版|为按?[\ue003\ue002\ue001]|[为成]|工作|申请|手续|完|$|。|，)",
)
_TEST = any_of(
    "(?:补充|差异|补做|重新|追加|加做)[^，。；]{0,14}?(?:试验|检测|检验|测试)|(?<!凭)(?<!凭新标准)(?<!凭新版标准)(?<!凭新版)型式试验|型式检验|送样|差异项目",
    "(?:试验|检测|检验)报告(?=。|，|；|$|和|及|、|上传|提交|即可)|(?:进行|接受|完成)[^，。；]{0,24}?(?:试验|检测|检验)(?!机构|能力|室)",
)
_DEEDS = (
    ("changeover", re.compile(_CHANGE)),
    ("retest", re.compile(_TEST)),
    (
        "factory_inspection",
        re.compile("工厂[^，。；]{0,6}?(?:检查|审查)|现场[检审核]查|补充检查|接受[^，。；]{0,14}(?:检查|审查)"),
    ),
    (
        "declaration",
        re.compile(
            "(?:一致性|自我|符合性)的?声明|(?:签署|提交|出具|提供)[^，。；]{0,6}声明|声明(?=[^，。；]{0,20}(?:符合|未发生|一致))"
        ),
    ),
)
_WHOLE = (
    ("retest", re.compile("(?:补充|差异)[^，。；]{0,6}(?:检测|试验)的，(?:请|应|须)[^，。；]{0,16}(?:联系|安排)")),
    ("declaration", re.compile("(?:企业|持证人|委托人)(?:自我)?声明(?:后|即可)")),
    (
        "factory_inspection",
        re.compile("(?:工厂|现场|补充)[检审核]查[^。；]{0,50}[应须请][^，。；]{0,12}(?:配合|迎检)"),
    ),
    (
        "changeover",
        re.compile(
            "(?:换证|换版|转换|变更)(?:工作|申请)[^。；]{0,30}(?:最晚|最迟|应|须|不得晚于|不迟于)[^。；]{0,8}?"
            "(?:提交|完成|提出|办理|\ue004)"
        ),
    ),
    (
        "changeover",
        re.compile(
            "(?<!需要)(?<!无需)(?<!不)(?<!无须)(?:更换|换发|换领|转换)[^，。；]{0,12}证书[^，。；]{0,2}，(?:可|请|须|应)[^，。；]{0,16}(?:申请|办理)"
            "|(?:换证|换版|转换)工作[^。；]{0,40}\ue004(?:之?前|以前)完成(?:申请|换证|换版|转换)"
        ),
    ),
)
_NAMED_ONLY = re.compile(
    "(?:工作|证书|申请)?(?:的)?(?:完成)?(?:时限|期限|情况|问题|通知|公告|事宜|截止|最后|日期|时间|过程|方案|原则|范围|费|期(?!前|间)|"
    "(?:证书)?(?:不|免|另)?收|之?前(?!完)|意向|进度|结果|状态|信息|咨询|要求(?!提|完|办|补)|能力|表|项目(?:见|表|及|为|的)|周期|标准|依据|时(?!限)|后仍|须知|指南|采用|流程|所需)"
)
_NEG = any_of(
    "无需|无须|不需要?|不必|毋需|免于|免除|免予|免去|免(?=做|交|检)|不要求|不用|不涉及|不另行|不作|不做|不予",
    "不再?(?:进行|安排|要求|需要?|做|重复|实施|补充|接受|开展)|不安排|未涉及|没有",
)
_DENIED = re.compile(
    rf"(?:{_NEG})(?:(?!即可|就可|便可|可以?直接|方可|仅需|只需|应|须)[^，。；]){{0,16}}$"
    rf"|(?:{NOT_DONE}|逾期|拒绝)[^，。；]{{0,12}}$|(?:不|未|无需|无须|免|不必|不再|用于)$|(?:保存|留存|保管|核查|核对)[^，。；]{{0,6}}$"
)
_DENIED_AFTER = re.compile(rf"(?:报告|申请)?(?:{_NEG}|尚未|未[能完])")
_DONE = re.compile("(?:已(?!获证|取得|获得|获认证)经?|曾|正在|尚|提交了|完成了)[^，。；应须请]{0,14}$")
_IF = re.compile("(?:如果?(?!需|期|实)|若|凡|其)")
_ATTRIBUTE = re.compile(
    "(?![为成至到])[^，。；]{0,14}的(?:$|项目|样品|内容|范围|企业|证书|产品|持证人|单位|组织|换证|持有)|[^，。；]{0,8}(?:时|前|之前)$"
)
_STRONG = re.compile("应当?(?!用|对)|须|请|必须|务必")
_MODAL = re.compile(
    "应当?(?!用|对)|须|请|必须|务必|需(?!求)|可(?!靠|能|燃)|要求(?!进)|建议|鼓励|抓紧|尽快|尽早|及时|只做|仅做|由(?:持证人|企业|委托人|申请人|生产者|获证企业)|最迟|最晚|不得晚于|不迟于|自愿|凭|通过|仅需|只需|直接|确保|经"
)
_MODAL_AFTER = re.compile(
    "(?:工作|手续|申请|事宜|报告)*(?:(?:应当?|须)(?!提交资料|提交材料|提供|附|准备)|最迟|最晚|不得晚于|不迟于|请|务必|必须|即可|[于在][^，。；]{1,6}前(?:全部)?完成|\ue004前)"
)
_MODAL_EARLIER = re.compile("应当?(?!用|对)|须|请|必须|务必|需(?!求)|可(?!靠|能|燃)")
_VERB = re.compile(
    "完成|提交|办理|申请|签署|接受|补充|补做|进行|安排|更换|换发|换证|换版|提出|报送|送样|取得|重新|配合|附|转换|出具|提供|做好|做|上传|填写|填报|递交|实施|开展|启动|委托|参加"
)
_BARE_VERB = re.compile(
    "(?:[一二三四五六七八九十①-⑳\\d（）、.]{0,6})?(?:[^，。；]{0,12}?[\ue004\ue005](?:之?内|以?前|止)?|[^，。；]{0,24}?前(?:全部)?|并|同时|且|或|及|期限内|期间内|全部|"
    "结合[^，。；]{0,12}?|按照?[^，。；]{0,12}?|(?:各|有关|相关)?(?:持证人|获证企业|企业|持证企业|证书持有人|委托人)){0,4}(?:完成|提交|办理|申请|签署|接受|补充|进行|换发|提出|重新|登录|联系)"
)
_FOR_HOLDER = re.compile("换发")
_TAKES = re.compile("受理|接受")
_SUPPOSED = re.compile("(?:^|[，。；])(?:若|如果?)[^，。；]*$")
_NOTHING = re.compile(
    rf"(?:{_NEG})(?:再|另行|企业)?(?:办理|进行|采取|提出|提交|做|履行)?(?:任何|其他|额外|相关|另外)?(?:的)?"
    "(?:变更|换证|换版)?(?:手续|操作|申请|变更|动作|措施|行动|工作|处理)"
    rf"|(?:继续有效|依然有效|仍然有效|仍有效|有效性不变|保持有效|继续使用)[^。]{{0,20}}(?:{_NEG})[^。，；]{{0,6}}"
    "(?:换证|换版|转换|换发|更换|变更|申请)"
    rf"|(?:证书|企业|持证人|持有人|委托人|客户|组织|单位)[^。，；]{{0,10}}(?:{_NEG}|暂无需)(?:再|另行|单独)?(?:申请|办理|进行|提出)?(?:重新[^，。；]{{0,4}}(?:或|和|及|、))?"
    "(?:更换|换发|转换|换证|换版|变更)"
)
_FATES = (
    ("suspension", re.compile("暂停")),
    ("withdrawal", re.compile("撤销|吊销")),
    ("cancellation", re.compile("注销")),
    ("not_accepted", re.compile("(?:不予|不再|将不|停止)(?:受理|接受|接收)|不受理")),
)
_FAILING = re.compile(
    "逾期|过期|否则|不按(?:要求|规定)[^，。；]{0,6}(?:完成|换|转换|办理)|仍(?:持有|使用)旧|视为(?:自动|自行)?放弃|不按[期时]|超期|超过(?:规定|上述|转换)?(?:的)?(?:期限|时限|日期)|到期(?:仍)?未|未换[证版]|未转换|仍不|不换[版证]|拒绝|无正当理由|不配合|"
    f"{NOT_DONE}(?:按|在|于|能|及时|如期)?[^。；]{{0,24}}?(?:完成|换|转换|提交|申请|办理|提出|通过|取得)"
)
_CONTINUES = re.compile("仍未|超过|期满|届满|暂停")
_NO_FATE = re.compile(
    "(?:不|不会|不得|不被|未被|未|免于|不予|申请|自愿|可|可以|办理|主动|已|已经|恢复|^被|[，。；对]被|已被|提交)(?:被|将)?$"
    "|(?:不|不会|无需|申请|要求|主动|自愿|不作|不予)[^，。；]{0,4}$"
)
_NO_FATE_AFTER = re.compile(
    "(?:期间|期满|期内|期限|后|的(?:认证|产品)*(?:证书|企业|条件|规定|情形)|超过|受理|满|条件|恢复|之日|申请|手续|时|使用(?!其|证书|相关|认证|旧)|\ue005(?:后|期|仍|未|内|届)|状态|标志)"
)
_DECREE = re.compile(
    "\ue004起，(?:旧版?|原)[^，。；]{0,10}证书(?:全部|一律|将|均)*(?:予以)?$|"
    "(?:以下|下列|附件|附表)[^，。；]{0,12}证书[^，。；]{0,2}自[^，。；]{1,6}起(?:予以)?$|"
    "\ue004[^。；]{0,30}，(?:相关|相应|上述|所涉|有关)[^，。；]{0,8}证书(?:将)?(?:同时|一并|一律|随之)(?:予以)?$|"
    "决定[^。；]{0,40}$|(?:^|，|。|公司|中心)现(?:予以?|将|对)?[^，。；]{0,20}$|(?:对|将)(?:上述|下列|以下|附件|所列|如下)[^，。；]{0,24}$"
    "|颁发的[^，。；]{0,10}证书[^，。；]{0,8}(?:予以|将|一律|全部|自\ue004起)[^，。；]{0,4}$"
    "|(?:旧版?|原)[^，。；]{0,12}证书自\ue004起[^，。；]{0,8}$|因[^。；，]{2,40}，(?:我中心|我公司|CQC|CCAP|现|决定|将|\ue001)*$"
)
_DECREED_NOW = re.compile("(?:，|。|；|^)现(?:决定)?(?:予以?|依法)$")
_DECREE_TITLE = re.compile("关于(?:暂停|撤销|注销)(?!、)[^。；]{0,60}证书(?:的)?(?:公告|通知|决定|通报|公示)")
_AT_ONCE = re.compile("逾期[^，。；]{0,6}$")
_UNDONE = re.compile("(?:其|该|上述)?(?:仍|尚)?未[^，。；]{0,8}(?:换版|转换|换证|完成)[^，。；]{0,6}证书")
_CERTIFICATES = re.compile("(?<!批准)证书|认证资格")
_GENERAL = re.compile(
    "监督(?:检查|抽查)?不合格|不符合认证要求|情形之一|年金|整改|缴纳|认证费|按照?[^，。；]{0,12}(?:管理办法|规定|程序)》?的?规定?执行"
)
