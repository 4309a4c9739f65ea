"""A text becomes facts, each with the sentence it was read from."""
