"""Right translations: the sentences of tests/corpus/translations.yaml, filled several ways, with three references."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parents[2] / "corpus" / "translations.yaml"
FILLS = 7
PRODUCTS = (
    ("机动车制动软管", "brake hoses for motor vehicles"),
    ("汽车用接插件", "automotive connectors"),
    ("摩托车排气消声器", "motorcycle exhaust silencers"),
    ("电动自行车控制器", "controllers for electric bicycles"),
    ("汽车轮毂轴承", "automotive hub bearings"),
    ("弧焊设备", "arc welding equipment"),
    ("车载激光雷达", "automotive LiDAR"),
)
STANDARDS = (
    ("GB 27887-2011", "GB 27887-2024"),
    ("GB/T 15579.6-2018", "GB/T 15579.6-2024"),
    ("QC/T 741-2006", "QC/T 741-2014"),
    ("GB 16897-2010", "GB 16897-2022"),
    ("JB/T 10273-2001", "JB/T 10273-2013"),
    ("GB 811-2010", "GB 811-2022"),
    ("GB/T 28046.3-2011", "GB/T 28046.3-2025"),
)
CODES = (
    "CCAP-GZ-5830:2026",
    "CQC16-471842-2025",
    "CCAP-SB-3721:2018A",
    "CQC11-462298-2026",
    "CCAP-GZ-3503:2020",
    "CQC16-491278-2019",
    "CCAP-SBM-3501-2007",
)
DAYS = (
    (date(2026, 7, 1), date(2027, 6, 30)),
    (date(2026, 3, 15), date(2026, 12, 31)),
    (date(2025, 11, 5), date(2026, 2, 8)),
    (date(2027, 1, 1), date(2027, 10, 20)),
    (date(2026, 8, 9), date(2028, 4, 12)),
    (date(2026, 5, 18), date(2026, 9, 7)),
    (date(2026, 10, 10), date(2027, 12, 25)),
)
NUMBERS = ((5, 3), (12, 8), (30, 20), (6, 4), (24, 18), (80, 45), (15, 9))
HEADS = (
    ("", ""),
    ("对于{P}，", "For {P}, "),
    ("依据{C}，", "According to {C}, "),
    ("自{H}起，", "From {H}, "),
    ("按照{S}的规定，", "According to {S}, "),
    ("根据{C}第{k}章，", "Under chapter {k} of {C}, "),
    ("就{P}而言，", "As regards {P}, "),
)
"""What a sentence without places of its own begins with, so that it is filled several ways too."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Chinese sentence, three right translations of it, and the frame that both came from."""

    zh: str
    en: tuple[str, ...]
    frame: str


@lru_cache(maxsize=2)
def sentences(part: str) -> tuple[Sentence, ...]:
    """Return every filled sentence of a part of the corpus: tuned or held_out."""
    frames = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))[part]
    return tuple(sentence for frame in frames for sentence in _filled(frame))


def _filled(frame: dict[str, Any]) -> Iterator[Sentence]:
    has_places = "{" in frame["zh"]
    for turn in range(FILLS):
        head_zh, head_en = ("", "") if has_places else HEADS[turn]
        zh = (head_zh + frame["zh"]).format(**_places(turn, "zh"))
        references = []
        for wording, en in enumerate(frame["en"]):
            said = _decapitalised(en) if head_en else en
            references.append((head_en + said).format(**_places(turn, "American" if wording == 1 else "en")))
        yield Sentence(zh, tuple(references), frame["zh"])


def _decapitalised(text: str) -> str:
    return text if re.match(r"[A-Z]{2}", text) else text[:1].lower() + text[1:]


def _places(turn: int, language: str) -> dict[str, Any]:
    first, second = DAYS[turn]
    side = 0 if language == "zh" else 1
    return {
        "P": PRODUCTS[turn][side],
        "S": STANDARDS[turn][0],
        "T": STANDARDS[turn][1],
        "C": CODES[turn],
        "A": _day(first, language),
        "B": _day(second, language),
        "H": _day(second, language),
        "n": NUMBERS[turn][0],
        "m": NUMBERS[turn][1],
        "k": turn + 2,
    }


def _day(day: date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day:%B} {day.day}, {day.year}" if language == "American" else f"{day.day} {day:%B} {day.year}"
