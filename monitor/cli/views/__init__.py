"""What a person sees of what commands found: trees, tables, sentences."""
