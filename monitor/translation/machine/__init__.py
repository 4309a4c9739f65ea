"""What a translation service says: shielded, asked for, checked, kept as segments."""
