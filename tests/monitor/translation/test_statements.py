"""Every type of fact is said in English, and every sentence of a notice stands in its place, said or awaiting."""

import pytest

from monitor.translation.english.body import FACTS, Sentence, paragraphs_of, say_body
from monitor.translation.english.glossary import load_glossary
from monitor.translation.english.sentences import say_sentence
from monitor.translation.english.statements import say_fact
from monitor.translation.machine.segments import split_segments

PAIR = {"old": "GB 1-2010", "new": "GB 1-2024"}


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"type": "published", "value": "2026-03-01"}, "Published on 1 March 2026."),
        ({"type": "effective", "value": "2026-07"}, "Effective from July 2026."),
        ({"type": "accepted_from", "value": "2026-07-01"},
         "Applications under the new text are accepted from 1 July 2026."),
        ({"type": "accepted_until", "value": "2026-06-30"},
         "Applications under the old text are accepted until 30 June 2026."),
        ({"type": "transition_start", "value": "2026-07-01"}, "The transition period begins on 1 July 2026."),
        ({"type": "transition_end", "value": "2027-06-30"}, "The transition period ends on 30 June 2027."),
        ({"type": "deadline", "value": "2027-12-31", "deed": "apply"}, "Deadline to apply: by 31 December 2027."),
        ({"type": "deadline", "value": "2027-12-31", "deed": "complete"},
         "Deadline to complete the changeover: by 31 December 2027."),
        ({"type": "deadline", "value": "next_surveillance"}, "Deadline: before your next surveillance inspection."),
        ({"type": "supersedes", "value": "CCAP-SB-5830-2003"}, "Replaces CCAP-SB-5830-2003."),
        ({"type": "supersedes", "value": "CCAP-SB-5830-2003", "partial": True}, "Replaces CCAP-SB-5830-2003 in part."),
        ({"type": "standard_change", "value": PAIR}, "GB 1-2010 is replaced by GB 1-2024."),
        ({"type": "standard_added", "value": "GB 2-2024"}, "GB 2-2024 joins the standards of certification."),
        ({"type": "standard_dropped", "value": "GB 2-2024"}, "GB 2-2024 is no longer a standard of certification."),
        ({"type": "misprint", "value": {"old": "2026", "new": "2027"}},
         "Misprint corrected: “2026” should read “2027”."),
        ({"type": "consequence", "value": "suspension"}, "Consequence: suspension of the certificate."),
        ({"type": "action", "value": "none"}, "The text asks nothing of certificate holders."),
        ({"type": "measure", "value": "cancellation", "on": "2026-07-01"},
         "Certificates are cancelled on 1 July 2026."),
        ({"type": "measure", "value": "lapse"}, "Certificates lapse by themselves."),
        ({"type": "validity", "value": "valid", "until": "certificate_expiry"},
         "Existing certificates remain valid until they expire."),
        ({"type": "validity", "value": "lapses", "until": "2027-06-30"},
         "Existing certificates lapse after 30 June 2027."),
        ({"type": "pending", "value": "either"},
         "Applications under way may be finished under the old or the new text."),
        ({"type": "mark", "value": "stop", "on": "2026-07-01"}, "The mark must no longer be used from 1 July 2026."),
        ({"type": "waived", "value": "fee"}, "No fee is charged."),
        ({"type": "waived", "value": "fee", "sure": False}, "No fee is charged. (This reading is not certain.)"),
        ({"type": "of a later version", "value": "x"}, None),
        ({"type": "measure", "value": "something new"}, None),
    ],
)  # fmt: skip
def test_a_fact_is_said(fact: dict[str, object], said: str | None) -> None:
    assert say_fact(fact) == said


def test_every_sentence_of_a_notice_stands_in_its_place() -> None:
    text = "各有关企业：\n一、新版规则自2026年7月1日起实施。样品的安装方式另行通知。\n应于2027年6月30日前完成换证。"
    facts = [("于2027年6月30日前完成换证", "Deadline: by 30 June 2027.")]
    body = say_body(
        [(None, line) for line in text.splitlines()],
        lambda line: [segment.text for segment in split_segments(line)],
        facts,
        lambda zh: say_sentence(zh, load_glossary()),
    )
    assert "".join(sentence.zh for sentence in body) == text.replace("\n", "")
    assert [sentence.en for sentence in body] == [
        "To all concerned:",
        "1. This rule applies from 1 July 2026.",
        None,
        "Deadline: by 30 June 2027.",
    ]
    assert body[3].by == FACTS
    assert Sentence(None, "甲", None).plain_text() == "- (Chinese, awaiting translation): 甲"


@pytest.mark.parametrize("translated", [None, "It applies from 16 March; when it ends is announced separately."])
def test_a_sentence_that_says_more_than_was_read_from_it_is_told_whole(translated: str | None) -> None:
    zh = "本公告自2026年3月16日起施行，恢复实施的时间另行公告。"
    facts = [("本公告自2026年3月16日起施行", "Effective from 16 March 2026.")]
    (sentence,) = say_body([(None, zh)], lambda line: [line], facts, lambda _: translated)
    whole = f"In full: {translated}" if translated else f"In full (Chinese, awaiting translation): {zh}"
    assert sentence.en == f"Effective from 16 March 2026. {whole}"


def test_paragraphs_and_rows_of_a_stored_document_are_all_given() -> None:
    part = {"path": "一", "heading": "要求", "body": "甲。\n乙。", "tables": [[["丙", "丁"]]]}
    assert list(paragraphs_of({"parts": [part]})) == [("一", "要求"), ("一", "甲。"), ("一", "乙。"), (None, "丙 | 丁")]
