"""Made-up rules drawn from a seed, in the formats that authorities publish, each with all that a reader can see in it.

Nothing here imports the product: what is true of a file is known from how it was drawn, never from how it was read.
"""
