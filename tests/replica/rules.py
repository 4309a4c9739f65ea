"""The page of a rule: the few lines that such sites print above the file, or instead of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.replica.world import Article

SOURCES = {"cqc": "中国质量认证中心", "ccap": "中汽认证中心", "cnca": "认监委"}
_TITLES = {"cqc": "{code} {name}认证规则", "ccap": "{name}自愿性认证实施规则（{code}）"}
_HEADS = {
    "cqc": "规则编号：{code}\n规则名称：{name}认证规则\n发布日期：{published_zh}\n实施日期：{effective_zh}\n"
    "认证依据标准：{standards}",
    "ccap": "规则编号：{code}\n规则名称：{name}自愿性认证实施规则\n发布日期：{published_zh}\n"
    "实施日期：{effective_zh}\n认证依据标准：{standards}",
}
_TEXTS = {
    ("cqc", True): "为规范{name}产品认证工作，中国质量认证中心（CQC）制定了《{name}认证规则》（{code}），"
    "自{effective_zh}起实施。规则文本见附件。",
    (
        "cqc",
        False,
    ): "一、适用范围\n本规则适用于{name}的自愿性产品认证。\n二、认证模式\n产品型式试验＋初始工厂检查＋获证后监督。\n"
    "三、认证单元划分\n{units}相同的产品可以作为一个单元申请认证；不同生产厂的产品应作为不同的申请单元。\n四、型式试验\n"
    "样品由申请人按CQC的要求选送，送样数量为{samples}。试验项目为{standards}规定的全部适用项目。\n五、获证后监督\n"
    "初始工厂检查结束后{months}个月内应安排年度监督，每次年度监督间隔不超过12个月。\n六、认证证书\n"
    "本规则覆盖产品的认证证书有效期为{years}年，证书有效性通过定期的监督维持。",
    (
        "ccap",
        True,
    ): "中汽认证中心有限公司（CCAP）按照自愿性产品认证的有关规定制定了《{name}自愿性认证实施规则》（{code}），"
    "自{effective_zh}起实施，现予公布。规则全文见附件。",
    ("ccap", False): "1 适用范围\n本规则适用于{name}的自愿性认证。\n2 认证模式\n型式试验＋初始工厂检查＋获证后监督。\n"
    "3 认证单元划分\n同一生产者、同一生产企业且{units}相同的产品可作为一个认证单元。\n4 型式试验\n"
    "每一认证单元送样{samples}，按{standards}的要求进行试验。\n5 获证后监督\n获证后每{months}个月至少进行一次监督，"
    "监督内容为工厂质量保证能力复查和产品一致性检查。\n6 认证证书\n认证证书的有效期为{years}年。",
}
_UNITS = ("结构型式和主要材料", "工作原理、结构和额定参数", "结构、材料和生产工艺", "型式和规格系列")
_SAMPLES = ("3件", "4件", "5件", "6件", "8件", "2套", "3套")


def rule_article(entry: Mapping[str, Any]) -> Article:
    """Return the page of a rule as its entry in rules.yaml describes it, without its file."""
    site = "cqc" if entry["code"].startswith("CQC") else "ccap"
    words = _words(entry)
    body = f"{_HEADS[site]}\n{_TEXTS[site, 'file' in entry]}".format(**words)
    if entry.get("replaces"):
        body += f"\n本规则代替{entry['replaces']}。"
    return Article(
        site=site,
        section="rules",
        number=entry["id"],
        title=_TITLES[site].format(**words),
        published=entry["published"],
        body=body,
        source=SOURCES[site],
        edition=entry["code"],
        row_date=entry.get("row_date"),
    )


def _words(entry: Mapping[str, Any]) -> dict[str, object]:
    """What is filled into the text; counts and periods differ from rule to rule by its number."""
    number = entry["id"]
    return {
        "code": entry["code"],
        "name": entry["name"],
        "published_zh": chinese_date(entry["published"]),
        "effective_zh": chinese_date(entry["effective"]),
        "standards": "、".join(entry["standards"]),
        "units": _UNITS[number % len(_UNITS)],
        "samples": _SAMPLES[number % len(_SAMPLES)],
        "months": 6 if number % 3 == 0 else 12,
        "years": 4 if number % 4 == 0 else 5,
    }


def chinese_date(day: date) -> str:
    """Return a date as Chinese texts print it: 2026年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
