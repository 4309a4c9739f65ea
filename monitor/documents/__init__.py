"""Bytes of a page or a file become a Document: clauses, tables, doubts."""
