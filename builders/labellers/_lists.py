"""Named lists of words: what rules and the functions beside them know of single words.

Source: ``rules_words.toml``; the families of ``rules_speculations.toml`` are lists too, and the forms of the verbs and nouns in
``cues.txt``: ``cue-verbs``, ``speech-verbs``, ``cue-nouns``, ``plural-cue-nouns``.
"""

import tomllib
from functools import cache
from pathlib import Path

from allegedly.builders.labellers._cues import NOUNS, VERBS

_FOLDER = Path(__file__).parent


@cache
def lists() -> dict[str, frozenset[str]]:
    """All lists by name."""
    found = {
        name: frozenset(words.split())
        for name, words in tomllib.loads((_FOLDER / "rules_words.toml").read_text("utf-8")).items()
    }
    families = tomllib.loads((_FOLDER / "rules_speculations.toml").read_text("utf-8"))["family"]
    found |= {name: frozenset(family["words"].split()) for name, family in families.items() if "words" in family}
    return found | {
        "cue-verbs": frozenset(VERBS),
        "speech-verbs": frozenset(word for word, (lemma, _) in VERBS.items() if lemma in found["speech"]),
        "cue-nouns": frozenset(NOUNS),
        "plural-cue-nouns": frozenset(word for word in NOUNS if word.endswith("s")),
    }


def words(*names: str) -> frozenset[str]:
    """The words of some lists; KeyError for a name that is none."""
    return frozenset().union(*(lists()[name] for name in names))
