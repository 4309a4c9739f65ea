"""Titles as such lists bear them: rules with codes, notices, and what else an authority has to say."""

from random import Random

_PRODUCTS = (
    "汽车用制动盘",
    "机动车用喇叭",
    "电动汽车用高压连接器",
    "汽车门锁及门铰链",
    "摩托车发动机",
    "起重机用钢丝绳组件",
    "车载激光雷达",
    "汽车座椅头枕",
    "工业用插头插座",
    "电弧焊机",
    "汽车遮阳板",
    "童车零部件",
    "汽车风窗玻璃刮水器",
    "燃料电池堆",
    "电动自行车充电器",
    "防护服装",
)
_STANDARDS = (
    "GB 27887-2024",
    "GB/T 15579.5-2023",
    "QC/T 741-2014",
    "GB 38031-2025",
    "GB/T 18655-2018",
    "JB/T 10238-2017",
)
_OTHERS = (
    "关于{year}年{feast}放假安排的通知",
    "关于举办{product}认证技术培训班的通知",
    "中心领导赴{city}调研汽车零部件产业",
    "{city}分中心乔迁公告",
    "关于征求《{product}认证规则》（征求意见稿）意见的函",
    "关于公布{year}年度优秀检查员名单的公告",
    "第{n}届认证技术论坛在{city}召开",
    "关于网上业务系统升级维护的公告（{n}）",
    "Notice on Holiday Arrangements for {feast_en} {year}",
    "{product}质量提升行动启动",
    "招聘启事（{year}年第{n}号）",
    "喜报：我中心再获殊荣之{n}",
    "致全体获证企业的一封信（{n}）",
    "送样补充说明（{n}）",
)
_NOTICES = (
    "关于{standard}标准换版工作的通知（第{n}号）",
    "关于实施{code}《{product}认证规则》有关要求的通知",
    "关于暂停部分企业认证证书的公告（{year}年第{n}号）",
    "关于废止《{product}自愿性认证实施规则》（{code}）的公告",
    "关于更正{standard}换版期限的公告之{n}",
    "关于调整{product}认证单元划分的决定（{n}）",
)


def rule_code(random: Random) -> str:
    """Return a rule's code as one of the two authorities would make it."""
    year = random.randint(2005, 2026)
    if random.random() < 0.5:
        return f"CQC{random.choice((11, 12, 13, 15, 16))}-{random.randint(300000, 499999)}-{year}"
    return (
        f"CCAP-{random.choice(('GZ', 'SB', 'SBM'))}-{random.randint(1000, 9999)}:{year}{random.choice(('', '', 'A'))}"
    )


def titles(random: Random, count: int, kind: str) -> list[str]:
    """Return titles that all differ: of rules, of notices, or of both with news between (`mixed`)."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[_title(random, kind)] = None
    return list(found)


def _title(random: Random, kind: str) -> str:
    words = {
        "year": random.randint(2015, 2026),
        "n": random.randint(1, 60),
        "product": random.choice(_PRODUCTS),
        "city": random.choice(("天津", "重庆", "武汉", "长春", "广州")),
        "feast": random.choice(("春节", "清明节", "端午节", "国庆节")),
        "feast_en": random.choice(("Spring Festival", "National Day")),
        "standard": random.choice(_STANDARDS),
        "code": rule_code(random),
    }
    if kind == "rules":
        shape = random.choice(
            ("{code} {product}认证规则", "{product}自愿性认证实施规则（{code}）", "{code}《{product}认证规则》")
        )
    else:
        shape = random.choice(_NOTICES if kind == "notices" and random.random() < 0.6 else (*_OTHERS, *_NOTICES))
    return shape.format(**words)
