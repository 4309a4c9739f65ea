"""Spellings of one word, and typing errors: what a reader corrects without thinking.

`PHRASES` lists words that are the same word (其它 and 其他, 应当 and 应). A typing error is recognised by what it does
to the word: one side has a word there, the other has none, and the two signs are typed or look alike. Signs that turn
a requirement (不, 未, 应, numerals …) are never taken for one.
"""

from functools import lru_cache
from importlib.resources import files


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_CLASSES = """
其他 其它
登录 登陆
账 帐
部分 部份
成分 成份
身份 身分
作为 做为
作出 做出
当作 当做
图像 图象
录像 录象
想象 想像
撤销 撤消
抵消 抵销
注销 注消
核销 核消
报销 报消
签订 签定
缴纳 交纳
启用 起用
截至 截止至 截止到 截止
连接 联接
粘贴 黏贴
黏度 粘度
订购 定购
订单 定单
必须 必需
即时 既时
给予 给与
赋予 赋与
分量 份量
唯一 惟一
记录 纪录
阈值 阀值
坐标 座标
应 应当 应该
可 可以
或 或者
且 并且 而且
和 及 与 以及
按 按照 依照 依据 根据
如 如果 若 倘若
但 但是
因 因为
需 需要
能 能够
约 大约
前 之前 以前
后 之后 以后
内 之内 以内
检查 检察
贴 帖
仅 仅仅
摩擦 磨擦
折叠 折迭
覆盖 复盖
其余 其馀
报道 报导
联系 连系
过分 过份
"""
PHRASES: dict[str, str] = {
    word: line.split()[0] for line in _CLASSES.strip().splitlines() for word in line.split() if len(line.split()) > 1
}
"""Spelling → the word by which all its spellings are equal; a word of one sign maps to itself."""

_FREE = "的地得了"
"""Particles whose choice, presence or absence alone asks nothing else of anybody."""
_ASKING = frozenset("不非无未没勿免禁否应宜可须必能得需或")
"""Signs that make or break a requirement wherever they stand."""
_NEVER_A_SLIP = _ASKING | frozenset(
    "和及与且并每各仅只至到前后上下内外左右大小多少高低长短新旧负加减增年月日时分秒"
    "件台套个只批组张倍元次人家项页种条两半一二三四五六七八九十百千万亿〇零甲乙丙丁有全部分首末再"
)
_SLIPS_ALL_THE_SAME = ({"人", "入"}, {"未", "末"})
_OFTEN_WRONG = "己巳末"
"""Signs that stand for 已 and 未 wherever they make no word with their neighbours."""
_TERMS = _listed("""
型式试验 实施规则 认证规则 认证证书 认证机构 认证委托 委托人 生产者 生产企业 工厂检查 监督检查 获证后
持证人 初始检查 初始审查 一致性 检测报告 试验报告 检验报告 检测机构 实验室 认证标志 实施细则 关键件
关键零部件 产品描述 质量保证 认证单元 单元划分 认证申请 变更申请 证书有效期 有效期 过渡期 技术要求
试验方法 型号规格 规格型号 抽样检测 样品数量 认证模式 跟踪检查 认证范围 适用范围 规范性引用 修改单 强制性
自愿性 国家标准 行业标准 生产厂 补充试验 差异试验 铭牌 说明书 附加条件 评价 标准
符合标准 符合要求 符合规定 符合本规则
""")
_LOOK_ALIKE = _listed("""
己已巳 末未 侧测则 淮准 人入 日曰 土士 治冶 拆折 徽微 辩辨辫 住往 申甲由 贷货 抽轴 侯候 即既 券卷
持恃 汽气 密蜜 搏博 徒徙 戊戌戍 风凤 幕慕墓 刺剌 今令 洒酒 盲育 末来 爱受 复夏 祥详 扰拢 历厉 沿治
析折 辐幅 域城 熔溶 挡档 哀衰 狠狼 栽裁载 竟竞 崇祟 茶荼 暑署 坏环 胜性 状壮 贴帖 副付 准惟 检捡
型形 规观 认仞 证征 标际 样祥 查杳 验脸 质盾 量置 程呈 认让 厂广 关夫 书节 委季 评平 员贡 备各
实买 施旋 期斯 料枓 品晶 产严 据剧 限陷 符府 号另
""")


def is_particle_only(old: str, new: str) -> bool:
    """Return whether two stretches differ in 的, 地, 得, 了 and nothing else."""
    return old.strip(_FREE) == new.strip(_FREE) == ""


def is_typing_error(before: str, old: str, new: str, after: str) -> bool:
    """Return whether old and new, between the same neighbours, are one word typed right and typed wrong."""
    if len(old) == len(new) == 1:
        return _is_slip(before, old, new, after)
    if len(old) == len(new) == 2 and old == new[::-1]:
        return _is_swapped(before[-1:], old, new, after[:1])
    if not old or not new:
        return _is_doubled(before, old or new, after) or _is_dropped(before, old or new, after)
    return False


def is_word(text: str) -> bool:
    """Return whether two characters are a word of running text."""
    return len(text) == 2 and text[1] in _words().get(text[0], "")


def _is_in_term(before: str, old: str, new: str, after: str) -> bool:
    """One of the two completes a term of certification that the other breaks."""
    return _completes(before[-3:], old, after[:3]) != _completes(before[-3:], new, after[:3])


def _completes(before: str, sign: str, after: str) -> bool:
    text, at = before + sign + after, len(before)
    return any(text[max(0, at - len(term) + 1) : at + len(term)].find(term) >= 0 for term in _TERMS)


def _is_slip(before: str, old: str, new: str, after: str) -> bool:
    """One sign for another: a word on one side, none on the other, and the signs typed or looking alike."""
    if not _are_alike(old, new):
        return False
    if not {old, new} & _ASKING and _is_in_term(before, old, new, after):
        return True
    if {old, new} & _NEVER_A_SLIP and {old, new} not in _SLIPS_ALL_THE_SAME:
        return False
    before, after = before[-1:], after[:1]
    for wrong in _OFTEN_WRONG:
        if wrong in old + new:
            return not (is_word(before + wrong) or is_word(wrong + after))
    old_is_word = is_word(before + old) or is_word(old + after)
    new_is_word = is_word(before + new) or is_word(new + after)
    return old_is_word != new_is_word


def _is_swapped(before: str, old: str, new: str, after: str) -> bool:
    if any(sign in _NEVER_A_SLIP for sign in old):
        return False
    return _hold_words(before + old + after) != _hold_words(before + new + after)


def _hold_words(text: str) -> bool:
    """Whether the text can be cut into words of two characters without rest, or is one in its middle."""
    return is_word(text[1:3]) or (len(text) == 4 and is_word(text[:2]) and is_word(text[2:]))


def _is_dropped(before: str, sign: str, after: str) -> bool:
    """One sign of a term forgotten, so that what is left of the term is no words (认机构 for 认证机构)."""
    if len(sign) != 1 or sign in _NEVER_A_SLIP:
        return False
    text, at = before[-4:] + sign + after[:4], len(before[-4:])
    for term in _TERMS:
        begin = text.find(term, max(0, at - len(term) + 1))
        if len(term) > 3 and 0 <= begin <= at < begin + len(term):
            rest = term[: at - begin] + term[at - begin + 1 :]
            return len(rest) % 2 == 1 or not all(is_word(rest[n : n + 2]) for n in range(0, len(rest), 2))
    return False


def _is_doubled(before: str, extra: str, after: str) -> bool:
    """The same signs typed twice; one sign only where the double is no word (天天), or where a term ends."""
    if any(sign in "〇零一二三四五六七八九十0123456789" for sign in extra) or not extra or len(extra) > 6:
        return False
    if not (before.endswith(extra) or after.startswith(extra)):
        return False
    return len(extra) > 1 or not is_word(extra * 2) or before.endswith(_TERMS)


def _are_alike(old: str, new: str) -> bool:
    looks = any(old in group and new in group for group in _LOOK_ALIKE)
    return looks or any(old in line and new in line for line in _homophones().get(old, ()))


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    return {line[0]: line[1:] for line in _lines("words.txt")}


@lru_cache(maxsize=1)
def _homophones() -> dict[str, list[str]]:
    """Character → the syllables that it is typed with, each as all characters of that syllable."""
    found: dict[str, list[str]] = {}
    for line in _lines("homophones.txt"):
        for sign in line:
            found.setdefault(sign, []).append(line)
    return found


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
