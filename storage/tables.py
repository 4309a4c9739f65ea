"""Every table's module, imported once, so that the metadata is whole for migrations and for creating a schema."""

from storage import captures, certificates, changes, digests, documents, imports, runs, sections, translation
from storage.engine.database import Base
from storage.telling import reminders
from storage.trouble import fence, incidents

MODULES = (
    runs,
    sections,
    incidents,
    fence,
    captures,
    documents,
    changes,
    translation,
    imports,
    certificates,
    digests,
    reminders,
)
metadata = Base.metadata
