"""Page readers: bytes and an address in, records out. Pure."""
