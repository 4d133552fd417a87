"""Hints: whether one of some words stands in a text.

Conventions: words stand for themselves, in small letters, and so are texts that they are looked for in. All words of a
set are looked for at once, by the automaton that the validator of schemas compiles a pattern to: looking for two
hundred words in turn takes longer than all else that the gate does.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

#: What has a meaning of its own in a pattern of JSON Schema.
_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")


class Hints:
    """A set of words."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)

    def in_text(self, small: str) -> bool:
        """Whether one of the words stands in a text, which is given in small letters."""
        try:
            return self._one_is_in(small)
        except ValueError:  # half of a surrogate pair, which only Python's texts hold
            return any(map(small.__contains__, self.words))

    @cached_property
    def _one_is_in(self) -> Callable[[str], bool]:
        import jsonschema_rs

        pattern = "|".join(_SPECIAL.sub(r"\\\g<0>", word) for word in self.words)
        return jsonschema_rs.validator_for({"pattern": pattern}).is_valid
