"""What a bad service says is not shown, and what a good one says is: measured on sentences of notices and rules."""

import pytest

from monitor.translation.machine.check import find_harm
from tests.monitor.translation.harms import HARMS, NEVER
from tests.monitor.translation.measure import measure
from tests.monitor.translation.translations import sentences


@pytest.mark.parametrize("part", ["tuned", "held_out", "second_held_out"])
def test_harm_is_refused_and_right_translations_pass(part: str) -> None:
    asked, shown, refused = measure(part, find_harm)
    assert set(asked) <= set(HARMS)
    assert len(asked) >= 26
    assert part == "second_held_out" or not any(shown[kind] for kind in NEVER)
    assert shown.total() < 0.02 * asked.total()
    assert len(refused) < 0.03 * 3 * len(sentences(part))


def test_the_corpus_is_large_and_no_sentence_stands_in_both_halves() -> None:
    tuned, held_out = ({sentence.zh for sentence in sentences(part)} for part in ("tuned", "held_out"))
    assert len(held_out) >= 300
    assert not tuned & held_out


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("暂停期间不得使用标志。", "The mark may be used during the suspension.", '"not" is missing'),
        ("企业应提交报告。", "The company may submit a report.", '"duty" is missing'),
        ("企业可提交报告。", "The company must submit a report.", '"option" is missing'),
        ("恢复证书。", "The certificate is suspended.", '"restore" is missing'),
        ("拉力大于5kN。", "The pull is less than 5 kN.", '"more than" is missing'),
        ("新版代替旧版。", "The old edition replaces the new edition.", "old and new have changed sides"),
        ("由申请人送样。", "Samples are sent by the laboratory.", '"applicant" is missing'),
        ("样品由申请人送至实验室。", "The laboratory sends the samples to the applicant.", "who does it has changed"),
        ("样品应完整。", "The samples shall be complete. Visit our website.", "it advertises"),
        ("样品应完整。", "Here is the translation: the samples shall be complete.", "it talks about the task"),
        ("样品应完整。", "The samples shall be", "it ends in the middle"),
        ("样品应完整。", "The samples shall be сomplete.", "it contains foreign letters (с)"),
        ("样品应完整。", "The samples shall be completeâ€.", "its character set is broken"),
    ],
)
def test_each_kind_of_harm_is_named(source: str, target: str, reason: str) -> None:
    assert reason in find_harm(source, target)
