"""Words and sentences of made-up rules."""

import random

PRODUCTS = (
    "车用电动门锁",
    "摩托车头盔",
    "插电式充电缆",
    "儿童约束装置",
    "低压配电开关",
    "车内空气滤芯",
    "视镜总成",
    "民用燃气阀",
)
CHAPTERS = (
    "适用范围",
    "认证模式",
    "认证委托",
    "型式试验",
    "初始工厂检查",
    "认证结果评价",
    "获证后监督",
    "证书和标志",
    "收费",
)
HEADINGS = (
    "样品送交", "单元划分", "试验方案", "关键件", "检查人日", "资料审核", "证书有效期", "变更的办理", "暂停与恢复",
    "标志的使用", "一般要求", "不符合的处理", "抽样", "结论", "提交的文件", "试验时限",
)  # fmt: skip
STANDARD_WORDS = ("耐久", "绝缘电阻", "盐雾", "振动", "阻燃", "气密", "高温存放", "低温存放", "冲击", "外观")
FEES = (
    "申请费",
    "批准与注册费",
    "年金",
    "初始检查费",
    "监督检查费",
    "标志使用费",
    "变更手续费",
    "型式试验费",
    "证书副本费",
)
WHO = ("委托人", "生产者", "生产企业", "认证机构", "检测实验室", "持证人")
THINGS = ("产品描述", "检验报告", "关键件清单", "工厂检查报告", "样品", "申请书", "质量保证文件", "标志设计稿")
LIMITS = (
    "（80±5）℃，24 h",
    "（-40±3）℃，16 h",
    "5.1.5、6.1.5",
    "≥0.5 MΩ",
    "不大于100 mm/min",
    "1.5 kPa，30 s",
    "4.2.1、4.2.3、4.3",
)
_SENTENCES = (
    "{who}应自收到通知起{n}个工作日内补交{what}，逾期视为撤回。",
    "每个单元送样{n}{unit}，其中{m}{unit}用于型式试验，其余留作备查。",
    "{what}的保存期不少于{n}年，电子件与纸件同等有效。",
    "在（{t}±{m}）℃条件下放置{n} h后，测得的数值不超过{k} mm。",
    "试验按{standard}的要求进行，样品数量和判定见{clause}。",
    "{who}对{what}的真实性负责，认证机构每{n}个月核对一次。",
    "监督检查的人日数为{n}人日，场所超过{m}处的另加1人日。",
    "证书有效期为{n}年，期满前{m}个月可提出延续。",
    "{who}于{date}前完成{what}的更新，此后按新版执行。",
    "抽样基数不少于{k}{unit}，抽取{n}{unit}，封样后{m}日内寄出。",
    "额定电压{k} V以下的型号可并入同一单元，差异由{who}书面说明。",
)  # fmt: skip
ALIKE = "本规则由认证机构负责解释，未尽事宜按有关规定办理。"
NOTE = "注{n}：表中数值为最低要求，{who}另有约定的从其约定，但不少于{m}{unit}。"
FOOTNOTE = "指{date}起受理的委托，此前受理的{n}个单元不受影响。"
SIDEWAYS = "侧排说明：本页各项的允差为±{n}%，复测{m}次。"
BOX = "提示：{who}的联系电话变更后应在{n}日内告知，工作时间为{m}时至17时。"
ANNEX_SENTENCE = "样品数量为{n}{unit}。"


def sentence(chance: random.Random, pattern: str = "") -> str:
    """Return a sentence, or a given pattern with its places filled."""
    return (pattern or chance.choice(_SENTENCES)).format(
        who=chance.choice(WHO),
        what=chance.choice(THINGS),
        n=chance.randint(2, 30),
        m=chance.randint(2, 9),
        k=chance.randint(110, 980),
        t=chance.choice((23, 40, 70, 85)),
        unit=chance.choice(("件", "套", "只", "个")),
        standard=standard(chance),
        date=day(chance),
        clause=f"{chance.randint(3, 8)}.{chance.randint(1, 5)}.{chance.randint(1, 4)}",
    )


def standard(chance: random.Random) -> str:
    """Return the number of a standard."""
    part = chance.choice(("", "", ".1", ".12"))
    return f"{chance.choice(('GB', 'GB/T', 'QC/T'))} {chance.randint(1100, 39900)}{part}-{chance.randint(2005, 2026)}"


def day(chance: random.Random) -> str:
    """Return a day as notices print it."""
    return f"{chance.randint(2024, 2028)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
