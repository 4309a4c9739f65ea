"""Is the text of a PDF page a language, or do its letters stand for others? Judged by the text, never by metadata."""

import re
from enum import Enum

FEWEST = 12
"""Characters below which a page with a picture over it counts as a scan."""
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新"
    "线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特"
    "件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器"
    "压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话"
    "米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往"
    "标准认证产品检验规则实施要求申请单位样试范围附件企业工厂监督编号版本批评价标志费用依据型式颁获暂停撤销注销机构人民共和国安全"
)
_WIDE_PUNCTUATION = re.compile(
    r"[\u3000-\u303f\uff00-\uffef\u2010-\u2027\u2030-\u205e“”‘’…—·×°℃±≤≥≠÷μΩ√∑§¥①-⓿■□●○◆◇☑✓\u2100-\u22ff]"
)


class Verdict(Enum):
    """What a page's text layer is worth; the value is how it is said to a consultant."""

    GOOD = "the page has text"
    EMPTY = "the page is a picture without text"
    GARBAGE = "the page's text layer is no language"
    BLANK = "the page is blank"
    BROKEN = "the page is damaged"


def judge(text: str, covered: float, anything: bool) -> Verdict:
    """Return what a page's text is worth; `covered` is the share of the page under pictures."""
    said = re.sub(r"\s+", "", text)
    if not said:
        return Verdict.EMPTY if covered > 0.02 or anything else Verdict.BLANK
    if covered > 0.5 and len(said) < FEWEST * 4 and not _is_language(said, 0.8):
        return Verdict.EMPTY
    if len(said) < FEWEST and covered > 0.3:
        return Verdict.EMPTY
    return Verdict.GOOD if _is_language(said) else Verdict.GARBAGE


def _is_language(said: str, least: float = 0.6) -> bool:
    han = [sign for sign in said if "\u3400" <= sign <= "\u9fff"]
    latin = sum(sign.isascii() and sign.isalnum() for sign in said)
    signs = sum(sign.isascii() and not sign.isalnum() and sign.isprintable() for sign in said)
    wide = len(_WIDE_PUNCTUATION.findall(said))
    odd = len(said) - len(han) - latin - signs - wide
    if odd > (1 - least) * len(said):
        return False
    if len(han) >= 20:
        return sum(sign in _COMMON for sign in han) >= 0.12 * len(han)
    return len(said) < 40 or signs <= 0.55 * len(said) or bool(han)
