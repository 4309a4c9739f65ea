"""Backup of an installation, the way back, and the look whether all is there."""
