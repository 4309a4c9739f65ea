"""A page that is an article: its head, its body, its files."""
