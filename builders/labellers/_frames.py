"""What follows a word: the frame in which a cue stands.

Conventions: a frame is one letter, or ``P`` and a preposition:

``t`` that-clause, ``i`` to and a verb, ``w`` question word, whether or if, ``q`` quotation, ``c`` clause without that,
``n`` noun phrase, ``g`` form in -ing, ``z`` nothing (a comma, or the end of the clause), ``x`` anything else.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re

from allegedly.builders.labellers._lists import words as words_of
from allegedly.builders.labellers._tokens import Tokens

#: How many tokens are looked at for a verb that makes a clause of a noun phrase.
_REACH = 18
#: Words behind a verb that make another verb of it: "ruled out", "played down".
PARTICLES = frozenset(["out", "down"])
_HOW_MANY = words_of("how-many")
_SUBJECTS = frozenset("i he she we they you it there".split())


def frame(tokens: Tokens, token: int) -> str:
    """The frame that begins at a token."""
    kinds, words = tokens.kinds, tokens.words
    kind = kinds[token]
    while kind == "a" and kinds[token + 1] != "Z":
        token += 1
        kind = kinds[token]
    if kind == "T":
        follow = kinds[token + 1]
        return "n" if follow in ",.Z;" else "t"
    if kind == "t":
        return "i" if kinds[token + 1] in "nbvxa" else "Pto"
    if kind == "o":
        return "Pof"
    if words[token] in PARTICLES:
        return "P" + words[token]
    if kind == "P":
        return "P" + words[token]
    if kind == "w" or words[token] == "if":
        return "w"
    if kind == '"' or kind == "'":
        return "q"
    if kind in ",:" and kinds[token + 1] in "\"'":
        return "q"
    if kind == ":":
        return "q"
    if kind in ",.;?!)Z-":
        return "z"
    if kind == "g":
        return "g"
    if kind == "p":
        return "c" if words[token] in _SUBJECTS and kinds[token + 1] in "bmvanxgs" else "n"
    if kind in "dnN#s(v":
        return _clause(tokens, token)
    if words[token] == "as" and words[token + 1] in _HOW_MANY:
        return _clause(tokens, token + 3)  # "said as many as 30 came"
    if kind == "k":
        return "P" + words[token]
    return "x"


def _clause(tokens: Tokens, token: int) -> str:
    """Whether a noun phrase is the subject of a clause."""
    kinds = tokens.kinds
    behind = token
    for here in range(token + 1, token + _REACH):
        kind = kinds[here]
        if here < behind:
            continue
        if kind in "bm":
            return "c"
        if kind == "v" and kinds[here - 1] in "nN#a" and kinds[here + 1] not in "nN" and kinds[token:here] != "d":
            return "c"
        if kind == "," and _lists(kinds, here):
            continue
        if kind == "," and kinds[here + 1] == "w":
            behind = kinds.find(",", here + 1, token + _REACH) + 1  # "the mill, which is old, has"
            if behind:
                continue
        if kind == '"' and here > token and kinds[here + 1] in "bmv":
            return "c"  # 'the scheme "had failed"'
        if kind == "c" and _listed(kinds, token, here):
            continue
        if kind in 'Z,;:.?!)-"kTwgct':
            return "n"
    return "n"


def _lists(kinds: str, comma: int) -> bool:
    """Whether a comma parts nouns of a list: "the pool, the library and the hall would close"."""
    return _LIST.match(kinds, comma) is not None


def _listed(kinds: str, first: int, here: int) -> bool:
    """Whether an "and" ends a list or a pair that is a subject, with its verb behind it."""
    if "," in kinds[first:here]:
        return _ITEM.match(kinds, here) is not None
    return here - first <= 4 and _PAIR.match(kinds, here) is not None


_LIST = re.compile("(?:,[dnN#sao]{1,6})+,?c[dnN#saoP]{1,9}[bm]")
_PAIR = re.compile("c[dsaN]{0,2}[nN]{1,3}[bm]")
_ITEM = re.compile("c[dnN#saoP]{1,9}[bm]")
