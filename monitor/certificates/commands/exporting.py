"""Certificates into files: a template to fill in, and the register as it stands."""

from collections.abc import Iterator
from pathlib import Path

from monitor.certificates.fields import texts
from monitor.certificates.files.written import Said, write_certificates, write_template
from monitor.errors import BadInput
from storage import register
from storage.engine.database import Database


def make_template(path: Path, force: bool = False) -> None:
    """Write an empty list of certificates. Raises BadInput where the file is there already and `force` is not given."""
    _refuse_to_overwrite(path, force)
    write_template(path)


def export_certificates(database: Database, path: Path, force: bool = False) -> int:
    """Write every certificate by number, as an import would read it; return how many."""
    _refuse_to_overwrite(path, force)
    return write_certificates(path, _every(database))


def _every(database: Database) -> Iterator[Said]:
    with database.session() as session:
        for some, contacts in register.every_certificate(session):
            for known in some:
                emails = contacts.get(known.values["holder_id"], {})
                frequencies = set(emails.values())
                yield texts(known.values, known.holder, known.standards) | {
                    "certificate_no": known.values["number"],
                    "contact_email": "; ".join(sorted(emails)),
                    "frequency": frequencies.pop() if len(frequencies) == 1 else "",
                }


def _refuse_to_overwrite(path: Path, force: bool) -> None:
    if path.exists() and not force:
        raise BadInput(f"{path} is there already; name another file, or add --force to replace it")
    if not path.parent.is_dir():
        raise BadInput(f"{path.parent} is no folder")
