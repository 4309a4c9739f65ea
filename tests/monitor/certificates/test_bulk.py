"""Matching in bulk, through the database and in rounds, against a reference that takes each pair by itself.

The reference is written from the design's words and shares nothing with the product: it compares plain texts.
"""

import csv
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from monitor.certificates.commands import import_certificates
from monitor.certificates.stage import match_changes
from storage.certificates import CertificateRow, MatchRow
from storage.changes import ChangeRow
from storage.engine.database import Database
from tests.monitor.digests.examples import NEW_EDITION, add_change, summary_of

TODAY = date(2026, 3, 2)
FAMILIES = [f"CQC11-{442_000 + number}" for number in range(160)] + [f"CCAP-GZ-{5000 + number}" for number in range(90)]
STANDARDS = [f"GB/T {15_000 + number}" for number in range(120)]
YEARS = ("2010", "2015", "2020")
ENDED = ("withdrawn", "cancelled", "expired")
Item = dict[str, Any]


def any_certificate(chance: random.Random, number: int) -> Item:
    """A certificate in plain texts; standards are pairs of name and year, the year empty where it names none."""
    named = chance.sample(STANDARDS, chance.randrange(4))
    return {
        "number": f"CERT{number:06}",
        "family": chance.choice(FAMILIES),
        "year": chance.choice(("", *YEARS)),
        "standards": [(name, chance.choice(("", *YEARS))) for name in named],
        "status": chance.choice(("valid", "valid", "valid", "suspended", *ENDED)),
        "expires": chance.choice(("", "2026-03-01", "2026-03-02", "2030-01-01")),
    }


def any_change(chance: random.Random) -> Item:
    """A change in plain texts."""
    return {
        "kind": chance.choice(("new_edition", "standard_changeover", "withdrawal", "suspension", "notice")),
        "authority": chance.choice(("cqc", "ccap", "cnca")),
        "family": chance.choice((*FAMILIES, *[""] * 80)),
        "named": chance.sample(FAMILIES, chance.choice((0, 0, 1, 3))),
        "year": chance.choice(YEARS),
        "supersedes": chance.sample(FAMILIES, chance.randrange(2)),
        "moved": [(name, *chance.sample(YEARS, 2)) for name in chance.sample(STANDARDS, chance.randrange(1, 3))],
        "mentioned": [(name, chance.choice(YEARS)) for name in chance.sample(STANDARDS, chance.randrange(3))],
    }


def reference(change: Item, certificate: Item) -> str | None:
    """How certain it is that a change concerns a certificate, None where it does not."""
    if certificate["status"] in ENDED or "" < certificate["expires"] < "2026-03-02":
        return None
    if change["kind"] == "new_edition":
        return by_edition(change, certificate)
    stated = {change["family"], *change["named"]} - {""}
    if certificate["family"] in stated:
        return by_family(change, certificate)
    found = by_standard(change, certificate, bool(stated))
    authority = change["authority"].upper()
    is_foreign = authority != "CNCA" and not certificate["family"].startswith(authority)
    return "possible" if found and is_foreign else found


def by_edition(change: Item, certificate: Item) -> str | None:
    """A new edition concerns what rests on an older one of its family, and on families that it replaces."""
    if change["family"] and certificate["family"] == change["family"]:
        return None if certificate["year"] >= change["year"] else "certain"
    return "certain" if certificate["family"] in change["supersedes"] else None


def by_family(change: Item, certificate: Item) -> str | None:
    """What is said of a rule concerns what rests on it; if standards move, only what names none, or one of them."""
    if change["kind"] in ("withdrawal", "suspension"):
        ended, own = (change["family"], change["year"]), (certificate["family"], certificate["year"])
        return "likely" if all((*ended, *own)) and own != ended else "certain"
    if change["kind"] == "notice" or not certificate["standards"]:
        return "certain"
    old = [(name, year) for name, year, _ in change["moved"]]
    new = [(name, year) for name, _, year in change["moved"]]
    names = {"old": False, "new": False, "any": False}
    for standard in certificate["standards"]:
        names["old"] |= standard in old
        names["new"] |= standard in new
        names["any"] |= standard[0] in [name for name, _ in old]
    if names["old"]:
        return "likely" if names["new"] else "certain"
    return "certain" if names["any"] and not names["new"] else None


def by_standard(change: Item, certificate: Item, is_stated: bool) -> str | None:
    """Beyond the rules that it names, a changeover concerns what names a moved standard; a notice, if it names none."""
    if change["kind"] != "standard_changeover":
        if is_stated:
            return None
        mentioned = dict(change["mentioned"])
        years = [(year, mentioned[name]) for name, year in certificate["standards"] if name in mentioned]
        return ("likely" if any(year == said for year, said in years) else "possible") if years else None
    moved = {name: (old, new) for name, old, new in change["moved"]}
    touched = [(year, *moved[name]) for name, year in certificate["standards"] if name in moved]
    has_new = any(year == new for year, _, new in touched)
    if any(year == old for year, old, _ in touched):
        return "likely" if is_stated or has_new else "certain"
    return "likely" if touched and not has_new else None


def values_of(change: Item, number: int) -> Item:
    """A change as the stages before leave it."""
    family = change["family"]
    is_moving, is_edition = change["kind"] == "standard_changeover", change["kind"] == "new_edition"
    return {
        **NEW_EDITION,
        "kind": change["kind"],
        "authority": change["authority"],
        "event_key": f"event {number}",
        "family": family,
        "families_named": change["named"],
        "old_edition": f"{family}-{change['year']}" if family and not is_edition else None,
        "new_edition": f"{family}-{change['year']}" if family and is_edition else None,
        "supersedes": [f"{replaced}-2009" for replaced in change["supersedes"]] if is_edition else [],
        "standards": [{"old": f"{name}-{a}", "new": f"{name}-{b}"} for name, a, b in change["moved"]]
        if is_moving
        else [],
        "standards_named": [f"{name}-{year}" for name, year in change["mentioned"]],
        "deadline": date(2027, 6, 30),
    }


def write(path: Path, certificates: list[Item]) -> Path:
    """Write certificates as a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("certificate_no", "holder", "rule", "standards", "status", "expires"))
        for item in certificates:
            rule = "-".join(part for part in (item["family"], item["year"]) if part)
            standards = "; ".join("-".join(part for part in pair if part) for pair in item["standards"])
            table.writerow((item["number"], "Alpha", rule, standards, item["status"], item["expires"]))
    return path


def kept(database: Database) -> dict[tuple[int, str], str]:
    """Every match of the database, by change and certificate."""
    with database.session() as session:
        query = select(MatchRow.change_id, CertificateRow.number, MatchRow.certainty)
        rows = session.execute(query.join(CertificateRow, CertificateRow.id == MatchRow.certificate_id))
        return {(change, number): certainty for change, number, certainty in rows}


def expected(changes: dict[int, Item], certificates: list[Item]) -> dict[tuple[int, str], str]:
    """Every match that the reference finds, taking each pair by itself."""
    pairs = ((key, change, item) for key, change in changes.items() for item in certificates)
    found = (((key, item["number"]), reference(change, item)) for key, change, item in pairs)
    return {pair: certainty for pair, certainty in found if certainty}


@pytest.mark.slow
def test_bulk_matching_equals_the_reference_in_every_round(sqlite_database: Database, tmp_path: Path) -> None:
    database, chance = sqlite_database, random.Random(16)
    certificates = [any_certificate(chance, number) for number in range(5000)]
    assert import_certificates(database, write(tmp_path / "c.csv", certificates)).added == 5000
    changes = {}
    for number in range(200):
        change = any_change(chance)
        values = values_of(change, number)
        changes[add_change(database, values, summary_of({**values, "kind": "notice"}))] = change
    match_changes(database, TODAY)
    first = expected(changes, certificates)
    assert set(first.values()) == {"certain", "likely", "possible"}
    assert kept(database) == first
    for place in chance.sample(range(5000), 600):
        certificates[place] = {**any_certificate(chance, place), "number": certificates[place]["number"]}
    certificates += [any_certificate(chance, number) for number in range(5000, 5200)]
    import_certificates(database, write(tmp_path / "c.csv", certificates))
    with database.session() as session:
        for key in chance.sample(sorted(changes), 40):
            row, changed = session.get_one(ChangeRow, key), any_change(chance)
            changes[key] = {**changed, "kind": row.kind, "authority": row.authority, "family": row.family}
            for name, value in values_of(changes[key], key).items():
                if name not in ("event_key", "kind"):
                    setattr(row, name, value)
            row.revision += 1
        session.commit()
    match_changes(database, TODAY)
    second = expected(changes, certificates)
    assert second != first
    assert kept(database) == second
