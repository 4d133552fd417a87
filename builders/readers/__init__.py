"""Readers: bytes of one format into articles; a module is a plugin, its file name its name.

In: the bytes of a file and where it comes from. Out: articles and ledger lines. Each reader says itself which files
are its own; `_formats` asks them all, `_reading` calls the one that has the file; it is called by `build` and `label`.
"""
