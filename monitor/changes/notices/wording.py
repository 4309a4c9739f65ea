"""Wording: how certification bodies say that a rule is new, ended, suspended, back, or that they were wrong.

Only words are judged here; which rule they are about is per_rule.py's business. Certificates of single companies, the
authority's own office hours and the compulsory scheme are told apart from what happens to a rule.
"""

import re
from enum import StrEnum

from monitor.notation.text import fold


class Theme(StrEnum):
    """What a notice says happens to a rule."""

    NEW = "new"
    CHANGEOVER = "changeover"
    WITHDRAWAL = "withdrawal"
    SUSPENSION = "suspension"
    RESTORED = "restored"
    NOTICE = "notice"


def title_theme(title: str) -> Theme | None:
    """Return what a title says happens, None where it says nothing of the kind, or speaks of companies."""
    title = fold(title)
    if is_about_companies(title):
        return None
    if _RESTORED.search(title):
        return Theme.RESTORED
    if _SUSPENDED.search(title):
        return Theme.SUSPENSION
    if _ENDED_TITLE.search(title):
        return Theme.WITHDRAWAL
    return None


def sentence_theme(sentence: str) -> Theme | None:
    """Return what one sentence decrees for the rule it names; conditions and duties of holders are none."""
    sentence = fold(sentence)
    if _CONDITION.search(sentence):
        return None
    if _RESTORED.search(sentence) and not _KEPT_CERTIFICATE.search(sentence):
        return Theme.RESTORED
    if _SUSPENDED.search(sentence):
        return Theme.SUSPENSION
    if _ENDED.search(sentence) and not _OLD_TEXT.search(sentence):
        return Theme.WITHDRAWAL
    return None


def row_theme(title: str) -> Theme | None:
    """Return what a mark in a list row's title says of the rule: （已废止）, 【暂停实施】."""
    mark = _ROW_MARK.search(title)
    if mark is None:
        return None
    return Theme.SUSPENSION if "暂停" in mark[0] else Theme.WITHDRAWAL


def is_draft(text: str) -> bool:
    """Return whether a title or cover says that the text is only a draft for comments."""
    return bool(_DRAFT.search(text))


def is_correction(title: str, body: str) -> bool:
    """Return whether a notice corrects an earlier one."""
    return bool(_CORRECTION.search(title) or _CORRECTS.search(body[:400]))


def is_amendment(title: str, body: str) -> bool:
    """Return whether a notice moves a date that was fixed before (延期, 延长, 调整)."""
    return bool(_AMENDMENT.search(title) or _MOVED_DATE.search(body))


def is_notice_title(title: str) -> bool:
    """Return whether a title is that of a notice, not of a rule."""
    return bool(_NOTICE_TITLE.search(title))


def is_side_file(name: str) -> bool:
    """Return whether a file's name or title is that of a form, list or guide beside a rule."""
    return bool(_SIDE_FILE.search(name)) and not _RULE_TITLE.search(name)


def is_amending_text(title: str) -> bool:
    """Return whether a title is that of an amendment sheet (修改单) to a rule."""
    return bool(_AMENDING.search(title))


def is_about_companies(title: str) -> bool:
    """Return whether a title speaks of certificates of companies, or of bodies and persons, not of rules."""
    return bool(_COMPANIES.search(title))


def is_compulsory(text: str) -> bool:
    """Return whether a text speaks of the compulsory scheme and not of voluntary certification."""
    return bool(_COMPULSORY.search(text)) and not _VOLUNTARY.search(
        re.sub(r"不(?:涉及|适用)[^。]{0,12}自愿性", "", text)
    )


def publishes(sentence: str) -> bool:
    """Return whether a sentence puts a rule into the world: 发布, 修订, 新版, 代替, 起实施."""
    return bool(_PUBLISHES.search(sentence)) and not _PLANS.search(sentence)


def names_publication(title: str) -> bool:
    """Return whether a title announces a rule, and not a course, an explanation or a fee about it."""
    return bool(_PUBLISHES_TITLE.search(title)) and not _ASIDE.search(title)


def publishes_rules(title: str) -> bool:
    """Return whether a title publishes rules that only the text names: 关于发布2026年第一批认证实施规则的公告."""
    return names_publication(title) and bool(
        re.search(r"(?:发布|公布|印发|修订|更新|新版)[^，。]{0,60}(?:规则|细则)", title)
    )


def names_changeover(title: str) -> bool:
    """Return whether a title announces a changeover of standards."""
    return bool(_CHANGEOVER.search(title))


def quoted_rules(title: str) -> tuple[str, ...]:
    """Return the titles of rules that a text quotes in 《》, without their code."""
    return tuple(name for name in re.findall(r"《([^》]{3,80})》", title) if re.search(r"规则|细则", name))


def scope_of(title: str) -> str | None:
    """Return the product that a title ends or suspends certification for, None where it names none."""
    match = re.search(
        r"(?:停止|终止|取消|暂停|中止|恢复|撤销|不再)(?:实施|开展|受理|办理|对|接受)?(.{2,40}?)(?:等)?(?:产品)?(?:的)?(?:自愿性|产品)*认证",
        title,
    )
    return match[1].strip("《》的 ") if match else None


_ROW_MARK = re.compile(
    r"[（(【\[]\s*已?(?:废止|作废|停用|失效|撤销|停止(?:实施|受理|使用)|暂停(?:实施|受理|使用)?)\s*[)）】\]]"
)
_DRAFT = re.compile(r"征求意见|意见稿|（草案）|\(草案\)|报批稿|送审稿")
_CORRECTION = re.compile(r"更正|勘误|订正|补正")
_CORRECTS = re.compile(r"更正如下|更正为|现更正|予以更正|特此更正|勘误如下|系笔误|有误[，,。]|误写为|误为|应更正")
_AMENDMENT = re.compile(
    r"(?:延长|延期|推迟|顺延|调整).{0,40}(?:期|时间|日期|期限|实施|转换|换版|换证|截止)|(?:期|时间|日期|期限).{0,8}(?:延长|延期|推迟|顺延|调整)|延期实施|推迟实施"
)
_MOVED_DATE = re.compile(
    r"(?:由|从|原定(?:于)?)[^。；\n]{0,40}\d{4}年[^。；\n]{0,40}(?:延长|延期|推迟|顺延|调整|改)(?:至|到|为)"
)
_NOTICE_TITLE = re.compile(
    r"^关于|的(?:通知|公告|通告|函|说明|决定|公示|启事|声明|提示)(?:[（(].*[)）])?\s*$|^(?:通知|公告|更正|勘误)"
)
_RULE_TITLE = re.compile(r"规则|细则")
_COMPANIES = re.compile(
    r"公司|企业(?!标准)|(?<![\u4e00-\u9fff])工厂(?!检查)|部分(?:组织|单位)|\d+\s*[家张]|有关组织"
    r"|认证机构|实验室|检查员|专家|人员|委员|论文|指定(?:认证|检测|实验)|资质"
)
_COMPULSORY = re.compile(r"强制性(?:产品)?认证|CCC\s*认证|3C\s*认证")
_VOLUNTARY = re.compile(r"自愿性")
_RULES = r"(?:规则|细则|认证项目|认证业务|认证工作|产品认证|自愿性认证|认证申请|认证|业务|项目|CCAP|CQC\d)"
_RESTORED = re.compile(
    rf"恢复(?:对|其|原)?(?:实施|受理|执行|使用|开展|办理|有效)|恢复.{{0,30}}{_RULES}.{{0,30}}(?:实施|受理|效力|有效)"
    rf"|恢复.{{0,40}}(?:认证|规则)|解除.{{0,40}}暂停|撤回.{{0,60}}(?:废止|撤销|暂停|停止)|取消.{{0,40}}(?:暂停|停止受理)"
    rf"|继续(?:有效|实施|受理)|重新(?:启用|实施|开展)|不再废止"
)
_KEPT_CERTIFICATE = re.compile(r"(?:证书|报告|结果)[^。；]{0,12}继续有效")
_SUSPENDED = re.compile(
    r"(?:暂停|中止|暂缓)(?:实施|受理|执行|使用|开展|接受|办理|适用)(?!.{0,6}(?:网上|系统))|(?:暂停|中止|暂缓)(?!其|相关|相应|该)[^。；，,]{0,40}"
    r"(?:规则|认证业务|认证项目|认证申请|认证工作|自愿性认证|产品认证)(?!证书)"
)
_NO_RULE = r"(?![^。；，,]{0,12}(?:标志|系统|证书|报告|印章|表|软件|平台|账号|纸质|格式|式样))"
_CERTIFICATION_OF = r"(?:规则|细则|认证业务|认证项目|认证工作|认证(?!证书|标志|机构|人员|申请书|检查|模式|单元|委托)"
_CERTIFICATION_OF += r"|(?:CCAP-(?:GZ|SB|CAMRA)|CQC\d\d-)[-\dA-Z:]+(?![^，,。]{0,20}证书))"
_ENDED = re.compile(
    rf"(?<!标准)(?:废止|作废)(?!标准|GB|后)|(?:停止|终止)(?:实施|使用|受理|开展|执行|适用|办理){_NO_RULE}"
    rf"|(?:停止|终止|取消|撤销|注销)[^。；，,]{{0,40}}{_CERTIFICATION_OF}(?!证书)|不再(?:实施|开展|执行|适用|受理){_NO_RULE}"
)
_ENDED_TITLE = re.compile(
    rf"(?<!标准)(?:废止|作废)(?!标准|GB|后)|(?:停止|终止)(?:实施|使用|受理|开展|执行|适用|办理){_NO_RULE}"
    rf"|(?:停止|终止|取消|撤销|注销|不再)[^。；，,]{{0,60}}{_CERTIFICATION_OF}(?!证书)"
)
_CONDITION = re.compile(
    r"逾期|未(?:能|按|在|及时|完成|通过|提交|办理|转换)|到期|届满|届时|如(?:果|有|需)?[^实]|若|的[，,](?:将|予以|由|我)|仍未|对于?未"
)
_OLD_TEXT = re.compile(
    r"旧版?(?:标准|规则|版)|原(?:标准|规则|版)|旧版|按[^。；]{0,20}标准|标准[^。；]{0,20}(?:申请|报告|证书)|代替|替代|取代|标志|系统|合同|表|证书样式"
)
_PUBLISHES = re.compile(
    r"发布|公布|印发|颁布|修订|制定|制订|编号为|编号：|代替|替代|取代|新版|更新为|换版为|启用|施行|起实施|正式实施|组织编制"
)
_PLANS = re.compile(
    r"正在(?:修订|制定|编制)|拟(?:修订|制定|发布|于)?|计划(?:修订|制定|发布)|修订工作|征求意见|另行(?:通知|公告)"
)
_PUBLISHES_TITLE = re.compile(r"发布|公布|印发|实施|施行|执行|修订|制定|新版|启用|换版|更新|转换|变更为|过渡")
_ASIDE = re.compile(
    r"培训|宣贯|座谈|研讨|会议|征求|解释|说明|决议|问答|答疑|收费|样品|指南|满意度|有关要求|若干问题|提示|提醒"
)
_CHANGEOVER = re.compile(
    r"换版|修改单[^，。]{0,8}(?:实施|执行)|(?:实施|执行)[^，。]{0,40}修改单|标准(?:转换|更新|变更|转版|切换|升级|代替|替换)|转版|换标|(?:执行|采用|实施)新(?:版)?标准|新旧标准"
)
_SIDE_FILE = re.compile(
    r"申请书|申请表|表格|附表|登记表|清单|描述表|报告格式|模板|样本|承诺书|声明|调查表|收费标准|指南|须知"
)
_AMENDING = re.compile(r"修改单|补充规定|补充要求")
