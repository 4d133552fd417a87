"""Text: what every reader builds articles with.

In: words and blocks. Out: sentences inside blocks, the language, dates, articles. Called by readers and importers.
"""
