"""Sites that nobody has seen: lists, whole sites and volatile addresses drawn by seed, and the truth about each.

It imports nothing of the product, and is written without knowledge of its page readers.
"""
