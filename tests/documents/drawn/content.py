"""Draws a rule: cover, clauses three deep, annexes, fees, lists, tables, notes; and changes one digit of it."""

import random
from dataclasses import replace

from tests.documents.drawn import words
from tests.documents.drawn.values import Block, Change, Clause, Digit, Look, Rule, Table

_NOT_CONTENT = {"title", "english", "code", "edition", "caption"}
"""Kinds of block whose digits are repeated elsewhere (in running heads), or belong to a numbering."""

WATERMARKS = ("", "", "内部资料注意保存", "仅供查阅", "受控文件")
FEET = ("", "- {n} -", "{n}", "第 {n} 页 共 {of} 页", "{n}/{of}", "Page {n} of {of}", "— {n} —", "第{n}页")
RUNNING = ("", "{title}", "{code}", "{code}　第{n}页", "alike", "annexes")


def draw_rule(seed: int) -> Rule:
    """Return the rule of a seed."""
    chance = random.Random(f"rule {seed}")
    look = _look(chance)
    product = chance.choice(words.PRODUCTS)
    title = f"{product}产品认证实施规则"
    code = f"{chance.choice(('CCAP-GZ', 'CQC11'))}-{chance.randint(1100, 9900)}:{chance.randint(2015, 2026)}"
    blocks = _cover(chance, look, product, code)
    blocks += _articles(chance) if chance.random() < 0.15 else _chapters(chance)
    blocks += _annexes(chance)
    return Rule(title, code, tuple(blocks), look)


def _look(chance: random.Random) -> Look:
    extras = [name for name in EXTRAS if chance.random() < 0.4]
    return Look(
        cover=chance.choice(("spaced", "lines", "bilingual", "edition", "revisions", "plain")),
        contents=chance.choice(("", ".", "…", "·", " ")),
        leader=chance.choice((".", "…", "·", "……")),
        running=chance.choice(RUNNING),
        foot=chance.choice(FEET),
        watermark=chance.choice(WATERMARKS),
        two_columns=chance.random() < 0.15,
        numbered_by_word=chance.random() < 0.5,
        size=chance.choice((10.5, 12, 14)),
        margin=chance.choice((64, 72, 85)),
        repeat_table_heads=chance.random() < 0.5,
        extras=frozenset(extras),
    )


EXTRAS = (
    "comment",
    "deleted",
    "hidden",
    "placeholder",
    "annotation",
    "inserted",
    "footnote",
    "box",
    "sideways",
    "field",
)


def _cover(chance: random.Random, look: Look, product: str, code: str) -> list[Block]:
    blocks = [Block("code", (code,))]
    name = f"{product}产品认证实施规则"
    if look.cover == "spaced":
        blocks += [Block("spaced", ("产 品 认 证 实 施 规 则",)), Block("title", (product,))]
    elif look.cover == "lines":
        blocks += [Block("title", (f"{product}产品", "认证实施规则"))]
    elif look.cover == "bilingual":
        english = "Implementation Rules for Voluntary Certification"
        blocks += [Block("title", (name,)), Block("english", (english,))]
    else:
        blocks += [Block("title", (name,))]
    if look.cover == "edition":
        blocks += [Block("edition", (f"第{chance.choice('ABC')}/{chance.randint(0, 3)}版",))]
    blocks += [Block("days", (f"{words.day(chance)}发布", f"{words.day(chance)}实施"))]
    if look.cover == "revisions":
        blocks += [Block("heading", ("修订记录",)), _revisions(chance)]
    return blocks


def _revisions(chance: random.Random) -> Block:
    cells = ["版次", "修订内容", "日期"]
    for number in range(chance.randint(2, 4)):
        cells += [f"A/{number}", chance.choice(("首次发布", "换版", "依据标准更新")), words.day(chance)]
    return Block("table", tuple(cells), columns=3, fixed=frozenset(range(0, len(cells), 3)))


def _chapters(chance: random.Random) -> list[Block]:
    blocks: list[Block] = []
    for chapter, heading in enumerate(chance.sample(words.CHAPTERS, chance.randint(3, 5)), start=1):
        colon = "：" if chance.random() < 0.1 else ""
        blocks.append(Block("clause", (heading + colon, *_paragraphs(chance, 0, 1)), str(chapter), 1))
        for section in range(1, chance.randint(2, 4)):
            blocks.append(_clause(chance, f"{chapter}.{section}", 2))
            for clause in range(1, chance.choice((1, 1, 3, 4))):
                blocks.append(_clause(chance, f"{chapter}.{section}.{clause}", 3))
            blocks += _something(chance)
    blocks.append(Block("paragraph", (words.ALIKE,)))
    return blocks


def _clause(chance: random.Random, path: str, level: int) -> Block:
    headless = chance.random() < 0.3
    heading = "" if headless else chance.choice(words.HEADINGS)
    return Block("clause", (heading, *_paragraphs(chance, 1, 2)), path, level)


def _articles(chance: random.Random) -> list[Block]:
    blocks, number = [], 0
    for chapter in "一二三"[: chance.randint(2, 3)]:
        blocks.append(Block("clause", (chance.choice(words.CHAPTERS),), f"第{chapter}章", 1))
        for _ in range(chance.randint(2, 3)):
            number += 1
            blocks.append(
                Block("clause", ("", *_paragraphs(chance, 1, 2)), f"第{'一二三四五六七八九'[number - 1]}条", 2)
            )
    return [*blocks, *_something(chance), Block("paragraph", (words.ALIKE,))]


def _paragraphs(chance: random.Random, least: int, most: int) -> list[str]:
    count = chance.randint(least, most)
    return ["".join(words.sentence(chance) for _ in range(chance.randint(1, 3))) for _ in range(count)]


def _something(chance: random.Random) -> list[Block]:
    kinds = (_nothing, _nothing, _list, _fees, _table, _long_table, _note, _field, _box, _footnote, _sideways)
    return chance.choice(kinds)(chance)


def _nothing(chance: random.Random) -> list[Block]:
    return []


def _list(chance: random.Random) -> list[Block]:
    items = [f"{mark}) {words.sentence(chance)}" for mark in "abcd"[: chance.randint(2, 4)]]
    return [Block("list", tuple(items))]


def _fees(chance: random.Random) -> list[Block]:
    unit = chance.choice(("元", "", "元/单元"))
    names = chance.sample(words.FEES, chance.randint(3, 6))
    return [Block("fees", tuple(text for name in names for text in (name, f"{chance.randint(1, 98) * 100}{unit}")))]


def _table(chance: random.Random, rows: int = 0) -> list[Block]:
    rows = rows or chance.randint(3, 7)
    cells = ["序号", "项目", "要求", "依据标准", "数量"]
    for number in range(1, rows + 1):
        cells += [str(number), chance.choice(words.STANDARD_WORDS), chance.choice(words.LIMITS)]
        cells += [words.standard(chance), f"{chance.randint(1, 9)}件"]
    ruling = chance.choice(("grid", "grid", "sides", "open", "three"))
    spans, ragged = _merged(chance, cells, rows) if ruling == "grid" else (), chance.random() < 0.3
    fixed = frozenset(range(0, len(cells), 5))
    if ragged:
        row = chance.randint(2, rows)
        cells[row * 5 + 3 : row * 5 + 5] = ["", ""]
    title = Block("caption", (f"表{chance.randint(1, 9)} {chance.choice(('试验项目', '检测要求', '样品一览'))}",))
    return [title, Block("table", tuple(cells), columns=5, fixed=fixed, spans=spans, ragged=ragged, ruling=ruling)]


def _merged(chance: random.Random, cells: list[str], rows: int) -> tuple[tuple[int, int, int, int], ...]:
    """Sometimes one cell of the second column for two rows."""
    if chance.random() < 0.6:
        return ()
    row = chance.randint(1, rows - 1)
    cells[(row + 1) * 5 + 1] = ""
    return ((row, 1, 2, 1),)


def _long_table(chance: random.Random) -> list[Block]:
    return _table(chance, chance.randint(22, 38)) if chance.random() < 0.4 else _table(chance)


def _note(chance: random.Random) -> list[Block]:
    return [Block("note", (words.sentence(chance, words.NOTE),))]


def _field(chance: random.Random) -> list[Block]:
    value = f"20{chance.randint(26, 29)}-{chance.randint(10, 12)}-{chance.randint(10, 28)}"
    return [Block("field", ("持证人应于 ", value, " 前完成证书转换。"))]


def _box(chance: random.Random) -> list[Block]:
    return [Block("box", (words.sentence(chance, words.BOX),))]


def _footnote(chance: random.Random) -> list[Block]:
    return [Block("footnote", (words.sentence(chance), words.sentence(chance, words.FOOTNOTE)))]


def _sideways(chance: random.Random) -> list[Block]:
    return [Block("sideways", (words.sentence(chance, words.SIDEWAYS),))]


def _annexes(chance: random.Random) -> list[Block]:
    """Annexes of one page each that say nearly the same."""
    blocks: list[Block] = []
    for number in range(1, chance.choice((0, 1, 3, 4, 6)) + 1):
        said = words.sentence(chance, words.ANNEX_SENTENCE)
        lines = [said, *_paragraphs(chance, 0, 1)] if chance.random() < 0.7 else [*_paragraphs(chance, 1, 1), said]
        blocks.append(Block("annex", (f"{chance.choice(words.PRODUCTS)}的试验要求", *lines), f"附件{number}", 1))
        if chance.random() < 0.3:
            blocks += chance.choice((_table, _fees, _list))(chance)
    return blocks


def digits_of(rule: Rule) -> tuple[Digit, ...]:
    """Return every digit that may be changed, in reading order."""
    return tuple(
        Digit(number, place, at, block.kind)
        for number, block in enumerate(rule.blocks)
        if block.kind not in _NOT_CONTENT
        for place, text in enumerate(block.texts)
        if place not in block.fixed
        for at, sign in enumerate(text)
        if sign in "0123456789"
    )


def changed(rule: Rule, k: int, digit: int) -> tuple[Rule, Change]:
    """Return the rule with its k-th digit (counted round) made `digit`, or the next that makes it another.

    No number becomes one with a leading nought, which a sheet would not print.
    """
    places = digits_of(rule)
    place = places[k % len(places)]
    block = rule.blocks[place.block]
    before = block.texts[place.text]
    was = before[place.at]
    refused = (was, "0") if before.isdigit() and place.at == 0 else (was,)
    now = next(one for more in range(3) if (one := str((digit + more) % 10)) not in refused)
    after = before[: place.at] + now + before[place.at + 1 :]
    texts = (*block.texts[: place.text], after, *block.texts[place.text + 1 :])
    blocks = (*rule.blocks[: place.block], replace(block, texts=texts), *rule.blocks[place.block + 1 :])
    return replace(rule, blocks=blocks), Change(place.kind, place.at, was, now, before, after)


def text_of(rule: Rule) -> tuple[str, ...]:
    """Return every line and cell of the rule in reading order; a clause's number is a line of its own."""
    lines: list[str] = []
    for block in rule.blocks:
        lines += [block.path] if block.path else []
        lines += ["".join(block.texts)] if block.kind == "field" else [text for text in block.texts if text]
    return tuple(lines)


def clauses_of(rule: Rule) -> tuple[Clause, ...]:
    """Return the clauses, articles and annexes; what follows one belongs to its body, tables apart."""
    found: list[Clause] = []
    for block in rule.blocks:
        if block.path:
            found.append(Clause(block.path, block.texts[0], block.texts[1:]))
        elif found and block.kind in ("list", "note", "paragraph", "field"):
            more = ("".join(block.texts),) if block.kind == "field" else block.texts
            found[-1] = replace(found[-1], body=(*found[-1].body, *more))
    return tuple(found)


def tables_of(rule: Rule) -> tuple[Table, ...]:
    """Return the cells of every table."""
    return tuple(block.rows for block in rule.blocks if block.kind == "table")
