"""Importers: corpora that others annotated; a module is a plugin, its file name its name.

In: the folder of a corpus. Out: records and ledger lines, which become a release like any other. Called by
`allegedly import`.
"""
