"""Gate: whether a text that was read is an article, and one that the recipe wants.

In: articles as the readers give them. Out: the same articles, or ledger lines with rule and reason in their place. What a
verdict is about is the article alone, so it hangs on no worker and no neighbour. Called by `spool` and `label`; texts
that are handed over as texts, and imports, do not come here.
"""
