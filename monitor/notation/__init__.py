"""How codes, standards, numerals and dates are written in certification texts: read, compared, printed."""
