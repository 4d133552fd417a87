"""What kind a source is by more than its own words: by what the article says of its name elsewhere.

Conventions: indices count tokens, ranges hold both ends. What is no name stays what it was taken for; a name of a person
stays one. Both labellers look here.
"""
# ruff: noqa: SIM905 -- word lists read best as words

from allegedly.builders.labellers._names import Names
from allegedly.builders.labellers._sources import GROUPS, TITLES, is_body, source_kind
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: How far behind a source a pronoun is looked for that shows what it is.
REACH = 16
_THING = frozenset("it its".split())
_PERSON = frozenset("he she his her him i my".split())


def named_kind(tokens: Tokens, names: Names, source: Range, kind: str) -> str:
    """The kind of a source that was taken for ``kind``, by its name where it is one."""
    first, last = source
    words = tokens.words[first : last + 1]
    if kind in ("named_person", "unnamed_person", "named_organisation", "document") and words[0] in GROUPS:
        return _of_group(tokens, source, kind)
    if kind == "named_organisation" and words[-1] in ("release", "statement") and tokens.kinds[last] == "n":
        return "document"
    if kind == "named_person" and words[0] in ("a", "an", "another", "one") and first < last:
        found = source_kind(tokens, source)
        return found if found in ("unnamed_person", "named_organisation", "document") else kind
    if kind in ("named_person", "unnamed_group") and words[-1] in ("police", "campaign", "newspaper", "army"):
        return "named_organisation"
    if words[0] in ("a", "one", "another") and "source" in words[1:3]:
        return "unnamed_person"
    if words[0] == "the" and kind == "unnamed_group" and tokens.kinds[first + 1 : last + 1] in ("N", "NN"):
        return "named_organisation" if is_body(words) else kind
    name = names.bare(first, last) if set(tokens.kinds[first : last + 1]) <= set("N.&") else None
    if name is None or name.titled or not TITLES.isdisjoint(words):
        return kind
    if kind == "unnamed_group":
        return "named_person" if names.is_person(name) else kind
    if kind != "named_person" or names.is_person(name):
        return kind
    return "named_organisation" if _is_body(tokens, names, name.words, source) else kind


def _of_group(tokens: Tokens, source: Range, kind: str) -> str:
    """ "Sources close to the deal" are several people, whatever stands behind them."""
    plural = tokens.words[source[0]] in ("sources", "those", "people", "officials", "aides")
    return "unnamed_group" if plural and tokens.kinds[source[0] + 1] != "N" else kind


def _is_body(tokens: Tokens, names: Names, words: tuple[str, ...], source: Range) -> bool:
    """Whether the article shows a name to be a firm's, a team's, a party's or a country's."""
    if is_body(words) or source_kind(tokens, source) == "named_organisation":
        return True
    fuller = (name.words for name in names.starting(words[0]) if len(name.words) > len(words))
    if any(found[: len(words)] == words and is_body(found) for found in fuller):
        return True
    behind = tokens.words[source[1] + 1 : source[1] + REACH]
    stop = behind.index("") if "" in behind else len(behind)
    pronoun = next((word for word in behind[:stop] if word in _THING or word in _PERSON), "")
    return pronoun in _THING
