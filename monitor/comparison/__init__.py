"""How two documents differ, clause by clause, and whether that matters. Knows neither facts nor rules."""
