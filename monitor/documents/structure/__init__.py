"""Lines become a tree of clauses; what stands outside clauses is told apart and kept."""
