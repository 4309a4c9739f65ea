"""What a digest holds, in which order, under which subject, when one is due; how it reads; the message around it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from monitor.certificates.certificate import Frequency
from monitor.certificates.impact import Action, Severity
from monitor.certificates.matching import Certainty
from monitor.changes.change import ChangeKind
from monitor.digests.compose import Pending, compose, is_due, period_of, week_of
from monitor.digests.deadlines import Told, calendar_of
from monitor.digests.digest import Alert, Concern, Digest, Period, Source
from monitor.digests.message import make_message, message_id_of
from monitor.digests.release import held_because
from monitor.digests.render import excerpt, render_html, render_text
from monitor.digests.wording import days_left, note
from monitor.facts.fact import StandardChange
from monitor.translation.english.body import Sentence
from monitor.translation.english.clauses import ClauseSummary
from monitor.translation.summary import Statement
from tests.monitor.digests.examples import CLAUSE, NEW_EDITION, summary_of

TODAY = date(2026, 3, 2)
SENDER = "China Certification Watch <alerts@example.org>"
SEAT = Concern(
    "CCAP-0001", "Alpha GmbH", "Child seat", "CCAP-GZ-5830:2021", Certainty.CERTAIN, ("rule family CCAP-GZ-5830",),
    Severity.ACT_BY, Action.CHANGEOVER, date(2027, 6, 30), None, "suspension", date(2027, 12, 31),
)  # fmt: skip
ALERT = Alert(
    ids=(1,), change_id=12, kind=ChangeKind.NEW_EDITION, authority="ccap", title_zh=NEW_EDITION["title_zh"],
    summary=summary_of(NEW_EDITION, [CLAUSE]),
    source=Source(NEW_EDITION["source_url"], TODAY, "9f2b7c41d05e" + "0" * 52),
    concerns=(SEAT,), family="CCAP-GZ-5830", old_edition="CCAP-GZ-5830:2021", new_edition="CCAP-GZ-5830:2026",
    published=date(2026, 3, 1), effective=date(2026, 7, 1), actions=("changeover", "retest"),
)  # fmt: skip


def digest_of(*alerts: Alert) -> Digest:
    """The digest of some alerts."""
    return compose("q@alpha.example", [Pending(alert, TODAY) for alert in alerts], Period("2026-03-02", TODAY))


def known(severity: Severity, change_id: int, deadline: date | None = None) -> Alert:
    """An alert of a severity."""
    return replace(ALERT, change_id=change_id, concerns=(replace(SEAT, severity=severity, deadline=deadline),))


def readable(html: str) -> str:
    """HTML as a person sees it."""
    body = re.sub(r"</?(?:span|del|ins)[^>]*>", "", html.partition("<body")[2])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_most_urgent_comes_first_and_the_subject_says_it() -> None:
    alerts = [
        known(Severity.KNOW, 1), known(Severity.ACT_BY, 2, date(2027, 6, 30)), known(Severity.ACT, 3),
        known(Severity.ACT_BY, 4, date(2026, 9, 1)), known(Severity.EDITORIAL, 5),
    ]  # fmt: skip
    digest = digest_of(*alerts)
    assert [alert.change_id for alert in digest.alerts] == [4, 2, 3, 1, 5]
    assert (
        digest.subject == "Act by 1 September 2026: new edition CCAP-GZ-5830:2026 (1 certificate), and 4 more changes"
    )


def test_a_last_day_that_is_over_is_called_overdue() -> None:
    digest = digest_of(known(Severity.ACT_BY, 1, date(2026, 2, 28)))
    assert digest.subject.startswith("Overdue since 28 February 2026: new edition")
    assert "2 days ago" in readable(render_html(digest, SENDER)).lower()


def test_one_change_for_two_holders_is_one_entry() -> None:
    other = replace(ALERT, ids=(2,), concerns=(replace(SEAT, number="CCAP-0002", holder="Beta Ltd"),))
    digest = digest_of(ALERT, other)
    assert [(alert.ids, len(alert.concerns)) for alert in digest.alerts] == [((1, 2), 2)]
    assert (digest.holders, digest.certificates) == (("Alpha GmbH", "Beta Ltd"), 2)


@settings(max_examples=100, deadline=None)
@given(st.permutations([known(Severity.ACT_BY, n, TODAY + timedelta(days=n % 3)) for n in range(6)]))
def test_the_order_does_not_depend_on_how_alerts_came(alerts: list[Alert]) -> None:
    assert [alert.change_id for alert in digest_of(*alerts).alerts] == [0, 3, 1, 4, 2, 5]


@pytest.mark.parametrize("frequency", list(Frequency))
def test_nothing_new_is_nothing_to_send(frequency: Frequency) -> None:
    assert not is_due(frequency, [], TODAY, wrote_this_week=False)
    editorial = [Pending(known(Severity.EDITORIAL, 1), TODAY - timedelta(days=30))]
    assert not is_due(frequency, editorial, TODAY, wrote_this_week=False)


@pytest.mark.parametrize(
    ("today", "since", "wrote", "deadline", "due"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), False, None, True),
        (date(2026, 3, 2), date(2026, 3, 2), True, None, False),
        (date(2026, 3, 3), date(2026, 3, 3), False, None, False),
        (date(2026, 3, 4), date(2026, 2, 27), False, None, True),
        (date(2026, 3, 4), date(2026, 2, 27), True, None, False),
        (date(2026, 3, 3), date(2026, 3, 3), True, date(2026, 3, 8), True),
        (date(2026, 3, 3), date(2026, 3, 3), False, date(2026, 3, 9), False),
    ],
)
def test_weekly_is_due_on_mondays_or_when_it_cannot_wait(
    today: date, since: date, wrote: bool, deadline: date | None, due: bool
) -> None:
    pending = [Pending(known(Severity.ACT_BY, 1, deadline), since)]
    assert is_due(Frequency.WEEKLY, pending, today, wrote_this_week=wrote) is due


def test_periods_are_days_and_iso_weeks() -> None:
    assert week_of(date(2027, 1, 1)) == "2026-W53"
    assert period_of(Frequency.WEEKLY, TODAY, []).key == "2026-W10"
    assert period_of(Frequency.DAILY, TODAY, ["2026-03-02", "2026-03-02.2"]).key == "2026-03-02.3"


@pytest.mark.parametrize(
    ("policy", "decision", "reasons", "certainty", "held"),
    [
        ("auto", None, [], Certainty.CERTAIN, None),
        ("auto", None, ["ocr"], Certainty.CERTAIN, "ocr"),
        ("auto", None, [], Certainty.LIKELY, "not certain"),
        ("auto", None, [], Certainty.POSSIBLE, "not certain"),
        ("review", None, [], Certainty.CERTAIN, "policy review"),
        ("review", "approved", ["ocr"], Certainty.POSSIBLE, None),
        ("auto", "dismissed", [], Certainty.CERTAIN, "dismissed"),
    ],
)
def test_what_may_go_and_what_waits(
    policy: Any, decision: str | None, reasons: list[str], certainty: Certainty, held: str | None
) -> None:
    found = held_because(
        policy,
        decision=decision,
        reasons=reasons,
        needs_review=bool(reasons),
        certainties=[Certainty.CERTAIN, certainty],
    )
    assert (found is None) if held is None else (held in (found or ""))


@pytest.mark.parametrize("render", [render_html, render_text])
def test_a_digest_says_all_that_a_holder_must_know(render: Any) -> None:
    page = render(digest_of(ALERT), SENDER)
    text = readable(page) if render is render_html else page
    for words in (
        "Act by 30 June 2027", "CCAP-0001", "Child seat", "CCAP-GZ-5830:2026", "CCAP-GZ-5830:2021", "485 days left",
        "Change the certificate over to CCAP-GZ-5830:2026.", "Arrange the supplementary tests", "From 1 July 2026",
        "Suspension of the certificate.", "to 31 December 2027",
        "5.2.1 Number of samples", "number 3件 → 5件", "5 pieces for each certification unit",
        "GB 27887-2011 → GB 27887-2024", "逾期未完成换证的，我公司将暂停其认证证书", "9f2b7c41d05e",
        "http://www.ccap.org.cn/NewsDetail.aspx?id=3202",
        "Read from a web page", "rule family CCAP-GZ-5830",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("render", [render_html, render_text])
def test_a_notice_stands_sentence_by_sentence_what_is_still_chinese_marked(render: Any) -> None:
    told = tuple(Sentence(f"{number}", f"第{number}句。", f"It is said {number}.") for number in range(1, 22))
    body = (Sentence(None, "本通知另有说明。", None), *told)
    page = render(digest_of(replace(ALERT, summary=replace(ALERT.summary, body=body))), SENDER)
    text = readable(page) if render is render_html else page
    assert "本通知另有说明" in text
    assert "awaits translation" in text or "awaiting translation" in text
    assert "19 It is said 19." in text
    assert "It is said 20." not in text
    assert "2 more sentences: see the source." in text


def test_a_chinese_source_is_followed_by_what_it_says_but_never_twice_the_same() -> None:
    said = Statement(
        "deadline",
        "Deadline",
        "Apply by 30 June 2027.",
        ("甲", "乙"),
        ("Apply by 30 June 2027", "Else suspended."),
    )
    assert said.sources() == (("甲", ""), ("乙", "Else suspended."))
    assert replace(said, quotes_en=()).sources() == (("甲", ""), ("乙", ""))
    other = replace(said, quotes=("乙",), quotes_en=("Else suspended.",))
    for page in (render_html, render_text):
        assert "That is: Else suspended." in page(
            digest_of(replace(ALERT, summary=replace(ALERT.summary, statements=(other,)))), SENDER
        )


def test_what_is_not_known_is_said() -> None:
    vague = replace(
        ALERT, effective=None, concerns=(replace(SEAT, severity=Severity.ACT, deadline=None, consequence=None),)
    )
    text = readable(render_html(digest_of(vague), SENDER))
    assert "No last date was found in the source." in text
    assert "No date from which it applies was found" in text
    assert "What happens to a certificate that is not changed in time was not found" in text
    assert "What is not known" not in readable(render_html(digest_of(ALERT), SENDER))


def test_clauses_come_before_text_outside_of_them_and_the_cover_of_a_new_edition_is_left_out() -> None:
    def outside(text: str, *, front: bool = False) -> ClauseSummary:
        return replace(CLAUSE, old_path=None, new_path=None, heading_zh=text, heading_en=text, edits=(), front=front)

    summary = summary_of(NEW_EDITION, [outside("The cover", front=True), outside("A preamble"), CLAUSE])
    text = render_text(digest_of(replace(ALERT, summary=summary)), SENDER)
    assert text.index("5.2.1 Number of samples") < text.index("A preamble")
    assert "The cover" not in text
    assert "more clause" not in text


def test_a_consultants_words_stand_in_place_of_the_statements() -> None:
    edited = replace(ALERT, summary=replace(ALERT.summary, edited_text="Call us first.\nThen act."))
    text = readable(render_html(digest_of(edited), SENDER))
    assert "Call us first. Then act." in text
    assert "What the authority says" not in text
    assert "30 June 2027" in text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_from_outside_becomes_markup_or_a_header(title: str, product: str) -> None:
    hostile = replace(
        ALERT, title_zh=f"<img src=x onerror=alert(1)>{title}", new_edition=f"<b>{title}</b>\r\nBcc: x@evil.example",
        concerns=(replace(SEAT, product=f"</td><script>{product}</script>"),),
        source=replace(ALERT.source, url="javascript:x"),
    )  # fmt: skip
    digest = digest_of(hostile)
    html = render_html(digest, SENDER)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    message = message_of(digest)
    assert message["Bcc"] is None
    assert "\n" not in str(message["Subject"])


def message_of(digest: Digest, calendar: str | None = None) -> Any:
    """The message of a digest."""
    return make_message(
        sender=SENDER, to=digest.contact, subject=digest.subject, text=render_text(digest, SENDER),
        html=render_html(digest, SENDER), calendar=calendar or calendar_of(digest, SENDER),
        message_id=message_id_of(digest.contact, digest.period.key, SENDER), made_on=TODAY,
        made_at=datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
    )  # fmt: skip


def test_the_message_is_complete() -> None:
    message = message_of(digest_of(ALERT))
    assert message["From"] == SENDER
    assert message["Date"] == "Mon, 02 Mar 2026 09:30:00 +0800"
    assert message["List-Unsubscribe"] == "<mailto:alerts@example.org?subject=unsubscribe%20q%40alpha.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert message_of(digest_of(ALERT)).as_bytes() == message.as_bytes()


def test_the_calendar_has_each_last_day_once() -> None:
    other = replace(SEAT, number="CCAP-0002")
    sooner = replace(SEAT, number="CCAP-0003", deadline=date(2026, 3, 20))
    calendar = calendar_of(digest_of(replace(ALERT, concerns=(SEAT, other, sooner))), SENDER)
    assert calendar is not None
    events = list(Calendar.from_ical(calendar).walk("VEVENT"))
    assert [event["DTSTART"].dt for event in events] == [date(2026, 3, 20), date(2027, 6, 30)]
    assert "CCAP-0001, CCAP-0002" in events[1]["DESCRIPTION"]
    assert [len(list(event.walk("VALARM"))) for event in events] == [1, 5]
    assert calendar_of(digest_of(known(Severity.KNOW, 1)), SENDER) is None


def events_of(calendar: str | None) -> list[tuple[str, date, int, str]]:
    """Each event of a calendar file: UID, day, sequence, status."""
    assert calendar is not None
    return [
        (str(event["UID"]), event["DTSTART"].dt, int(event["SEQUENCE"]), str(event.get("STATUS", "")))
        for event in Calendar.from_ical(calendar).walk("VEVENT")
    ]


def on(number: str, deadline: date | None) -> Concern:
    """A certificate with a last day."""
    return replace(SEAT, number=number, deadline=deadline)


def test_a_last_day_that_moves_takes_its_event_along() -> None:
    june, may, march = date(2027, 6, 30), date(2027, 5, 31), date(2027, 3, 31)
    first = calendar_of(digest_of(replace(ALERT, concerns=(on("A", june), on("B", may)))), SENDER)
    assert first is not None
    (uid_may, *_), (uid_june, *_) = events_of(first)
    told = Told({12: (on("A", june), on("B", may))}, [first])
    moved = replace(ALERT, concerns=(on("B", march),))
    assert events_of(calendar_of(digest_of(moved), SENDER, told)) == [
        (uid_may, march, 1, ""),
        (uid_june, june, 1, ""),
    ]


def test_a_certificate_that_comes_later_joins_the_event_of_its_day() -> None:
    june = date(2027, 6, 30)
    first = calendar_of(digest_of(replace(ALERT, concerns=(on("A", june),))), SENDER)
    assert first is not None
    told = Told({12: [on("A", june)]}, [first])
    later = calendar_of(digest_of(replace(ALERT, concerns=(on("B", june),))), SENDER, told)
    assert later is not None
    (event,) = Calendar.from_ical(later).walk("VEVENT")
    assert event["UID"] == events_of(first)[0][0]
    assert "Certificates: A, B" in event["DESCRIPTION"]


def test_a_day_that_nobody_has_any_more_is_cancelled_and_can_come_back() -> None:
    june = date(2027, 6, 30)
    first = calendar_of(digest_of(replace(ALERT, concerns=(on("A", june),))), SENDER)
    assert first is not None
    gone = digest_of(replace(ALERT, concerns=(on("A", None),)))
    second = calendar_of(gone, SENDER, Told({12: (on("A", june),)}, [first]))
    assert second is not None
    uid = events_of(first)[0][0]
    assert events_of(second) == [(uid, june, 1, "CANCELLED")]
    assert Calendar.from_ical(second)["METHOD"] == "CANCEL"
    assert 'method="CANCEL"' in message_of(gone, second).as_string()
    assert calendar_of(gone, SENDER, Told({12: (on("A", None),)}, [first, second])) is None
    back = digest_of(replace(ALERT, concerns=(on("A", june),)))
    third = calendar_of(back, SENDER, Told({12: (on("A", june),)}, [first, second]))
    assert events_of(third) == [(uid, june, 2, "")]


def test_an_excerpt_keeps_what_differs_and_cuts_what_does_not() -> None:
    long = "甲" * 500
    edits = (
        {"op": "equal", "text": long}, {"op": "delete", "text": "3"}, {"op": "insert", "text": "5"},
        {"op": "equal", "text": long},
    )  # fmt: skip
    before, after = excerpt(replace(CLAUSE, edits=edits))
    assert "".join(part.text for part in before).strip(" …甲") == "3"
    assert "".join(part.text for part in after).strip(" …甲") == "5"
    assert sum(len(part.text) for part in before) < 120


@pytest.mark.parametrize(
    ("symbol", "said"),
    [
        ("next_surveillance", "before the next surveillance inspection of the certificate"),
        ("published+30wd", "within 30 working days after publication"),
        ("receipt+15d", "within 15 days after receiving the authority's letter"),
        ("effective+6m", "within 6 months after it comes into effect"),
        ("something", "something"),
    ],
)
def test_symbols_are_said_in_words(symbol: str, said: str) -> None:
    assert note(symbol) == said


@pytest.mark.parametrize(
    ("on", "said"), [(TODAY, "today"), (date(2026, 3, 3), "1 day left"), (date(2026, 2, 20), "10 days ago")]
)
def test_days_are_counted(on: date, said: str) -> None:
    assert days_left(on, TODAY) == said


MOVES = tuple(StandardChange(f"GB/T 15579.{part}-2013", f"GB/T 15579.{part}-2023") for part in (5, 7))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["GB/T 15579.7"], "Change the certificate over to GB/T 15579.7-2023."),
        ([""], "Change the certificate over to GB/T 15579.5-2023 and GB/T 15579.7-2023."),
        (
            ["GB/T 15579.7", "GB/T 15579.5"],
            "Change these 2 certificates over to GB/T 15579.5-2023 or GB/T 15579.7-2023, whichever each names.",
        ),
        (["GB/T 15579.5", "GB/T 15579.5"], "Change these 2 certificates over to GB/T 15579.5-2023."),
    ],
)
def test_a_certificate_is_moved_to_the_standards_that_it_names(names: list[str], told: str) -> None:
    concerns = tuple(replace(SEAT, number=f"N{at}", names=frozenset({name})) for at, name in enumerate(names))
    alert = replace(ALERT, kind=ChangeKind.STANDARD_CHANGEOVER, standards=MOVES, concerns=concerns)
    assert told in " ".join(render_text(digest_of(alert), SENDER).split())
