"""What happened, in one sentence and in one line, for each of the nine kinds of change of DESIGN.md."""

from monitor.changes.change import Change, ChangeKind
from monitor.notation.codes import RuleCode, find_codes
from monitor.translation.english.subject import Subject, deadlines, new_standards
from monitor.translation.english.titles import say_list


def say_what_changed(subject: Subject) -> str:
    """Return the sentence that says what happened, old → new."""
    return _WHAT[subject.change.kind](subject)


def say_headline(subject: Subject) -> str:
    """Return one line for a list or a subject line: "New edition: implementation rule for brake hoses (CCAP-…)"."""
    change = subject.change
    label = "Reinstated" if _is_reinstated(change) else "Repealed" if _is_repealed(change) else _HEADLINES[change.kind]
    if change.kind is ChangeKind.STANDARD_CHANGEOVER and change.standards:
        scope = f" for {subject.rule.product}" if subject.rule else ""
        code = f" ({subject.edition})" if subject.edition else ""
        return f"{label}{scope}: {say_list(new_standards(change))}{code}"
    return f"{label}: {subject.named_or_scope.removeprefix('the ')}"


def _new_edition(subject: Subject) -> str:
    change = subject.change
    replaces = f"replaces {change.old_edition}" if change.old_edition else ""
    if subject.rule is None:
        new = f"{change.new_edition}, which {replaces}" if replaces else change.new_edition
        said = f"{subject.authority} has issued a new edition of a rule: {new}."
    else:
        code = f"{change.new_edition} {replaces}".strip()
        said = f"{subject.authority} has issued a new edition of {subject.name_with(code)}."
    others = _replaced_beside(change)
    if not others:
        return said
    return f"{said} It {'also ' if change.old_edition else ''}replaces {say_list(others)}."


def _replaced_beside(change: Change) -> list[str]:
    """Return the codes replaced that are no other way of writing the old or the new edition, each once."""
    said = [code for text in (change.old_edition, change.new_edition) if text for code in find_codes(text)]
    others = []
    for printed in change.supersedes:
        codes = find_codes(printed)
        if not codes or not any(_same_edition(code, known) for code in codes for known in said):
            others.append(printed)
            said += codes
    return others


def _same_edition(one: RuleCode, other: RuleCode) -> bool:
    """Whether two codes mean one edition; a code without a year means any of its family."""
    return one.family == other.family and (
        None in (one.year, other.year) or (one.year, one.letter) == (other.year, other.letter)
    )


def _new_rule(subject: Subject) -> str:
    also = f" It replaces {say_list(subject.change.supersedes)}." if subject.change.supersedes else ""
    return f"{subject.authority} has issued a new rule: {subject.named}.{also}"


def _revision(subject: Subject) -> str:
    said = f"{subject.authority} has changed the text of"
    if subject.rule is None:
        return f"{said} rule {subject.edition} without giving it a new code."
    return f"{said} {subject.name_with('')} without giving it a new code: it is still {subject.edition}."


def _changeover(subject: Subject) -> str:
    change = subject.change
    if change.actions == ("none",) and change.standards:
        under = f" under {subject.named}" if subject.is_named else ""
        pairs = [f"{pair.new}, which replaces {pair.old}" for pair in change.standards]
        return f"{subject.authority} now certifies{under} to {say_list(pairs)}."
    based = f" based on {subject.named}" if subject.is_named else ""
    moves = [f"from {pair.old} to {pair.new}" for pair in change.standards]
    to = say_list(moves) or f"to {say_list(change.standards_named) or 'another edition of a standard'}"
    return f"{subject.authority} is moving certificates{based} {to}."


def _withdrawal(subject: Subject) -> str:
    change = subject.change
    ended = "repealed" if _is_repealed(change) else "withdrawn"
    said = f"{subject.authority} has {ended} {subject.named_or_scope}."
    return f"{said} Its successor is {change.new_edition}." if change.new_edition and change.old_edition else said


def _is_repealed(change: Change) -> bool:
    """A rule is repealed (废止); a certificate or a service is withdrawn (撤销)."""
    return change.kind is ChangeKind.WITHDRAWAL and "废止" in change.title_zh


def _suspension(subject: Subject) -> str:
    under = "certification under " if subject.is_named else ""
    return f"{subject.authority} has suspended {under}{subject.named_or_scope}."


def _notice(subject: Subject) -> str:
    change = subject.change
    if _is_reinstated(change):
        return f"{subject.authority} has reinstated {subject.named}."
    about = f" on {subject.named_or_scope}" if subject.is_named or subject.rule else ""
    if not about and change.standards_named:
        about = f" that names {say_list(change.standards_named)}"
    return f"{subject.authority} has published a notice{about}."


def _no_longer_listed(subject: Subject) -> str:
    return (
        f"{subject.authority} no longer lists {subject.named} among the rules in force. No statement "
        "that explains it was found: the rule may have been withdrawn or replaced, or left out by mistake."
    )


def _correction(subject: Subject) -> str:
    change = subject.change
    what = f"what it had published on {subject.named}" if subject.is_named else "an earlier publication"
    said = f"{subject.authority} has corrected {what}."
    return f"{said} The dates below are the corrected ones." if change.effective or deadlines(change) else said


def _is_reinstated(change: Change) -> bool:
    return change.kind is ChangeKind.NOTICE and change.new_edition is not None and "恢复" in change.title_zh


_WHAT = {
    ChangeKind.NEW_EDITION: _new_edition,
    ChangeKind.NEW_RULE: _new_rule,
    ChangeKind.REVISION: _revision,
    ChangeKind.STANDARD_CHANGEOVER: _changeover,
    ChangeKind.WITHDRAWAL: _withdrawal,
    ChangeKind.SUSPENSION: _suspension,
    ChangeKind.NOTICE: _notice,
    ChangeKind.NO_LONGER_LISTED: _no_longer_listed,
    ChangeKind.CORRECTION: _correction,
}
_HEADLINES = {
    ChangeKind.NEW_EDITION: "New edition",
    ChangeKind.NEW_RULE: "New rule",
    ChangeKind.REVISION: "Text changed under the same code",
    ChangeKind.STANDARD_CHANGEOVER: "Standard changeover",
    ChangeKind.WITHDRAWAL: "Withdrawn",
    ChangeKind.SUSPENSION: "Suspended",
    ChangeKind.NOTICE: "Notice",
    ChangeKind.NO_LONGER_LISTED: "No longer listed",
    ChangeKind.CORRECTION: "Correction",
}
