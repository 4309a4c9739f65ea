"""One visit of an authority: what is asked for, what an answer is, and whether the visit can be trusted."""
