"""The labelled impacts of tests/corpus/impacts.yaml: what one change means for one certificate."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.certificates.trial import tell

IMPACTS = yaml.safe_load((Path(__file__).parents[2] / "corpus" / "impacts.yaml").read_text("utf-8"))
CASES = IMPACTS["impacts"]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def answer(case: Mapping[str, Any]) -> dict[str, Any]:
    """What is answered to a case."""
    change = {**IMPACTS["changes"][case["change"]], **case.get("but", {})}
    certificate = {**IMPACTS["certificates"][case["certificate"]], **case.get("and", {})}
    return tell(plain({"today": IMPACTS["today"], "certificate": certificate, "changes": [change]}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_change_means_for_a_certificate_what_its_label_says(case: dict[str, Any]) -> None:
    found = answer(case)
    label = dict(plain(case.get("told", {})))
    if "said" in label:
        label["conflict"] = label.pop("said")
    told = [{name: match[name] for name in label} for match in found["matches"]]
    assert told == ([label] if label else [])
    reasons = [left["reason"] for left in found["left_out"]]
    assert (
        [case["left_out"]] == [word for word in [case["left_out"]] if word in reasons[0]]
        if "left_out" in case
        else not reasons
    )


def test_there_are_enough_impacts() -> None:
    assert len(CASES) >= 56
