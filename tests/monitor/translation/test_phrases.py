"""What a change asks, as its own text says it: to apply is not to be changed over, and the mark is spoken of."""

from datetime import date
from typing import Any

import pytest

from monitor.changes.change import Change, ChangeKind
from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.translation.english.phrases import say_action, say_deadline, say_effective
from monitor.translation.english.subject import Subject


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("apply", "For certificates based on GB/T 15579.5-2013 the application must be submitted by 28 February 2027."),
        ("test", "For certificates based on GB/T 15579.5-2013 the tests must be completed by 28 February 2027."),
        ("complete", "Certificates based on GB/T 15579.5-2013 must be changed over by 28 February 2027."),
    ],
)
def test_to_apply_by_a_day_is_not_to_be_changed_over_by_it(deed: str, said: str) -> None:
    fact = Fact(FactType.DEADLINE, "2027-02-28", "应于2027年2月28日前提交标准换版申请", deed=deed)
    change = moved(deadline=date(2027, 2, 28), actions=("changeover",), facts=(fact,))
    assert say_deadline(Subject(change, None)) == said


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("withdrawal", (Fact(FactType.MARK, "stop", "应停止使用认证标志"),), "mark must no longer be used."),
        (
            "suspension",
            (Fact(FactType.CONSEQUENCE, "suspension", "暂停期间不得使用认证标志"),),
            "its Chinese text decides",
        ),
    ],
)
def test_where_a_text_speaks_of_the_mark_it_is_not_said_to_ask_nothing(
    kind: str, facts: tuple[Fact, ...], said: str
) -> None:
    action = say_action(Subject(moved(kind, consequence="suspension", facts=facts), None))
    assert said in action
    assert "No action" not in action


def moved(kind: str = "standard_changeover", **values: Any) -> Change:
    """A change that CQC published."""
    pairs = (StandardChange("GB/T 15579.5-2013", "GB/T 15579.5-2023"),)
    return Change(
        ChangeKind(kind), "cqc", None, "1", "", date(2026, 3, 3), "https://x.example", (), standards=pairs, **values
    )


def test_an_exchanged_text_that_keeps_its_day_has_no_new_one() -> None:
    fact = Fact(FactType.EFFECTIVE, "2019-12-01", "2019年12月01日实施")
    assert say_effective(Subject(moved("revision", facts=(fact,)))) == (
        "No new date: the text says 1 December 2019, as before."
    )
