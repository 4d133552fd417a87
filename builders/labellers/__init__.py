"""Labellers: articles into labels; a module is a plugin, its file name its name.

In: articles. Out: a Prediction for each. `_lookup` finds them by name; called by `build`, `label` and the front door.
"""
