"""Which part of the old document is which part of the new one."""
