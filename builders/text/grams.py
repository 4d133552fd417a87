"""Grams: how alike two texts are.

Conventions: similarity is the Jaccard index of the sets of word 5-grams of two texts (a text of fewer words is one
gram). A signature estimates it: the share of its numbers that two texts have in common.

Source: Broder 1997 (MinHash).
"""

import re
from collections.abc import Iterator

GRAM = 5
PERMUTATIONS = 128
SEED = 42

_WORDS = re.compile(r"\w+")
#: From each letter of ASCII that stands in no word to a blank.
_BLANKS = {code: " " for code in range(128) if not re.match(r"\w", chr(code))}


def grams(text: str) -> set[str]:
    """The word 5-grams of a text, case folded; empty for a text without words."""
    return set(_grams(text))


def _grams(text: str) -> Iterator[str]:
    """The same in order, with those that come again."""
    words = _words(text.casefold())
    if 0 < len(words) < GRAM:
        return iter([" ".join(words)])
    return map(" ".join, zip(*(words[start:] for start in range(GRAM)), strict=False))


def _words(text: str) -> list[str]:
    # the blanks of ASCII are known, and splitting at blanks takes a fifth of the time
    return text.translate(_BLANKS).split() if text.isascii() else _WORDS.findall(text)


def signature(text: str) -> bytes:
    """The MinHash signature of a text: PERMUTATIONS unsigned 32-bit numbers, little endian."""
    from array import array

    from rensa import RMinHash

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list(_grams(text)))
    return array("I", sketch.digest()).tobytes()


def jaccard(left: set[str], right: set[str]) -> float:
    """Shared grams over all grams; 0 where both are empty, since texts without words say nothing."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0
