"""The grammar of moments on marked text: how a notice prints from, until, between, and what only a calendar knows.

One expression with a named group for each form; `moments.py` reads the groups. Every repetition is bounded.
"""

import re

from monitor.facts.marks import DATE, PERIOD

D, P = DATE, PERIOD
_PAPER = "通知|公告|通告|规则|细则|文件|决定|标准|新版规则|新版标准|公告|规定|要求"
_RELEASED = rf"(?:本?(?:{_PAPER})?(?:正式)?(?:发布|公布|印发|下发|发文|颁布)(?:之日|当日|日|之时)|即日)"
_RELEASED_LOOSELY = rf"(?:{_RELEASED}|本?(?:{_PAPER})?(?:发布|公布|印发|下发|下达|颁布)(?=后|起|之后))"
_WHOSE = "本|新版?|该|上述|旧版|修订后的?"
_IN_FORCE = (
    rf"(?:(?:{_WHOSE})?(?:国家|行业|认证)?(?:{_PAPER})?(?:的)?(?:正式)?"
    r"(?:实施|施行|执行|生效|启用)(?:之日|当日|日期|日)?)"
)
_RECEIVED = r"(?:(?:收到|接到|接收|收悉|收函|接函)[^，。；]{0,14}?(?:之日|当日|日)?)"
_VISIT = (
    "监督检查|跟踪检查|监督审核|监督评审|获证后监督|监督审查|年度监督|证后监督|跟踪审查|年度检查|年度审核|"
    "(?<=下次)监督|(?<=下一次)监督|(?<=下一次)工厂检查|(?<=下次)工厂检查|(?<=下次)检查|(?<=下一次)检查"
)
_NEXT = r"(?:下一?(?:次|个)|下年度|最近一次|第一次|首次|首个|(?:19|20)\d\d年度|当年度?|本年度|年度|例行|近期)"
_SURVEILLANCE = rf"(?:{_NEXT}(?:的)?(?:年度|证后|获证后|例行|定期|常规)?(?:的)?(?:{_VISIT}))"
_ANY_SURVEILLANCE = rf"(?:{_NEXT}?(?:的)?(?:年度|证后|获证后|例行|定期)?(?:的)?(?:{_VISIT}))"
_BEFORE = r"(?:实施|进行|完成|开展|结束|到来)?(?:之前|以前|前)(?!\d)"
_DURING = r"(?:时|中|的同时|同时|期间|一并|现场|一同)"
_EXPIRY = (
    r"(?:证书)?(?:的)?有效期(?:届满|到期|截止|期满|满)?(?:日)?(?:之前|以前|前)|证书(?:届满|到期|期满)(?:之前|以前|前)"
    r"|(?:在|至|到)(?:原)?证书有效期(?:届满|到期|期满|截止)(?:之日|日)?止?"
)
_BY = (
    "截至|截止至|截止到|截止于|截止|不迟于|不得迟于|不晚于|不得晚于|不超过|最[迟晚](?:应当?|须|必须|需|可)?(?:于|在)?|延至|"
    "延长至|止于|延期至|(?<=可)至|(?<=受理)至|(?<=采信)至|(?<=使用)至|(?<=有效)至|(?<=接受)至|(?<=期)至|(?<=保留)至|(?<=沿用)至"
)
WINDOWS = "过渡期限?|过渡时间|过渡时限|过渡阶段|转换期限?|换版期限?|转换过渡期|换版过渡期"
"""What the window is called in which both editions are accepted."""
_WINDOW = f"{WINDOWS}|过渡期间|转换期间"
_NAMED_DAY = rf"(?:[^，。；（{D}]{{0,10}}之日（)?"
_NOTE = r"(?:（[^（）]{0,8}）)?"

MOMENT = re.compile(
    rf"""
    (?P<length>(?P<span>{P})(?:的)?(?:转换|换版)?(?:{_WINDOW})?[，（]?(?:自|从)
        (?:(?P<span_date>{D})|(?P<span_published>{_RELEASED})|{_IN_FORCE})
        起?(?:开始)?(?:计算|算起|起算|算|计)?）?(?!(?:起|开始)*，?[至到~-]))
  | (?P<length_after>(?:自|从)?(?P<span_from>{D})(?:起|开始)(?:计算|算)?，?
        (?:为期|共计|共|时长为?|期限为?|历时|设置|设立|给予)
        (?P<span_after>{P})(?:的)?(?:{_WINDOW})?)
  | (?P<range>(?:自|从|由|在|于)?(?:{_NAMED_DAY}(?P<first>{D})）?(?:起|开始|始)?|(?P<first_release>{_RELEASED}起?)
        |(?P<first_force>{_IN_FORCE}(?<=日)起?))，?
        (?:至|到|~|-|—|截至|止于|延续至|持续至){_NAMED_DAY}(?P<second>{D})）?(?:止|为止|期间|之间|之前|以前|前|内)?)
  | (?P<period_moment>(?:自|从|于|在)?(?:(?P<base_date>{D})|(?P<base_published>{_RELEASED_LOOSELY})
        |(?P<base_receipt>{_RECEIVED})|(?P<base_effective>{_IN_FORCE})
        |(?P<base_expiry>证书(?:有效期)?(?:届满|到期)(?:之日)?)|受理(?:之日)?)
        {_NOTE}(?:起|之后|后|开始|始|起算)?(?:计算|的|，|算)?(?P<period>{P})
        (?:(?P<after_period>后|以后|之后|届满后)|之内|以内|内|止|期间内)?)
  | (?P<bare>(?<![第每])(?:在|于)?(?P<bare_period>{P})(?:之内|以内|内))
  | (?P<event>(?:在|于|结合|至|到|随)?(?:(?P<surveillance>{_ANY_SURVEILLANCE}{_BEFORE}|{_SURVEILLANCE}{_DURING}
        |(?P<yearly>(?<=结合){_ANY_SURVEILLANCE}|(?<=随){_ANY_SURVEILLANCE})
        |年度监督(?:检查|审核)?{_DURING}|(?<=后的){_NEXT}监督(?:检查|审核)?(?=完成|进行|办理))|{_EXPIRY}))
  | (?P<pointer>(?<![一-龥])(?:在)?此(?:(?P<before_it>之?前|以前)|之?后|以后)
        (?=，|[^，。；的]{{0,24}}(?:可|仍|不再|停止|不予)))
  | (?P<window>(?:在|于)?(?:上述|该|规定的?|本|规定)?(?:{_WINDOW})
        (?:结束之?前|届满之?前|期满之?前|内(?!（)|之内|以内|结束(?!日期|时间|之日|后|，)|届满(?!后|，)))
  | (?P<release_day>(?:自|从)?{_RELEASED}(?:起|开始)(?!{P}))
  | (?P<force_dated>(?:自|从)[^，。；{D}]{{0,12}}?{_IN_FORCE}(?:（即?|，?即)(?P<force_date>{D})）?(?:起|开始))
  | (?P<force_day>(?:自|从)?{_IN_FORCE}(?<=日)(?:起|开始))
  | (?P<dated>
        (?P<from>(?:{_BY}|自|从|于|在|由)?(?P<from_date>{D})(?:之日)?(?:起|开始|始))
      | (?P<after>(?:自|从|于|在)?(?P<after_date>{D})(?:以后|之后|后))
      | (?P<until>(?:{_BY}|至|到|在|于)?(?P<until_date>{D}){_NOTE}
        (?:之前|以前|前(?!后)|止|为止|以内|截止|当日或之前))
      | (?P<by>(?:{_BY})(?P<by_date>{D}))
      | (?P<at>(?P<at_date>{D})))
    """,
    re.VERBOSE,
)
LATEST = re.compile("最[迟晚]|不迟于|不晚于|不超过|不得[迟晚]于")
HINT = re.compile(rf"[{D}{P}]|此|即日|之日|监督|跟踪|年度|有效期|证书[到届期]|过渡|[转换]期|换版期|下一?次")
"""What a sentence must have to name a moment at all."""

BASE = re.compile(
    rf"(?P<receipt>收到|接到|收悉)|(?P<published>(?:{_PAPER})(?:发布|公布|印发)后)|(?P<effective>{_IN_FORCE}后)"
)
"""What a period without a beginning of its own is counted from, where the sentence says it before."""

STILL_NOT = re.compile(r"，?(?:时)?(?:仍|尚|还)未")
MOVED = "调整|变更|更改|修改|更正|改|顺延|延期|延长|推迟|延后|提前|展期|推后|订正|修正|延"
_RIGHT = r"(?:正确(?:的)?(?:日期|时间|内容)?(?:应)?[为是]|应为|应当为|应更正为|更正为|现更正为|应改为)"
CORRECTION = re.compile(
    rf"(?P<wrong>{D})(?:(?:(?!，[^，。；]{{0,10}}(?:(?:产品|类|企业)可?|过渡期|转换期|换[证版]|截止))[^。；{D}]){{0,30}}?(?:{MOVED})(?:{P}，?即?)?(?:为|至|到)|[^。；{D}]{{0,30}}?(?:{_RIGHT}|现为|更正后为|而非)"
    rf"|[^。；{D}]{{0,24}}?(?:系笔误|有误|误写|为笔误|错误)[，。；]?[^。；{D}]{{0,6}}?(?:{_RIGHT}))"
    rf"[^。；{D}]{{0,24}}?(?P<right>{D})"
)
"""The right date of a correction, or the later one of a postponement, stands for the wrong one too."""

VOID = re.compile(
    rf"(?:原定的?(?:于|在)?|原计划(?:于)?)(?P<wrong>{D})(?=[^。；{D}]{{0,12}}?(?:不再|取消|作废|停止))"
    rf"|(?P<put_off>{D})(?:起|开始)?[^。；{D}]{{0,40}}?(?:推迟|延期|暂缓|延后|延迟)(?!至|到)[^。；{D}]{{0,6}}"
    rf"(?:实施|施行|执行|生效|启用)?(?=[^{D}]*$)"
)
"""A date that no longer holds and has no successor."""
