"""Exporters: records of a release into another format; a module is a plugin, its file name its name.

In: records. Out: files. Called by `allegedly export`.
"""
