"""What holders must or may do, what is expressly not asked, and what becomes of certificates.

All is read frame by frame. A deed counts where somebody who holds a certificate is told, asked or allowed to do it; a
consequence where a notice threatens it for not acting in time, or decrees it; a measure where it falls on everyone.
"""

import re
from collections.abc import Iterator

from monitor.facts.actors import Actor
from monitor.facts.fact import Fact, FactType
from monitor.facts.frames import Frame, frames_of
from monitor.facts.moments import Known
from monitor.facts.text.lexicon import grammar, tokens_of
from monitor.facts.text.lines import Sentence
from monitor.facts.timing import Part, quote_of


def read_obligations(
    sentences: tuple[Sentence, ...], parts: tuple[tuple[Part, ...], ...], known: Known
) -> Iterator[Fact]:
    """Yield actions, waivers, consequences and what becomes of certificates, applications and marks."""
    if known.is_draft:
        return
    told = (one for one in sentences if not known.is_aside or _OURS.search(one.tokens.classes))
    actions = [fact for sentence in told for fact in _actions(sentence)]
    yield from actions
    if not actions and not any(part.role in ("deadline", "mark") for read in parts for part in read):
        yield from (fact for sentence, read in zip(sentences, parts, strict=True) for fact in _nothing(sentence, read))
    yield from (fact for sentence in sentences for fact in _waived(sentence))
    if known.is_aside or _is_general(sentences, parts):
        return
    failing = False
    for index, (sentence, read) in enumerate(zip(sentences, parts, strict=True)):
        classes = sentence.tokens.classes
        yield from _consequences(sentence, failing and bool(_CONTINUES.search(classes)))
        yield from _measures(sentence, read)
        yield from _validity(sentence, read)
        yield from _pending(sentence, _following(sentences, index))
        yield from _marks(sentence, read)
        failing = bool(_FAILING.search(classes))


def _is_general(sentences: tuple[Sentence, ...], parts: tuple[tuple[Part, ...], ...]) -> bool:
    """Whether this is a stretch of a rule that dates nothing: its clauses threaten nobody in particular."""
    if not sentences or not _RULE_TEXT.match(sentences[0].marked.original.lstrip()):
        return False
    return not any(part.moment.dates for read in parts for part in read)


_OURS = grammar("change|cert")
_RULE_TEXT = re.compile(r"\d{1,2}(?:\.\d{1,2})*\s|第[一二三四五六七八九十]{1,3}[条章]")

# --- deeds


def _actions(sentence: Sentence) -> Iterator[Fact]:
    classes = sentence.tokens.classes
    if sentence.text.endswith("？") or _TITLE.search(sentence.text):
        return
    for name, notation in _DEEDS:
        if any(_is_asked(sentence, match) for match in notation.finditer(classes)):
            yield Fact(FactType.ACTION, name, sentence.quote())
    for name, notation in _WHOLE:
        if notation.search(classes):
            yield Fact(FactType.ACTION, name, sentence.quote())


def _is_asked(sentence: Sentence, match: re.Match[str]) -> bool:
    if _PENDING_DEED.search(classes := sentence.tokens.classes):
        return False
    frame = next(frame for frame in frames_of(sentence) if frame.begin <= match.start() < frame.end)
    before, after = classes[frame.begin : match.start()], classes[match.end() : frame.end]
    if _BECOMES.fullmatch(match[0]) and not (_CERTIFICATES.search(frame.classes) or _NEW_TEXT.match(after)):
        return False
    strong = bool(_STRONG.search(before))
    if _NAMED_ONLY.match(after) or _DENIED.search(before) or _DENIED_AFTER.match(after):
        return False
    if _DONE.search(before) or _IF.match(before) or _OTHER.search(before):
        return False
    if frame.is_condition and not strong:
        return False
    if _PASSED.match(after) and not _VIA.search(before):
        return False
    if _REPORT.fullmatch(match[0]) and _OLD_REPORT.search(before):
        return False
    if _ATTRIBUTE.match(after) and not strong:
        return False
    if not _may_be_asked(frame, before):
        return False
    if _TOLD_ABOVE.search(tokens_of(sentence.stem).classes) and _IMPERATIVE.match(before + match[0]):
        return True
    return _is_told(classes[: frame.begin], before, match[0], after)


def _may_be_asked(frame: Frame, before: str) -> bool:
    if _ASKS_US.search(frame.classes):
        return True
    return frame.actor in (Actor.HOLDER, Actor.NOBODY)


def _is_told(earlier: str, before: str, deed: str, after: str) -> bool:
    """Told in this clause (应, 请, 可 …), by its verb alone, or by a clause before that it goes on from."""
    if _MODAL.search(before) or _MODAL_AFTER.match(after) or _ASKS_US.search(before + deed):
        return True
    if _DATED.search(before) and _SWITCH.match(deed):
        return True
    if not _VERB.search(before + deed):
        return False
    said = earlier.rpartition(".")[2]
    return bool(_BARE_VERB.match(before + deed) or _MODAL.search(said) or (not before and _FREED.search(said)))


def _nothing(sentence: Sentence, parts: tuple[Part, ...]) -> Iterator[Fact]:
    if any(part.role == "condition" or (part.role == "certificate" and _OF.search(part.piece.after)) for part in parts):
        return
    found = _NOTHING.search(sentence.tokens.classes)
    if (
        found
        and not _INSTEAD.search(sentence.tokens.classes, found.end())
        and not _MADE.search(sentence.tokens.classes, 0, found.start())
        and not _SUPPOSED.search(sentence.tokens.classes, 0, found.start())
    ):
        yield Fact(FactType.ACTION, "none", sentence.quote())


def _waived(sentence: Sentence) -> Iterator[Fact]:
    if _ELSEWHERE.search(sentence.tokens.classes) and not _CHANGES.search(sentence.tokens.classes):
        return
    if sentence.stem.endswith("？") and _REFUSED.match(sentence.tokens.classes):
        for name, notation in _ASKED_FOR:
            if notation.search(tokens_of(sentence.stem).classes):
                yield Fact(FactType.WAIVED, name, sentence.quote())
    for name, notation in _WAIVED:
        if notation.search(sentence.tokens.classes):
            yield Fact(FactType.WAIVED, name, sentence.quote())


# --- what becomes of certificates


def _consequences(sentence: Sentence, goes_on: bool) -> Iterator[Fact]:
    classes = sentence.tokens.classes
    for name, notation in _FATES:
        if any(_is_fate(sentence, classes, match, goes_on) for match in notation.finditer(classes)):
            yield Fact(FactType.CONSEQUENCE, name, sentence.quote())


def _is_fate(sentence: Sentence, classes: str, match: re.Match[str], goes_on: bool) -> bool:
    before, after = classes[: match.start()], classes[match.end() :]
    if _NO_FATE.search(before) or _NO_FATE_AFTER.match(after):
        return False
    if "受理" in sentence.tokens.said(match.start(), match.end()) and _OTHER.search(classes):
        return False
    if _DECREE.search(before) and _CERTIFICATES.search(classes):
        return True
    if _DECREE_TITLE.search(sentence.text):
        return True
    if (_GENERAL.search(classes) and not _TIMELY.search(classes)) or _ELSEWHERE.search(classes):
        return False
    return goes_on or bool(_FAILING.search(before) or _UNDONE.match(after))


def _measures(sentence: Sentence, parts: tuple[Part, ...]) -> Iterator[Fact]:
    for part in parts:
        if part.role == "measure" and part.moment.first:
            for name in _fates_in(part.piece.before + part.piece.after):
                if name != "lapse":
                    yield Fact(FactType.CONSEQUENCE, name, sentence.quote())
                yield Fact(
                    FactType.MEASURE, name, quote_of(sentence, part), whose="authority", on=part.moment.first.value
                )
    if any(part.role == "measure" for part in parts) or _FAILING.search(sentence.tokens.classes):
        return
    for match in _EVERYONE.finditer(sentence.tokens.classes):
        if _NO_FATE_AFTER.match(sentence.tokens.classes, match.end()):
            continue
        for name in _fates_in(match[0]):
            yield Fact(FactType.CONSEQUENCE, name, sentence.quote())
            yield Fact(FactType.MEASURE, name, sentence.quote(), whose="authority")


def _fates_in(classes: str) -> Iterator[str]:
    return (name for name, notation in _ALL_FATES if notation.search(classes))


def _validity(sentence: Sentence, parts: tuple[Part, ...]) -> Iterator[Fact]:
    classes = sentence.tokens.classes
    for part in parts:
        if part.role == "validity" and part.moment.last:
            value = "lapses" if _LAPSES.search(part.piece.after) else "valid"
            yield Fact(FactType.VALIDITY, value, quote_of(sentence, part), whose="holder", until=part.moment.last.value)
            return
    if _VALID.search(classes) and not _NOT_OF_CERTIFICATES.search(classes):
        until = "certificate_expiry" if _IN_TERM.search(classes) else None
        yield Fact(FactType.VALIDITY, "valid", sentence.quote(), whose="holder", until=until)
    elif (
        _LAPSES.search(classes)
        and (_CERTIFICATES.search(tokens_of(sentence.stem).classes + classes) or _FAILING.search(classes))
        and not _NO_LAPSE.search(classes)
        and not any(part.role == "measure" for part in parts)
    ):
        until = "certificate_expiry" if _IN_TERM.search(classes) else _until_of(parts)
        yield Fact(FactType.VALIDITY, "lapses", sentence.quote(), whose="holder", until=until)


def _until_of(parts: tuple[Part, ...]) -> str | None:
    return next((part.moment.last.value for part in parts if part.role == "deadline" and part.moment.last), None)


def _following(sentences: tuple[Sentence, ...], index: int) -> str:
    """The classes of the sentence that goes on from this one after a semicolon."""
    goes_on = sentences[index].text.endswith("；") and index + 1 < len(sentences)
    return sentences[index + 1].tokens.classes if goes_on else ""


def _pending(sentence: Sentence, following: str) -> Iterator[Fact]:
    classes = sentence.tokens.classes
    match = _UNDER_WAY.search(classes)
    if not match:
        return
    rest = classes[match.end() :]
    if _FREE.search(rest) or (_BY_OLD.search(rest) and _FREELY.match(following)):
        yield Fact(FactType.PENDING, "either", sentence.quote())
    elif _BY_OLD.search(rest):
        yield Fact(FactType.PENDING, "old", sentence.quote())
    elif _BY_NEW.search(rest):
        yield Fact(FactType.PENDING, "new", sentence.quote())


def _marks(sentence: Sentence, parts: tuple[Part, ...]) -> Iterator[Fact]:
    for part in parts:
        if part.role == "mark" and part.moment.first:
            yield Fact(FactType.MARK, "stop", quote_of(sentence, part), whose="holder", on=part.moment.first.value)
            return
    if _STOP_MARK.search(sentence.tokens.classes) and not _THREATENED.search(sentence.tokens.classes):
        yield Fact(FactType.MARK, "stop", sentence.quote(), whose="holder")


_PASSED = grammar("passed")
_VIA = grammar("via|must|ask")
_REPORT = grammar("test_report")
_OLD_REPORT = grammar("(?:old[^,.;]{0,5}|(?:stop|no)[^,.;]*)$")
_BECOMES = grammar("become")
_NEW_TEXT = grammar("per? (?:new|C|S)")
_PENDING_DEED = grammar("^[^.]{0,12}done take de[^.]{0,12}?(?:may|per)")
_TITLE = re.compile(
    r"^(?:[一二三四五六七八九十\d、.（）]*)?(?:关于)?[^，。；]{0,60}(?:的)?(?:通知|公告|要求|安排|事项|说明|通告|函)(?:（[^（）]*）)?$"
)
_DEEDS = (
    (
        "changeover",
        grammar(
            "swap(?=[^,.;]{0,4}cert)|(?<=cert)(?:de)?swap|finish swap|(?<!notice)(?<!mark)(?<!mark"
            " de)change(?!(?:de)?after)|obtain (?:new)? std? cert|become|(?<=finish)(?:new) std de zz"
        ),
    ),
    ("retest", grammar("test|test_report(?=$|[,.;]|and|submit|suffices)")),
    ("factory_inspection", grammar("inspect|take [^,.;]{0,4}?(?:exam|surv|yearly_surv)")),
    ("declaration", grammar("declare")),
)
_WHOLE = (
    (
        "changeover",
        grammar("(?:change_work|switch apply)[^.;]{0,12}(?:by|must)[^.;]{0,4}?(?:D|finish|submit(?=$|[,.;]))(?!de)"),
    ),
    ("factory_inspection", grammar("(?:inspect|exam)[^.;]{0,20}(?:must|ask)[^,.;]{0,6}cooperate")),
)
_NAMED_ONLY = grammar(
    "(?:zz|cert|apply)?de?(?:finish)?(?:day|last|close|fee|course|matter|cert?(?:waive_fee|noneed"
    "|no)|requirement(?!submit|finish)|notice(?!,)|during|before(?!finish)|until|plan|std|comment"
    "|mark|course|change_term|expire|is D)"
)
_NEG = "(?:noneed|no|stop)"
_DENIED = grammar(
    r"noneed(?:(?!may|must|ask|suffices)._){0,8}$|(?:no|stop)(?:(?!may|must|ask|suffices|de)._){0,8}$|(?:fail|late)[^,.;]{0,5}$|keep[^,.;]{0,3}$|serve$"
)
_DENIED_AFTER = grammar(rf"(?:report|apply)?(?:{_NEG}|fail)")
_DONE = grammar("done(?!obtain)(?:(?!must|ask|may)._){0,6}$")
_IF = grammar("^(?:zz|holder|cert|product)*if(?!must)(?:(?!must|ask|may)._)*$")
_OTHER = grammar("@aside")
_ELSEWHERE = grammar("course|comment|tender|holiday|outage")
_ATTRIBUTE = grammar(
    "(?!is)[^,.;]{0,5}de(?:$|requirement|product|zz|holder|cert|who|report)|[^,.;]{0,3}(?:during|before)$"
)
_STRONG = grammar("must|ask")
_ASKS_US = grammar("to authority (?:zz)?(?:submit|apply|finish)")
_MODAL = grammar("must|ask|may|suffices|by_means|by|by_whom holder")
_MODAL_AFTER = grammar(
    "(?:zz|apply|finish|notice|submit)*(?:must(?!submit|notice)|by|ask|suffices|may zz? submit|at D"
    " before finish|D before)"
)
_VERB = grammar("finish|submit|apply|sign|take|obtain|change|test|declare|inspect|check")
_BARE_VERB = grammar(
    "(?:zz|open|close)?(?:[^,.;]{0,8}?(?:D|P)(?:before|within|end)?|[^,.;]{0,10}before|and|holder|along[^,.;]{0,5}?|per[^,.;]{0,4}?){0,4}(?:finish|submit|apply|sign|take|obtain|check|retrial|renew|again)"
)
_FREED = grammar("noneed")
_DATED = grammar("D (?:before|within|end)(?:zz)?$")
_SWITCH = grammar("change")
_TOLD_ABOVE = grammar("(?:must|ask)[^.]*:$")
_IMPERATIVE = grammar("(?:per|finish|submit|take|@deed)")
_NOTHING = grammar(
    "(?:noneed|no must)(?:apply|finish|submit|holder|and|take|again|test|requirement"
    "|zz(?=requirement|formality|change)){0,4}(?:change(?! mark)|formality|apply(?! fee))"
)
_OF = grammar("de")
_INSTEAD = grammar(",(?:holder)?must")
_MADE = grammar("make")
_SUPPOSED = grammar("(?:^|[,.;])(?:zz|holder)*if[^,.;]*$")
_CHANGES = grammar("change|cert|inspect|test")
_REFUSED = grammar("(?:zz)?:?noneed(?:,|\\.|$)")
_ASKED_FOR = (("retest", grammar("test")), ("factory_inspection", grammar("inspect")))
_WAIVED = (
    (
        "retest",
        grammar("(?:noneed)(?:(?!must|may|,)._){0,5}?test|test(?:zz)?noneed|(?:no) (?:if)?(?:finish|take)?test"),
    ),
    ("factory_inspection", grammar("waive_inspect|(?:noneed)(?:(?!must|may|,)._){0,5}?inspect|inspect noneed")),
    ("fee", grammar("(?:noneed|no)(?:(?!must|may|,)._){0,3}?fee|waive_fee")),
)
_FATES = (
    ("suspension", grammar("suspend")),
    ("withdrawal", grammar("withdraw")),
    ("cancellation", grammar("cancel")),
    ("not_accepted", grammar("(?:stop|no)(?:zz|if)?take")),
)
_ALL_FATES = (*_FATES, ("lapse", grammar("lapse|cert(?:._){0,5}?abolish|abolish(?:._){0,5}?cert")))
_FAILING = grammar("fail|late|else|clings")
_CONTINUES = grammar("fail|late|expire|suspend")
_NO_FATE = grammar(
    "(?:no|noneed|fail|apply|may|done|restore|submit|stop)(?:by_whom|shall|plan|is)?$|(?:^|[,.;])by_whom$|(?:no|noneed)[^,.;]{0,2}$"
)
_NO_FATE_AFTER = grammar(
    "(?:and @fate)*(?:de,|to|per|during|expire|within|day|after|de (?:cert|holder|requirement)|take"
    "|restore|zhiri|apply|P (?:after|expire|fail)|mark)"
)
_DECREE = grammar(
    "decide[^.;]{0,24}$|listed[^,.;]{0,12}$|^[^.;]{0,6}because[^.;,]{1,14},(?:zz|authority|decide|will|C)*$"
)
_DECREE_TITLE = re.compile("关于(?:暂停|撤销|注销)(?!、)[^。；]{0,60}证书(?:的)?(?:公告|通知|决定|通报|公示)")
_UNDONE = grammar("(?:zz)?fail[^,.;]{0,4}(?:change|finish)[^,.;]{0,3}cert")
_CERTIFICATES = grammar("cert")
_GENERAL = grammar("general")
_TIMELY = grammar("late|else")
_EVERYONE = grammar(
    "(?:old)?cert(?:(?!no|noneed|may|apply|suspend|by_whom|and)[^,.;]){0,6}?(?:suspend|withdraw|cancel)"
)
_VALID = grammar(
    "cert(?:(?!no|stop)[^.;]){0,10}?(?:valid|keep_use)(?! old? cert? de? (?:expiry|on_day))"
    "|valid_term (?:valid|use|keep_use)|may keep_use [^,.;]{0,3}cert|cert(?:(?!no"
    "|stop)[^,.;]){0,6}?may use(?! mark)"
)
_NOT_OF_CERTIFICATES = grammar("(?:rule|std|report)(?:(?!cert)[^,.;]){0,3}valid|(?:no|fail|stop)[^,.;]{0,3}valid")
_LAPSES = grammar("lapse")
_NO_LAPSE = grammar("(?:no|fail)[^,.;]{0,8}lapse")
_IN_TERM = grammar("valid_term|expire|expiry")
_UNDER_WAY = grammar(
    "(?:done (?:take|submit|sign)|(?:before|this_before|force before)(?:done)?take|under_way|take"
    " [^,.;]{0,3}?(?:fail|still_not))[^,.;]{0,6}?"
)
_BY_OLD = grammar("(?:per|use|force)[^,.;]{0,3}?(?:old|take|C|S)")
_BY_NEW = grammar("(?:per|use|must|now_per)[^,.;]{0,4}?new")
_FREELY = grammar("(?:zz)?holder may[^.]*new")
_FREE = grammar("may[^.]*?(?:new|per)|choose")
_THREATENED = grammar("suspend(?:zz)?(?:during|within|on_day)")
_STOP_MARK = grammar("(?:stop|no|disuse)(?:use)?[^,.;]{0,5}?mark")
