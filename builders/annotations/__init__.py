"""Annotations: votes of labellers, people and corpora into one set of labels an article.

In: predictions of labellers, annotation files. Out: votes, the merged record. Called when
articles are labelled and again when they are packed.
"""
