"""The words by which one rule or standard takes the place of another.

Written for marked text, in which a list of codes is `C、C和C`: a pattern names the group `old`, and where it can
`new`; versions (由2018版调整为2026版) have the groups `standard` or `code` beside them.
"""

import re

from monitor.facts.marks import CODE, DATE, STANDARD, TITLE, VERSION

C, S, D, T, V = CODE, STANDARD, DATE, TITLE, VERSION
_JOIN = r"(?:、|和|及|与|以及|或|，以及|，及)"
_ASIDE = rf"(?:（[^（）{C}{S}]{{0,40}}）|{T}|等?(?:[两一二三四五六七八九十\d]+[个项])?(?:认证)?(?:规则|标准)|等)?"


def _list(mark: str) -> str:
    return rf"(?:{mark}{_ASIDE}(?:{_JOIN}?(?:原|旧版)?{mark}{_ASIDE}){{0,40}})"


_REPLACE = r"(?:代替|替代|取代|替换|替换掉|更替)"
_BECOME = (
    r"(?:更新|变更|调整|修订|升级|换版|升版|改版|更改|更换|替换|转换|修改|改|换|转|过渡|切换|整合|合并|修订合并|归并){1,3}(?:并)?"
    r"(?:为|至|到|成|成为)(?:新版(?:标准|规则)?|新标准|新规则)?"
)
_OF_OLD = (
    r"(?:了)?(?:原有的?|原来的?|原先的?|旧版的?|原|旧|现行的?|已有的?|上一版的?|前版的?)?"
    r"(?:\d{4}年(?:发布|颁布|印发|实施)的)?(?:认证|实施|国家|行业|自愿性认证)?(?:\ue006的?)?(?:规则|标准|细则)?(?:编号)?[：|]?"
)
_ADVERB = r"(?:将|已|已经|现|拟|应|同时|分别|相应|统一|全部|于[^，。；]{0,6}|自[^，。；]{0,4}起){0,3}"
_OLD_NAME = r"(?:旧版?|原)(?:认证)?(?:依据)?标准(?:编号|号)?"
_NEW_NAME = r"(?:新版?|现)(?:认证)?(?:依据)?标准(?:编号|号)?"
_GAP = rf"[^，。；{C}{S}]{{0,16}}"
SUPERSEDES = (
    re.compile(rf"(?<!被)(?<!不){_REPLACE}{_OF_OLD}(?P<old>{_list(C)})"),
    re.compile(
        rf"(?P<old>{_list(C)}){_GAP}?{_ADVERB}(?:被|由|改由){_ADVERB}(?P<new>{_list(C)}|新版[^，。；]{{0,12}}|本规则){_ADVERB}(?:所)?{_REPLACE}"
    ),
    re.compile(rf"(?:由|从|将)(?:原|原来的|旧版)?(?P<old>{_list(C)}){_GAP}{_BECOME}{_GAP}(?P<new>{_list(C)})"),
    re.compile(rf"(?P<old>{_list(C)}){_ADVERB}{_BECOME}(?P<new>{_list(C)})"),
    re.compile(
        rf"(?P<old>{_list(C)}){_ADVERB}(?:停止使用|不再使用|不再执行|不再适用|不适用|停用)，(?:改为|改用|改按|统一)?(?:执行|使用|采用|按|由)?(?P<new>{_list(C)})"
    ),
    re.compile(
        rf"(?:旧版|原)(?:认证|实施)*规则(?:编号)?(?:为|：)?(?P<old>{_list(C)})[，；。](?:新版|现)(?:认证|实施)*规则(?:编号)?(?:为|：)?(?P<new>{_list(C)})"
    ),
    re.compile(rf"(?P<old>{_list(C)})(?:→|->|⇒|—>)(?P<new>{_list(C)})"),
)
_AT_ONCE = rf"(?:同时|同日|即行|随即|随之|相应|自{D}起|于{D}|自[^，。；]{{0,10}}起|予以|一并|将|即){{0,4}}"
REPEALED = (
    re.compile(
        rf"(?P<old>{_list(C)})[^，。；{C}]{{0,12}}?{_AT_ONCE}(?:废止|作废|失效|停止使用|停止执行|终止使用|不再使用)"
    ),
    re.compile(rf"(?:同时|同日|并|一并|相应)(?:将)?(?:废止|停止使用|停止执行|终止使用){_OF_OLD}(?P<old>{_list(C)})"),
)
SUCCESSOR = re.compile(
    rf"新版|新规则|本规则|本细则|本规范|本次发布|本次修订|修订后|替代|代替|取代|新的认证规则|新实施规则"
    rf"|(?:改按|改用|改由|改为|按照?|依据|执行|由|采用){C}"
)
NO_SUCCESSOR = re.compile(
    "(?:不再|尚无|暂无|没有|无|未|不)[^，。；]{0,8}(?:新版|新规则|新的认证规则|替代|代替|取代)[^，。；]{0,4}"
)
NEGATED = re.compile(rf"(?:拟|计划|不|未|尚未|并不|无法|暂不)(?:能|会|再|予)?(?:被)?{_REPLACE}|并行|应为|更正|误")
CHANGES = (
    re.compile(rf"(?P<old>{S})，(?:该|此|上述)标准(?:已经?|将)?(?:被|由)(?P<new>{_list(S)}){_GAP}?{_REPLACE}"),
    re.compile(
        rf"(?P<new>{_list(S)}){_GAP}?(?<!被)(?<!不){_ADVERB}(?:全部|完全|全面|部分)?(?:{_REPLACE}|修订并代替|废止并代替){_OF_OLD}(?P<old>{_list(S)})"
    ),
    re.compile(rf"(?P<new>{S})[^。；{S}]{{0,60}}，(?:并|同时|将|已)?{_REPLACE}{_OF_OLD}(?P<old>{_list(S)})(?!为|成)"),
    re.compile(
        rf"(?:将|把)?(?:替换|更换|修改|变更)(?:引用|依据|认证依据)*标准(?P<old>{_list(S)})[为成](?P<new>{_list(S)})"
    ),
    re.compile(
        rf"(?P<old>{_list(S)}){_GAP}?{_ADVERB}(?:被|由|改由|为){_ADVERB}(?:新版标准|新版|新标准)?(?P<new>{_list(S)}){_GAP}?{_ADVERB}(?:所)?(?:{_REPLACE})"
    ),
    re.compile(
        rf"(?P<old>{_list(S)})(?:已|将|现)?(?:于{D})?(?:作废|废止|失效|停止使用)，(?:现|改)?(?:被|由|为|以)(?P<new>{_list(S)}){_GAP}?{_REPLACE}"
    ),
    re.compile(rf"(?P<old>{_list(S)}){_GAP}?(?:，现已?)?{_ADVERB}{_BECOME}(?P<new>{_list(S)})"),
    re.compile(rf"(?P<old>{_list(S)})(?:→|->|⇒|—>|=>)(?P<new>{_list(S)})"),
    re.compile(
        rf"{_OLD_NAME}(?:为|：|是)?(?P<old>{_list(S)})[，；。、]?(?:对应|对应的)?{_NEW_NAME}(?:为|：|是)?(?P<new>{_list(S)})"
    ),
    re.compile(
        rf"{_NEW_NAME}(?:为|：|是)?(?P<new>{_list(S)})[，；。、]?(?:对应|对应的)?{_OLD_NAME}(?:为|：|是)?(?P<old>{_list(S)})"
    ),
)
OLD_LIST = re.compile(rf"{_OLD_NAME}(?:为|：|是)(?P<list>{_list(S)})")
NEW_LIST = re.compile(rf"{_NEW_NAME}(?:为|：|是)(?P<list>{_list(S)})")
MOVES = re.compile(
    rf"(?P<old>{S})[^。；、{S}]{{1,40}}?(?:向|(?:转换|换版|更新|变更|更换|换)[为至到成]|过渡到)(?:按照?|依据|符合|满足)?(?:新版标准|新标准)?(?P<new>{S})"
)
RULE_MOVES = re.compile(
    rf"(?P<old>{C})[^。；、{C}]{{1,40}}?(?:转换|换版|更新|变更|更换|换发|换)[为至到成](?:按照?|依据|符合|满足)?(?P<new>{C})"
)
VERSIONS = (
    re.compile(rf"(?P<standard>{S})[^，。；{S}]{{0,4}}?{_BECOME}(?P<new>{V})（原(?:为|版本为?)?(?P<old>{V})）"),
    re.compile(rf"(?P<standard>{_list(S)})(?:标准)?的?{_ADVERB}(?:由|从)(?P<old>{V})(?:标准)?{_BECOME}(?P<new>{V})"),
    re.compile(
        rf"(?P<standard>{_list(S)})(?:标准)?的?(?P<old>{V})(?:标准)?{_ADVERB}(?:由|被)(?P<new>{V})(?:标准)?{_ADVERB}{_REPLACE}"
    ),
    re.compile(rf"(?P<standard>{_list(S)})(?:标准)?的?(?P<old>{V})(?:标准)?{_ADVERB}{_BECOME}(?P<new>{V})"),
)
CODE_VERSIONS = re.compile(
    rf"(?P<code>{C})(?:认证|实施)*(?:规则)?的?{_ADVERB}(?:由|从)(?P<old>{V})[^，。；]{{0,4}}?{_BECOME}(?P<new>{V})"
)
REPEALED_STANDARD = re.compile(rf"(?P<old>{S})[^，。；{S}]{{0,12}}?{_AT_ONCE}(?:废止|作废|失效)")
REPEALED_IT = re.compile("(?:原|旧版?|上述)(?:认证|实施)?规则[^，。；]{0,12}?(?:废止|作废)")
OLD_COLUMN = re.compile(r"旧版?|原标准|原(?:认证)?依据|原规则|被代替|代替标准|原版|换版前|修订前|现行标准")
ANY_COLUMN = re.compile(r"标准(?:编?号)?$|规则(?:编?号)?$|^编号$")
DATE_COLUMN = re.compile(r"日期|时间|期限|时限")
NEW_COLUMN = re.compile(r"新版?|替代标准|现(?:认证)?依据|换版后|修订后|现标准|代替后")
