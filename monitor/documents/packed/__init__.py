"""Containers: archives and ZIP packages, under limits."""
