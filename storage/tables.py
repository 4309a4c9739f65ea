"""Every table's module, imported once, so that the metadata is whole for migrations and for creating a schema."""

from storage import captures, certificates, changes, digests, documents, fence, incidents, runs, translation
from storage.engine.database import Base

MODULES = (runs, incidents, fence, captures, documents, changes, translation, certificates, digests)
metadata = Base.metadata
