"""Two readings of a site become what happened to which rule."""
