"""Named lists of words: what rules and the functions beside them know of single words.

Source: ``rules_words.toml``; the families of ``rules_speculations.toml`` are lists too.
"""

import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def lists() -> dict[str, frozenset[str]]:
    """All lists by name."""
    found = {
        name: frozenset(words.split())
        for name, words in tomllib.loads((_FOLDER / "rules_words.toml").read_text("utf-8")).items()
    }
    families = tomllib.loads((_FOLDER / "rules_speculations.toml").read_text("utf-8"))["family"]
    return found | {name: frozenset(family["words"].split()) for name, family in families.items() if "words" in family}


def words(*names: str) -> frozenset[str]:
    """The words of some lists; KeyError for a name that is none."""
    return frozenset().union(*(lists()[name] for name in names))
