"""What follows a word: the frame in which a cue stands.

Conventions: a frame is one letter, or ``P`` and a preposition:

``t`` that-clause, ``i`` to and a verb, ``w`` question word, whether or if, ``q`` quotation, ``c`` clause without that,
``n`` noun phrase, ``g`` form in -ing, ``z`` nothing (a comma, or the end of the clause), ``x`` anything else.
"""
# ruff: noqa: SIM905 -- word lists read best as words

from allegedly.builders.labellers._tokens import Tokens

#: How many tokens are looked at for a verb that makes a clause of a noun phrase.
_REACH = 18
_SUBJECTS = frozenset("i he she we they it there".split())


def frame(tokens: Tokens, at: int) -> str:
    """The frame that begins at a token."""
    kinds, words = tokens.kinds, tokens.words
    kind = kinds[at]
    while kind == "a" and kinds[at + 1] != "Z":
        at += 1
        kind = kinds[at]
    if kind == "T":
        follow = kinds[at + 1]
        return "n" if follow in ",.Z;" else "t"
    if kind == "t":
        return "i" if kinds[at + 1] in "nbvxa" else "Pto"
    if kind == "o":
        return "Pof"
    if kind == "P":
        return "P" + words[at]
    if kind == "w" or words[at] == "if":
        return "w"
    if kind == '"' or kind == "'":
        return "q"
    if kind in ",:" and kinds[at + 1] in "\"'":
        return "q"
    if kind == ":":
        return "q"
    if kind in ",.;?!)Z-":
        return "z"
    if kind == "g":
        return "g"
    if kind == "p":
        return "c" if words[at] in _SUBJECTS and kinds[at + 1] in "bmvanxgs" else "n"
    if kind in "dnN#s(v":
        return _clause(tokens, at)
    if kind == "k":
        return "P" + words[at]
    return "x"


def _clause(tokens: Tokens, at: int) -> str:
    """Whether a noun phrase is the subject of a clause."""
    kinds = tokens.kinds
    for here in range(at + 1, at + _REACH):
        kind = kinds[here]
        if kind in "bm":
            return "c"
        if kind == "v" and kinds[here - 1] in "nN#a" and kinds[here + 1] not in "nN" and kinds[at:here] != "d":
            return "c"
        if kind in 'Z,;:.?!)-"kTwgct':
            return "n"
    return "n"
