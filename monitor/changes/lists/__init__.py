"""What the rows of a healthy list, or of a workbook that is one, say of rules."""
