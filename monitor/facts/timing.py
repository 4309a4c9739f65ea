"""What happens when: published, effective, accepted from and until, transition, deadline.

Each moment of a sentence is asked for the predicate that it bounds: first the label before it (实施日期：…), then
the clauses after it, up to the next moment. The same words bound differently from a day and until a day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.facts.fact import Fact, FactType
from monitor.facts.moments import Kind, Known, Moment, When, moments_of
from monitor.facts.patterns import (
    AGENT,
    ATTRIBUTE,
    BOTH,
    CHOICE,
    CITATION,
    ENACTED,
    FORCE,
    NEW,
    NOT_DONE,
    OLD,
    OTHER_BUSINESS,
    OURS,
    RELEASE,
    STOP_TAKING,
    TAKING,
)
from monitor.facts.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Scope:
    """A moment with the words around it: before it in its sentence, after it up to the next moment."""

    sentence: Sentence
    moment: Moment
    before: str
    after: str

    @property
    def clause_before(self) -> str:
        """The words before the moment in its own clause."""
        return re.split(r"[，：]", self.before)[-1]

    @property
    def clauses(self) -> list[str]:
        """The clauses after the moment; the first is the moment's own."""
        return [clause for clause in self.after.split("，") if clause] or [""]


def read_timing(sentence: Sentence, known: Known) -> tuple[Fact, ...]:
    """Return the dated facts of one sentence."""
    facts: list[Fact] = []
    for scope in _scopes(sentence, known):
        for fact_type, when in _readings(scope):
            if when is not None and when.value:
                facts.append(Fact(fact_type, when.value, sentence.marked.quote(), when.sure))
                if when.other and fact_type in _AHEAD:
                    facts.append(Fact(fact_type, when.other, sentence.marked.quote(), sure=False))
    return tuple(facts)


def _scopes(sentence: Sentence, known: Known) -> Iterator[Scope]:
    moments = moments_of(sentence, known)
    for index, moment in enumerate(moments):
        begin = moments[index - 1].end if index else 0
        end = moments[index + 1].start if index + 1 < len(moments) else len(sentence.text)
        yield Scope(sentence, moment, sentence.text[begin : moment.start], sentence.text[moment.end : end])


def _readings(scope: Scope) -> Iterator[tuple[FactType, When | None]]:
    for reader in (_window_named, _labelled):
        found = list(reader(scope))
        if found:
            yield from found
            return
    if scope.moment.kind in (Kind.FROM, Kind.AFTER, Kind.AT):
        yield from _from_the_day(scope)
    if scope.moment.kind in (Kind.RANGE,):
        yield from _between_days(scope)
    if scope.moment.kind is Kind.UNTIL:
        yield from _until_the_day(scope)


def _labelled(scope: Scope) -> Iterator[tuple[FactType, When | None]]:
    """实施日期：…, 发布时间 …, 受理截止日期为 …, 换证截止日期 …."""
    label = scope.before
    if scope.after.startswith(("前", "后")):
        return
    for pattern, fact_type in _LABELS:
        if pattern.search(label):
            yield fact_type, scope.moment.last if fact_type in _LAST else scope.moment.first
            return


def _window_named(scope: Scope) -> Iterator[tuple[FactType, When | None]]:
    """过渡期为…至…, …至…为转换期, …12个月为过渡期, 6个月过渡期."""
    named = _WINDOW_BEFORE.search(scope.before) or _WINDOW_AFTER.search(scope.after)
    moment = scope.moment
    if not (named or moment.is_window):
        return
    if moment.kind is Kind.RANGE:
        yield FactType.TRANSITION_START, moment.first
        yield FactType.TRANSITION_END, moment.last
    elif moment.kind is Kind.FROM:
        yield FactType.TRANSITION_START, moment.first
    else:
        yield FactType.TRANSITION_END, moment.last


def _from_the_day(scope: Scope) -> Iterator[tuple[FactType, When | None]]:
    """What begins on the day, clause by clause; taking that ends is the day before."""
    day, kind = scope.moment.first, scope.moment.kind
    if day is None:
        return
    for index, clause in enumerate(scope.clauses):
        if STOP_TAKING.search(clause):
            yield FactType.ACCEPTED_UNTIL, day if kind is Kind.AFTER else day.eve()
        elif TAKING.search(clause) or _TAKES_BY_NEW.search(clause):
            yield FactType.ACCEPTED_FROM, day
        elif _is_release(scope, index, clause):
            yield FactType.PUBLISHED, day
        if kind is not Kind.AFTER and _is_force(scope, index, clause):
            yield FactType.EFFECTIVE, day


def _is_release(scope: Scope, index: int, clause: str) -> bool:
    if index or scope.moment.kind is not Kind.AT or not _RELEASED.match(clause):
        return False
    subject = scope.before
    ours, enacted = _last(OURS, subject), _last(ENACTED, subject)
    return not _HISTORY.match(clause) and ours >= enacted and not _CITED_RELEASE.match(clause)


def _is_force(scope: Scope, index: int, clause: str) -> bool:
    if OTHER_BUSINESS.search(clause) or CITATION.search(scope.before):
        return False
    if scope.moment.kind is Kind.AT:
        return index == 0 and bool(_IN_FORCE_AT.match(clause))
    return bool(_IN_FORCE_FROM.search(clause)) and not TAKING.search(clause)


def _between_days(scope: Scope) -> Iterator[tuple[FactType, When | None]]:
    moment = scope.moment
    if _TAKES_BOTH.search(scope.after):
        if _OLD.search(scope.after) or _BOTH.search(scope.after):
            yield FactType.ACCEPTED_UNTIL, moment.last
        if _NEW.search(scope.after) or _BOTH.search(scope.after):
            yield FactType.ACCEPTED_FROM, moment.first
        return
    yield from _until_the_day(scope)


def _until_the_day(scope: Scope) -> Iterator[tuple[FactType, When | None]]:
    day = scope.moment.last
    if _is_takable(scope):
        yield FactType.ACCEPTED_UNTIL, day
    elif _is_deadline(scope):
        yield FactType.DEADLINE, day


def _is_takable(scope: Scope) -> bool:
    around = scope.clause_before + scope.after
    return bool(
        (_TAKABLE_BEFORE.search(scope.before) and not _DUTY.match(scope.after))
        or (TAKING.search(scope.after) and CHOICE.search(around) and not _DUTY_TO_CHANGE.search(scope.after))
        or _STILL_USABLE.search(scope.after)
    )


def _is_deadline(scope: Scope) -> bool:
    after, whole = scope.after, scope.sentence.text
    if OTHER_BUSINESS.search(scope.clause_before + after) and not _OURS_ANYWAY.search(after):
        return False
    if _FAILING.search(after) or _FAILING_BEFORE.search(scope.clause_before):
        return True
    if ATTRIBUTE.match(after) or _CONDITION.search(scope.clause_before):
        return False
    deed = _DEED.search(after) or (_ENDS.match(after) and _DEED_NOUN.search(scope.before))
    if not deed and not (
        _DEED_NOUN.search(scope.clause_before) and (not after.strip("。；，") or _LATEST.search(scope.before))
    ):
        return False
    position = scope.moment.end + (deed.start() if deed and deed.re is _DEED else 0)
    return _agent(whole, position) in ("holder", "")


def _agent(text: str, position: int) -> str:
    """Return who acts at a place of the sentence: holder, authority, laboratory, newcomer or nobody named."""
    last = ""
    for match in AGENT.finditer(text, 0, position):
        last = match.lastgroup or ""
    return last


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


_IS = r"(?:日期|时间|日)?(?:暂?定于|确定为|定为|为|是|：|由|从|自|原定?|改为|调整为|变更为|推迟至|延期至|顺延至|延至|提前至|应为|至|于)*$"
_LABELS = (
    (
        re.compile(
            r"(?:受理|接收|采信)(?:的)?(?:截止|最后|终止)(?:日期|时间|日)?(?:为|是|：|由|从|至|到|原)*$|(?:旧版|原)[^，。；]{0,20}(?:受理|采信)[^，。；]{0,8}截止[^，。；]{0,6}$"
        ),
        FactType.ACCEPTED_UNTIL,
    ),
    (
        re.compile(
            rf"(?:新版)[^，。；]{{0,20}}受理(?:起始|开始)?(?:时间|日期){_IS}|受理(?:起始|开始)(?:时间|日期){_IS}"
        ),
        FactType.ACCEPTED_FROM,
    ),
    (
        re.compile(
            r"(?:换证|换版|转换|换发|申请|提交|完成|办理|变更|试验|声明)(?:工作|证书|完成|的|提交|申请|办理)*(?:截止|最后|最迟|最终)?(?:日期|时间|期限|时限|日)(?:为|是|：|由|从|至|到|原|：截至|截至)*$"
        ),
        FactType.DEADLINE,
    ),
    (re.compile(rf"(?<!停止)(?:实施|施行|生效|启用|执行)(?:日期|时间|日){_IS}"), FactType.EFFECTIVE),
    (re.compile(rf"(?:发布|公布|印发|发文|成文|发稿)(?:日期|时间|日){_IS}"), FactType.PUBLISHED),
)
_AHEAD = {FactType.DEADLINE, FactType.ACCEPTED_UNTIL, FactType.TRANSITION_END}
_LAST = {FactType.ACCEPTED_UNTIL, FactType.DEADLINE}
_WINDOW = r"(?:过渡期|转换期|转换期限|换版期|过渡期限|转换过渡期|换版过渡期)(?!内|间|满|后|届满|结束(?!日期|时间))"
_WINDOW_BEFORE = re.compile(
    rf"{_WINDOW}[^，。；]{{0,25}}(?:，?(?:自|即|从)?)?$|{_WINDOW}[^。；]{{0,16}}，(?:自|即|从|即自|时间为|为|具体为)?$"
)
_WINDOW_AFTER = re.compile(
    rf"^(?:期间|止)?，?(?:为|是|作为|设为|的|内为)[^，。；]{{0,16}}{_WINDOW}|^[^，。；]{{0,4}}{_WINDOW}(?:。|，|$)"
)
_RELEASED = re.compile(rf"^(?:正式|批准|修订并|制定并|修订|联合)?(?:{RELEASE})(?!之日)")
_HISTORY = re.compile(r"^(?:首次|第[一二三四五六七八九\d]+次)")
_CITED_RELEASE = re.compile(rf"^(?:正式)?(?:{RELEASE})的[\ue009]")
_IN_FORCE_AT = re.compile(rf"^(?:起)?(?:正式|开始|全面|同时|予以)?(?:{FORCE})(?!细则|规则|日期)")
_IN_FORCE_FROM = re.compile(
    rf"(?<!停止)(?<!暂停)(?<!推迟)(?<!不再)(?<!终止)(?<!已)(?:{FORCE})(?!细则|规则|日期|之日|方案|意见|单位)|(?:按照?|依据|根据|遵照|符合)(?:{NEW}|[\ue001\ue003])[^，。；]{{0,30}}"
    r"(?:申请|认证|检测|检验|试验|出具|审核|检查|评价|办理|进行|要求)|(?:代替|替代|取代)(?:。|$)"
)
_TAKES_BY_NEW = re.compile(r"(?:仅|只|一律|均|统一|将)?(?:按|依据|按照)[^，。；]{1,30}受理")
_TAKES_BOTH = re.compile(r"受理|申请|委托|认证|接受|采信|选择")
_OLD, _NEW, _BOTH = re.compile(OLD), re.compile(NEW), re.compile(BOTH)
_TAKABLE_BEFORE = re.compile(r"(?:受理|采信|接受|接收|有效)[^，。；]{0,10}$|可采信至$")
_STILL_USABLE = re.compile(
    r"^[^。；]{0,40}?(?:仍可|可继续|继续|仍然?)[^，。；]{0,12}?(?:作为|使用|有效|采信|受理|适用|采用|接受)|(?:仍|继续)有效"
)
_DUTY = re.compile(r"(?:完成|提交|办理)")
_DUTY_TO_CHANGE = re.compile(r"换证|换版|转换|变更")
_FAILING = re.compile(rf"^[^。；，]{{0,20}}?{NOT_DONE}[^，。；]{{0,16}}?(?:完成|提交|申请|换|转换|办理|确认|提出)")
_FAILING_BEFORE = re.compile(r"(?!)")
_CONDITION = re.compile(r"(?:如果?|若|凡|对于?|对在)(?:企业|在|于|持证人|获证企业)?[^，。；]{0,8}$")
_DEED = re.compile(
    r"完成|提交|提出|办理|申请|申报|报送|送样|寄送|递交|接受|进行|补充|补做|签署|出具|确认|登录|填报|换发|换证|换版|转换|声明|"
    r"说明|落实|实现|做好|更换|备案|整改|更新|变更|自查|书面|上传|安排|回复|告知|联系|注销"
)
_ENDS = re.compile(r"^(?:日)?(?:截止|结束|完成|止)")
_DEED_NOUN = re.compile(r"(?:换证|换版|转换|更换|换发|变更|补充试验|差异试验|声明)(?:工作|申请|手续)?")
_LATEST = re.compile(r"最迟|最晚|不迟于|不晚于|不得晚于|截至|截止|延[长至]")
_OURS_ANYWAY = re.compile(r"换版意向|换证申请|变更申请|换版申请|转换申请")
