"""The change log in a browser: what waits for a decision, the log, one change, the health of the crawl."""
