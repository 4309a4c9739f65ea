"""The crawler gets bytes: it knows HTTP and the shapes of pages, and nothing of rules."""
