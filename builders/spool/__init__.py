"""Spool: labelled articles on disk, waiting for what stands between them and all others.

In: files to read, labellers. Out: for each shard of files its records as JSON lines, and parts: one row an article, in
order of id, with what decides about it (where it came from, MinHash signature, what ties it to others). Called by
`build` and by imports; read by the rooms that follow.
"""
