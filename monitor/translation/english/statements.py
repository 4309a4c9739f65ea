"""Statements: each fact in one English sentence, so that what was read from a Chinese sentence stands under it.

A fact is taken as scripts see it (FACTS.md): type, value, and the keys that some types bear (deed, partial, on, until).
Nothing is said that the fact does not hold; a type that is not known here is not said, and its sentence awaits.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from monitor.translation.english.days import say_date, say_last_day
from monitor.translation.language import say

Content = Mapping[str, Any]


def say_fact(fact: Content, published: date | None = None, effective: date | None = None) -> str | None:
    """Return a fact in English, None where its type or its value is not known here."""
    teller = _TELLERS.get(str(fact.get("type")))
    said = teller(fact, _Days(published, effective)) if teller else None
    return f"{said} {say('(This reading is not certain.)')}" if said and fact.get("sure") is False else said


class _Days:
    """How the day of a fact is said, where the days that symbols count from are known."""

    def __init__(self, published: date | None, effective: date | None) -> None:
        self.published, self.effective = published, effective

    def on(self, value: Any) -> str | None:
        """Return a day or a month; None for a symbol."""
        text = str(value or "")
        return say_date(text) if text[:1].isdigit() else None

    def by(self, value: Any) -> str | None:
        """Return "by 30 June 2027", or until when a symbol says."""
        return say_last_day(str(value or ""), self.published, self.effective)


def _dated(message: str) -> Callable[[Content, _Days], str | None]:
    def tell(fact: Content, days: _Days) -> str | None:
        day = days.on(fact["value"])
        return say(message, day=day) if day else None

    return tell


def _deadline(fact: Content, days: _Days) -> str | None:
    by = days.by(fact["value"])
    message = _DEEDS.get(str(fact.get("deed")), _DEEDS["other"])
    return say(message, by=by) if by else None


def _supersedes(fact: Content, _days: _Days) -> str:
    message = "Replaces {code} in part." if fact.get("partial") else "Replaces {code}."
    return say(message, code=fact["value"])


def _standards(message: str, partial: str) -> Callable[[Content, _Days], str | None]:
    def tell(fact: Content, _days: _Days) -> str | None:
        pair = fact["value"]
        if not isinstance(pair, Mapping):
            return None
        return say(partial if fact.get("partial") else message, old=pair["old"], new=pair["new"])

    return tell


def _standard(message: str) -> Callable[[Content, _Days], str]:
    return lambda fact, _days: say(message, standard=fact["value"])


def _named(messages: Mapping[str, str], on: Mapping[str, str] | None = None) -> Callable[[Content, _Days], str | None]:
    """Tell a fact whose value is one of a few words; with a day where it bears one."""

    def tell(fact: Content, days: _Days) -> str | None:
        value = str(fact["value"])
        day = days.on(fact.get("on"))
        if day and on and value in on:
            return say(on[value], day=day)
        return say(messages[value]) if value in messages else None

    return tell


def _validity(fact: Content, days: _Days) -> str | None:
    """Until when certificates hold: a day, their own expiry, or no day at all."""
    valid, until = fact["value"] == "valid", fact.get("until")
    if day := days.on(until):
        return say(_VALID_UNTIL if valid else _LAPSE_AFTER, day=day)
    if until == "certificate_expiry":
        return say(_VALID_TO_EXPIRY if valid else _LAPSE_AT_EXPIRY)
    return say("Existing certificates remain valid." if valid else "Existing certificates lapse.")


_VALID_UNTIL = "Existing certificates remain valid until {day}."
_LAPSE_AFTER = "Existing certificates lapse after {day}."
_VALID_TO_EXPIRY = "Existing certificates remain valid until they expire."
_LAPSE_AT_EXPIRY = "Existing certificates lapse when they expire."
_DEEDS = {
    "apply": "Deadline to apply: {by}.",
    "complete": "Deadline to complete the changeover: {by}.",
    "test": "Deadline to have the tests done: {by}.",
    "declare": "Deadline to submit the declaration: {by}.",
    "other": "Deadline: {by}.",
}
_MISPRINT = "Misprint corrected: “{old}” should read “{new}”."
_MEASURES = {
    "suspension": "Certificates are suspended.",
    "withdrawal": "Certificates are withdrawn.",
    "cancellation": "Certificates are cancelled.",
    "not_accepted": "Applications are no longer accepted.",
    "lapse": "Certificates lapse by themselves.",
}
_MEASURES_ON = {
    "suspension": "Certificates are suspended on {day}.",
    "withdrawal": "Certificates are withdrawn on {day}.",
    "cancellation": "Certificates are cancelled on {day}.",
    "not_accepted": "Applications are no longer accepted from {day}.",
    "lapse": "Certificates lapse by themselves on {day}.",
}
_CONSEQUENCES = {
    "suspension": "Consequence: suspension of the certificate.",
    "withdrawal": "Consequence: withdrawal of the certificate.",
    "cancellation": "Consequence: cancellation of the certificate.",
    "not_accepted": "Consequence: applications or reports are not accepted.",
}
_ACTIONS = {
    "changeover": "Action: change the certificate over.",
    "retest": "Action: supplementary test.",
    "factory_inspection": "Action: factory inspection.",
    "declaration": "Action: declaration of conformity.",
    "none": "The text asks nothing of certificate holders.",
}
_PENDING = {
    "old": "Applications under way are finished under the old text.",
    "new": "Applications under way are finished under the new text.",
    "either": "Applications under way may be finished under the old or the new text.",
}
_WAIVED = {
    "retest": "No supplementary test is asked.",
    "factory_inspection": "No factory inspection is asked.",
    "fee": "No fee is charged.",
}
_TELLERS: dict[str, Callable[[Content, _Days], str | None]] = {
    "published": _dated("Published on {day}."),
    "effective": _dated("Effective from {day}."),
    "accepted_from": _dated("Applications under the new text are accepted from {day}."),
    "accepted_until": _dated("Applications under the old text are accepted until {day}."),
    "transition_start": _dated("The transition period begins on {day}."),
    "transition_end": _dated("The transition period ends on {day}."),
    "deadline": _deadline,
    "supersedes": _supersedes,
    "standard_change": _standards("{old} is replaced by {new}.", "{old} is replaced in part by {new}."),
    "standard_added": _standard("{standard} joins the standards of certification."),
    "standard_dropped": _standard("{standard} is no longer a standard of certification."),
    "misprint": _standards(_MISPRINT, _MISPRINT),
    "consequence": _named(_CONSEQUENCES),
    "action": _named(_ACTIONS),
    "measure": _named(_MEASURES, _MEASURES_ON),
    "validity": _validity,
    "pending": _named(_PENDING),
    "mark": _named(
        {"stop": "The mark must no longer be used."}, {"stop": "The mark must no longer be used from {day}."}
    ),
    "waived": _named(_WAIVED),
}
