"""Every labelled sentence and notice is read as a consultant reads it, and every fact is quoted verbatim."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents.document import Document, Part, PartRole, ReaderMark
from monitor.facts.extract import facts_of, facts_of_document
from monitor.facts.fact import Fact, FactReading, FactType, StandardChange
from monitor.facts.text.lines import LONGEST, sentences_of
from monitor.facts.text.printed import document_text
from tests.monitor.facts.corpus import Case, Said, cases, said

SENTENCES, NOTICES = cases("sentences.yaml"), cases("notices.yaml")
HELD_OUT = [
    case
    for name in ("fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
    for case in cases(f"{name}_held_out.yaml")
]
PUBLISHED = date(2026, 3, 2)


def test_the_corpus_is_large_enough_to_judge_by() -> None:
    assert len(SENTENCES) >= 260
    assert len(NOTICES) >= 25


@pytest.mark.parametrize("case", SENTENCES, ids=str)
def test_sentence_states_what_its_label_says(case: Case) -> None:
    assert said(facts_of(case.text, case.published)) == case.facts


@pytest.mark.parametrize("case", NOTICES, ids=str)
def test_notice_states_what_its_label_says(case: Case) -> None:
    assert said(facts_of(case.text, case.published)) == case.facts


def test_the_held_out_files_are_read_nearly_whole() -> None:
    """What they state beyond that is listed in docs/facts.md as not read yet."""
    stated = [(_unweighed(case.facts), _unweighed(said(facts_of(case.text, case.published)))) for case in HELD_OUT]
    right = sum(len(label & read) for label, read in stated)
    assert right >= 0.97 * sum(len(label) for label, _ in stated)
    assert right >= 0.98 * sum(len(read) for _, read in stated)


def _unweighed(facts: frozenset[Said]) -> frozenset[tuple[str, str]]:
    """How sure they are is tested in test_doubt.py."""
    return frozenset(fact[:2] for fact in facts)


@pytest.mark.parametrize("case", SENTENCES + NOTICES + HELD_OUT, ids=str)
def test_every_fact_is_quoted_verbatim_and_once(case: Case) -> None:
    facts = facts_of(case.text, case.published).facts
    assert all(fact.quote and fact.quote in case.text for fact in facts)
    assert len({(fact.type, fact.value, fact.on) for fact in facts}) == len(facts)


def wide(text: str) -> str:
    """Print ASCII letters, digits and punctuation in full width, as some pages do."""
    return "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" or c in ":,;()" else c for c in text)


def spaced(text: str) -> str:
    """Put a space between a digit and a Chinese character, as some pages do."""
    pieces = [text[0]]
    for before, after in pairwise(text):
        pieces.append(" " if (before.isdigit() and after in "年月日") or (before in "年月" and after.isdigit()) else "")
        pieces.append(after)
    return "".join(pieces)


@pytest.mark.parametrize("printed", [wide, spaced], ids=lambda form: form.__name__)
def test_width_and_spacing_change_no_fact(printed: object) -> None:
    assert callable(printed)
    for case in SENTENCES:
        assert said(facts_of(printed(case.text), case.published)) == case.facts, case.text


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("各有关企业：持证企业应于2027年6月30日前完成换证，逾期不予受理。", "持证企业应于2027年6月30日前完成换证"),
        ("经研究，现将有关事项通知如下：本规则自2026年7月1日起实施，请遵照执行。", "本规则自2026年7月1日起实施"),
        ("持证人可在监督时换版，最迟不得晚于2027年4月30日。", "持证人可在监督时换版，最迟不得晚于2027年4月30日"),
    ],
)
def test_the_quote_is_the_clause_that_states_the_fact(text: str, quote: str) -> None:
    assert quote in {fact.quote for fact in facts_of(text).facts}


def test_a_fact_said_twice_is_one() -> None:
    text = "请于2027年6月30日前完成换证。\n再次提醒：请于2027年6月30日前完成换证。"
    assert [fact.type for fact in facts_of(text).facts] == [FactType.DEADLINE, FactType.ACTION]


def test_without_a_day_of_publication_the_symbol_is_said() -> None:
    reading = facts_of("持证人应自本通知发布之日起6个月内完成换证，本通知自发布之日起实施。")
    assert [fact.value for fact in reading.of_type(FactType.DEADLINE)] == ["published+6m"]
    assert [fact.value for fact in reading.of_type(FactType.EFFECTIVE)] == ["published"]


def test_the_signature_dates_what_counts_from_publication() -> None:
    text = "请自本通知发布之日起6个月内完成换证。\n中国质量认证中心\n2026年8月31日"
    assert [fact.value for fact in facts_of(text).of_type(FactType.DEADLINE)] == ["2027-02-28"]


def test_a_period_from_implementation_is_computed_where_the_text_gives_the_day() -> None:
    text = "新版规则自2026年7月1日起实施。持证人应自实施之日起12个月内完成换证。"
    assert [fact.value for fact in facts_of(text).of_type(FactType.DEADLINE)] == ["2027-07-01"]


def test_a_day_that_only_earlier_words_name_is_pointed_at() -> None:
    text = "自2026年11月1日起，新申请应采用新版标准；此前，新、旧标准均可作为认证依据。"
    assert [fact.value for fact in facts_of(text).of_type(FactType.ACCEPTED_UNTIL)] == ["2026-11-01"]


def test_codes_and_standards_are_read_beside_the_facts() -> None:
    reading = facts_of("CCAP-GZ-5830:2026依据GB 27887-2024，参照CNCA-C11-01:2020。")
    assert [code.edition for code in reading.codes] == ["CCAP-GZ-5830:2026"]
    assert [str(standard) for standard in reading.standards] == ["GB 27887-2024"]
    assert reading.others == ("CNCA-C11-01:2020",)


def test_facts_survive_being_kept_as_json() -> None:
    reading = facts_of(NOTICES[0].text)
    assert tuple(Fact.from_json(fact.to_json()) for fact in reading.facts) == reading.facts


def document(*parts: Part, members: tuple[Document, ...] = ()) -> Document:
    return Document(
        "html", True, None, "关于换版的通知", None, PUBLISHED, None, ReaderMark("test", 1), parts=parts, members=members
    )


def test_a_document_is_read_with_its_tables_and_members() -> None:
    rows = (("旧标准", "新标准"), ("GB 4785-2007", "GB 4785-2019"))
    inner = document(Part(PartRole.TEXT, None, "", "请自本通知发布之日起6个月内完成换证。"))
    outer = document(Part(PartRole.CLAUSE, "1", "标准对照", "见下表。", (rows,)), members=(inner,))
    reading = facts_of_document(outer)
    assert {fact.type for fact in reading.facts} == {FactType.STANDARD_CHANGE, FactType.DEADLINE, FactType.ACTION}
    assert [fact.value for fact in reading.of_type(FactType.DEADLINE)] == ["2026-09-02"]
    assert all(fact.quote in document_text(outer) for fact in reading.facts)


pieces = st.sampled_from([case.text for case in SENTENCES] + list("，。；：（）《》\n\t 0123456789年月日-"))
texts = st.one_of(
    st.text(),
    st.lists(pieces, max_size=6).map("".join),
    st.lists(st.sampled_from(SENTENCES[0].text + "|\t《（")).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(texts, st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2060, 1, 1))))
def test_no_text_stops_the_reader_and_every_quote_is_in_it(text: str, published: date | None) -> None:
    reading = facts_of(text, published)
    assert isinstance(reading, FactReading)
    assert all(fact.quote in text for fact in reading.facts)


HARD = [
    "自2026年7月1日起",
    "代替",
    "GB/T 1234-2020、",
    "（",
    "一",
    "换证未",
    "旧版",
    "CCAP-GZ-5830:2026、",
    "a\tb\n",
    "换证|未|",
    "企业应换证",
    "1.",
    "过渡期",
    "于",
    "前",
    "在",
    "自起",
    "自2026年7月1日起",
    "2026年7月1日 ",
    "2026年7月1日前\t",
]


@pytest.mark.parametrize("piece", HARD)
def test_no_sentence_is_longer_than_it_may_be(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    assert all(len(sentence.text) <= LONGEST for sentence in sentences_of(text))
    assert all(fact.quote in text for fact in facts_of(text).facts)


@pytest.mark.parametrize(
    "frame", ["{}", "GB 4785-2019{}", "CCAP-GZ-5830:2026{}", "{}换证", "{}发布", "GB 4785-2019{}废止"]
)
@pytest.mark.parametrize("piece", HARD)
def test_a_text_that_repeats_itself_is_read_to_its_end(piece: str, frame: str) -> None:
    """Where reading grew faster than the text, this would not end before the whole run is given up."""
    text = frame.format(piece * (6_000 // len(piece)))
    assert all(fact.quote in text for fact in facts_of(text).facts)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "实施日期\t产品\t换证截止日期\n2026年7月1日\t灯\t2027年6月30日\n\t灯具\t2027年7月31日",
            {("deadline", "2027-06-30"), ("deadline", "2027-07-31")},
        ),
        ("本规则自2026年7月1日起实施。现将实施日期更改为2026年10月1日。", {("effective", "2026-10-01")}),
        ("持证人应在过渡阶段结束前完成换证。过渡阶段至2027年3月31日止。", {("deadline", "2027-03-31")}),
        ("新版规则自2026年7月1日起实施。持证人应自实施之日起30个工作日内完成换证。", {("deadline", "effective+30wd")}),
        (
            "关于汽车灯具规则培训及换版的通知\n逾期未完成换证的，将暂停其证书。",
            {("consequence", "suspension")},
        ),
        ("持证企业应按计划推进：2026年三季度末完成试验。", {("deadline", "2026-09-30")}),
        ("换版截止日期为2026年6月30日，规则未设延期条款，不同意延期。", {("deadline", "2026-06-30")}),
        ("自2026年3月1日起，可提交转换申请；", {("accepted_from", "2026-03-01")}),
        ("旧版规则在本规则实施（2026年8月1日）后继续并行6个月。", {("effective", "2026-08-01")}),
        (
            "A类、B类企业分别应于2026年12月31日、2027年3月31日前完成换版。",
            {("deadline", "2026-12-31"), ("deadline", "2027-03-31")},
        ),
        ("转换期限自2026年8月31日起6个月。", {("transition_start", "2026-08-31"), ("transition_end", "2027-02-28")}),
        ("本次为第三次修订，自2026年9月1日起施行。", {("effective", "2026-09-01")}),
        ("办结换版　2027年4月30日\n递交申请　2026年8月31日", {("deadline", "2027-04-30")}),
        ("来源：某咨询　发布时间：2026-03-30 14:20\n很多企业在打听标准换版", {("published", "2026-03-30")}),
    ],
)
def test_what_an_odd_page_states_is_read(text: str, stated: set[tuple[str, str]]) -> None:
    assert stated <= {(fact.type.value, fact.value) for fact in facts_of(text).facts}


def test_a_date_before_a_colon_stays_in_the_quote() -> None:
    facts = facts_of("自2026年7月1日起：停止受理旧版规则的认证申请。").facts
    assert all("2026年7月1日" in fact.quote for fact in facts)
    assert facts


def test_a_standard_whose_successor_stands_in_brackets_is_paired() -> None:
    pairs = facts_of("本次清理GB/T 5721-2015（由GB/T 5721-2026代替）。").of_type(FactType.STANDARD_CHANGE)
    assert [fact.value for fact in pairs] == [StandardChange("GB/T 5721-2015", "GB/T 5721-2026")]


def test_what_lapses_is_a_certificate() -> None:
    assert not facts_of("7月1日零时起启用新登录方式，旧密码失效。").of_type(FactType.VALIDITY)
