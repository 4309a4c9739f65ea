"""Numbers with their unit, as amounts: 一百件 and 100件, 2 cm and 20 mm, 百分之五 and 5% are the same amount.

How precisely a number is written is kept beside it: a limit of 0.50 is rounded to another place than one of 0.5
(GB/T 8170), so the two are equal amounts and not the same requirement.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from monitor.notation.numerals import read_number


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in its base unit ("20mm"), the unit as printed, and how many decimals were printed."""

    value: str
    unit: str
    decimals: int


@lru_cache(maxsize=4096)
def read_amount(number: str, unit: str) -> Amount | None:
    """Return the amount that a printed number and unit mean; None where the number is none."""
    read = read_decimal(number)
    if read is None:
        return None
    base, factor = UNITS.get(unit) or UNITS.get(_ALIASES.get(unit, ""), (unit, Decimal(1)))
    decimals = len(number.replace("点", ".").partition(".")[2]) if not _MAGNITUDE_AFTER.search(number) else 0
    return Amount(f"{plain(read * factor)}{base}", _ALIASES.get(unit, unit), decimals)


@lru_cache(maxsize=4096)
def read_decimal(printed: str) -> Decimal | None:
    """Return the number that is printed in Arabic or Chinese digits, with 万, 亿 and 点."""
    text = printed.replace(",", "").replace(" ", "")
    match = _ARABIC.fullmatch(text)
    if match:
        return Decimal(match[1]) * _magnitude(match[2])
    whole, point, fraction = text.partition("点")
    if point:
        left, right = read_number(whole), _digits(fraction)
        return None if left is None or right is None else Decimal(f"{left}.{right}")
    number = read_number(text)
    return None if number is None else Decimal(number)


def plain(number: Decimal) -> str:
    """Return the number without exponent and without zeros that say nothing."""
    try:
        return f"{number.normalize():f}"
    except InvalidOperation:
        return str(number)


def _magnitude(signs: str) -> Decimal:
    total = Decimal(1)
    for sign in signs:
        total *= _MAGNITUDES[sign]
    return total


def _digits(text: str) -> str | None:
    digits = [read_number(sign) for sign in text]
    return "".join(str(digit) for digit in digits) if digits and None not in digits else None


_MAGNITUDES = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000), "亿": Decimal(10**8)}
_MAGNITUDE_AFTER = re.compile(r"\d[十百千万亿]+$")
_ARABIC = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿]*)")
_BASES = """
mm: µm 0.001, mm 1, cm 10, dm 100, m 1000, km 1000000
mm²: mm² 1, cm² 100, dm² 10000, m² 1000000
mm³: mm³ 1, cm³ 1000, mL 1000, L 1000000, m³ 1000000000
g: µg 0.000001, mg 0.001, g 1, kg 1000, t 1000000
s: µs 0.000001, ms 0.001, s 1, min 60, h 3600
V: µV 0.000001, mV 0.001, V 1, kV 1000
A: µA 0.000001, mA 0.001, A 1, kA 1000
W: mW 0.001, W 1, kW 1000, MW 1000000
Hz: Hz 1, kHz 1000, MHz 1000000, GHz 1000000000
Ω: mΩ 0.001, Ω 1, kΩ 1000, MΩ 1000000, GΩ 1000000000
Pa: Pa 1, hPa 100, kPa 1000, MPa 1000000
N: N 1, kN 1000
J: J 1, kJ 1000
Wh: Wh 1, kWh 1000
°C: °C 1
dB: dB 1
lx: lx 1
lm: lm 1
K: K 1
km/h: km/h 1
m/s: m/s 1
N·m: N·m 1, kN·m 1000
个月: 个月 1, 季度 3, 年 12
日: 日 1, 周 7
%: % 1, ‰ 0.1
"""
UNITS: dict[str, tuple[str, Decimal]] = {
    unit.split()[0]: (base, Decimal(unit.split()[1]))
    for base, units in (line.split(": ") for line in _BASES.strip().splitlines())
    for unit in units.split(", ")
}
"""Unit → base unit and how many of them it is. 工作日, 自然日 and what is counted (件, 台) stay what they are."""
_SPELLINGS = """
µm: μm 微米 um; mm: 毫米 MM Mm ㎜; cm: 厘米 公分 CM Cm ㎝; dm: 分米; m: 米; km: 千米 公里 KM Km ㎞
mm²: mm2 平方毫米; cm²: cm2 平方厘米; m²: m2 平方米 ㎡; mm³: mm3; cm³: cm3 立方厘米; m³: m3 立方米; dm²: dm2
mg: 毫克 Mg; g: 克; kg: 千克 公斤 KG Kg ㎏; t: 吨; mL: ml 毫升; L: l 升
ms: 毫秒; s: 秒; min: 分钟 Min MIN; h: 小时 个小时 H hr; µs: μs us
mV: 毫伏; V: 伏 伏特; kV: 千伏 KV Kv kv; mA: 毫安; A: 安 安培; kA: 千安 KA; µA: μA uA; µV: μV uV
W: 瓦 瓦特; kW: 千瓦 KW Kw kw; Hz: 赫兹 赫 HZ hz; kHz: 千赫 千赫兹 KHz KHZ khz
MHz: 兆赫 兆赫兹 MHZ Mhz; GHz: GHZ Ghz 吉赫
Ω: 欧 欧姆; kΩ: KΩ 千欧; MΩ: 兆欧; Pa: 帕 帕斯卡; kPa: KPa KPA Kpa 千帕; MPa: MPA Mpa 兆帕; hPa: 百帕
kN: KN 千牛; N: 牛顿; kJ: KJ 千焦; J: 焦耳
kWh: KWh kwh KWH kW·h 千瓦时 度电; °C: ℃ 摄氏度; dB: db DB Db 分贝; lx: 勒克斯; lm: 流明
km/h: 公里/小时 千米/小时 km/小时 KM/H Km/h; m/s: 米/秒; N·m: N.m Nm N*m 牛·米 牛米; kN·m: kN.m kNm
日: 天; 年: 周年 个年度 年度; 季度: 个季度; 周: 个星期 星期 个周; 工作日: 个工作日; 自然日: 个自然日; 日历日: 个日历日
"""
_ALIASES: dict[str, str] = {
    spelling: unit
    for line in _SPELLINGS.strip().splitlines()
    for unit, spellings in (entry.split(": ") for entry in line.split("; "))
    for spelling in spellings.split(" ")
}
_COUNTED = (
    "件 台 套 只 个 份 批 组 张 倍 元 次 人日 人 家 名 项 页 种 类 辆 条 支 根 卷 盘 片 块 对 双 级 位 层 间 处 吨 户"
)
UNIT_PATTERN = "(?:{})".format(
    "|".join(
        re.escape(unit) + ("(?![A-Za-z])" if unit[-1].isascii() and unit[-1].isalpha() else "")
        for unit in sorted({*UNITS, *_ALIASES, *_COUNTED.split()}, key=len, reverse=True)
    )
)
"""Every unit in every spelling, longest first, for patterns on text without spaces."""
