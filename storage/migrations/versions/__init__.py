"""One file a schema step, numbered."""
