"""Importers: corpora that others annotated; a module is a plugin, its file name its name.

In: the folder of a corpus, or a file of it (DataError where it is another). Out: records and ledger lines, which
become a release like any other. Of drafts, and the articles that they are about: labels. `_lookup` finds them by name,
and says what their files declare. Called by `allegedly import` and by training.
"""
