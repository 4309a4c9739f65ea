"""What a document says of itself: title, code, day of publication, day from which it applies.

Only the document's own count. A notice that cites a rule has no code; "代替 CCAP-SB-3721:2018" on a cover is not the
code of the cover.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from monitor.documents.document import Part, PartRole
from monitor.documents.structure.markers import han_value
from monitor.documents.structure.outside import squeezed
from monitor.notation.codes import RuleCode, locate_codes
from monitor.notation.text import fold


@dataclass(frozen=True, slots=True)
class Cover:
    """What a document says of itself; None and empty where it does not say."""

    title: str = ""
    code: str | None = None
    published: date | None = None
    effective: date | None = None
    issuer: str | None = None


def read_cover(parts: Sequence[Part], given_title: str | None = None, running: Sequence[str] = ()) -> Cover:
    """Return what the first parts, and sentences about "本规则" anywhere, say of the document itself.

    `given_title` is a title that the format states (a page's heading, a Word title); `running` are the running
    heads that were taken out: some rules print their code nowhere else.
    """
    lines = _opening_lines(parts)
    title = given_title or _title(lines)
    is_notice = bool(_NOTICE.search(squeezed(title)))
    text = "\n".join(line for line in lines if not is_notice and len(line) <= 45 and "《" not in line)
    code = None if is_notice else _own_code(lines, title, parts, running)
    itself = _about_itself(parts)
    published = _labelled(text, _PUBLISHED) or _signed(parts, is_notice) or _labelled(itself, _PUBLISHED)
    effective = _labelled(text, _EFFECTIVE) or _labelled(itself, _EFFECTIVE)
    if effective is None and published is not None and _FROM_PUBLICATION.search(itself):
        effective = published
    return Cover(title, code, published, effective, _issuer(lines, parts))


_KIND = (
    r"(?:规则|细则|办法|通知|公告|通告|通报|条例|"
    r"规定|说明|决定|解释|要求|标准|程序|指南|方案|意见|函|法|目录|一览表|清单|大纲|规范|指引|答复|公示|决议|纲要|章程)"
)
_CODE_ALONE = re.compile(r"(?=\S*\d)[A-Za-z0-9:：./－—–-]{5,40}")
_SPREAD = re.compile(r"(?:[\u4e00-\u9fff（）()、]\s+){2,}[\u4e00-\u9fff（）()]")
_TITLE_END = re.compile(rf"{_KIND}(?:\s*[（(][^（）()]{{1,30}}[）)])*$")
_NOTICE = re.compile(r"(?:通知|公告|通告|通报|函|公示|决定|答复)(?:[（(].*[）)])?$|^关于")
_NOT_TITLE = re.compile(
    r"^(?:编号|文件编号|规则编号|版本|版次|代替|替代|ICS|CCS|备案号|受控|密级)|(?:发布|实施|施行|印发|修订|批准|编制|审核)[)）]?$"
    r"|^第?[0-9A-Z./]+版$|^[（(].*[）)]$|^\W*$"
)
_ISSUER = re.compile(
    r"^(.{2,30}?(?:中心|公司|局|委员会|总局|部|院|协会))(?:发布|制定|印发|公布)?(?:CQC|CCAP|[（(].*[）)])?$"
)
_CITES = re.compile(r"(?:代替|替代|取代|废止|依据|根据|按照|参照|引用|参见|替换|换版自|原)[^，。；\n]{0,20}$")
_CITED_AFTER = re.compile(r"^[^，。；\n]{0,12}(?:废止|作废)")
_DAY = (
    r"(?P<day>\d{4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}(?:\s?日)?"
    r"|[一二〇○零三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_PUBLISHED = (
    re.compile(rf"(?:发\s*布|公\s*布|印\s*发|批\s*准)\s*(?:日\s*期|时\s*间|日)\s*:?\s*{_DAY}"),
    re.compile(rf"{_DAY}\s*(?:首\s*次\s*)?(?:发\s*布|公\s*布|印\s*发)(?!\s*(?:的|日))"),
    re.compile(rf"于\s*{_DAY}\s*(?:正式)?(?:发布|公布)(?!的)"),
)
_EFFECTIVE = (
    re.compile(rf"(?:实\s*施|施\s*行|生\s*效|执\s*行)\s*(?:日\s*期|时\s*间|日)\s*:?\s*{_DAY}"),
    re.compile(rf"{_DAY}\s*(?:起)?\s*(?:正\s*式)?\s*(?:开\s*始)?\s*(?:实\s*施|施\s*行|执\s*行|生\s*效)"),
)
_SENTENCE = re.compile(r"[。；\n]")
_ITSELF = re.compile(
    r"本(?:实施|认证|次)?(?:规则|细则|办法|条例|规定|法|解释|通知|公告|程序|标准|文件|方案|要求|版本|规范)"
)
_OF_ANOTHER = re.compile(r"代替|替代|取代|废止|国家标准|GB|《(?![^》]*本)")
_FROM_PUBLICATION = re.compile(r"自(?:发布|公布|印发)之日起(?:正式)?(?:实施|施行|执行|生效)")
_DATE_LINE = re.compile(rf"^\s*[（(]?{_DAY}\s*(?:印发|发布)?[）)]?\s*$")


def _opening_lines(parts: Sequence[Part]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if part.path is not None or part.heading:
            break
        lines.extend(line for line in part.body.split("\n") if line.strip())
    return lines[:60]


def _title(lines: Sequence[str]) -> str:
    """The title: the lines of the opening that name what the document is, put together."""
    pieces: list[str] = []
    for line in lines[:25]:
        said = _closed_up(line.strip())
        if _is_aside(said):
            if pieces and _TITLE_END.search(pieces[-1]):
                continue
            if pieces and _DATE_LINE.match(fold(said)):
                break
            continue
        if len(said) > 70 or said.endswith(("。", "；", "：", ":")):
            break
        pieces.append(re.sub(r"\s+", " ", said))
        if len(pieces) >= 5:
            break
    return _assembled(pieces)


def _closed_up(line: str) -> str:
    """A line without the spaces of letters that are spread over it: 实 施 规 则."""
    return squeezed(line) if _SPREAD.fullmatch(line) else line


def _is_aside(line: str) -> bool:
    bare = squeezed(line)
    if (
        _CODE_ALONE.fullmatch(line.strip())
        or _NOT_TITLE.search(bare)
        or _DATE_LINE.match(fold(line))
        or _ISSUER.match(bare)
    ):
        return True
    codes = list(locate_codes(line))
    return bool(codes) and len(bare) - sum(len(squeezed(at.code.printed)) for at in codes) <= 6


def _assembled(pieces: list[str]) -> str:
    if not any(_TITLE_END.search(piece) for piece in pieces):
        return pieces[0] if pieces else ""
    last = max(at for at, piece in enumerate(pieces) if _TITLE_END.search(piece))
    ends_in_rule = [at for at, piece in enumerate(pieces) if _TITLE_END.search(piece)]
    keep = pieces[: last + 1]
    if ends_in_rule == [0] and len(pieces) > 1 and _names_product(pieces[0], pieces[1]):
        keep = pieces[:2]
    text = keep[0]
    for before, piece in pairwise(keep):
        text += (" " if _TITLE_END.search(before) else "") + piece
    return text


def _names_product(title: str, piece: str) -> bool:
    """Whether the line after 产品认证实施规则 says for which product: a name, no history, no date."""
    if _NOTICE.search(squeezed(title)) or not re.search(r"规则|细则", title):
        return False
    return len(piece) <= 45 and not re.search(r"\d{4}\s*年|通过|修[正订改]|[，。；]", piece)


def _own_code(lines: Sequence[str], title: str, parts: Sequence[Part], running: Sequence[str]) -> str | None:
    """The code on the cover, in the title, in a sentence about the rule itself, or in the running head."""
    for line in (*lines, title):
        if (code := next(_uncited(line), None)) is not None and (len(line) <= 90 or line == title):
            return code.edition
    for sentence in _sentences_about_itself(_text_of(parts)[:20_000]):
        found = re.search(r"(?:编号|代号)[为是:：]?\s*", sentence)
        if found and (code := next(_uncited(sentence[found.end() :]), None)) is not None:
            return code.edition
    return next((code.edition for line in running for code in _uncited(line)), None)


def _uncited(line: str) -> Iterator[RuleCode]:
    for at in locate_codes(line):
        if at.code.year is None or _CITES.search(line[: at.start]) or _CITED_AFTER.match(line[at.end :]):
            continue
        yield at.code


def _text_of(parts: Sequence[Part]) -> str:
    return "\n".join(part.body for part in parts)


def _about_itself(parts: Sequence[Part]) -> str:
    """The sentences about 本规则 itself; what they say of a text that they replace is not about it."""
    said = fold(_text_of(parts))
    return "\n".join(_OF_ANOTHER.split(sentence)[0] for sentence in _sentences_about_itself(said))


def _sentences_about_itself(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        if len(sentence) <= 2_000 and _ITSELF.search(sentence):
            yield sentence


def _labelled(text: str, patterns: Sequence[re.Pattern[str]]) -> date | None:
    folded = fold(text)
    for pattern in patterns:
        for match in pattern.finditer(folded):
            if (day := read_day(match["day"])) is not None:
                return day
    return None


def read_day(text: str) -> date | None:
    """Return the date that 2021年3月1日, 2021-03-01, 2021.3.1 or 二〇二一年三月一日 is; None for no date."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if not numbers:
        year, _, rest = text.partition("年")
        month, _, day = rest.partition("月")
        digits = "".join(str("零一二三四五六七八九".find(sign.replace("〇", "零").replace("○", "零"))) for sign in year)
        values = (han_value(month), han_value(day.rstrip("日")))
        numbers = [int(digits), *(value or 0 for value in values)] if digits.isdigit() else []
    try:
        return date(*numbers) if len(numbers) == 3 else None
    except ValueError:
        return None


def _signed(parts: Sequence[Part], is_notice: bool) -> date | None:
    """The date that stands alone under the signature of a notice."""
    if not is_notice:
        return None
    for part in reversed(parts):
        if part.role is PartRole.ANNEX or (part.within or "").startswith("附"):
            continue
        for line in reversed(part.body.split("\n")):
            if match := _DATE_LINE.match(fold(line)):
                return read_day(match["day"])
    return None


def _issuer(lines: Sequence[str], parts: Sequence[Part]) -> str | None:
    for line in lines:
        if found := _ISSUER.match(squeezed(line)):
            return found[1]
    last = [part for part in parts if part.path is None][-1:]
    for line in last[0].body.split("\n") if last else ():
        if found := _ISSUER.match(squeezed(line)):
            return found[1]
    return None
