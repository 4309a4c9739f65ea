"""A page that is a list: its block, its rows, how it goes on."""
