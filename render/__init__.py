"""How labelled text is shown: one renderer for pages, notebooks and terminals.

In: articles and their labels, as records. Out: HTML with its style sheet, lines for a terminal, plain text, and the
templates that all pages share. Called by the page of a release, the report of an evaluation, `label`, `show`, notebooks.
"""
