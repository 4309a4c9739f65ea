"""A notice before it is understood: marks for what is printed alike, lines as sentences and rows, words as classes."""
