"""Storage keeps what the others made: rows in a database, bytes in the evidence store. It knows nobody."""
