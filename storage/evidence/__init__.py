"""The evidence: bytes kept once by their hash, and given out as WARC."""
