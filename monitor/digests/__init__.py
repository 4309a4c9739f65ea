"""One message, at the right time, to the right contact, beyond doubt."""
