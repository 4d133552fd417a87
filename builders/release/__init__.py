"""Release: the only writer of releases.

In: arranged records. Out: Parquet tables, card, Croissant, ledger, manifest, exchanged with the former release in one
step; and the way back, `load`. Called by `build`, imports and the front door.
"""
