"""Exporters: records of a release into another format; a module is a plugin, its file name its name.

In: records. Out: files. `_lookup` finds them by name, and says what their files declare. Called by `allegedly export`.
"""
