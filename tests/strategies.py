"""Rules made up at random, and edits of which it is known whether they change a requirement.

Everything is drawn from one seeded `Random`, so that a failing case is named by its seed; the Hypothesis strategies
below only draw the seed. A substantive edit says what it did, a layout edit must never matter.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from monitor.documents.document import Document, Part, PartRole, ReaderMark, Table

TextEdit = Callable[[random.Random, str], str | None]
"""An edit of one clause's text; None where the text has nothing for it."""


@dataclass(frozen=True)
class Edited:
    """Two editions, and what was done to the second."""

    old: Document
    new: Document
    what: str


def rule(chance: random.Random) -> Document:
    """Return a rule of some chapters, each with clauses; here and there a table, an annex at the end."""
    parts = [Part(PartRole.COVER, None, "", f"{chance.choice(_PRODUCTS)}产品认证实施规则\n{_code(chance)}")]
    for chapter in range(1, chance.randint(3, 6)):
        parts.append(Part(PartRole.CLAUSE, str(chapter), chance.choice(_HEADINGS), "", (), 1))
        for number in range(1, chance.randint(2, 5)):
            tables = (_table(chance),) if chance.random() < 0.15 else ()
            heading = chance.choice(_HEADINGS) if chance.random() < 0.6 else ""
            parts.append(Part(PartRole.CLAUSE, f"{chapter}.{number}", heading, _body(chance), tables, 2))
    parts.append(Part(PartRole.ANNEX, "附件1", "产品清单", _body(chance), (_table(chance),), 1))
    return document_of(parts)


def document_of(parts: list[Part]) -> Document:
    """Return the parts as a document that a reader might have made."""
    return Document("text", True, None, "", None, None, None, ReaderMark("test", 1), parts=tuple(parts))


def with_substantive_edit(seed: int) -> Edited:
    """Return a rule and the same rule with one requirement changed."""
    chance = random.Random(seed)
    old = rule(chance)
    for _ in range(200):
        name, edit = chance.choice(sorted(_SUBSTANTIVE.items()))
        new = _edited(chance, old, edit)
        if new is not None:
            return Edited(old, new, name)
    raise AssertionError("no edit fits")


def with_layout_edits(seed: int) -> Edited:
    """Return a rule and the same rule printed otherwise, in one to four places."""
    chance = random.Random(seed)
    old = new = rule(chance)
    names = []
    chosen = {chance.choice(list(_LAYOUT)) for _ in range(chance.randint(1, 4))}
    for name in (name for name in _LAYOUT if name in chosen):
        edited = _edited(chance, new, _LAYOUT[name])
        if edited is not None:
            new = edited
            names.append(name)
    return Edited(old, new, ", ".join(names))


def _edited(chance: random.Random, document: Document, edit: TextEdit) -> Document | None:
    """The document with one clause edited."""
    places = [place for place, part in enumerate(document.parts) if part.body]
    chance.shuffle(places)
    for place in places:
        part = document.parts[place]
        body = edit(chance, part.body)
        if body is not None and body != part.body:
            parts = [*document.parts[:place], replace(part, body=body), *document.parts[place + 1 :]]
            return document_of(parts)
    return None


def rules() -> st.SearchStrategy[Document]:
    """Rules of some chapters."""
    return st.integers(0, 10**6).map(lambda seed: rule(random.Random(seed)))


def substantive_edits() -> st.SearchStrategy[Edited]:
    """Rules of which one requirement changes."""
    return st.integers(0, 10**6).map(with_substantive_edit)


def layout_edits() -> st.SearchStrategy[Edited]:
    """Rules that are printed otherwise."""
    return st.integers(0, 10**6).map(with_layout_edits)


def chinese_texts(longest: int = 60) -> st.SearchStrategy[str]:
    """Texts of the signs that rules are made of, in any order."""
    signs = "应宜可不得的和或、，。；：（）()0123456789二三十百年月日件台mmVA GB/T-—:：\n　　样品试验认证机构委托人"
    return st.text(alphabet=signs, max_size=longest)


def _body(chance: random.Random) -> str:
    return "\n".join(
        "".join(_sentence(chance) for _ in range(chance.randint(1, 3))) for _ in range(chance.randint(1, 2))
    )


def _sentence(chance: random.Random) -> str:
    fields = {
        "who": chance.choice(_WHO),
        "must": chance.choice(("应", "宜", "可", "不得", "应当")),
        "do": chance.choice(_DO),
        "what": chance.choice(_WHAT),
        "other": chance.choice(_WHAT),
        "n": chance.randint(2, 90),
        "m": chance.randint(100, 900),
        "unit": chance.choice(("件", "台", "个", "份", "套")),
        "time": chance.choice(("个月", "年", "个工作日", "日", "小时")),
        "size": chance.choice(("mm", "V", "kg", "℃", "%", "MΩ", "kHz")),
        "limit": chance.choice(("≥", "≤", "不大于", "不小于", "超过")),
        "standard": _standard(chance),
        "date": f"{chance.randint(2018, 2030)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日",
        "clause": f"{chance.randint(2, 9)}.{chance.randint(1, 9)}.{chance.randint(1, 9)}",
    }
    return chance.choice(_SENTENCES).format(**fields)


def _standard(chance: random.Random) -> str:
    prefix, part = chance.choice(("GB", "GB/T", "QC/T")), chance.choice(("", ".1", ".2", ".15"))
    return f"{prefix} {chance.randint(1000, 39999)}{part}-{chance.randint(2001, 2025)}"


def _code(chance: random.Random) -> str:
    return f"CCAP-GZ-{chance.randint(1000, 9999)}:{chance.randint(2010, 2025)}"


def _table(chance: random.Random) -> Table:
    rows = [(str(n + 1), name, f"{chance.randint(1, 9)}件", _standard(chance)) for n, name in enumerate(_PRODUCTS[:4])]
    return (("序号", "产品", "样品数量", "依据标准"), *rows)


def _swap(chance: random.Random, text: str, pattern: str, change: Callable[[re.Match[str]], str]) -> str | None:
    """The text with one match of the pattern changed."""
    matches = list(re.finditer(pattern, text))
    if not matches:
        return None
    match = chance.choice(matches)
    return text[: match.start()] + change(match) + text[match.end() :]


def _other_number(chance: random.Random, text: str) -> str | None:
    def change(match: re.Match[str]) -> str:
        return str(int(match[0]) + chance.choice((1, 2, 5, 10)))

    return _swap(chance, text, r"(?<![\d.\-/])\d+(?=\s?(?:件|台|个|份|套|年|mm|V|kg|℃|%|MΩ|kHz|小时))", change)


def _other_word(pairs: dict[str, str]) -> TextEdit:
    def edit(chance: random.Random, text: str) -> str | None:
        return _swap(chance, text, "|".join(map(re.escape, pairs)), lambda match: pairs[match[0]])

    return edit


def _other_year(chance: random.Random, text: str) -> str | None:
    return _swap(chance, text, r"(?<=-)20\d\d", lambda match: str(int(match[0]) + chance.choice((-1, 1, 3))))


def _other_day(chance: random.Random, text: str) -> str | None:
    return _swap(chance, text, r"(?<=月)\d+(?=日)", lambda match: str(int(match[0]) % 28 + 1))


def _no_sentence(chance: random.Random, text: str) -> str | None:
    kept = _swap(chance, text, r"[^。\n]+。", lambda match: "")
    return kept if kept and kept.strip() else None


def _new_sentence(chance: random.Random, text: str) -> str | None:
    return text + _sentence(chance)


def _negated(chance: random.Random, text: str) -> str | None:
    return _swap(chance, text, r"应(?!当|用)", lambda match: "不应")


def _other_reference(chance: random.Random, text: str) -> str | None:
    return _swap(chance, text, r"(?<=见)(\d\.\d)\.(\d)", lambda match: f"{match[1]}.{int(match[2]) + 1}")


_SUBSTANTIVE: dict[str, TextEdit] = {
    "number": _other_number,
    "modal": _other_word({"应": "宜", "宜": "应", "可": "应", "不得": "可"}),
    "limit": _other_word({"≥": "＞", "≤": "＜", "不大于": "小于", "不小于": "不大于", "超过": "不超过"}),
    "unit": _other_word({"mm": "cm", "kg": "g", "个工作日": "日", "个月": "年", "kHz": "Hz", "MΩ": "kΩ", "%": "‰"}),
    "joint": _other_word({"和": "或", "或": "和", "及": "或"}),
    "standard year": _other_year,
    "date": _other_day,
    "sentence gone": _no_sentence,
    "sentence new": _new_sentence,
    "negation": _negated,
    "reference": _other_reference,
    "edge": _other_word({"前": "后", "以上": "以下", "以内": "以外", "每": "首"}),
    "object": _other_word({"样品": "产品", "检测报告": "检查报告", "证书": "标志", "委托人": "生产者"}),
    "standard kind": _other_word({"GB/T ": "GB ", "QC/T ": "GB/T "}),
}


def _wrapped(chance: random.Random, text: str) -> str | None:
    places = [at for at in range(1, len(text)) if "\u4e00" <= text[at] <= "\u9fff" and not text[at - 1].isalnum()]
    places += [at for at in range(1, len(text)) if all("\u4e00" <= sign <= "\u9fff" for sign in text[at - 1 : at + 1])]
    if not places:
        return None
    place = chance.choice(places)
    return text[:place] + chance.choice(("\n", " ", "　", "\n  ")) + text[place:]


def _other_width(chance: random.Random, text: str) -> str | None:
    half = "0123456789()%:;,ABCGT"
    table = str.maketrans(half, "０１２３４５６７８９（）％：；，ＡＢＣＧＴ")
    if chance.random() < 0.5:
        return text.translate(table)
    return text.translate({full: sign for sign, full in zip(half, table.values(), strict=True)} | {0xFF0C: "，"})


def _other_dash(chance: random.Random, text: str) -> str | None:
    return _swap(chance, text, r"(?<=\d)-(?=20\d\d)", lambda match: chance.choice(("—", "－", "–", " - ", "--")))


def _other_space(chance: random.Random, text: str) -> str | None:
    return _swap(chance, text, r"(?<=GB) |(?<=/T) |(?<=\d)(?=mm|V|kg|件|台)", lambda match: "" if match[0] else " ")


def _han_number(chance: random.Random, text: str) -> str | None:
    return _swap(
        chance, text, r"(?<![\d.\-/])\d{1,2}(?=件|台|个|份|套|年(?!\d)|小时)", lambda match: _han(int(match[0]))
    )


def _iso_date(chance: random.Random, text: str) -> str | None:
    forms = ("{}-{:02}-{:02}", "{}.{}.{}", "{}年{:02}月{:02}日", "{}/{}/{}")

    def change(match: re.Match[str]) -> str:
        return chance.choice(forms).format(*(int(number) for number in match.groups()))

    return _swap(chance, text, r"(\d{4})年(\d+)月(\d+)日", change)


def _page_number(chance: random.Random, text: str) -> str | None:
    if "\n" not in text:
        return None
    return text.replace("\n", chance.choice(("\n第 3 页 共 9 页\n", "\n- 4 -\n", "\n5/12\n")), 1)


def _other_spelling(chance: random.Random, text: str) -> str | None:
    pairs = {
        "其他": "其它",
        "应当": "应",
        "以及": "及",
        "不大于": "≤",
        "不小于": "≥",
        "或者": "或",
        "小时": "h",
        "℃": "°C",
    }
    return _swap(chance, text, "|".join(pairs), lambda match: pairs[match[0]])


def _list_marks(chance: random.Random, text: str) -> str | None:
    lines = text.split("\n")
    if len(lines) != 2 or not all(line.endswith("。") for line in lines) or text[0] in "a（(1１":
        return None
    forms = chance.choice((("a) ", "b) "), ("（1）", "（2）"), ("1. ", "2. ")))
    return "\n".join(mark + line for mark, line in zip(forms, lines, strict=False))


_LAYOUT: dict[str, TextEdit] = {
    "list marks": _list_marks,
    "han number": _han_number,
    "date form": _iso_date,
    "spelling": _other_spelling,
    "dash": _other_dash,
    "space": _other_space,
    "width": _other_width,
    "wrapped": _wrapped,
    "page number": _page_number,
}
"""In the order in which they are applied: what words a text has, before how it is printed."""


def _han(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    start = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return start + (digits[ones] if ones or not tens else "")


_PRODUCTS = ("汽车灯具", "制动软管", "安全带", "内饰材料", "电线组件", "插头插座", "门锁铰链")
_HEADINGS = ("适用范围", "认证模式", "申请资料", "型式试验", "工厂检查", "监督", "样品要求", "证书", "变更", "其他要求")
_WHO = ("认证委托人", "生产者", "认证机构", "检测机构", "持证人", "生产企业")
_DO = ("提交", "保存", "确认", "核查", "更新")
_WHAT = ("申请书", "检测报告", "样品", "证书", "产品描述", "关键件清单", "其他资料", "变更说明")
_SENTENCES = (
    "{who}{must}{do}{what}和{other}。",
    "{who}{must}在{n}{time}以内{do}{what}。",
    "样品数量为{n}{unit}，由{who}{do}。",
    "试验按{standard}进行，测得值{limit}{m}{size}。",
    "获证后每{n}个月进行一次监督，{who}{must}配合。",
    "本要求自{date}起实施，{who}{must}于{date}前{do}{what}。",
    "{what}的要求见{clause}，{other}或者{what}{must}一并{do}。",
    "{n}{unit}以上的{what}，{who}{must}{do}{other}以及证书。",
    "依据标准：{standard}、{standard}。",
    "环境温度为{n}℃，持续{n}小时，偏差不大于{n}%。",
)
