"""The two outcomes that are not a result: the data would not (exit 1), the call is wrong (exit 2)."""


class DataError(Exception):
    """The data or the machine would not: the message says what was found, where, and what to do; in several lines where
    several things are wrong."""

    def __init__(self, *lines: str) -> None:
        """A line each."""
        super().__init__("\n".join(lines))
        self.lines = lines


class UsageError(Exception):
    """The call is wrong: an unknown name, a missing path, a recipe with a misspelt key."""
