"""Born-digital PDF: characters with their places become lines and tables in reading order."""
