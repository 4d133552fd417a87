"""What kind of source a noun phrase names.

Conventions: a pronoun has the kind of what it most likely stands for: he and she a named person where one was named
before in the article, they a group, it an organisation. A name beside what a person is makes it a named one.
"""

import re
from collections.abc import Sequence

from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._tokens import Tokens

ORGANISATIONS = listed("organisations")
DOCUMENTS = listed("documents")
GROUPS = listed("groups")
#: Words in the names of firms, teams and states.
_BODIES = listed("bodies")
_COUNTRY = re.compile(r"[a-z]{2,}(?:land|stan|shire)")
#: Endings of nouns for people; with a capital at the start of a sentence they look like names.
PEOPLE = re.compile(r"[a-z]{3,}(?:ers|ors|ists|ians|ats|ates|ants|ents|men)")
#: Countries and capitals speak as organisations do.
PLACES = listed("places")
TITLES = listed("titles")


def is_plural(noun: str) -> bool:
    """Whether a noun looks like one for several."""
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def is_body(words: Sequence[str]) -> bool:
    """Whether a name is that of a firm, a team, a party or a state, by its words."""
    return bool(words) and (words[-1] in _BODIES or not ORGANISATIONS.isdisjoint(words) or words[-1] in PLACES)


def source_kind(tokens: Tokens, source: tuple[int, int] | None) -> str:
    """The kind of the source that stands at a range of tokens."""
    if source is None:
        return "none"
    first, last = source
    words, kinds = tokens.words[first : last + 1], tokens.kinds[first : last + 1]
    if first == last and kinds in "pdw":
        return _pronoun(tokens, first)
    head = _head(kinds)
    head = next((place for place, word in enumerate(words[:head]) if place and word in ("close", "familiar")), head)
    if _apposed(kinds[head:]) and kinds[head - 1] == "n":
        return "named_person"
    if words[0] in ("nobody", "none", "everyone", "everybody"):
        return "unnamed_group"
    owner = kinds.rfind("s", 0, head - 1) + 1
    words, kinds = words[owner:head], kinds[owner:head]
    end = words[-1]
    if len(words) == 1 and kinds == "N":
        if end in PLACES or _COUNTRY.fullmatch(end):
            return "named_organisation"
        if end in GROUPS or (tokens.kinds[first - 1] in 'Z"' and PEOPLE.fullmatch(end)):
            return "unnamed_group"
    if end in DOCUMENTS and kinds[-1] == "n":
        return "document"
    if end == "police":
        return "named_organisation"
    if kinds[-1:] == "N" and len(words) > 1 and words[-1] in _BODIES:
        return "named_organisation"
    if _TITLED.search(kinds) and not {end, words[kinds.rindex("n")]} & ORGANISATIONS:
        return "named_person"  # "board chair Anna Lind"
    if any(word in ORGANISATIONS for word in words) and not (set(words) & TITLES):
        return "unnamed_group" if end in GROUPS and end != "police" else _organisation(words, end)
    if end in GROUPS or (kinds[-1] == "n" and is_plural(end)):
        return "unnamed_group"
    if kinds[-1] == "N" or "NN" in kinds:
        if len(words) == 1 and tokens.text[tokens.starts[first] : tokens.ends[first]].isupper() and len(end) > 2:
            return "named_organisation"
        if words[0] in ("the", "a") and kinds[-1] == "N" and not (set(words) & TITLES):
            return "named_organisation"
        return "named_person"
    if kinds[-1] == "n":
        return "unnamed_group" if any(word in GROUPS for word in words) else "unnamed_person"
    return "other"


def _apposed(rest: str) -> bool:
    """Whether a name stands beside what a person is: ", Anna Lind,"; behind "of the council" as well."""
    return bool(_NAME.search(rest))


_TITLED = re.compile("nN{2,3}$")
_NAME = re.compile(r"^(?:[oP][^,]*)?,N{2,4}(?:,|$)")


def _organisation(words: list[str], end: str) -> str:
    return (
        "unnamed_person"
        if end in ("spokesman", "spokeswoman", "official", "officer", "leader")
        else ("named_organisation")
    )


def _head(kinds: str) -> int:
    """Where the head of the phrase ends: before a comma, a preposition, a relative word or a participle behind it."""
    for token, kind in enumerate(kinds):
        if token and (kind in ",oPw(" or (kind in "vg" and kinds[token - 1] == "n")):
            return token
    return len(kinds)


def _pronoun(tokens: Tokens, token: int) -> str:
    word = tokens.words[token]
    if word in ("he", "she", "his", "her"):
        return "named_person" if tokens.first_name + 2 <= token else "unnamed_person"
    if word in ("i", "my"):
        return "named_person"
    if word in ("they", "we", "their", "our", "us"):
        return "unnamed_group"
    if word == "who":
        before = tokens.kinds[max(0, token - 2) : token].rstrip(",")
        if before.endswith("N"):
            return "named_person"
        return "unnamed_group" if tokens.words[token - 1].endswith("s") else "unnamed_person"
    if word in ("it", "its"):
        return "named_organisation"
    if word in ("nobody", "none", "everyone", "everybody"):
        return "unnamed_group"
    if word in ("which", "that"):
        return "named_organisation" if "N" in tokens.kinds[max(0, token - 3) : token] else "other"
    return "unnamed_group" if word in ("some", "many", "most", "both", "several", "others") else "unnamed_person"
