"""What a change asks, said in English from its facts: from when, by when, who must do what, what happens otherwise.

Every sentence is built from values that were read, never from a translation. Where a reader would look for something
that was not found, the sentence says so.
"""

from monitor.changes.change import Change, ChangeKind
from monitor.facts.fact import FactType
from monitor.translation.english.days import say_date, say_day
from monitor.translation.english.subject import Subject, deadlines, facts_of, new_standards
from monitor.translation.english.titles import say_list


def say_effective(subject: Subject) -> str | None:
    """Return from when it applies, or that no day was found where a reader would look for one."""
    change = subject.change
    if change.effective:
        return f"{_APPLIES.get(change.kind, 'It applies from')} {say_day(change.effective)}."
    months = [say_date(str(fact.value)) for fact in facts_of(change, FactType.EFFECTIVE) if len(str(fact.value)) == 7]
    if months:
        return f"It applies from {months[0]}; the day is not stated."
    if change.kind is ChangeKind.REVISION and (standing := _standing_day(change)):
        return f"No new date: the text says {standing}, as before."
    if change.kind in _DATED_KINDS:
        return NO_DAY
    return None


def say_transition(subject: Subject) -> str | None:
    """Return from and until when old and new are accepted side by side, None where nothing is said of it."""
    said = [_window(subject.change), _acceptance(subject)]
    return " ".join(sentence for sentence in said if sentence) or None


def say_deadline(subject: Subject) -> str | None:
    """Return by when holders must act; for a changeover, that no deadline was found."""
    change = subject.change
    whens = deadlines(change)
    if len(whens) == 1:
        value, when = whens[0]
        if (deed := _deed(change, value)) is not None:
            return f"For {_lower(_who(subject))} {deed} {when}."
        return f"{_who(subject)} {_duty(change.actions)} {when}."
    if whens:
        steps = [f"{when}{_linked_actions(change, value)}" for value, when in whens]
        return f"{subject.authority} sets more than one deadline: {say_list(steps)}."
    if subject.is_changeover and change.actions != ("none",):
        return "No deadline for existing certificates was found in the text."
    return None


def say_action(subject: Subject) -> str:
    """Return what holders must do, or that the text asks nothing or was found to say nothing."""
    change = subject.change
    if change.actions == ("none",):
        return f"No action required: {subject.authority} says that existing certificates need none."
    known = _steps(change)
    steps = [known[action] for action in change.actions if action in known]
    if steps:
        return f"Certificate holders {_modal(change)} {say_list(steps)}."
    if change.kind in _ENDINGS:
        return _say_at_the_end(subject)
    return _NO_ACTION.get(change.kind, _NOTHING_FOUND).format(authority=subject.authority)


def _say_at_the_end(subject: Subject) -> str:
    """What holders must do where a rule ends or rests: about the mark, as far as that was read, and whom to ask."""
    change = subject.change
    what = "when these certificates can be used again" if change.kind is ChangeKind.SUSPENSION else _TRANSFERRED
    contact = f"Contact {subject.authority} now to find out {what}."
    if facts_of(change, FactType.MARK):
        return f"The certification mark must no longer be used. {contact}"
    if any(_MARK in fact.quote for fact in change.facts):
        return f"What the text says of the certification mark was not read: its Chinese text decides. {contact}"
    return contact if change.consequence else f"{_NOTHING_FOUND} {contact}"


def _standing_day(change: Change) -> str | None:
    """The day that a text exchanged under its code gives for its entry into force."""
    days = [str(fact.value) for fact in facts_of(change, FactType.EFFECTIVE) if len(str(fact.value)) == 10]
    return say_date(days[0]) if len(set(days)) == 1 else None


def _deed(change: Change, value: str) -> str | None:
    """What must be done by a last day, where it is something else than to have been changed over."""
    deeds = {fact.deed for fact in facts_of(change, FactType.DEADLINE) if str(fact.value) == value}
    return _DEEDS.get(deeds.pop() or "") if len(deeds) == 1 else None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def say_consequence(subject: Subject) -> str | None:
    """Return what happens otherwise; where there is a deadline, that nothing was found on it."""
    change = subject.change
    found = list(dict.fromkeys(str(fact.value) for fact in facts_of(change, FactType.CONSEQUENCE)))
    first = change.consequence or (found[0] if found else None)
    if first is None:
        has_deadline = bool(deadlines(change)) and change.actions != ("none",)
        return "What happens after the deadline was not found in the text." if has_deadline else None
    said = _refusal(subject) if first == "not_accepted" else _ending(subject, _ENDS.get(first, first))
    others = [_NOUNS[value] for value in found if value != first and value in _NOUNS]
    return f"{said} The text also speaks of {say_list(others)}." if others else said


def say_standards(change: Change) -> str | None:
    """Return the standards old → new, else those that are named, None where there are none."""
    if change.standards:
        return "; ".join(f"{pair.old} is replaced by {pair.new}" for pair in change.standards) + "."
    return f"Named in the text: {say_list(change.standards_named)}." if change.standards_named else None


def _window(change: Change) -> str | None:
    start, end = (
        next((str(fact.value) for fact in facts_of(change, wanted) if str(fact.value)[:1].isdigit()), None)
        for wanted in (FactType.TRANSITION_START, FactType.TRANSITION_END)
    )
    if end is None:
        return None
    return f"The transition period runs {f'from {say_date(start)} to' if start else 'until'} {say_date(end)}."


def _acceptance(subject: Subject) -> str | None:
    change = subject.change
    what = "standard" if change.kind is ChangeKind.STANDARD_CHANGEOVER else "edition"
    sides = []
    if change.accepted_until:
        sides.append(f"under the old {what} until {say_day(change.accepted_until)}")
    if change.accepted_from:
        sides.append(f"under the new {what} from {say_day(change.accepted_from)}")
    return f"{subject.authority} accepts applications {' and '.join(sides)}." if sides else None


def _who(subject: Subject) -> str:
    change = subject.change
    if change.kind is ChangeKind.NEW_EDITION:
        return f"Certificates on the old edition{f' ({change.old_edition})' if change.old_edition else ''}"
    if change.kind is ChangeKind.STANDARD_CHANGEOVER:
        old = list(dict.fromkeys(pair.old for pair in change.standards))
        return f"Certificates based on {say_list(old) or 'the old edition of the standard'}"
    return "Certificates concerned"


def _duty(actions: tuple[str, ...]) -> str:
    if "changeover" in actions:
        return "must be changed over"
    return _DUTIES.get(actions[0], "must be dealt with") if len(actions) == 1 else "must be dealt with"


def _linked_actions(change: Change, value: str) -> str:
    """Return what is asked for one of several last days, where both stand in one sentence."""
    quotes = [fact.quote for fact in facts_of(change, FactType.DEADLINE) if str(fact.value) == value]
    actions = (fact for fact in facts_of(change, FactType.ACTION) if any(_overlap(fact.quote, q) for q in quotes))
    steps = [_SHORT[name] for name in dict.fromkeys(str(fact.value) for fact in actions) if name in _SHORT]
    return f" ({say_list(steps)})" if steps else ""


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _steps(change: Change) -> dict[str, str]:
    new = say_list(new_standards(change)) or "the new requirements"
    to = "the new edition of the standard" if change.kind is ChangeKind.STANDARD_CHANGEOVER else "the new edition"
    return {
        "changeover": f"have their certificates changed over to {to}",
        "retest": f"arrange the supplementary tests to {new}",
        "factory_inspection": "have the factory inspected",
        "declaration": "submit a declaration of conformity",
    }


def _modal(change: Change) -> str:
    quotes = [fact.quote for fact in facts_of(change, FactType.ACTION) if fact.value != "none"]
    optional = quotes and all("可" in quote and not any(word in quote for word in "应须请需") for quote in quotes)
    return "may" if optional else "must"


def _refusal(subject: Subject) -> str:
    after = _after(subject.change)
    old = " under the old requirements" if _has_successor(subject) else ""
    said = f"{subject.authority} will no longer accept applications or reports{old}."
    return f"{after}, {said}" if after else said


def _has_successor(subject: Subject) -> bool:
    """Whether there are new requirements beside the old; a certification that ends or rests has none."""
    return subject.change.kind not in _ENDINGS or bool(subject.change.standards or subject.change.new_edition)


def _ending(subject: Subject, end: str) -> str:
    change = subject.change
    after = _after(change)
    if not subject.is_changeover and not after:
        return f"Certificates concerned will be {end}."
    moving = subject.is_changeover or "changeover" in change.actions
    state = "that have not been changed over" if moving else "that do not comply"
    return f"{after}, certificates {state} will be {end}." if after else f"Certificates {state} will be {end}."


def _after(change: Change) -> str:
    whens = [when for _, when in deadlines(change)]
    is_one_day = len(whens) == 1 and whens[0].startswith("by ")
    return "After that date" if is_one_day else "After the deadline" if whens else ""


NO_DAY = "No date from which it applies was found in the text."
_MARK = "标志"
_TRANSFERRED = "whether these certificates can be transferred"
_DEEDS = {
    "apply": "the application must be submitted",
    "test": "the tests must be completed",
    "declare": "the declaration must be submitted",
}
_ENDINGS = (ChangeKind.WITHDRAWAL, ChangeKind.SUSPENSION)
_APPLIES = {
    ChangeKind.STANDARD_CHANGEOVER: "The changeover applies from",
    ChangeKind.WITHDRAWAL: "The withdrawal takes effect on",
    ChangeKind.SUSPENSION: "The suspension takes effect on",
}
_DATED_KINDS = frozenset({ChangeKind.NEW_EDITION, ChangeKind.NEW_RULE, ChangeKind.REVISION, *_APPLIES})
_ENDS = {"suspension": "suspended", "withdrawal": "withdrawn", "cancellation": "cancelled"}
_NOUNS = {**{name: name for name in _ENDS}, "not_accepted": "applications that will not be accepted"}
_DUTIES = {
    "retest": "need a new test",
    "factory_inspection": "need a factory inspection",
    "declaration": "need a declaration of conformity",
}
_SHORT = {
    "changeover": "changeover",
    "retest": "test",
    "factory_inspection": "factory inspection",
    "declaration": "declaration of conformity",
}
_NOTHING_FOUND = "No action for certificate holders was identified in the text."
_NO_ACTION = {
    ChangeKind.NEW_RULE: f"For information. {_NOTHING_FOUND}",
    ChangeKind.NOTICE: f"For information. {_NOTHING_FOUND}",
    ChangeKind.REVISION: f"{_NOTHING_FOUND} Check whether your product or process is affected by what changed.",
    ChangeKind.NO_LONGER_LISTED: "Nothing yet. A consultant will ask {authority} what has happened to the rule.",
}
