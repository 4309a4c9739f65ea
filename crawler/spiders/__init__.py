"""One file an authority: Scrapy's loader finds the classes here, nothing is registered."""
