"""The monitor says what the bytes mean. Its rooms stand in the order in which the data flows:
notation, documents, facts, changes, translation, certificates, digests; then people's doors, web and cli.
"""
