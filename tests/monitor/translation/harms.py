"""What a bad service makes of a right translation: kinds of harm, each a function of a sentence and its translation.

A harm returns None where the sentence has nothing that it could turn. What it returns is wrong: a reader would do, or
leave undone, something else, or cannot read it.
"""

import re
from collections.abc import Callable

from tests.monitor.translation.translations import Sentence

Harm = Callable[[Sentence, str, int], str | None]
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"\d{{1,2}} (?:{MONTHS}) \d{{4}}|(?:{MONTHS}) \d{{1,2}}, \d{{4}}")
NAME = re.compile(r"(?:GB|QC|JB|CCAP|CQC)[/A-Z0-9 .:-]*\d[A-Z]?")
COUNT = re.compile(r"(?<![\w.:/-])\d+(?![\w.:/]|-\d)")


def swap(pairs: dict[str, str]) -> Harm:
    """Return the harm that puts one word for another, everywhere at once."""
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, pairs), key=len, reverse=True))})\b", re.IGNORECASE)

    def harm(_sentence: Sentence, en: str, _turn: int) -> str | None:
        bare, kept = _without_names(en)
        turned = pattern.sub(lambda match: _like(match[0], pairs[match[0].lower()]), bare)
        return None if turned == bare else _with_names(turned, kept)

    return harm


def _like(old: str, new: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _without_names(en: str) -> tuple[str, list[str]]:
    kept = [match[0] for match in re.finditer(f"{NAME.pattern}|{DATE.pattern}", en)]
    return re.sub(f"{NAME.pattern}|{DATE.pattern}", "\x00", en), kept


def _with_names(en: str, kept: list[str]) -> str:
    names = iter(kept)
    return re.sub("\x00", lambda _: next(names), en)


def negation_lost(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Leave out the first not, no, never or without."""
    for pattern, other in (
        (r"\bcannot\b", "can"),
        (r"\b(?:will|are|is) no longer\b", "will still be"),
        (r"\bno longer\b", "still"),
        (r"\bno (?=longer than|less|fewer|more|lower|higher|greater|later)", ""),
        (r"\bneed not\b", "must"),
        (r"\bnot (?=later|less|more|fewer|greater|lower|higher|exceed)", ""),
        (r"\bnot ", ""),
        (r"\b(?:do|does) not ", ""),
        (r"\bNo\b", "Every"),
        (r"\bno\b", "a"),
        (r"\b([Ww])ithout\b", r"\1ith"),
        (r"\bunless\b", "if"),
    ):
        turned = re.sub(pattern, other, en, count=1)
        if turned != en:
            return turned
    return None


def negation_added(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Put a not behind the first verb that has none."""
    turned = re.sub(r"\b(shall|must|may|can|will|is|are|should)\b(?! (?:not|no)\b)", r"\1 not", en, count=1)
    return None if turned == en else turned


def duty_becomes_option(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Say may for shall."""
    turned = re.sub(r"\b(?:shall|must)\b(?! not)|\b(?:is|are) required to\b|\b(?:has|have) to\b", "may", en)
    return None if turned == en else turned


def option_becomes_duty(sentence: Sentence, en: str, _turn: int) -> str | None:
    """Say must for may."""
    if "可" not in sentence.zh:
        return None
    turned = re.sub(r"\b(?:may|can)\b(?! (?:not|only))", "must", en)
    turned = re.sub(r"\b(?:is|are) (?:permitted|allowed) to\b", "must", turned)
    return None if turned == en else turned


def duty_becomes_advice(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Say should for shall."""
    turned = re.sub(r"\b(?:shall|must)\b", "should", en)
    return None if turned == en else turned


def advice_becomes_duty(sentence: Sentence, en: str, _turn: int) -> str | None:
    """Say shall for should."""
    if "宜" not in sentence.zh:
        return None
    turned = re.sub(r"\bshould\b|\b(?:is|are) (?:advised|recommended) to\b", "shall", en)
    turned = re.sub(r"\bIt is (?:recommended|advisable) (?:that|for)\b", "It is mandatory for", turned)
    return None if turned == en else turned


def old_and_new_swapped(sentence: Sentence, en: str, turn: int) -> str | None:
    """Turn old into new and new into old, where the two are not merely listed side by side."""
    if re.search("新旧|旧版标准申请认证|新旧版", sentence.zh):
        return None
    pairs = {"old": "new", "new": "old", "new-edition": "old-edition", "old-version": "new-version", "former": "new",
             "previous": "new"}  # fmt: skip
    return swap(pairs)(sentence, en, turn)


def names_swapped(sentence: Sentence, en: str, _turn: int) -> str | None:
    """Turn two standards round."""
    return _two_swapped(NAME, en) if re.search("由|代替|变更为|调整为", sentence.zh) else None


def dates_swapped(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Turn two dates round."""
    return _two_swapped(DATE, en)


def counts_swapped(sentence: Sentence, en: str, _turn: int) -> str | None:
    """Turn two numbers round."""
    bare, kept = _without_names(en)
    turned = _two_swapped(COUNT, bare)
    return _with_names(turned, kept) if turned and len(COUNT.findall(bare)) == 2 else None


def _two_swapped(pattern: re.Pattern[str], en: str) -> str | None:
    found = list(dict.fromkeys(pattern.findall(en)))
    if len(found) != 2:
        return None
    return pattern.sub(lambda match: found[1 - found.index(match[0])], en)


def number_changed(_sentence: Sentence, en: str, turn: int) -> str | None:
    """Give another number."""
    bare, kept = _without_names(en)
    turned = COUNT.sub(lambda match: str(int(match[0]) + 1 + turn), bare, count=1)
    return None if turned == bare else _with_names(turned, kept)


def number_lost(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Leave a number out."""
    bare, kept = _without_names(en)
    turned = COUNT.sub("the", bare, count=1)
    return None if turned == bare else _with_names(turned, kept)


def date_changed(_sentence: Sentence, en: str, turn: int) -> str | None:
    """Give another day."""
    found = DATE.search(en)
    if not found:
        return None
    other = re.sub(r"\b(\d{1,2})\b", lambda match: str(int(match[1]) % 28 + 1), found[0], count=1)
    if turn % 2:
        other = re.sub(r"\d{4}", lambda match: str(int(match[0]) + 1), found[0])
    return en.replace(found[0], other, 1)


def name_changed(_sentence: Sentence, en: str, turn: int) -> str | None:
    """Alter a digit of a code or standard."""
    found = NAME.search(en)
    if not found:
        return None
    places = [place for place, letter in enumerate(found[0]) if letter.isdigit()]
    place = places[turn % len(places)]
    other = f"{found[0][:place]}{(int(found[0][place]) + 1) % 10}{found[0][place + 1 :]}"
    return en.replace(found[0], other, 1)


def half_left_out(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Leave out what stands behind, or before, the comma."""
    head, comma, tail = en.partition(", ")
    if not comma or len(tail) < 30 or len(head) < 30 or DATE.search(en):
        return None
    return f"{head}."


def cut_off(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Stop in the middle."""
    words = en.split()
    return " ".join(words[: len(words) * 3 // 4]) if len(words) > 7 else None


def foreign_letters(_sentence: Sentence, en: str, turn: int) -> str | None:
    """Write some letters of another script."""
    if turn % 3 == 0:
        return en.replace("a", "\u0430").replace("o", "\u043e")
    return re.sub(r"\b(\w{5,})\b", "認證書" if turn % 3 == 1 else "신청서", en, count=1)


def mojibake(_sentence: Sentence, en: str, turn: int) -> str | None:
    """Break the character set."""
    broken = ("â€™s", "ï¿½", "\ufffd", "ä¸­å¿ƒ", "Ã©")[turn % 5]
    return re.sub(r"\b(\w{5,})\b", rf"\1{broken}", en, count=1)


def talk_about_the_task(_sentence: Sentence, en: str, turn: int) -> str | None:
    """Speak to whoever asked."""
    talks = (
        "Here is the translation: {}",
        "Sure! {}",
        "{} (Note: the original wording is ambiguous.)",
        "As an AI language model, I cannot verify this, but: {}",
        "{} Let me know if you need anything else.",
        "I'm sorry, but I can't help with that.",
        "Translation: {}",
    )
    return talks[turn % len(talks)].format(en)


def advertising(_sentence: Sentence, en: str, turn: int) -> str | None:
    """Add what nobody wrote."""
    adverts = (
        "{} Visit our website for the best prices.",
        "{} Contact us today for a free quote.",
        "Trusted certification services. {}",
        "{} We are the leading provider of fast CCC certification.",
        "{} Subscribe to our newsletter.",
        "{} Our experts obtain your certificate in record time.",
        "{} Click here to learn more.",
    )
    return adverts[turn % len(adverts)].format(en)


def something_else(sentence: Sentence, _en: str, turn: int) -> str | None:
    """Answer with the translation of another sentence."""
    others = (
        "The meeting was held in Beijing and attended by many experts from the industry.",
        "Please remember to water the plants every day.",
        "The product was well received by customers all over the world.",
        "Hello, how are you doing today?",
        "The weather will be sunny with some clouds in the afternoon.",
        "The quick brown fox jumps over the lazy dog.",
        "Thank you very much for your attention.",
    )
    return others[turn % len(others)] if len(sentence.zh) > 8 else None


def said_twice(_sentence: Sentence, en: str, _turn: int) -> str | None:
    """Repeat the sentence."""
    return f"{en} {en}"


def in_pinyin(_sentence: Sentence, _en: str, turn: int) -> str | None:
    """Answer in sounds."""
    return (
        "Chizhengren ying yu qi qian xiang benzhongxin tijiao huanzheng shenqing.",
        "Yangpin ying you renzheng weituoren songzhi qianyue shiyanshi.",
        "Renzheng zhengshu zanting qijian bude shiyong renzheng biaozhi.",
    )[turn % 3]


def another_language(_sentence: Sentence, _en: str, turn: int) -> str | None:
    """Answer in German, French or Spanish."""
    return (
        "Die Inhaber der Zertifikate reichen den Antrag auf Umstellung rechtzeitig bei der Zertifizierungsstelle ein.",
        "Les titulaires de certificats doivent déposer la demande de changement auprès de l'organisme.",
        "Los titulares de certificados presentarán la solicitud de cambio ante el organismo de certificación.",
    )[turn % 3]


HARMS: dict[str, Harm] = {
    "negation lost": negation_lost,
    "negation added": negation_added,
    "duty becomes option": duty_becomes_option,
    "option becomes duty": option_becomes_duty,
    "duty becomes advice": duty_becomes_advice,
    "advice becomes duty": advice_becomes_duty,
    "suspend and restore swapped": swap(
        {"suspend": "reinstate", "suspended": "reinstated", "suspends": "reinstates", "suspension": "reinstatement",
         "reinstate": "suspend", "reinstated": "suspended", "reinstates": "suspends", "restores": "suspends",
         "restored": "suspended"}
    ),
    "withdraw and suspend swapped": swap(
        {"withdraw": "suspend", "withdrawn": "suspended", "withdrawal": "suspension", "suspend": "withdraw",
         "suspended": "withdrawn", "suspension": "withdrawal"}
    ),
    "cancelled or repealed becomes kept": swap(
        {"cancel": "keep", "cancels": "keeps", "cancelled": "maintained", "cancellation": "maintenance",
         "repealed": "maintained", "abolished": "maintained", "withdrawn": "maintained", "lapse": "continue"}
    ),
    "longer and shorter swapped": swap(
        {"extended": "shortened", "prolonged": "shortened", "lengthened": "shortened", "postponed": "brought forward",
         "shortened": "extended", "reduced": "increased", "cut": "raised", "increased": "reduced", "raised": "reduced",
         "increases": "decreases"}
    ),
    "old and new swapped": old_and_new_swapped,
    "standards swapped": names_swapped,
    "dates swapped": dates_swapped,
    "numbers swapped": counts_swapped,
    "comparison reversed": swap(
        {"less": "more", "more": "less", "at least": "at most", "at most": "at least", "fewer": "more",
         "greater": "smaller", "lower": "higher", "higher": "lower", "above": "below", "below": "above",
         "exceed": "be less than"}
    ),
    "before and after swapped": swap(
        {"before": "after", "after": "before", "prior to": "after", "no later than": "no earlier than"}
    ),
    "parties swapped": swap(
        {"applicant": "certification body", "applicants": "certification bodies", "holder": "laboratory",
         "holders": "laboratories", "factory": "applicant", "laboratory": "factory",
         "certification body": "applicant", "inspector": "applicant", "inspectors": "applicants"}
    ),
    "number changed": number_changed,
    "number lost": number_lost,
    "date changed": date_changed,
    "code or standard changed": name_changed,
    "unit changed": swap(
        {"working days": "days", "days": "months", "months": "years", "years": "months", "mm": "cm", "mpa": "kPa",
         "man-days": "hours", "person-days": "hours", "km/h": "m/s", "g": "kg", "pieces": "sets", "sets": "pieces"}
    ),
    "and and or swapped": swap({"and": "or", "or": "and"}),
    "all becomes some": swap({"all": "some", "every": "some", "only": "also", "any one of": "some of", "any": "some"}),
    "half left out": half_left_out,
    "cut off": cut_off,
    "foreign letters": foreign_letters,
    "mojibake": mojibake,
    "talk about the task": talk_about_the_task,
    "advertising": advertising,
    "something else": something_else,
    "said twice": said_twice,
    "in pinyin": in_pinyin,
    "another language": another_language,
}  # fmt: skip
NEVER = frozenset(
    {
        *("negation lost", "negation added", "duty becomes option", "option becomes duty", "duty becomes advice"),
        *("advice becomes duty", "suspend and restore swapped", "withdraw and suspend swapped"),
        *("cancelled or repealed becomes kept", "longer and shorter swapped", "number changed", "number lost"),
        *("date changed", "code or standard changed", "dates swapped"),
    }
)
"""Kinds of which not one may be shown: digits, dates, codes, negation, duty and option, direction."""
