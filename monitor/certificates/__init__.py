"""Whose certificate a change concerns, what its holder must do, and by when."""
