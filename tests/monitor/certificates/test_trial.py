"""Impacts tried without a database: notices become a log, the log meets a certificate."""

from typing import Any

import pytest

from monitor.certificates.trial import tell
from monitor.changes.commands.trial import log_of
from monitor.errors import BadInput

KNOWN = ["CCAP-GZ-5830:2021"]
NEW = {
    "title": "关于发布CCAP-GZ-5830:2026《机动车儿童乘员用约束系统自愿性认证实施规则》的公告",
    "text": "CCAP-GZ-5830:2026代替CCAP-GZ-5830:2021，自2026年7月1日起实施。持证人应于2027年6月30日前完成换证。",
    "published": "2026-03-01",
}
EXTENDED = {
    "title": "关于延长CCAP-GZ-5830:2026换证期限的通知",
    "text": "CCAP-GZ-5830:2021证书的换证期限由2027年6月30日延长至2027年12月31日。",
    "published": "2026-10-01",
}
SEAT = {"rule": "CCAP-GZ-5830:2021", "standards": ["GB 27887-2011"], "expires": "2028-05-21"}


def test_a_notice_is_what_it_would_be_in_the_log() -> None:
    (change,) = log_of({**NEW, "known": KNOWN})["changes"]
    said = {name: change[name] for name in ("id", "kind", "authority", "family", "new_edition", "deadline")}
    assert said == {
        "id": 1, "kind": "new_edition", "authority": "ccap", "family": "CCAP-GZ-5830",
        "new_edition": "CCAP-GZ-5830:2026", "deadline": "2027-06-30",
    }  # fmt: skip


def test_an_extension_is_told_by_the_change_that_it_amends() -> None:
    log = log_of({"known": KNOWN, "notices": [NEW, EXTENDED]})["changes"]
    assert [(change["amends"], change["deadline"]) for change in log] == [(None, "2027-12-31"), (1, "2027-12-31")]
    told = tell({"today": "2026-10-09", "certificate": SEAT, "changes": log})
    assert [(match["change"], match["deadline"]) for match in told["matches"]] == [(1, "2027-12-31")]
    assert [left["change"] for left in told["left_out"]] == [2]


def test_a_rule_that_an_earlier_change_replaced_is_known_to_the_later_one() -> None:
    first = {"kind": "new_edition", "authority": "ccap", "family": "CCAP-GZ-8103", "supersedes": ["CCAP-SB-8103-2003"]}
    then = {"kind": "new_edition", "authority": "ccap", "family": "CCAP-GZ-8103", "new_edition": "CCAP-GZ-8103:2027"}
    told = tell({"today": "2026-10-09", "certificate": {"rule": "CCAP-SB-8103-2003"}, "changes": [first, then]})
    assert [match["certainty"] for match in told["matches"]] == ["certain", "certain"]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ({"certificate": SEAT, "changes": []}, '"today"'),
        ({"today": "2 March", "certificate": SEAT, "changes": []}, '"today"'),
        ({"today": "2026-03-02", "changes": []}, '"certificate"'),
        ({"today": "2026-03-02", "certificate": {"expires": "2027-01-01"}, "changes": []}, '"rule"'),
        ({"today": "2026-03-02", "certificate": {**SEAT, "expires": "soon"}, "changes": []}, "expires"),
        ({"today": "2026-03-02", "certificate": SEAT, "changes": {}}, '"changes"'),
        ({"today": "2026-03-02", "certificate": SEAT, "changes": [{"kind": "fire", "authority": "cqc"}]}, "fire"),
        ({"today": "2026-03-02", "certificate": SEAT, "changes": [{"authority": "cqc"}]}, "kind"),
        ({"today": "2026-03-02", "certificate": SEAT, "changes": [{"kind": "notice", "effective": 7}]}, "effective"),
        ({"today": "2026-03-02", "certificate": SEAT, "changes": [{"kind": "notice", "facts": [1]}]}, "change"),
        ({"today": "2026-03-02", "certificate": SEAT, "changes": [{"kind": "notice", "authority": 7}]}, "authority"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(question: dict[str, Any], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        tell(question)


@pytest.mark.parametrize(
    "question", [{}, {"notices": 1}, {**NEW, "known": "x"}, {**NEW, "text": ""}, {**NEW, "published": "soon"}]
)
def test_a_notice_that_cannot_be_read_is_named(question: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        log_of(question)
