"""The pytest plugin: the fixture ``allegedly_scores``."""
