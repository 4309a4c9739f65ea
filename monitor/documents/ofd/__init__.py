"""OFD, the format of Chinese e-government: pages and their tables."""
