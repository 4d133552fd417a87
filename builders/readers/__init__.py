"""Readers: bytes of one format into articles; a module is a plugin, its file name its name.

In: the bytes of a file and where it comes from. Out: articles and ledger lines. `_reading` tells formats apart and
calls the reader; it is called by `build` and `label`.
"""
