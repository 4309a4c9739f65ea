"""The change log in a browser."""
