"""Does a difference change what is required? Texts as what they say, and the reasons."""
