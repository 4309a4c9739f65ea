"""What went wrong: units that were set aside, sections that could not be trusted, and whether the operator was told."""
