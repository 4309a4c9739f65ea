"""Word files, old and new: paragraphs and tables as they are printed, automatic numbers included."""
