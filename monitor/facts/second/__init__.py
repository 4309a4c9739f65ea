"""A second reader, optional and off: a language model reads the same notice, and what it answers is checked by us."""
