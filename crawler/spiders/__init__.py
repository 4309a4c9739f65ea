"""One file an authority."""
