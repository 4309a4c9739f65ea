"""Every table's module, imported once, so that the metadata is whole for migrations and for creating a schema."""

from storage import captures, certificates, changes, digests, documents, incidents, runs, sections, translation
from storage.engine.database import Base

MODULES = (runs, sections, incidents, captures, documents, changes, translation, certificates, digests)
metadata = Base.metadata
