"""Classes of words: the class of any word, and the letters that named classes have.

Conventions: a class is one letter, so that a text's classes are a string that is as long as it has words. Code gets the
letters of classes by their names, once, where a module is loaded: ``letters("noun name")``.

Source: ``rules_classes.toml``, with what each class is.
"""

import re
from collections.abc import Mapping
from typing import Any

from allegedly.builders.labellers._files import checked, is_none, lower, texts, toml
from allegedly.schemas.errors import UsageError

FILE = "rules_classes.toml"
_FIELDS = {"letter": str, "what": str, "words": str, "mark": bool}
_OF_ENDINGS = ("adverb", "adverb-with-capital", "past", "gerund", "not-adverbs", "not-past", "not-gerunds")


def tables(file: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tables of a file of classes. UsageError for what is none."""
    names = ("class", "endings", "unions")
    checked(file, value, dict.fromkeys(names, dict), names)
    by_letter: dict[str, str] = {}
    for name, entry in value["class"].items():
        where = f"{file}, class {name!r}"
        checked(where, entry, _FIELDS, ("letter",))
        if len(entry["letter"]) != 1:
            raise UsageError(f"{where}, letter: found {entry['letter']!r}, expected one letter")
        other = by_letter.setdefault(entry["letter"], name)
        if other != name:
            raise UsageError(f"{where}, letter: {entry['letter']!r} is the letter of {other!r}; expected another")
        if not entry.get("mark"):
            lower(f"{where}, words", entry.get("words", ""))
    checked(f"{file}, endings", value["endings"], dict.fromkeys(_OF_ENDINGS, str), _OF_ENDINGS)
    for name, parts in texts(f"{file}, unions", value["unions"]).items():
        for part in parts.split():
            if part not in value["class"]:
                raise UsageError(f"{file}, unions, {name}: {is_none(part, value['class'])}")
    return value


_FILE = tables(FILE, toml(FILE))
#: The letter of each class, by its name.
LETTERS: dict[str, str] = {name: entry["letter"] for name, entry in _FILE["class"].items()}
#: Names for several classes together, and their letters.
UNIONS: dict[str, str] = {
    name: "".join(LETTERS[part] for part in names.split()) for name, names in _FILE["unions"].items()
}
_MARKS: dict[str, str] = {}
WORD_CLASS: dict[str, str] = {}
for _entry in _FILE["class"].values():
    (_MARKS if _entry.get("mark") else WORD_CLASS).update(
        dict.fromkeys(_entry.get("words", "").split(), _entry["letter"])
    )
_ENDINGS = _FILE["endings"]
_NOT_ADVERBS, _NOT_PAST, _NOT_GERUNDS = (
    frozenset(_ENDINGS[name].split()) for name in ("not-adverbs", "not-past", "not-gerunds")
)
_WITH_CAPITAL = tuple(_ENDINGS["adverb-with-capital"].split())
_seen: dict[str, str] = {}
#: Words kept in memory with their class; past it a word is looked at anew.
_KEEP = 50_000


def letters(names: str) -> str:
    """The letters of classes, named with blanks between them. UsageError for a name that is none."""
    for name in names.split():
        if name not in LETTERS and name not in UNIONS:
            raise UsageError(f"{FILE}: has no class {name!r}, which the labeller looks up; expected [class.{name}]")
    return "".join(UNIONS.get(name) or LETTERS[name] for name in names.split())


def one_of(names: str) -> str:
    """A piece of a regular expression over classes: one of those that are named."""
    return f"[{re.escape(letters(names))}]"


def word_class(word: str) -> str:
    """The class of a word or mark as it stands in the text."""
    known = _seen.get(word)
    if known is None:
        known = _class(word)
        if len(_seen) < _KEEP:
            _seen[word] = known
    return known


def _class(word: str) -> str:
    if word in _MARKS:
        return _MARKS[word]
    lower = word.lower()
    if lower in WORD_CLASS and not (word[0].isupper() and lower in {"may", "will"}):
        return "N" if word.isupper() and lower in {"us", "it"} else WORD_CLASS[lower]
    if word[0].isdigit():
        return "#"
    if not word[0].isalpha():
        return "*"
    if word[0].isupper():
        return "a" if lower.endswith(_WITH_CAPITAL) and lower not in _NOT_ADVERBS and len(word) > 5 else "N"
    if lower.endswith(_ENDINGS["adverb"]) and lower not in _NOT_ADVERBS and len(word) > 4:
        return "a"
    if lower.endswith(_ENDINGS["past"]) and lower not in _NOT_PAST and len(word) > 3:
        return "v"
    if lower.endswith(_ENDINGS["gerund"]) and lower not in _NOT_GERUNDS and len(word) > 4:
        return "g"
    return "n"
