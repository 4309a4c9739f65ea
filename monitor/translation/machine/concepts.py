"""Concepts: what a sentence cannot do without, and the words that say it on both sides.

Each concept has words that always mean it and words that may. A translation agrees where the two counts can be equal;
so no list needs to be complete on the side of "may", and one that lacks a word refuses, it does not let pass.
"""

import re
from dataclasses import dataclass

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a sentence may say. Patterns are regular expressions, English ones of whole words.

    `zh` and `en` mean it always, `zh_maybe` and `en_maybe` sometimes. Where `counted`, how often it is said counts
    too. Concepts are read in their order and what one has read the next does not see: 不超过 is no negation.
    """

    name: str
    zh: str
    en: str
    zh_maybe: str = ""
    en_maybe: str = ""
    counted: bool = False


def concept(
    name: str, zh: str, en: str, zh_maybe: str = "", en_maybe: str = "", counted: bool = False
) -> tuple[Concept, dict[str, re.Pattern[str] | None]]:
    """Return a concept with its patterns compiled."""
    made = Concept(name, zh, en, zh_maybe, en_maybe, counted)
    patterns = {
        "zh": re.compile(zh) if zh else None,
        "zh_maybe": re.compile(zh_maybe) if zh_maybe else None,
        "en": _english(en),
        "en_maybe": _english(en_maybe),
    }
    return made, patterns


def _english(words: str) -> re.Pattern[str] | None:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE) if words else None


_NO = (
    r"(?:not|no|never|nor)\b(?:\s+(?:be|is|a|any|to|have|has)\b){0,2}\s*"
    r"(?:(?:drop|fall|rise|differ|deviate|vary|change|decrease|increase)\w* by )?"
)
COMPARISONS = (
    concept(
        "not less than",
        r"不(?:得|应|可|宜|能)?(?:少于|低于|小于|短于)|至少|最少|最低|大于或?等于|≥",
        rf"{_NO}(?:less|fewer|lower|smaller|shorter|below|under)\b|at least\b|a minimum of\b|minimum\b|"
        r"or more\b(?! than)|and above\b(?! \d)",
        zh_maybe=r"以上",
        en_maybe=r"from\b",
    ),
    concept(
        "not more than",
        r"不(?:得|应|可|宜|能)?(?:超过|大于|高于|多于|长于)|至多|最多|最长|最高|小于或?等于|≤",
        rf"{_NO}(?:more|greater|higher|larger|above|over|exceed\w*|longer (?=than|\d))\b|at most\b|a maximum of\b|"
        r"maximum\b|up to\b|or less\b|or fewer\b|and below\b(?! \d)",
        zh_maybe=r"以下|以内|之内",
    ),
    concept(
        "more than",
        r"大于|高于|超过|多于|＞|>",
        r"(?:more|greater|higher|larger|longer) than\b|above\b|exceed\w*|over(?= \d)",
        zh_maybe=r"以上|较大|超出",
        en_maybe=r"over\b|beyond\b",
    ),
    concept(
        "less than",
        r"小于|低于|少于|＜|<",
        r"(?:less|lower|smaller|fewer|shorter) than\b|below\b|under(?= \d)",
        zh_maybe=r"以下|不足",
        en_maybe=r"under\b",
    ),
)
"""Read first: each eats the negation that is a part of it."""
PAIRS = tuple(
    (re.compile(zh), _english(en))
    for zh, en in (
        (r"方可|才(?=能|可)|仅|只(?!读)", r"only\b|just\b|solely\b"),
        (r"虚假", r"false\w*|untrue\b"),
        (r"隐瞒", r"conceal\w*|hid\w+|withh\w+"),
        (r"放弃", r"gives? up\b|renounc\w*|abandon\w*|relinquish\w*"),
        (r"其他|其余|另一", r"others?\b|another\b|remaining\b"),
        (r"(?:自动)?失效", r"laps\w*|ceases? to be valid\b|becomes? invalid\b|invalid\w*|cease\w*"),
        (r"不合格品|不合格|不通过|未通过", r"fail\w*|unqualified\b|reject(?:s|ed)?\b"),
        (r"不符合项", r"non-?conform\w+"),
        (r"不符合", r"non-?conform\w+|fails? to (?:comply|meet|conform)\b"),
        (r"不一致", r"inconsist\w+|differ\w*|discrepan\w+"),
        (r"差异", r"differ\w*|discrepan\w+"),
        (r"异议|不服|不满", r"objects?\b|objections?\b|disagree\w*|disput\w*|dissatisf\w*"),
        (r"不再", r"no longer\b|any (?:longer|more)\b|ceas\w*"),
        (r"停止|终止", r"no longer\b|stop\w*|ceas\w*|terminat\w*|discontinu\w*|ends?\b"),
        (r"逾期|到期|期满|届满", r"expir\w*|overdue\b|deadline\b|due date\b|after the (?:deadline|time limit)\b"),
        (r"拒绝", r"refus\w*|reject\w*|declin\w*"),
        (r"除外|不包括(?:在内)?|除[^，,。]{1,20}外", r"exclud\w+|except\w*|other than\b"),
        (
            r"无需|无须|毋须|不需要|不需|不必",
            r"(?:not|un)\s?(?:required|needed|necessary)\b|no need\b|need not\b|needs? no\b",
        ),
        (r"免(?:于|除|收|费)|减免", r"waiv\w+|exempt\w*|free of charge\b"),
        (r"禁止|严禁|不得|不准", r"prohibit\w*|forbid\w*|forbidden\b"),
        (r"未变(?:化|更)?|不变|没有变化", r"unchanged\b|unaltered\b"),
    )
)
"""Words that deny in one language or in both; where both sides have them they answer one another, and deny no more."""
NEGATION = concept(
    "not",
    r"不|未|没有|尚无|禁止|严禁|除外|拒绝|免(?:于|除|收)|(?<!批)无(?!线|铅|关)|非(?!金属|道路)",
    r"not\b|no\b(?!\.)|never\b|without\b|cannot\b|can't\b|don't\b|doesn't\b|isn't\b|aren't\b|won't\b|mustn't\b|"
    r"unless\b|neither\b|nor\b|none\b|unchanged\b|exclud\w+|except\b|exempt\w*|prohibit\w*|forbid\w*|refus\w+|"
    r"reject\w+|waiv\w+|cease\w*|fail\w*|unapproved\b|unnecessary\b|nothing\b|non-\w+",
    zh_maybe=r"停止|终止|失效|异议|(?:逾期|到期)(?!仍?(?:未|不| ;))|虚假|隐瞒|其他|其余|仅|只|方可|才|放弃|差异|减免",
    en_maybe=r"stop\w*|lapse\w*|invalid\w*|objections?\b|objects?\b|disagree\w*|differ\w*|only\b|lack\w*|"
    r"missing\b|false\b|"
    r"dissatisfied\b|renounce\w*|gives? up\b|terminat\w+|free of\b|conceal\w*|hid\w*|regardless\b",
    counted=True,
)
_DUTY_EN = (
    r"shall\b|must\b|ha(?:s|ve) to\b|(?:is|are|be) (?:\w+ )?(?:required|obliged|requested|asked)\b|(?:is|"
    r"are) to\b(?! be found)|"
    r"required\b|mandatory\b|obligat\w+|requires?\b|needs? to\b|necessary\b|need\b|needed\b|please\b|compulsory\b"
)
MODALS = (
    concept(
        "duty",
        r"(?<![反相供适响对感效不])应(?![用力变急对答邀聘])|必须|(?<!无)须(?!知)|务必|(?<![不无])需要?(?=提|补|进|重|先|在|按|增|另|向|经)",
        _DUTY_EN,
        zh_maybe=r".",
        en_maybe=r"comply\b|may not\b",
    ),
    concept(
        "option",
        r"(?<![许认不])可(?![靠见燃追逆控])(?!能性)|(?<!不)允许|才能",
        r"may\b(?! not\b| no longer\b)|can\b(?! not\b| no longer\b)|(?:is|are|be) (?:permitted|allowed|free)\b|"
        r"permitted\b|allowed\b|"
        r"at (?:its|their|your) (?:discretion|option)\b|optional\w*|might\b|could\b",
        zh_maybe=r"能|不得|不可|自愿|不再",
        en_maybe=r"(?:is|are) \w+ only\b|able\b|entitled\b|has the right\b",
    ),
    concept(
        "advice",
        r"(?<![不适便])宜(?!当)|建议|推荐|提倡",
        r"should\b|recommend\w*|advis\w+|suggest\w*|encourag\w+|preferabl\w+|ought\b",
        zh_maybe=r"鼓励",
    ),
)
DIRECTIONS = (
    concept("suspend", r"暂停|中止", r"suspen\w+"),
    concept(
        "period of suspension",
        r"暂停(?=期[满间内]|状态)",
        r"suspension\b",
        zh_maybe=r"暂停|中止",
        en_maybe=r"(?:is|was|are|were|been|stays?) suspended\b",
    ),
    concept(
        "stop",
        r"停止|终止|不再",
        r"no longer\b(?! than)|stop\w*|ceas\w*|terminat\w*|discontinu\w*|any (?:longer|more)\b",
        zh_maybe=r"失效|继续|到期|届满|期满|废止|结束|截止|中止|不",
        en_maybe=r"no\b|not\b|refus\w*|ends?\b",
    ),
    concept("restore", r"恢复", r"reinstat\w*|restor\w*|resum\w*|recover\w*"),
    concept("withdraw", r"撤销|撤消", r"withdr[ae]w\w*|revo(?:k|c)\w*", zh_maybe=r"撤回|撤出"),
    concept("cancel", r"注销", r"cancel\w*|deregist\w*", zh_maybe=r"取消|作废"),
    concept("repeal", r"废止|作废", r"repeal\w*|abolish\w*|annul\w*|void\w*|rescind\w*|abrogat\w*", zh_maybe="取消"),
    concept(
        "longer",
        r"延长|延期|推迟|顺延|延至|延后|暂缓",
        r"exten(?:d|s)\w*|prolong\w*|lengthen\w*|postpon\w*|put off\b|defer\w*|delay\w*|later date\b",
        zh_maybe=r"扩大|扩展|扩项|延|期限",
    ),
    concept(
        "shorter",
        r"缩短|提前|缩小|减少|降低|下调|减免|减为",
        r"shorten\w*|reduc\w*|cut\b(?! off)|bring forward\b|brought forward\b|decreas\w*|narrow\w*|lower(?:s|ed|"
        r"ing)\b|"
        r"limited to\b|forward\b|advanced\b|in advance\b|diminish\w*",
        zh_maybe=r"优惠|降至|下降|下跌|衰减|损失",
    ),
    concept(
        "grow",
        r"增加|提高|扩大|加大|上调|增至",
        r"increas\w*|rais\w+|expand\w*|enlarg\w*|grow\w*|rise\w*",
        zh_maybe=r"延长|补充|新增|扩展|较大|提出|提起|养|升",
        en_maybe=r"exten\w*|add\w*|more (?:frequent|often)\b|additional\w*|higher\b|supplement\w*",
    ),
    concept(
        "remain",
        r"继续|保持|保留|维持",
        r"remains?\b|remained\b|continu\w*|still\b|maintain\w*|retain\w*",
        zh_maybe=r"仍|尚|依然|不变|保存|有效|持续|不再|未|变化|原|不|旧|起|失效",
        en_maybe=r"longer\b|until\b|any more\b|keep\w*|kept\b|stays?\b|held\b|holds?\b|unchanged\b",
    ),
    concept(
        "lapse",
        r"失效",
        r"laps\w*|invalid\w*|cease\w*",
        zh_maybe=r"到期|届满|期满|逾期|无效|停止|废止|终止|有效期|过渡期",
    ),
    concept("keep going", r"(?!)", r"brought forward\b", zh_maybe=r"提前"),
)
PARTIES = (
    concept("applicant", r"申请人|委托人", r"applicants?\b", zh_maybe=r"申请方|企业|委托"),
    concept(
        "certificate holder",
        r"持证人|证书持有[人者]|持有人",
        r"holders?\b|licensees?\b",
        zh_maybe=r"获证|企业|证书|组织|单位",
    ),
    concept(
        "certification body",
        r"认证机构|本中心|我中心|本公司|我公司|中心(?!电气|线)",
        r"certification bod\w+|cent(?:re|er)\b|our compan\w+|the company\b|we\b|us\b|our\b|certifier\b|"
        r"certification organi[sz]ation\b|"
        r"CQC\b|CCAP\b|issuing body\b",
        zh_maybe=r"机构|颁发|批准|受理|(?<!任)何|不再|收取|公司|证书|安排|发布",
        en_maybe=r"bod(?:y|ies)\b",
    ),
    concept(
        "laboratory",
        r"实验室|检测机构|检验机构|试验室",
        r"laborator\w+|labs?\b|test(?:ing)? (?:bod\w+|institut\w+|organi[sz]ation\w*|agenc\w+|house\w*)|"
        r"inspection bod\w+",
    ),
    concept(
        "factory",
        r"工厂|生产企业|生产厂",
        r"factor(?:y|ies)\b|plants?\b|production site\w*|manufacturing site\w*",
        zh_maybe="厂|生产",
        en_maybe=r"manufactur\w+|production\b",
    ),
    concept("manufacturer", r"制造商|生产者", r"manufacturers?\b|producers?\b", zh_maybe=r"企业|厂|生产"),
    concept(
        "inspector", r"检查员|检查组|审核员", r"inspect(?:ors?|ion team)\b|auditors?\b|audit team\b", en_maybe=r"team\b"
    ),
    concept("supplier", r"供应商|供方", r"suppliers?\b|vendors?\b"),
)
QUANTIFIERS = (
    concept(
        "all",
        r"所有|全部|一切|(?<![平])均(?!值|匀)|任何|任一|各(?!自)|每(?!年|月|次|天|日)|下列(?:情形|情况)之一",
        r"all\b|every\b|each\b|whole\b|entire\w*",
        zh_maybe=r"都|每|者|双方|之一|不|没有|各|首次和",
        en_maybe=r"none\b|per\b|one of\b|any\b|both\b|anyone\b|no\b",
    ),
    concept(
        "some",
        r"部分|个别|有些",
        r"some\b|several\b|partial\w*|part of\b|certain\b|a few\b|various\b",
        zh_maybe=r"若干|多个|一定",
    ),
    concept(
        "only",
        r"仅|只(?!读)|方可|才(?=能|可)",
        r"only\b|just\b|solely\b|merely\b|exclusively\b|sole\b|not until\b",
        zh_maybe=r"其他|除外|即可",
        en_maybe=r"once\b|after\b|alone\b",
    ),
    concept("pieces", r"(?!)", r"pieces?\b", zh_maybe=r"件|个|只|根|片|块|条|支|枚|数量"),
    concept("sets", r"(?!)", r"sets?\b(?! (?:out|up|forth)\b)", zh_maybe=r"套|组|副|台|规定|设"),
    concept("also", r"(?!)", r"also\b|too\b", zh_maybe=r"也|还|并|同时|及|亦|均|又"),
)
OR = concept(
    "or",
    r"或(?!许)",
    r"or\b",
    zh_maybe=r"任何|[不未无][^，,。；]{0,16}(?:[、和与或]|(?<!涉)及)|减免|/|任一|之一",
    en_maybe=r"nor\b",
)
TIMES = (
    concept(
        "before",
        r"(?<![目先以提])前(?!言|述|款|后|座|叉|轴|照|置|挡)|以前|之前|先(?=进行|行|做|由)",
        r"before\b|by (?=(?:the )?(?:@|\d|deadline|due|end|date|close))|prior to\b|(?:not|no) later than\b|"
        r"until\b|earlier than\b|ahead of\b|up to\b|"
        r"in advance\b|preced\w+|deadline\b|earliest\b",
        zh_maybe=r"至|届满|截止|到期|期满|先|逾期|提前|早于|不再|有效期|原|旧",
        en_maybe=r"first\b|last\b|previous\w*|while\b|former\w*|old\b|still\b|by\b",
    ),
    concept(
        "after",
        r"(?<!前)后(?!面|座|桥|视|轴|续)|以后|之后",
        r"after\b",
        zh_maybe=r"自|起|之日|内|期满|逾期|届满|后|到期|以来|合格|连续|再|经|满|的[，,]|间",
        en_maybe=r"follow\w*|once\b|upon\b|on\b|when\b|subsequent\w*|post-\w+|within\b|since\b|has\b|have\b|"
        r"modified\b|"
        r"changed\b|if\b|where\b|later\b|then\b|from\b|passing\b|obtaining\b|any more\b|any longer\b|as of\b|"
        r"earlier than\b|of\b",
    ),
)
