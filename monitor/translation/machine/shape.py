"""Is a translation one English text of its source's length, and nothing else?

Foreign letters, a broken character set, another language, a text cut off, said twice, gone on with, or spoken to
whoever asked: none of it needs the Chinese to be understood, only counted.
"""

import re
import unicodedata
from collections.abc import Iterator

from monitor.notation.text import has_han
from monitor.translation.english.glossary import Glossary

LONGEST_RATIO = 14
"""English has two to four letters for a Chinese character; beyond this it is no translation."""
SHORTEST_RATIO = 1.4
"""Letters of English for a Chinese character below which something was left out."""
RUN = 6
"""Words that no short text says twice."""


def shape_harm(source: str, target: str) -> Iterator[str]:
    """Yield why a text can be no translation of its source."""
    if not target.strip():
        yield "nothing was translated"
        return
    if has_han(target):
        yield "Chinese is left in it"
    if _MARKUP.search(target) and not _MARKUP.search(source):
        yield "it contains markup or control characters"
    if _BROKEN.search(target):
        yield "its character set is broken"
    if foreign := sorted({letter for letter in target if _is_foreign(letter)} - set(source)):
        yield f"it contains foreign letters ({''.join(foreign)[:8]})"
    if not has_han(source):
        return
    yield from _length(source, target)
    yield from _language(target)
    yield from _ending(source, target)
    yield from _beside(source, target)


def coverage_harm(source: str, target: str, glossary: Glossary) -> Iterator[str]:
    """Yield that half of the terms that the source names, and two at least, are not in the translation."""
    terms = [term.en for term in glossary.terms_in(source) if not _DIRECTION.search(term.zh)]
    said = [any(word[:STEM] in target.lower() for word in _content_words(term)) for term in terms]
    if len(said) - sum(said) >= FEWEST_TERMS and sum(said) * 2 <= len(said):
        yield "most of what the source names is missing"


def _content_words(term: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]{3,}", term.lower()) if word not in ("the", "for", "and", "with")]


def _is_foreign(letter: str) -> bool:
    if letter.isascii() or not letter.isalpha() or letter in _GREEK:
        return False
    return not unicodedata.name(letter, "").startswith("LATIN")


def _length(source: str, target: str) -> Iterator[str]:
    if len(target) > 60 + LONGEST_RATIO * len(source):
        yield "it is much longer than the source"
    han = len(re.findall(r"[\u4e00-\u9fff]", re.sub(r"[〇一二三四五六七八九十百]+[年月日]?", "", source)))
    if han >= SHORT and len(re.findall(r"[A-Za-z]", target)) < SHORTEST_RATIO * han:
        yield "it is much shorter than the source"
    words = re.findall(r"\w+", target.lower())
    runs = [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]
    if len(set(runs)) < len(runs) or (len(words) < 2 * RUN and words and words[: len(words) // 2] * 2 == words):
        yield "it says something twice"


def _language(target: str) -> Iterator[str]:
    if not re.search(r"[A-Za-z]{2}", target) and not re.fullmatch(r"[\W\d_]*", target):
        yield "it is not English"
    words = re.findall(r"[a-zà-ÿ]+", target.lower())
    if (len(words) > FEWEST_WORDS and not any(word in _FUNCTION_WORDS for word in words)) or sum(
        word in _OTHER_LANGUAGES for word in words
    ) >= 2:
        yield "it is not English"


def _ending(source: str, target: str) -> Iterator[str]:
    if (re.search(r"[。！？]\W*$", source) and not re.search(r"[.!?][\"'”’)\]]*\s*$", target)) or re.search(
        r"\b(?:the|a|an|of|to|and|or|in|on|by|with|for|from|is|are|shall|must|that|which)[\s,]*$", target
    ):
        yield "it ends in the middle"


def _beside(source: str, target: str) -> Iterator[str]:
    """A text that speaks about itself, of a service, or in more sentences than its source has."""
    if _TALK.search(target) and not re.search(r"翻译|译文|中文|英文|译本", source):
        yield "it talks about the task"
    offers = _ADVERT.search(target) or (_CONTACT.search(target) and not re.search("联系|咨询", source))
    if offers or (_WEBSITE.search(target) and not re.search(r"网站|网址|下载|点击|官网|登录|http", source)):
        yield "it advertises"
    sentences = len(
        re.findall(r"[.!?](?=\s+[A-Z]|\s*$)", re.sub(r"\b(?:No|e\.g|i\.e|etc|Ltd|Co|Art|Fig)\.", "", target))
    )
    said = len(re.findall(r"[。；！？：]|\n|，", source)) or 1
    if sentences > said and sentences > len(re.findall(r"[。；！？]", source)) + 1 - bool(said < MANY_CLAUSES):
        yield "it has a sentence that the source has not"


STEM = 4
_DIRECTION = re.compile("暂停|恢复|撤销|注销|废止|延长|缩短|整改|失效")
"""What the check of sense looks at, in all its English."""
FEWEST_TERMS = 2
FEWEST_WORDS = 6
SHORT = 6
MANY_CLAUSES = 2
_GREEK = frozenset("μµΩωφΦαβγδΔλΛρσΣτθπ")
_MARKUP = re.compile(r"</?[A-Za-z][^>]*>|&(?:#\d+|[a-z]+);|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|```")
_BROKEN = re.compile(r"\ufffd|ï¿½|â€|Ã[\x80-\xbf©¨¤¶¼ ]|Â[\xa0-\xbf]|[äåæçèé][\xa0-\xbf¸­]")
_TALK = re.compile(
    r"translat|language model|\bAI\b|\bI(?:'m| am| can(?:no|')t| cannot| will|'ll)\b|\bhere(?:'s| is| are)\b|"
    r"^sure\b|^certainly\b|"
    r"^of course\b|\bnote:|original (?:text|wording|sentence)|\bChinese\b|\bEnglish\b|the (?:provided|given|"
    r"above) text|"
    r"\bprompt\b|let me know|hope this helps|feel free|\bsorry\b|apologi[sz]e|anything else",
    re.IGNORECASE,
)
_ADVERT = re.compile(
    r"newsletter|free quote|best price|click here|subscribe|\bexperts?\b|"
    r"record time|"
    r"leading (?:provider|company)|trusted|\bprices?\b|discount|special offer|learn more|"
    r"sponsored",
    re.IGNORECASE,
)
_WEBSITE = re.compile(r"\bvisit\b|website|\bwww\.|https?://", re.IGNORECASE)
_CONTACT = re.compile(r"\b(?:contact|call) us\b", re.IGNORECASE)
_FUNCTION_WORDS = frozenset(
    (
        *(
            "the",
            "a",
            "an",
            "of",
            "to",
            "in",
            "for",
            "on",
            "by",
            "with",
            "from",
            "and",
            "or",
            "is",
            "are",
            "be",
            "shall",
        ),
        *(
            "must",
            "may",
            "can",
            "will",
            "not",
            "no",
            "this",
            "that",
            "these",
            "it",
            "its",
            "as",
            "at",
            "which",
            "after",
        ),
        *(
            "before",
            "if",
            "where",
            "when",
            "has",
            "have",
            "was",
            "were",
            "within",
            "under",
            "all",
            "any",
            "each",
            "than",
        ),
        *("per", "least", "between", "until", "their", "they", "such", "only", "should", "been", "once", "every"),
    )
)
_OTHER_LANGUAGES = frozenset(
    (
        *("der", "die", "das", "und", "ist", "nicht", "auf", "bei", "von", "les", "des", "une", "est", "pour", "dans"),
        *("los", "las", "del", "una", "para", "que", "por", "il", "della", "doivent", "werden", "sind", "ante"),
    )
)
