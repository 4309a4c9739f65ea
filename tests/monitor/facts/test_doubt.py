"""Sure is earned: a fact is sure where a second look at the same words says so too."""

from collections.abc import Callable
from datetime import date

import pytest
import yaml

from monitor.facts.doubt.likeness import learned
from monitor.facts.extract import facts_of
from monitor.facts.fact import FactType
from tests.corpus.blind.score import score
from tests.corpus.learn import DAYS, ROUNDS, SAID, source_of
from tests.monitor.facts.corpus import CORPUS, cases, said

PUBLISHED = date(2026, 3, 2)
LABELLED = ("sentences", "notices", "fourth_held_out", "sixth_held_out", "eighth_held_out", "tenth_held_out")


@pytest.mark.parametrize(
    ("text", "kind", "sure"),
    [
        ("持证人应于2027年6月30日前完成换证。", FactType.DEADLINE, True),
        ("新版标准自2026年7月1日起实施。", FactType.EFFECTIVE, True),
        ("上一版规则自2024年12月1日起实施。", FactType.EFFECTIVE, False),
        ("新版标准发布于2026年3月2日。证书持有人应当进行补充试验。", FactType.ACTION, True),
        ("请企业合理安排送样检测，避免集中申报。", FactType.ACTION, False),
    ],
)
def test_a_reading_that_the_second_look_does_not_share_is_unsure(text: str, kind: FactType, sure: bool) -> None:
    assert {fact.sure for fact in facts_of(text, PUBLISHED).of_type(kind)} == {sure}


def test_a_reading_that_the_second_look_finds_nothing_like_is_withheld_and_its_day_unexplained() -> None:
    reading = facts_of("有效的CQC证书可自2026年8月15日起转换为CCC证书，转换按实施细则办理。", PUBLISHED)
    assert not reading.of_type(FactType.EFFECTIVE)
    assert [left.text for left in reading.unexplained] == ["2026年8月15日"]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("GB/T 1234-2026代替GB/T 1234-2015。", True),
        ("QB/T 5998-2026代替QB/T 1503-2011。", True),
        ("QB/T 5998-2026代替QB/T 1503-2011，QB/T 1504-2012和GB/T 1505-2013仍可参照QB/T 1503-2011。", False),
        ("标准QC/T 625-1999（代替QC/T 625-1990）改为QC/T 625-2013。", False),
    ],
)
def test_a_pair_is_sure_where_numbers_and_years_come_out_even(text: str, sure: bool) -> None:
    found = {fact.sure for fact in facts_of(text, PUBLISHED).of_type(FactType.STANDARD_CHANGE)}
    assert found
    assert (False not in found) is sure


def test_rules_that_end_without_a_successor_are_no_sure_supersession() -> None:
    reading = facts_of("下列规则作废，且无替代规则：CQC13-461219-2009、CQC13-461220-2009。", PUBLISHED)
    assert not [fact for fact in reading.of_type(FactType.SUPERSEDES) if fact.sure]


def test_of_what_is_read_wrong_little_is_sure() -> None:
    """Round 4 is in nothing that was learned."""
    total = score(yaml.safe_load((CORPUS / "blind" / "round4.yaml").read_text(encoding="utf-8")))
    assert total.read - total.right > 2 * len(total.wrong_and_sure)
    assert total.right_and_unsure <= total.right / 10


def test_little_of_what_is_labelled_sure_is_doubted() -> None:
    doubted = told = 0
    for case in (case for name in LABELLED for case in cases(f"{name}.yaml")):
        sure = {fact[:2] for fact in case.facts if fact[2]}
        read = [fact for fact in said(facts_of(case.text, case.published)) if fact[:2] in sure]
        told += len(read)
        doubted += sum(not fact[2] for fact in read)
    assert told > 1000
    assert doubted <= told / 100


def test_the_weights_were_learned_from_the_texts_that_are_here(read_weights: Callable[[str], str]) -> None:
    for name in ("days.txt", "sentences.txt"):
        assert read_weights(name).partition("\n")[0].endswith(source_of(ROUNDS))


def test_the_weights_speak_for_the_facts_that_were_learned() -> None:
    assert learned("days.txt").facts == DAYS
    assert learned("sentences.txt").facts == SAID


@pytest.fixture
def read_weights() -> Callable[[str], str]:
    from importlib.resources import files

    return lambda name: (files("monitor.facts.doubt") / name).read_text(encoding="utf-8")
