"""Editions of one document, made up from a fixed seed: articles in two editions that differ in a known way."""

import random
from dataclasses import dataclass

from monitor.documents.document import Document, Part, PartRole, ReaderMark

KINDS = ("few", "many", "moved", "renumbered")


@dataclass(frozen=True)
class Article:
    """One article; `key` says which it is in both editions, `cites` another that its text refers to."""

    key: int
    body: str
    cites: int | None = None


def make_pair(size: int, kind: str) -> tuple[list[Article], list[Article]]:
    """Return both editions as articles."""
    chance = random.Random(size)
    old = _articles(size, chance)
    return old, _EDITIONS[kind](list(old), chance)


def _articles(size: int, chance: random.Random) -> list[Article]:
    articles: list[Article] = []
    written = 0
    while written < size:
        body = "".join(_sentence(chance) for _ in range(chance.randint(2, 5)))
        cites = chance.randrange(len(articles)) if articles and chance.random() < 0.15 else None
        articles.append(Article(len(articles), body, cites))
        written += len(body) + 6
    return articles


def _sentence(chance: random.Random) -> str:
    pieces = (chance.choice(_WHO), chance.choice(_MUST), "".join(chance.choices(_WORDS, k=chance.randint(5, 14))))
    return "".join((*pieces, "，", *chance.choices(_WORDS, k=chance.randint(3, 8)), "。"))


def _few(articles: list[Article], chance: random.Random) -> list[Article]:
    return _amended(articles, min(20, len(articles)), chance)


def _many(articles: list[Article], chance: random.Random) -> list[Article]:
    return _amended(articles, sum(len(article.body) for article in articles) // 150, chance)


def _amended(articles: list[Article], edits: int, chance: random.Random) -> list[Article]:
    for place in chance.choices(range(len(articles)), k=edits):
        article = articles[place]
        articles[place] = Article(article.key, _amend(article.body, chance), article.cites)
    return articles


def _amend(body: str, chance: random.Random) -> str:
    """One amendment of a kind that editions show: words replaced, added or dropped."""
    at, length = chance.randrange(len(body)), chance.choice((0, 2, 4, 6))
    words = "".join(chance.choices(_WORDS, k=chance.randint(1, 3)))
    return body[:at] + (words if chance.random() < 0.8 or not length else "") + body[at + length :]


def _moved(articles: list[Article], chance: random.Random) -> list[Article]:
    for _ in range(6):
        start = chance.randrange(len(articles) - 5)
        block, articles = articles[start : start + 5], articles[:start] + articles[start + 5 :]
        target = chance.randrange(len(articles))
        articles = articles[:target] + block + articles[target:]
    return articles


def _renumbered(articles: list[Article], chance: random.Random) -> list[Article]:
    return [Article(-1 - number, _sentence(chance) * 2) for number in range(3)] + articles


_EDITIONS = {"few": _few, "many": _many, "moved": _moved, "renumbered": _renumbered}


def document_of(articles: list[Article]) -> Document:
    """Return the edition as the reader leaves it."""
    places = {article.key: number + 1 for number, article in enumerate(articles)}
    parts = (
        Part(PartRole.CLAUSE, f"第{_han(number + 1)}条", "", _text_of(article, places), (), 3)
        for number, article in enumerate(articles)
    )
    return Document("text", True, None, "", None, None, None, ReaderMark("text", 1), parts=tuple(parts))


def _text_of(article: Article, places: dict[int, int]) -> str:
    if article.cites is None:
        return article.body
    return f"{article.body}违反第{_han(places[article.cites])}条的，依照前款处理。"


def _han(number: int) -> str:
    digits, text = "零一二三四五六七八九", ""
    for value, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        count, number = divmod(number, value)
        if count:
            text += digits[count] + sign
        elif text and number and not text.endswith("零"):
            text += "零"
    return text


def amended_clauses(kind: str, old: list[Article], new: list[Article]) -> int:
    """How many clauses stand on one side only, or at another place."""
    if kind == "moved":
        return 6 * 5
    theirs = {article.key: text for article, text in zip(old, _bodies(old), strict=True)}
    return sum(theirs.get(article.key) != text for article, text in zip(new, _bodies(new), strict=True))


def _bodies(articles: list[Article]) -> list[str]:
    return [part.body for part in document_of(articles).parts]


def mutated(chance: random.Random) -> tuple[list[Article], list[Article]]:
    """Return 1,260 articles, and the same with 20 % edited and 3 % each removed, inserted and moved."""
    old = _articles(1260 * 130, chance)[:1260]
    new = [_mutate(article, chance) for article in old if chance.random() >= 0.03]
    for number in range(len(old) * 3 // 100):
        new.insert(chance.randrange(len(new)), Article(-1 - number, _sentence(chance) + _sentence(chance)))
        new.insert(chance.randrange(len(new) - 1), new.pop(chance.randrange(len(new))))
    return old, [Article(a.key, a.body) for a in new]


def _mutate(article: Article, chance: random.Random) -> Article:
    if chance.random() >= 0.2:
        return article
    body = article.body
    for _ in range(chance.randint(1, 3) if chance.random() < 0.75 else 8):
        body = _amend(body, chance)
    return Article(article.key, body)


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_WHO = (
    "认证委托人",
    "生产者",
    "生产企业",
    "认证机构",
    "检测机构",
    "获证组织",
    "持证人",
    "检查员",
    "监督管理部门",
    "任何单位",
)


_MUST = ("应当", "应", "可以", "不得", "必须", "宜", "有权", "负责", "有义务")


_WORDS = _listed(
    """
提交 保存 变更 申请 批准 撤销 暂停 恢复 注销 确认 核查 检验 试验 抽样 监督 记录 报告 通知 公布 解释 制定 修订 执行 评价
审查 产品 证书 标志 样品 工厂 设备 材料 标准 规则 资料 文件 程序 制度 计划 结果 结论 意见 期限 费用 责任 数量 型号 规格
单元 安全 质量 有效 完整 真实 准确 及时 一致 合格 符合 相关 全部 主要 关键 必要 书面 公开 统一 定期 例行 初始 年度 首次
重大 以及 并且 或者 按照 依据 对于 涉及 包括 除外 其中 同时 之前 之后 期间 范围内 条件下 三日内 五件 每年 两次 国家 行业
十二个月 企业 单位 个人 公众 市场 进口 出口 销售 使用 生产 加工 运输 储存 包装 说明书 铭牌 图样 清单 台账 档案
原件 签字 盖章
"""
)
