"""Sources: where data comes in.

In: paths that somebody names. Out: each file once with its name, its bytes within limits, the files inside archives
(never extracted), text decoded. Workers run hostile work in processes that may die. Called by the readers, `build` and
`label`.
"""
