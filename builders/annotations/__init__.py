"""Annotations: votes of labellers, people and corpora into one set of labels an article.

In: predictions of labellers, annotation files, drafts. Out: votes, the merged record, drafts. Called when articles are
labelled and again when they are packed, by importers and exporters of drafts.
"""
