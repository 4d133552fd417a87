"""The attributes of a label in a draft: words to values and back, and what stands where nothing is written.

Conventions: a value is written by itself where one attribute of the layer alone has it (``quantity``), and always may be
as ``attribute=value``; ``?`` is null. White space and what no line holds is escaped (``\\u{a}``).
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from allegedly.builders.annotations.plain import Slip, escaped, plainly
from allegedly.schemas.records import ATTRIBUTES, LINK
from allegedly.schemas.schema import values

SCHEME = "allegedly-1"
#: The attributes that have a list of values, by layer.
LISTED = {layer: tuple(name for name in names if name != "negated") for layer, names in ATTRIBUTES.items()}
#: Words for values that more than one attribute has, or that are no word of the schema.
SIGNS: Mapping[str, Mapping[str, tuple[str, Any]]] = {
    "claims": {
        "unsure": ("certainty", "unknown"),
        "negative": ("polarity", "negative"),
        "open": ("polarity", "unknown"),
    },
    "speculations": {"unsure": ("certainty", "unknown")},
    "attributions": {"negated": ("negated", True)},
}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "claims": {"kind": "event", "worth": "check_worthy", "certainty": "certain", "polarity": "positive"},
    "speculations": {"kind": "epistemic", "certainty": "possible"},
    "attributions": {"act": "speech", "negated": False},
}
NULL = "?"


@cache
def words(layer: str) -> dict[str, tuple[str, Any]]:
    """What a word by itself says in a layer: attribute and value."""
    meant: dict[str, list[tuple[str, Any]]] = {}
    for key in LISTED[layer]:
        for each in values(layer.removesuffix("s"), key):
            meant.setdefault(each, []).append((key, each))
    signs = SIGNS[layer]
    return {**{word: pairs[0] for word, pairs in meant.items() if len(pairs) == 1 and word not in signs}, **signs}


def read(layer: str, field: str) -> dict[str, Any]:
    """The attributes that a field names. Slip for what the scheme does not know, and for two values of one attribute."""
    known = words(layer)
    read_: dict[str, Any] = {}
    for word in field.split():
        key, value = _pair(layer, word, known)
        if key in read_ and read_[key] != value:
            raise Slip("attributes", f"{plainly(word)!r} beside {key} {read_[key]!r}", f"one value of {key}")
        read_[key] = value
    return read_


def nearest(word: str, known: Iterable[str]) -> str:
    """What stands in a message as expected where a word is unknown: the nearest word, and all that there are."""
    names = list(known)
    near = difflib.get_close_matches(word, names, n=1)
    hint = f"{near[0]!r} perhaps, or another of" if near else "one of"
    return f"{hint}: {', '.join(names) or 'none'}"


def _pair(layer: str, word: str, known: Mapping[str, tuple[str, Any]]) -> tuple[str, Any]:
    if plainly(word) in known:
        return known[plainly(word)]
    if is_id(word) or word == "unresolved":
        return LINK[layer], word
    key, equals, value = word.partition("=")
    keys = [*LISTED[layer], LINK[layer], "confidence", "scheme", *(["negated"] if layer == "attributions" else [])]
    if not equals:
        raise Slip("attributes", repr(plainly(word)), nearest(plainly(word), sorted({*known, *keys})))
    if key not in keys:
        raise Slip("attributes", repr(plainly(word)), nearest(plainly(key), keys))
    return key, None if value == NULL else _value(layer, key, plainly(value))


def _value(layer: str, key: str, value: str) -> Any:
    if key in LISTED[layer]:
        allowed = values(layer.removesuffix("s"), key)
        if value not in allowed:
            raise Slip("attributes", repr(f"{key}={value}"), nearest(value, allowed))
    if key == "negated":
        if value not in ("true", "false"):
            raise Slip("attributes", repr(f"negated={value}"), "true, false or ?")
        return value == "true"
    if key == "confidence":
        return _confidence(value)
    if key == LINK[layer] and not is_id(value) and value != "unresolved":
        raise Slip("attributes", repr(f"{key}={value}"), "the id of an attribution (a1), unresolved or ?")
    return value


def _confidence(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= 1:
        raise Slip("attributes", repr(f"confidence={value}"), "a number from 0 to 1, or ?")
    return number


def is_id(word: str) -> bool:
    """Whether a word is the id of an attribution."""
    return word[:1] == "a" and word[1:].isascii() and word[1:].isdigit()


def written(layer: str, attributes: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The field that says what differs from what is ``given`` without it."""
    said = {pair: word for word, pair in words(layer).items()}
    out: Sequence[str] = [
        _written(layer, key, value, said)
        for key, value in attributes.items()
        if value != given[key] or type(value) is not type(given[key])
    ]
    return " ".join(out)


def _written(layer: str, key: str, value: Any, said: Mapping[tuple[str, Any], str]) -> str:
    if value is None:
        return f"{key}={NULL}"
    if (key, value) in said and type(value) is not int:
        return said[key, value]
    if key == LINK[layer]:
        return str(value)
    shown = str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else repr(value)
    return f"{key}={_one_word(shown)}"


def _one_word(value: str) -> str:
    if value == NULL:
        return f"\\{NULL}"
    return "".join(
        f"\\u{{{ord(letter):x}}}" if letter.isspace() or not letter.isprintable() else escaped(letter, "\\|[]…#=?")
        for letter in value
    )
