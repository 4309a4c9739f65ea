"""Is a translation unharmed? Its shape, its figures and its sense must be those of the source.

What differs is named, so that a consultant can see why a translation was refused. A refused translation is not shown
(DESIGN.md, "Numbers survive translation").
"""

from collections import Counter

from monitor.translation.english.glossary import load_glossary
from monitor.translation.machine.names import names_in, without_names
from monitor.translation.machine.quantities import Figures, english_figures, source_figures
from monitor.translation.machine.sense import sense_harm
from monitor.translation.machine.shape import coverage_harm, shape_harm


def find_harm(source: str, target: str) -> tuple[str, ...]:
    """Return what a translation lost, added, altered or turned round, in words; empty where it may be shown."""
    if harm := tuple(shape_harm(source, target)):
        return harm
    return (*figure_harm(source, target), *sense_harm(source, target), *coverage_harm(source, target, load_glossary()))


def figure_harm(source: str, target: str) -> tuple[str, ...]:
    """Return which codes, standards, dates, numbers and units differ; all that a sentence of our own is checked for."""
    return (*_compare_names(source, target), *_compare_figures(source, target))


def _compare_names(source: str, target: str) -> list[str]:
    before, after = Counter(names_in(source)), Counter(names_in(target))
    lost = [f"{name} is missing" for name in before - after]
    return lost + [f"{name} is not in the source" for name in after if name not in before]


def _compare_figures(source: str, target: str) -> list[str]:
    return _difference(source_figures(without_names(source)), english_figures(without_names(target)))


def _difference(source: Figures, target: Figures) -> list[str]:
    harm = [f"the date {day} is missing" for day in source.dates - target.dates]
    harm += [f"the date {day} is not in the source" for day in target.dates - source.dates]
    lost = source.numbers - target.numbers
    harm += [f"the number {number} is missing" for number in lost if lost[number] > target.spelled[number]]
    added, words = target.numbers - source.numbers, source.spelled + source.ordinals
    harm += [f"the number {number} is not in the source" for number in added if added[number] > words[number]]
    missing = source.spelled - target.numbers - target.spelled
    harm += [f"the number {number} is missing" for number in missing if number != "1"]
    return harm + _unit_harm(source, target)


def _unit_harm(source: Figures, target: Figures) -> list[str]:
    """Name units lost or added; "5 mm to 10 mm" may repeat the unit of 5～10mm, 每年 may be "once in one year"."""
    lost = [(number, unit) for number, unit in source.measures - target.measures if number != "1" or unit != "year"]
    added = [(number, unit) for number, unit in target.measures - source.measures if number != "1"]
    shared = {unit for _, unit in target.measures}
    lost = [(number, unit) for number, unit in lost if unit not in shared or number not in _bare(target)]
    harm = [f"{number} {unit} is missing" for number, unit in lost]
    return harm + [f"{number} {unit} is not in the source" for number, unit in added if number not in _bare(source)]


def _bare(figures: Figures) -> set[str]:
    """The numbers that bear no unit of their own."""
    measured = {number for number, _ in figures.measures}
    return {number for number in figures.numbers | figures.spelled if number not in measured}
