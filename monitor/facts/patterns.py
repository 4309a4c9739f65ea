"""The words of certification notices that bound a day: what begins, what ends, what is due.

Every pattern is written for marked text (`marks.py`): no white space, full-width punctuation, one character a
code, standard, date or period. Repetitions are bounded, so that time grows with the text and no faster.
"""

import re

from monitor.facts.marks import CITED, CODE, DATE, LAW, STANDARD, TITLE, VERSION


def _any(*words: str) -> str:
    return "|".join(words)


D, S, C, V = DATE, STANDARD, CODE, VERSION

_NEW = rf"新版|新规则|新标准|新细则|新要求|本规则|修订后|更新后|换版后|现行|{V}"
_OLD = "旧版|旧规则|旧标准|原版|原规则|原标准|老版|老标准|修订前|原有标准|旧细则|旧的|原认证规则|原实施规则"
_OR = r"[^，。；]{0,25}(?:或|和|及)[^，。；]{0,12}"
NEW, OLD = re.compile(_NEW), re.compile(_OLD)
BOTH = re.compile(rf"新旧版?|新、旧|新老|新版{_OR}旧|旧版{_OR}新|同时受理|{S}{_OR}{S}|{C}{_OR}{C}")
OLD_TEXT = re.compile(rf"(?:{_OLD}|原[{S}{C}]|[{S}{C}])[^，。；]{{0,16}}$")
CHANGE = re.compile("换证|换版|换发|转换|更换|变更|升级")
CERTIFICATE = re.compile("证书(?!转换|换|的|有效期)[^，。；]{0,6}$|证书有效期[^，。；]{0,6}$")

OTHER_BUSINESS = re.compile(
    _any(
        "征求意见|意见|建议|反馈|培训|报名|参会|参加|会议|宣贯|座谈|放假|假期|调休|值班|论文|缴[纳费清]|交费|付款|年金|认证费",
        "收费|费用|免费|问卷|回执|招聘|考试|邮寄|快递|系统升级|电话|传真|注册|报销|发票|投稿|推荐表|评选|申报项目|课程|学员|讲座",
        "研讨|公示期|异议|申诉",
    )
)
"""What is not the changeover of certificates: comments, courses, meetings, fees, holidays."""

_RELEASE = "发布|公布|印发|颁布|下发"
_FORCE = "实施|施行|试行|执行|启用|生效|采用|适用"
RELEASED = re.compile(
    rf"(?:在[^，。；]{{0,14}}|正式|批准|修订并|制定并|修订|联合|予以|对外)*(?:{_RELEASE})(?!之日|日期|时间|机构)"
)
TO_COME = re.compile("(?:拟|将|计划|预计|争取)[^，。；]{0,6}$")
RELEASED_PAPER = re.compile(rf"(?:正式)?(?:{_RELEASE})的[^，。；]{{0,6}}{CITED}|(?:首次|第[一二三四五六七八九\d]+次)")
OURS = re.compile(rf"[{C}{TITLE}]|规则|细则|公告|通知|通告|修改单|本文|我中心|我公司|CQC|CCAP|决定")
ENACTED = re.compile(
    rf"[{S}{LAW}{CITED}]|国家标准|行业标准|新版标准|旧版标准|新标准|标准化?(?:管理)?委(?:员会)?|总局|工信部|认监委|国务院"
)
STANDARDS = re.compile(rf"{S}|标准")
LAWS = re.compile(rf"{LAW}[^，。；]{{0,6}}$|(?:法|条例|办法)(?:自|于|已)?$")
IN_FORCE_AT = re.compile(rf"(?:起)?(?:正式|开始|全面|同时|予以|统一)*(?:{_FORCE})(?!细则|规则|日期|时间|之日)")
_NO_FORCE = "(?<!停止)(?<!暂停)(?<!推迟)(?<!不再)(?<!终止)(?<!已)(?<!暂缓)"
IN_FORCE_FROM = re.compile(
    rf"{_NO_FORCE}(?:{_FORCE})(?!细则|规则|日期|时间|之日|方案|意见|单位|范围)"
    rf"|(?:按照?|依据|根据|遵照|符合)(?:{_NEW}|[{C}{S}])[^，。；]{{0,30}}"
    r"(?:申请|认证|检测|检验|试验|出具|审核|检查|评价|办理|进行|要求)|(?:代替|替代|取代)(?:。|$)|使用(?:新版?|统一)"
)

IN_FORCE_PLAINLY = re.compile("实施(?:认证|新版|新的)|正式实施|开始实施")

_REFUSED = "不再|停止|不予|终止|截止|不得再?|不能再|不|关闭"
STOP_TAKING = re.compile(
    rf"(?:{_REFUSED})(?:对|按照?|依据|继续|直接|新)*[^，。；]{{0,40}}?(?:受理|接受|接收|采信|认可|采纳|承认)(?!截止)"
    r"|关闭[^，。；]{0,20}(?:入口|通道|端口|申请|受理)"
    rf"|(?:不再|停止)[^，。；]{{0,12}}(?:旧|原|[{S}{C}])[^，。；]{{0,25}}(?:申请|委托|报告)"
    rf"|(?:{_OLD}|[{S}{C}])[^，。；]{{0,25}}?(?:停止使用|不再使用|不再作为|停用|不得作为|不再适用)"
)
STOPS_USE = re.compile(
    "(?:即|即行|正式|全面|一律|均)?(?:停止使用|不再使用|停用|停止执行|停止采用|不再执行|停止实施|不再有效|不再采信|不予采信)"
)
TAKING = re.compile(
    "(?<!不再)(?<!停止)(?<!不予)(?<!不)(?<!暂停)(?<!终止)(?:受理(?!截止|后|之日|时限|期限)"
    "|(?:开始|仍|继续|同时|均|方可|可以?)?(?:接受|接收)[^，。；]{0,30}?(?:申请|委托|报告|申报)"
    "|(?:可以?|方可|均可|仍可|自愿)[^，。；]{0,40}?(?:选择|按|依据|采用|使用|凭|提交|接受)[^，。；]{0,60}?(?:申请|委托|认证|受理|报告)"
    "|采信|开放[^，。；]{0,20}(?:申请|端口|入口))"
)
TAKES_BY_NEW = re.compile("(?:仅|只|一律|均|统一|将)?(?:按|依据|按照)[^，。；]{1,30}受理")
TAKES_BOTH = re.compile("受理|申请|委托|认证|接受|采信|选择")
CHOICE = re.compile(rf"自愿选择|任选|自行选择|可选择|均可|仍可|继续|仍然|{_OLD}|仍按|新旧|选择|{S}{_OR}{S}")
TAKEN_TO = re.compile("(?:受理|采信|接受|接收|有效|并行使用|可使用|沿用)[^，。；]{0,10}$")
STILL_USABLE = re.compile(
    "^[^。；]{0,40}?(?:仍可|可继续|继续|仍然?)[^，。；]{0,12}?(?:作为|使用|用于|采信|受理|适用|采用|接受|按|执行|认可)"
    "|^[^，。；]{0,12}(?:规则|标准|报告)[^，。；]{0,6}(?:仍|继续)有效|^(?:仍|继续)有效"
)

_NAMES = "过渡期限?|转换期限?|换版期限?|转换过渡期|换版过渡期"
_WINDOW = rf"(?:{_NAMES})(?!内|间|满|后|届满|结束(?!日期|时间)|期?满)"
WINDOW_BEFORE = re.compile(
    rf"{_WINDOW}[^，。；]{{0,25}}(?:，?(?:自|即|从)?)?$"
    rf"|{_WINDOW}[^。；]{{0,16}}，(?:自|即|从|即自|时间为|为|具体为)?$"
)
WINDOW_IS_AFTER = re.compile(rf"^，?(?:为|是|作为|设为)[^，。；]{{0,16}}{_WINDOW}")
WINDOW_AFTER = re.compile(
    rf"^(?:期间|止)?，?(?:为|是|作为|设为|的|内为)[^，。；]{{0,16}}{_WINDOW}|^[^，。；]{{0,4}}{_WINDOW}(?:。|，|$)"
)

_TO = "至|到|为"
_MOVED = f"(?:改|调整|变更|推迟|延期|顺延|延长|延|提前|更正|确定|暂定|定)(?:{_TO}|于)"
_IS = rf"(?:日期|时间|日|期限)?(?:为|是|：|由|从|自|统一|原定的?|原来的|原|{_MOVED}|应为|至|到|于)*$"
_END = "截止|最后|最迟|最终|终止|完成"
_DUE = "换证|换版|转换|换发|更换|变更|试验|声明"
LABELS = (
    (
        re.compile(
            rf"(?:{_DUE}|申请|提交|完成|办理)(?:工作|证书|完成|的|提交|申请|办理)*(?:{_END})*(?:的)?"
            rf"(?:日期|时间|期限|时限|截止日){_IS}|(?:{_DUE})[^，。；]{{0,10}}(?:截止|最后|最迟)(?:日期|时间|期限|时限){_IS}"
        ),
        "deadline",
    ),
    (
        re.compile(
            rf"(?:受理|接收|采信)的?(?:{_END})(?:日期|时间|日|期限)?{_IS}|(?:旧版|原)[^，。；]{{0,20}}(?:受理|采信)[^，。；]{{0,8}}截止[^，。；]{{0,6}}$"
        ),
        "accepted_until",
    ),
    (
        re.compile(rf"新版[^，。；]{{0,20}}受理(?:起始|开始)?(?:时间|日期){_IS}|受理(?:起始|开始)(?:时间|日期){_IS}"),
        "accepted_from",
    ),
    (re.compile(rf"(?<!停止)(?:实施|施行|生效|启用|执行)(?:日期|时间|日){_IS}"), "effective"),
    (re.compile(rf"(?:发布|公布|印发|发文|成文|发稿)(?:日期|时间|日){_IS}"), "published"),
)
"""A label before a date, and the type of fact that it names; the first that fits."""

NAMED_AFTER = re.compile(
    "^(?:为|是)[^，。；]{0,24}(?:最后|截止|最终|最迟)[^，。；]{0,6}(?:日期|日|期限|时间|时限|时点)"
)
"""…为旧版规则申请的最后受理日, …为换证截止日期."""

NOT_DONE = "(?:仍|尚|还|均|若|如|因故)?(?:未|没有|未能|不能|无法)"
ATTRIBUTE = re.compile(
    "(?:已|所|由[^，。；]{0,10}|[^，。；]{0,12})(?:获证|颁发|受理|发布|签发|出具|取得|获得|生产|发放|已提交|批准|签订|到期|出厂)"
    "[^，。；]{0,16}?的(?!申请|认证申请|，)|已[^，。；]{0,12}的"
    "|[^，。；]{0,12}(?:提交|申请|完成|提出)[^，。；]{0,10}(?:的，|了)"
)
FAILING = re.compile(rf"^[^。；，]{{0,20}}?{NOT_DONE}[^，。；]{{0,16}}?(?:完成|提交|申请|换|转换|办理|确认|提出|取得)")
FAILING_BEFORE = re.compile("(?:未|未能|没有|不能)[^，。；]{0,3}$")
CONDITION = re.compile("(?:如果?|若|凡|对于?)(?:企业|持证人|获证企业)?[^，。；应须请]{0,8}$")
DEED = re.compile(
    _any(
        "完成|提交|提出|办理|申请|申报|报送|送样|送达|送交|寄达|寄送|递交|接受|补充|补做|签署|出具|登录|填报|换发|换证|换版|转换|声明",
        "说明|落实|实现|做好|更换|备案|整改|更新|变更|自查|书面|上传|回复|告知|联系|注销|确认(?!，)|取得|领取|申办|启动",
    )
)
IN_TIME = re.compile("完成|提交|申请|办理|提出|换证|换版")
ENDS = re.compile("^(?:日)?(?:截止|结束|完成|止)")
LATEST = re.compile("最迟|最晚|不迟于|不晚于|不得晚于|截至|截止|延[长至]|不得迟于")
NOT_ASKED = re.compile("(?:无需|无须|不需要?|不必|不用|不再|免于|不得)[^，。；]{0,8}$")
DUE_LABEL = re.compile("(?:提交|完成|办理|换发|换证|换版|转换|取得)[^，。；：]{0,10}：$")
"""提交申请：… as an item of a plan."""

PLANNED = re.compile("(?:按|时间|安排|如下|以下|应|请|须|分批|阶段)")
RETIMED = (
    (re.compile(rf"(?:实施|施行|生效|执行)(?:日期|时间|日)[^，。；{D}]{{0,4}}(?:{_MOVED}){D}"), "effective"),
    (
        re.compile(rf"(?:换证|换版|转换)[^，。；{D}]{{0,8}}(?:日期|时间|期限)[^，。；{D}]{{0,4}}(?:{_MOVED}){D}"),
        "deadline",
    ),
    (re.compile(rf"(?:{_NAMES})[^，。；{D}]{{0,10}}(?:{_MOVED}){D}"), "transition_end"),
)
"""A day that is moved without saying from where: what stood before in the text no longer holds."""
