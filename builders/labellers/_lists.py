"""Named lists of words: what rules and the functions beside them know of single words.

Source: ``rules_words.toml``; the families of ``rules_speculations.toml`` are lists too, and the forms of the verbs and nouns in
``cues.txt``: ``cue-verbs``, ``speech-verbs``, ``cue-nouns``, ``plural-cue-nouns``.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from allegedly.builders.labellers._cues import NOUNS, VERBS
from allegedly.builders.labellers._files import checked, expected, lower, texts, toml
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import hint
from allegedly.schemas.schema import values

FILE = "rules_words.toml"
SPECULATIONS = "rules_speculations.toml"
_OF_FAMILIES = {"kind": str, "certainty": str, "construction": bool, "words": str}


@cache
def lists() -> dict[str, frozenset[str]]:
    """All lists by name. UsageError for what is wrong in their files."""
    found = named(FILE, toml(FILE))
    if "speech" not in found:
        raise UsageError(f"{FILE}, speech: is missing; expected a text")
    families_ = families(SPECULATIONS, toml(SPECULATIONS))
    found |= {name: frozenset(family["words"].split()) for name, family in families_.items() if "words" in family}
    return found | {
        "cue-verbs": frozenset(VERBS),
        "speech-verbs": frozenset(word for word, (lemma, _) in VERBS.items() if lemma in found["speech"]),
        "cue-nouns": frozenset(NOUNS),
        "plural-cue-nouns": frozenset(word for word in NOUNS if word.endswith("s")),
    }


def named(file: str, value: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The lists of a file. UsageError for what is none."""
    return {name: frozenset(lower(f"{file}, {name}", words)) for name, words in texts(file, value).items()}


def families(file: str, value: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The families of a file of speculations. UsageError for fields and values that are none."""
    found: dict[str, dict[str, Any]] = expected(f"{file}, family", value.get("family", {}), dict)
    for name, family in found.items():
        where = f"{file}, family {name!r}"
        checked(where, family, _OF_FAMILIES, ("kind", "certainty"))
        for field in ("kind", "certainty"):
            one_of_schema(f"{where}, {field}", family[field], "speculation", field)
        lower(f"{where}, words", family.get("words", ""))
    return found


def one_of_schema(where: str, value: str, schema: str, field: str) -> None:
    """UsageError for a value that a label's field cannot have."""
    known = values(schema, field)
    if value not in known:
        raise UsageError(f"{where}: found {value!r}, expected one of {', '.join(known)}{hint(value, known)}")


def words(*names: str) -> frozenset[str]:
    """The words of some lists. UsageError for a name that is none."""
    for name in names:
        if name not in lists():
            raise UsageError(f"{FILE}: has no list {name!r}, which the labeller looks up; expected {name} = a text")
    return frozenset().union(*(lists()[name] for name in names))
