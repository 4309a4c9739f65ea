"""Documents whose text is known: the known text as Markdown, and the script that makes the files from it."""
