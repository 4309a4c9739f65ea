"""Score a blind round: python tests/corpus/blind/score.py ROUND.yaml [--misses]

A round is a list of {id, published, text, facts: [{type, value, quote?, deed?, partial?, whose?, on?, until?}], codes,
others, standards, named: [{text, role}], doubtful?}. A doubtful reading counts as right either way: a fact that may be
there (`present_ok`, `also_right`) or not (`absent_ok`, `may_be_absent`), a key (`key`, `keys_either`), a role (`role`,
`role_of` with `either`), a standard that may be listed or not (`standards`, `may_be_listed_or_not`).
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[3]))

from monitor.facts.extract import facts_of
from monitor.facts.fact import Fact, FactReading, StandardChange
from monitor.notation.dates import locate_dates

Said = tuple[str, str]
KEYS = ("deed", "whose", "on", "until", "partial")


@dataclass
class Score:
    """What a round adds up to."""

    texts: int = 0
    whole: int = 0
    labelled: int = 0
    read: int = 0
    right: int = 0
    explained: int = 0
    right_and_unsure: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    by_type: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong_and_sure: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def score(cases: list[dict[str, Any]]) -> Score:
    """Return the score of a round."""
    total = Score()
    for case in cases:
        _add(total, case, facts_of(case["text"], _day(case.get("published"))))
    return total


def _add(total: Score, case: dict[str, Any], reading: FactReading) -> None:
    doubtful = {_label(fact) for fact in _doubts(case, "present_ok", "also_right", "absent_ok", "may_be_absent")}
    wanted = {_label(fact): fact for fact in case.get("facts") or ()}
    got = {_said(fact): fact for fact in reading.facts}
    free = doubtful | _either(wanted, got)
    wrong = [said for said in got if said not in wanted and said not in free]
    missed = [said for said in wanted if said not in got and said not in free]
    total.texts += 1
    total.labelled += len(set(wanted) - free | (set(wanted) & set(got)))
    total.read += len(got) - len([said for said in got if said in free and said not in wanted])
    total.right += len(set(wanted) & set(got))
    total.right_and_unsure += sum(said in got and not got[said].sure for said in wanted)
    for said in wanted:
        total.by_type[said[0], "right" if said in got or said in free else "missed"] += 1
    for said in wrong:
        total.by_type[said[0], "wrong"] += 1
    total.wrong_and_sure += [f"{case['id']}: {said}" for said in wrong if got[said].sure]
    total.silent += [f"{case['id']}: {said}" for said in missed if _is_silent(said, reading)]
    open_keys = {_label(fact) for fact in _doubts(case, "key", "keys_either")}
    keys = _wrong_keys({said: fact for said, fact in wanted.items() if said not in open_keys | doubtful}, got)
    total.keys.update(keys)
    total.keys["labelled"] += sum(key in KEYS for fact in wanted.values() for key in fact)
    lists = list(_wrong_lists(case, reading))
    total.lists.update(lists)
    whole = not wrong and not missed
    total.whole += whole
    total.explained += whole and bool(reading.unexplained)
    _add_named(total, case, reading)
    if wrong or missed or keys or lists:
        total.misses.append(
            f"## {case['id']}\n{case['text']}\n   MISSED {missed}\n   WRONG {wrong}\n   KEYS {keys} LISTS {lists}"
            f"\n   UNEXPLAINED {[left.text for left in reading.unexplained]}"
        )


def _doubts(case: dict[str, Any], *names: str) -> list[Any]:
    return [doubt[name] for doubt in case.get("doubtful") or () for name in names if name in doubt]


def _add_named(total: Score, case: dict[str, Any], reading: FactReading) -> None:
    roles_free = [doubt["text"] if isinstance(doubt, dict) else doubt for doubt in _doubts(case, "role", "role_of")]
    for label in case.get("named") or ():
        if label["text"] in roles_free:
            continue
        roles = {named.role for named in reading.named if _same(named.text, label["text"])}
        if label["role"] in roles:
            total.named["as labelled"] += 1
        elif roles:
            total.named["other role"] += 1
        elif any(_same(left.text, label["text"]) for left in reading.unexplained):
            total.named["unexplained"] += 1
        else:
            total.named["as a fact or not at all"] += 1


def _either(wanted: dict[Said, Any], got: dict[Said, Fact]) -> set[Said]:
    """FACTS: 自动失效 is `validity` lapses or `measure` lapse; either is right."""
    lapses = {("validity", "lapses"), ("measure", "lapse")}
    return lapses if lapses & set(wanted) and lapses & set(got) else set()


def _wrong_keys(wanted: dict[Said, Any], got: dict[Said, Fact]) -> list[str]:
    found = []
    for said, label in wanted.items():
        for key in KEYS:
            if said in got and key in label and _text(label[key]) != _text(getattr(got[said], key)):
                found.append(f"{key} of {said[0]}: {_text(label[key])} read {_text(getattr(got[said], key))}")
    return found


def _wrong_lists(case: dict[str, Any], reading: FactReading) -> Iterator[str]:
    read = {
        "codes": {_plain(code.edition) for code in reading.codes},
        "standards": {_plain(str(standard)) for standard in reading.standards},
        "others": {_plain(other) for other in reading.others},
    }
    doubts = _doubts(case, "standards", "may_be_listed_or_not")
    free = {_plain(doubt["value"] if isinstance(doubt, dict) else doubt) for doubt in doubts}
    for name, found in read.items():
        label = {_plain(str(item)) for item in case.get(name) or ()}
        yield from (f"{name}: missed {item}" for item in label - found - free)
        yield from (f"{name}: read {item}" for item in found - label - free)


def _is_silent(said: Said, reading: FactReading) -> bool:
    """Whether nothing unsure or unexplained stands for a missed date, code or standard."""
    kind, value = said
    if kind in ("action", "consequence", "waived", "pending", "validity", "measure", "mark"):
        return False
    unsure = {_said(fact)[1] for fact in reading.facts if not fact.sure}
    if value in unsure:
        return False
    if value[:4].isdigit():
        days = {value, _next(value)}
        return not any(_prints(left.text, day) for left in reading.unexplained for day in days)
    return not any(_plain(left.text) in _plain(value) for left in reading.unexplained)


def _prints(text: str, value: str) -> bool:
    printed = next(iter(locate_dates(text)), None)
    month, day = value[5:7], value[8:10]
    return printed is not None and (printed.month or 0) == int(month) and (not day or printed.day in (int(day), None))


def _next(value: str) -> str:
    return (date.fromisoformat(value) + timedelta(days=1)).isoformat() if len(value) == 10 else value


def _label(fact: dict[str, Any]) -> Said:
    value = fact.get("value")
    if isinstance(value, dict):
        return str(fact["type"]), f"{_plain(str(value['old']))} → {_plain(str(value['new']))}"
    return str(fact["type"]), _plain(str(value))


def _said(fact: Fact) -> Said:
    if isinstance(fact.value, StandardChange):
        return fact.type.value, f"{_plain(fact.value.old)} → {_plain(fact.value.new)}"
    return fact.type.value, _plain(fact.value)


def _plain(text: str) -> str:
    return text.replace(" ", "").replace(":", "-").replace("：", "-").replace("—", "-").replace("－", "-")


def _same(one: str, other: str) -> bool:
    one, other = _plain(one), _plain(other)
    return one in other or other in one


def _text(value: object) -> str:
    return str(value) if value not in (None, False) else "-"


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value) if isinstance(value, str) and value else None


def main() -> None:
    """Print the figures of a round, and with --misses what was misread."""
    cases = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    total = score(cases)
    print(f"texts {total.texts}, labelled facts {total.labelled}, read {total.read}, right {total.right}")
    print(f"precision {total.right / max(total.read, 1):.3f}, recall {total.right / max(total.labelled, 1):.3f}")
    print(f"wholly right {total.whole} ({total.whole / max(total.texts, 1):.0%})")
    print(f"wrong and sure {len(total.wrong_and_sure)}: {total.wrong_and_sure}")
    print(f"right and unsure {total.right_and_unsure} ({total.right_and_unsure / max(total.right, 1):.1%})")
    print(f"silent misses {len(total.silent)}: {total.silent}")
    print(f"unexplained on {total.explained} of {total.whole} wholly right texts")
    print(f"keys {dict(total.keys)}\nlists {dict(total.lists)}\nnamed {dict(total.named)}")
    for kind in sorted({kind for kind, _ in total.by_type}):
        print(f"  {kind:18}", {name: total.by_type[kind, name] for name in ("right", "missed", "wrong")})
    if "--misses" in sys.argv:
        print("\n".join(total.misses))


if __name__ == "__main__":
    main()
