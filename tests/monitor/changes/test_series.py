"""What a change said before: one series a field, from the notes that every addition leaves."""

from monitor.changes.series import FOLLOWED, Stand, series_of

NOTES = [
    {"revision": 2, "on": "2026-03-05", "capture": 9, "before": {"deadline": "2027-02-28"}, "by_change": 4},
    {"revision": 3, "on": "2026-03-06", "capture": 11, "before": {}},
    {"revision": 4, "on": None, "by": "Li Na", "capture": None, "before": {"deadline": "2027-05-31"}},
]
NOW = {**dict.fromkeys(FOLLOWED), "deadline": "2027-06-30", "actions": ["changeover"], "standards": []}


def test_each_value_has_its_day_and_its_document() -> None:
    assert series_of(NOW, NOTES, "2026-03-03", 7) == {
        "deadline": (
            Stand("2027-02-28", "2026-03-03", 7),
            Stand("2027-05-31", "2026-03-05", 9, by_change=4),
            Stand("2027-06-30", None, None, by="Li Na"),
        )
    }


def test_what_never_changed_has_no_history() -> None:
    assert series_of(NOW, (), "2026-03-03", 7) == {}


def test_what_did_not_stand_overnight_is_no_history() -> None:
    same_day = [{"revision": 2, "on": "2026-03-03", "capture": 8, "before": {"deadline": None}}]
    assert series_of(NOW, same_day, "2026-03-03", 7) == {}
