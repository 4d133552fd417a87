"""Arrange: what stands between one article and all others.

In: labelled articles on the spool, a small entry each. Out: which stay, in which group and split, and the proof that
splits do not leak. Called by `build` and by imports.
"""
