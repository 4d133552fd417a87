"""Engines: where tasks over shards run; a module is a plugin, its file name its name.

In: a task and shards, which name paths. Out: small results in the order of the shards. Called by the stages of a build.
"""
