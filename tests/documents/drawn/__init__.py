"""Made-up rules drawn from a seed, in the formats that authorities publish, each with all that a reader can see in it.

Nothing here imports the product: what is true of a file is known from how it was drawn, never from how it was read.
`draw(seed, format)` in `drawing.py` makes a file and the truth about it; `check.py` has the product read many:

    python -m tests.documents.drawn.check --count 64              what is lost, unnamed or let in
    python -m tests.documents.drawn.check --count 100 --changes   whether one other digit is seen
    python -m tests.documents.drawn.check --cases [NAME …]        small cases thought out by hand
"""
