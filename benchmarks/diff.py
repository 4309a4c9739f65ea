"""How fast and how readable comparing is, beside the libraries that one would reach for instead.

    python benchmarks/diff.py [--quick] [--pairs FOLDER]

Texts are made up from a fixed seed: articles of 60 to 200 characters in chapters, 10,000, 100,000 and 500,000
characters in all, with few amendments (20), many (one for every 150 characters), moved blocks (6 of 5 articles), and
renumbered (3 articles put in front, every number and every reference after them one higher). Each peer compares the
texts in a process of its own; one that does not answer within the limit is given up and shown as "> N s". Ours
compares the documents as the reader left them: clauses aligned, labelled, diffed and judged. With --pairs the texts are
not made up: each folder in FOLDER holds an old.md and a new.md, two editions of one document; "all" adds them up.

ms: processor time, best of several runs · judging: the part of it in which we say whether a change matters and why,
which no peer does · MB: what the process grew by at most · fragments: deletions and insertions, a moved clause counts
as one · changed: characters in them · exact: whether old and new text come back from the edits. The line "amended"
says how many clauses differ, whoever compares them: no true answer has fewer fragments.
"""

import argparse
import difflib
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cydifflib
import fast_diff_match_patch  # type: ignore[import-not-found, unused-ignore]
from redlines import Redlines

from monitor.changes import entries
from monitor.changes.align import align
from monitor.changes.change import Op
from monitor.changes.compare import compare_documents
from monitor.changes.diff import apply_edits
from monitor.changes.side import part_text, side_of
from monitor.documents.document import Document, Part, PartRole, ReaderMark
from monitor.documents.reader import read_text_document

SIZES = (10_000, 100_000, 500_000)
KINDS = ("few", "many", "moved", "renumbered")


@dataclass(frozen=True)
class Article:
    """One article; `key` says which it is in both editions, `cites` another that its text refers to."""

    key: int
    body: str
    cites: int | None = None


@dataclass(frozen=True)
class Result:
    """What one engine made of one pair of texts."""

    seconds: float
    megabytes: float
    fragments: int
    changed: int
    exact: bool
    judging: float | None = None

    def __add__(self, other: "Result") -> "Result":
        """What the engine made of two pairs, one after the other."""
        return Result(
            self.seconds + other.seconds,
            max(self.megabytes, other.megabytes),
            self.fragments + other.fragments,
            self.changed + other.changed,
            self.exact and other.exact,
            None if self.judging is None or other.judging is None else self.judging + other.judging,
        )


Engine = Callable[[Document, Document], Result]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10,000 and 100,000 characters only")
    parser.add_argument("--limit", type=int, default=20, help="seconds after which a peer is given up")
    parser.add_argument("--pairs", type=Path, metavar="FOLDER", help="compare these editions instead of made-up texts")
    asked = parser.parse_args()
    columns = f"{'ms':>9}{'judging':>9}{'MB':>7}{'fragments':>11}{'changed':>10}  exact"
    print(f"{'characters':>10} {'kind':<11}{'engine':<22}{columns}")
    if asked.pairs:
        _print_pairs(asked.pairs, asked.limit)
        return
    for size in SIZES[:2] if asked.quick else SIZES:
        for kind in KINDS:
            print(f"{size:>10,} {kind:<11}{'amended':<22}{'':>25}{_amended_clauses(size, kind):>11,}")
            old, new = (document_of(articles) for articles in make_pair(size, kind))
            _print_engines(size, kind, old, new, asked.limit)
    _print_alignment()


def _print_pairs(folder: Path, limit: int) -> None:
    """A row for each pair of editions in the folder, and the sum of what each engine made of all that it ended."""
    sums: dict[str, list[Result | None]] = {}
    size = 0
    for pair in sorted(path for path in folder.iterdir() if path.is_dir()):
        old, new = (read_text_document((pair / name).read_text("utf-8")) for name in ("old.md", "new.md"))
        size += len(text_of(old))
        for name, result in _print_engines(len(text_of(old)), pair.name, old, new, limit).items():
            sums.setdefault(name, []).append(result)
    for name, results in sums.items():
        ended = [result for result in results if result]
        _print_result(size, "all", name, sum(ended[1:], ended[0]) if len(ended) == len(results) else None, limit)


def _print_engines(size: int, kind: str, old: Document, new: Document, limit: int) -> dict[str, Result | None]:
    """Compare the two by every engine, print a row for each as it ends, and return what they made of it."""
    results: dict[str, Result | None] = {}
    for name, engine in ENGINES.items():
        results[name] = _in_own_process(engine, old, new, limit)
        _print_result(size, kind, name, results[name], limit)
    return results


def _print_result(size: int, kind: str, name: str, result: Result | None, limit: int) -> None:
    start = f"{size:>10,} {kind:<11}{name:<22}"
    if result is None:
        print(f"{start}{'> ' + str(limit) + ' s':>9}", flush=True)
        return
    exact = "yes" if result.exact else "NO"
    judging = "" if result.judging is None else f"{result.judging * 1000:.1f}"
    print(
        f"{start}{result.seconds * 1000:>9.1f}{judging:>9}{result.megabytes:>7.0f}"
        f"{result.fragments:>11,}{result.changed:>10,}  {exact}",
        flush=True,
    )


def _in_own_process(engine: Engine, old: Document, new: Document, limit: int) -> Result | None:
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=lambda: theirs.send(engine(old, new)))
    process.start()
    try:
        if mine.poll(limit):
            return mine.recv()  # type: ignore[no-any-return]
        return None
    finally:
        process.kill()
        process.join()


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


def text_of(document: Document) -> str:
    """Return the document as one text, for those who compare texts."""
    parts = zip(document.parts, map(part_text, document.parts), strict=True)
    return "\n".join(f"{part.path}　{text}" if part.path else text for part, text in parts)


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


def _amended_clauses(size: int, kind: str) -> int:
    """How many clauses stand on one side only, or at another place."""
    old, new = make_pair(size, kind)
    if kind == "moved":
        return 6 * 5
    theirs = {article.key: text for article, text in zip(old, _bodies(old), strict=True)}
    return sum(theirs.get(article.key) != text for article, text in zip(new, _bodies(new), strict=True))


def _bodies(articles: list[Article]) -> list[str]:
    return [part.body for part in document_of(articles).parts]


class _Stopwatch:
    """Wraps a function and adds up the processor time spent in it."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *arguments: object) -> object:
        start = time.process_time()
        try:
            return self.function(*arguments)
        finally:
            self.seconds += time.process_time() - start


def _measured(run: Callable[[], object], read: Callable[[object], tuple[int, int, bool]]) -> Result:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, outcome, spent = float("inf"), None, 0.0
    for _ in range(7):
        start = time.process_time()
        outcome = run()
        seconds = min(seconds, time.process_time() - start)
        spent += time.process_time() - start
        if spent > 3:
            break
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Result(seconds, memory, *read(outcome))


def _with_judging(result: Result, run: Callable[[], object]) -> Result:
    """The result, with the least time that judging took in further runs."""
    judge, least = entries.judge, float("inf")
    for _ in range(5):
        entries.judge = watch = _Stopwatch(judge)  # type: ignore[assignment]
        run()
        least = min(least, watch.seconds)
    entries.judge = judge
    return replace(result, judging=least)


def _ours(old: Document, new: Document) -> Result:
    side, other = side_of(old), side_of(new)

    def read(outcome: object) -> tuple[int, int, bool]:
        clauses = outcome.clauses  # type: ignore[attr-defined]
        edits = [edit for c in clauses for edit in c.edits if edit.op != "equal"]
        moved = sum(c.op is Op.MOVED for c in clauses)
        exact = all(apply_edits(c.edits) == (c.old or "", c.new or "") for c in clauses)
        olds = sorted(c.old for c in clauses if c.old is not None)
        exact = exact and olds == sorted(side.texts) and [c.new for c in clauses if c.new is not None] == [*other.texts]
        return len(edits) + moved, sum(len(edit.text) for edit in edits), exact

    return _with_judging(_measured(lambda: compare_documents(old, new), read), lambda: compare_documents(old, new))


def _peer(diff: Callable[[str, str], object], spans: Callable[[object, str, str], Iterable[tuple[str, str, str]]]):  # type: ignore[no-untyped-def]
    """An engine that compares texts; `spans` reads its answer as (operation, old text, new text)."""

    def engine(before: Document, after: Document) -> Result:
        old, new = text_of(before), text_of(after)

        def read(outcome: object) -> tuple[int, int, bool]:
            listed = list(spans(outcome, old, new))
            fragments = [text for op, *sides in listed if op != "equal" for text in sides if text]
            exact = ("".join(s[1] for s in listed), "".join(s[2] for s in listed)) == (old, new)
            return len(fragments), sum(map(len, fragments)), exact

        return _measured(lambda: diff(old, new), read)

    return engine


def _opcode_spans(outcome: object, old: str, new: str) -> Iterator[tuple[str, str, str]]:
    for tag, a, b, c, d in outcome:  # type: ignore[attr-defined]
        yield tag, old[a:b], new[c:d]


def _patch_spans(outcome: object, old: str, new: str) -> Iterator[tuple[str, str, str]]:
    at = other = 0
    for op, length in outcome:  # type: ignore[attr-defined]
        took, gave = (length if op in "=-" else 0), (length if op in "=+" else 0)
        name = "equal" if op == "=" else "changed"
        yield name, old[at : at + took], new[other : other + gave]
        at, other = at + took, other + gave


def _redline_spans(outcome: object, old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """Redlines tells its operations on chunks whose line breaks it replaces: what comes back is not the text."""
    yield from outcome  # type: ignore[misc]


def _redline(old: str, new: str) -> list[tuple[str, str, str]]:
    spans = []
    for operation in Redlines(old, new)._diff_operations or ():
        tag, a, b, c, d = operation.opcodes
        spans.append((tag, "".join(operation.source_chunk.text[a:b]), "".join(operation.test_chunk.text[c:d])))
    return spans


ENGINES: dict[str, Engine] = {
    "rulewatch": _ours,
    "fast-diff-match-patch": _peer(lambda old, new: fast_diff_match_patch.diff(old, new, timelimit=0), _patch_spans),
    "cydifflib": _peer(
        lambda old, new: cydifflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), _opcode_spans
    ),
    "difflib": _peer(lambda old, new: difflib.SequenceMatcher(None, old, new).get_opcodes(), _opcode_spans),
    "redlines": _peer(_redline, _redline_spans),
}


def _print_alignment() -> None:
    """Alignment alone: 1,260 articles, 20 % edited, 3 % each inserted, removed and moved, then renumbered."""
    print(f"\n{'alignment of 1,260':<20}{'ms':>8}{'precision':>11}{'recall':>9}")
    for seed in range(5):
        old, new = _mutated(random.Random(seed))
        before, after = side_of(document_of(old)), side_of(document_of(new))
        seconds, found = float("inf"), align(before, after)
        for _ in range(5):
            start = time.process_time()
            found = align(before, after)
            seconds = min(seconds, time.process_time() - start)
        truth = {(i, j) for j, b in enumerate(new) for i in [b.key] if 0 <= i < len(old)}
        pairs = {(i, j) for i, j in enumerate(found.partner) if j >= 0}
        right = len(truth & pairs)
        print(f"seed {seed:<15}{seconds * 1000:>8.1f}{right / len(pairs):>11.4f}{right / len(truth):>9.4f}")


def _mutated(chance: random.Random) -> tuple[list[Article], list[Article]]:
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


if __name__ == "__main__":
    main()
