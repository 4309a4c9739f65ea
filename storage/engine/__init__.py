"""The database itself: engine, sessions, schema, locks."""
