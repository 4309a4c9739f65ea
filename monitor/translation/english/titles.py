"""Titles of rules and notices in English, where every part of them is known.

《机动车儿童乘员用约束系统自愿性认证实施规则》 is "implementation rule for child restraint systems for motor vehicles".
A title with an unknown part stays Chinese: half a translation would mislead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.notation.codes import find_codes, locate_codes
from monitor.notation.standards import find_standards, locate_standards
from monitor.translation.english.families import product_of
from monitor.translation.english.glossary import Glossary


@dataclass(frozen=True, slots=True)
class RuleTitle:
    """What a rule is called: "implementation rule", and for which products."""

    noun: str
    product: str

    def __str__(self) -> str:
        return f"{self.noun} for {self.product}"


def rule_title(zh: str, glossary: Glossary) -> RuleTitle | None:
    """Return the English of a rule's title, None where it is no rule's or a part of it is unknown."""
    named = re.search(r"《([^》]{2,80})》", zh)
    bare = _SERIES.sub("", _without_codes(named[1] if named else zh))
    match = _RULE.fullmatch(bare)
    if match is None:
        product = _product(bare, glossary)
        return RuleTitle("implementation rule", product) if product else None
    noun = _NOUNS[match["rule"]]
    aspects = match["aspects"] or ""
    if named_with_aspects := glossary.product(match["product"] + aspects):
        return RuleTitle(noun, named_with_aspects)
    product = _product(match["product"], glossary)
    return RuleTitle(f"{_ASPECTS[aspects]} {noun}" if aspects else noun, product) if product else None


def title_of_family(family: str | None) -> RuleTitle | None:
    """Return what the rule of a known family is called, whatever its Chinese title says; None for other families."""
    product = product_of(family)
    return RuleTitle("implementation rule", product) if product else None


def title_in_english(zh: str, glossary: Glossary) -> str | None:
    """Return a title in English: a rule's, or a notice's of a usual form; None where it must be translated."""
    if not zh.strip().startswith("关于"):
        title = rule_title(zh, glossary)
        return _capital(str(title)) if title else None
    for pattern, saying in _NOTICES:
        if pattern.fullmatch(_skeleton(zh)):
            about = _about(zh, glossary)
            return f"Notice: {saying.format(about=about)}" if about else None
    return None


def _skeleton(zh: str) -> str:
    """Return the title's form: rules as R, standards as S, codes left out."""
    formed = re.sub(r"《[^》]{2,80}》", "R", zh)
    for at in reversed(list(locate_codes(formed))):
        formed = formed[: at.start] + formed[at.end :]
    for standard in reversed(list(locate_standards(formed))):
        formed = formed[: standard.start] + "S" + formed[standard.end :]
    return re.sub(r"[\s、,，和及与()（）]|S(?=[\s、,，和及与]*S)|(?<=S)R(?=.*换版)", "", formed)


def _about(zh: str, glossary: Glossary) -> str | None:
    codes = [code.printed for code in find_codes(zh)]
    if "R" in _skeleton(zh):
        title = rule_title(zh, glossary) or _title_by_code(zh)
        return f"the {title}{_in_brackets(codes)}" if title else None
    return say_list([str(standard) for standard in find_standards(zh)]) or None


def _title_by_code(zh: str) -> RuleTitle | None:
    """The title of the one rule that a notice names by its code."""
    families = {str(code.family) for code in find_codes(zh)}
    return title_of_family(families.pop()) if len(families) == 1 else None


def _product(zh: str, glossary: Glossary) -> str | None:
    return glossary.product(zh.removesuffix("产品")) or glossary.product(zh)


def _in_brackets(codes: list[str]) -> str:
    return f" ({', '.join(codes)})" if codes else ""


def say_list(names: Sequence[str]) -> str:
    """Return names as an English list: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _without_codes(zh: str) -> str:
    for at in reversed(list(locate_codes(zh))):
        zh = zh[: at.start] + zh[at.end :]
    zh = re.sub(r"[(（]\s*(?:(?:19|20)\d\d\s*(?:年?版)?|征求意见稿|试行)?\s*[)）]", "", zh)
    zh = re.sub(r"\.(?:pdf|docx?|wps)$", "", zh.strip(), flags=re.IGNORECASE)
    return re.sub(r"^[\s/／:：]+|[\s/／:：]+$|\s+(?![A-Za-z])", "", zh)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_ASPECTS = {
    "安全与电磁兼容": "safety and EMC",
    "安全和电磁兼容": "safety and EMC",
    "电磁兼容": "EMC",
    "安全与性能": "safety and performance",
    "安全": "safety",
    "性能": "performance",
    "节能": "energy efficiency",
    "环保": "environmental",
}
"""What of the product a rule certifies, where its title says so."""
_NOUNS = {
    "认证实施规则": "implementation rule",
    "实施规则": "implementation rule",
    "认证规则": "certification rule",
    "认证实施细则": "detailed implementation rule",
    "实施细则": "detailed implementation rule",
    "认证细则": "detailed certification rule",
}
_MARK = r"(?:(?:CCAP|CQC)?标志)?"
_RULE = re.compile(
    rf"(?P<product>.+?)(?P<aspects>{'|'.join(_ASPECTS)})?{_MARK}(?:自愿性)?(?:产品)?{_MARK}(?:自愿性)?(?P<rule>{'|'.join(_NOUNS)})"
)
_SERIES = re.compile(
    rf"^(?:(?:机动车辆|机动车|汽车|机动车零部件|汽车零部件)(?:产品)?)?(?:自愿性)?(?:产品)?{_MARK}(?:自愿性)?(?:产品)?"
    r"认证(?:实施)?[规细]则\s*(?=\S)"
)
"""What covers print above the product's name."""
_NOTICES = tuple(
    (re.compile(pattern), saying)
    for pattern, saying in (
        (
            r"关于(?:发布实施|发布|实施|执行|启用)(?:新版|修订后的|新修订的|修订的)R的?(?:通知|公告)",
            "new edition of {about}",
        ),
        (r"关于(?:发布实施|发布|实施|执行|启用)R的?(?:通知|公告)", "issue of {about}"),
        (r"关于R换版(?:工作|事宜)?的(?:通知|公告)", "changeover to a new edition of {about}"),
        (r"关于S(?:标准)?(?:换版|更新)(?:工作|事宜)?的(?:通知|公告)", "changeover to {about}"),
        (r"关于废止R的?(?:通知|公告)", "repeal of {about}"),
        (r"关于撤销R的?(?:通知|公告)", "withdrawal of {about}"),
        (r"关于恢复(?:实施|受理|执行)?R(?:认证业务|认证)?的?(?:通知|公告)", "reinstatement of {about}"),
        (r"关于暂停R(?:认证业务|认证)?的?(?:通知|公告)", "suspension of {about}"),
        (r"关于(?:更正R|R的?(?:更正|勘误))的?(?:通知|公告|说明)?", "correction of {about}"),
    )
)
