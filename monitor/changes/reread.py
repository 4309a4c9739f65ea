"""Reread: which facts of a change a better reader finds otherwise in the documents that it rests on, in words."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from monitor.facts.fact import DECIDING, FactType

Stated = tuple[str, Any, str]
"""A fact as it is kept: type, value, quote."""


def differences(old: Iterable[Stated], new: Iterable[Stated], change: Iterable[Stated]) -> tuple[str, ...]:
    """Return in words which facts of a change a new reading of one of its documents finds otherwise.

    What the change states already is not new to it, and what it does not state cannot be missed.
    """
    before, now, stated = _by_key(old), _by_key(new), _by_key(change)
    found = [fact for key, fact in now.items() if key not in before and key not in stated]
    lost = [fact for key, fact in before.items() if key not in now and key in stated]
    return tuple(_words(found, lost))


def _by_key(facts: Iterable[Stated]) -> dict[tuple[str, str], Stated]:
    return {(fact[0], json.dumps(fact[1], sort_keys=True)): fact for fact in facts if fact[0] in _MATTERING}


def _words(found: list[Stated], lost: list[Stated]) -> Iterator[str]:
    for type_ in _MATTERING:
        gone = [_said(value) for kind, value, _ in lost if kind == type_]
        come = [f"{_said(value)} (“{quote}”)" for kind, value, quote in found if kind == type_]
        name = type_.replace("_", " ")
        if gone and come:
            yield f"{name} {', '.join(gone)} is now {', '.join(come)}"
        elif gone or come:
            yield f"{name} {', '.join(gone)} is not found any more" if gone else f"{name} {', '.join(come)} is found"


def _said(value: Any) -> str:
    return f"{value['old']} → {value['new']}" if isinstance(value, dict) else str(value)


_MATTERING = tuple(kind.value for kind in FactType if kind in DECIDING and kind is not FactType.PUBLISHED)
