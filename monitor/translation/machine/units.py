"""Units in one form: 个工作日 and "working days" are one unit; letters (kN, MPa) stay as printed."""

import re

_SPELLINGS = (
    ("year", "年|周年", "year|years|yr|yrs"),
    ("month", "个月|月", "month|months"),
    ("week", "个星期|周", "week|weeks"),
    ("day", "天|日", "day|days|calendar day|calendar days"),
    (
        "working day",
        "个工作日|工作日",
        "working day|working days|work day|work days|workday|workdays|business day|business days",
    ),
    ("man-day", "人日", "man-day|man-days|man day|man days|person-day|person-days|person day|person days"),
    ("h", "小时", "hour|hours|hr|hrs"),
    ("min", "分钟", "minute|minutes|mins"),
    ("s", "秒", "second|seconds|sec|secs"),
    ("mm", "毫米", "millimeter|millimeters|millimetre|millimetres"),
    ("cm", "厘米", "centimeter|centimeters|centimetre|centimetres"),
    ("km", "千米|公里", "kilometer|kilometers|kilometre|kilometres"),
    ("m", "米", "meter|meters|metre|metres"),
    ("kg", "千克|公斤", "kilogram|kilograms|kgs"),
    ("g", "克", "gram|grams"),
    ("t", "吨", "ton|tons|tonne|tonnes"),
    ("V", "伏", "volt|volts"),
    ("A", "安", "ampere|amperes|amp|amps"),
    ("kN", "千牛", "kilonewton|kilonewtons"),
    ("N", "牛", "newton|newtons"),
    ("°c", "摄氏度|℃|°c", "°c|° c|℃|degree celsius|degrees celsius|degrees c"),
    ("yuan", "元", "yuan|rmb|cny"),
    ("%", "%", "%|percent|per cent"),
    ("‰", "‰", "‰"),
)
_LETTERS = (
    "mm|cm|km|nm|μm|um|m|kg|mg|g|t|kn|mn|n|mpa|kpa|pa|kv|mv|v|ma|ka|a|kwh|wh|kw|mw|w|khz|mhz|ghz|hz|kω|mω|ω|"
    "db|lx|cd|lm|h|min|ms|s|l|ml|j|kj|k|bar"
)
CHINESE_UNITS = {form: unit for unit, chinese, _ in _SPELLINGS for form in chinese.split("|")}
ENGLISH_UNITS = {form: unit for unit, _, english in _SPELLINGS for form in english.split("|")}


def _longest_first(forms: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, forms), key=len, reverse=True))


CHINESE_UNIT = re.compile(
    rf"\s?(?P<unit>(?:{_longest_first(CHINESE_UNITS)})|(?:{_LETTERS})(?![A-Za-z0-9]))", re.IGNORECASE
)
ENGLISH_UNIT = re.compile(
    rf"[\s-]?(?P<unit>(?:{_longest_first(ENGLISH_UNITS)}|{_LETTERS})(?![A-Za-z0-9]))", re.IGNORECASE
)
