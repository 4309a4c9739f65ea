"""The authorities' sites on loopback: what they print on which day, and every trouble they are known for.

Served for the tests and played by `make run`. It imports nothing of the product that it tests.
"""
