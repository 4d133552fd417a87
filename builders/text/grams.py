"""Grams: how alike two texts are.

Conventions: similarity is the Jaccard index of the sets of word 5-grams of two texts (a text of fewer words is one
gram). A signature estimates it: the share of its numbers that two texts have in common.

Source: Broder 1997 (MinHash).
"""

import re

GRAM = 5
PERMUTATIONS = 128
SEED = 42

_WORDS = re.compile(r"\w+")


def grams(text: str) -> set[str]:
    """The word 5-grams of a text, case folded; empty for a text without words."""
    words = _WORDS.findall(text.casefold())
    if not words:
        return set()
    return {" ".join(words[start : start + GRAM]) for start in range(max(1, len(words) - GRAM + 1))}


def signature(text: str) -> bytes:
    """The MinHash signature of a text: PERMUTATIONS unsigned 32-bit numbers, little endian."""
    from array import array

    from rensa import RMinHash

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list(grams(text)))
    return array("I", sketch.digest()).tobytes()


def jaccard(left: set[str], right: set[str]) -> float:
    """Shared grams over all grams; 0 where both are empty, since texts without words say nothing."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0
