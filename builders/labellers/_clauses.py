"""Clauses of a sentence: what is coordinated, what a comma sets off, what the main verb denies.

Conventions: indices count tokens, ranges hold both ends; an extent is one claim as ranges in order. The rules of what is one
claim and what are several are those of the section "Claims" in ``docs/guidelines.md``.
"""

import re
from collections.abc import Iterator, Sequence

from allegedly.builders.labellers._classes import letters, one_of
from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._sources import GROUPS, ORGANISATIONS
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
_BEFORE_CLAIMED = letters("determiner noun name possessive adverb gerund past")
_BEFORE_DEED = letters("adverb negation")
_BEHIND_HEAD = letters("adverb apostrophe quotation-mark")
_DEED = letters("gerund auxiliary")
_ENDS_HEAD = letters("of preposition comma question opening-bracket")
_FINITE = letters("auxiliary modal past")
_HELPING = letters("auxiliary modal")
_MARK = letters("comma stop")
_NOUN_OR_GERUND = letters("noun gerund")
_OPENS_DEED = letters("gerund adverb auxiliary")
_OPENS_OBJECT = letters("determiner number pronoun")
_OPENS_SUBJECT = letters("determiner pronoun")
_PHRASE = letters("noun name number determiner")
_SUBORDINATE = letters("subordinator that question")
_VERBAL = letters("finite noun")
_VERB_GROUP = letters("auxiliary modal negation adverb")
_AUXILIARY, _COMMA, _CONJUNCTION, _NEGATION, _NOUN, _OF, _PAST, _QUESTION, _SUBORDINATOR, _THAT = map(
    letters, ("auxiliary", "comma", "conjunction", "negation", "noun", "of", "past", "question", "subordinator", "that")
)
RELATIVE = listed("relatives")
#: "while" and the like where one could say "but".
_BESIDE = listed("set-beside")
_NONE = listed("none")
_FAILING = listed("failing")
_MISSING = _FAILING | {"unlikely", "yet"}
_DENYING = _NONE | _MISSING | listed("denying")
_OBLIGING = listed("obliging")
#: Classes of words at which a clause may be cut.
_JOINTS = re.compile(one_of("conjunction subordinator semicolon"))
#: Words after which a clause beside the main verb begins.
_ASIDE = listed("openers-of-clauses")
#: A subject up to its verb, and a verb with adverbs before it.
_SUBJECT = re.compile(
    f"{one_of('adverb')}?{one_of('determiner pronoun noun name number of possessive')}{{0,3}}"
    f"{one_of('noun name number pronoun')}{one_of('closing-bracket')}?"
    f"(?:{one_of('of preposition')}{one_of('determiner noun name number possessive')}{{1,4}})?"
    f"{one_of('adverb')}?{one_of('finite')}"
)
_VERB_AHEAD = re.compile(f"{one_of('adverb')}{{0,2}}{one_of('finite')}")
#: Past forms that are no participles.
_NO_PARTICIPLES = listed("no-participles")


def split(tokens: Tokens, left: int, right: int) -> list[list[Range]]:
    """The claims in a clause, each as its pieces: those of a non-restrictive relative clause apart, coordinated ones apart."""
    out: list[list[Range]] = []
    for start, end in coordinated(tokens, left, right):
        out += relative(tokens, start, end)
    return out


def coordinated(tokens: Tokens, left: int, right: int) -> Iterator[Range]:
    """A clause cut where a second finite verb, or a second subject with its verb, is coordinated with the first."""
    kinds, words = tokens.kinds, tokens.words
    start = left
    for mark in _JOINTS.finditer(kinds, min(left + 2, right), right):
        token, kind = mark.start(), mark[0]
        if token < start or _quoted_within(tokens, token, left, right):
            continue
        if kind == _SUBORDINATOR:
            beside = words[token] in _BESIDE and kinds[token - 1] == _COMMA
            apart = beside and _SUBJECT.match(kinds, token + 1, right + 1) is not None
        elif kind == _CONJUNCTION:
            apart = words[token] in ("and", "but") and _apart(tokens, start, token, right)
        else:
            apart = _verb(kinds, token + 1, right) >= 0
        if apart and _verb(kinds, start, token) >= 0 and token + 2 <= right:
            yield start, token - 1 - (kinds[token - 1] == _COMMA)
            start = token + 1
    yield start, right


def _quoted_within(tokens: Tokens, token: int, left: int, right: int) -> bool:
    """Whether a token stands in a quotation that is a piece of the clause, and not all of it."""
    quote = tokens.quotation(token)
    return quote is not None and left < quote[0] and quote[1] < right


def _apart(tokens: Tokens, start: int, token: int, right: int) -> bool:
    """Whether what follows an "and" has a verb of its own, beside that of the clause before it."""
    kinds, words = tokens.kinds, tokens.words
    before = kinds[start:token]
    comma = kinds[token - 1] == _COMMA
    if not comma and any(kind in before for kind in _SUBORDINATE):
        return False
    subject = _SUBJECT.match(kinds, token + 1, right + 1)
    if subject is not None and (comma or kinds[token + 1] in _OPENS_SUBJECT):
        return True
    finite = _VERB_AHEAD.match(kinds, token + 1, right + 1)
    if finite is None:
        first = _verb(kinds, start, token)
        present = kinds[first] == _PAST and words[first].endswith("s") and words[token + 1].endswith("s")
        return (
            present and kinds[token + 1] == _NOUN and kinds[token + 2] in _OPENS_OBJECT
        )  # "makes boats and employs 90 people"
    verb = finite.end() - 1
    if words[verb] in ("being", "having", "been", "be"):
        return False
    if kinds[verb] != _PAST or words[verb] in _NO_PARTICIPLES:
        return True
    # "was built in 1998 and inspected": a participle that shares its auxiliary
    first = _verb(kinds, start, token)
    return kinds[first] == _PAST and not _shares(tokens, start, token)


def _shares(tokens: Tokens, start: int, token: int) -> bool:
    """Whether an auxiliary before a coordination may go with the verb behind it too."""
    return any(kinds in _HELPING for kinds in tokens.kinds[start:token])


def _verb(kinds: str, start: int, end: int) -> int:
    """The first verb of a range, or -1."""
    return next((token for token in range(start, end) if kinds[token] in _FINITE), -1)


def relative(tokens: Tokens, left: int, right: int) -> list[list[Range]]:
    """A clause without the relative clauses that commas set off, and these, each beginning with its pronoun."""
    kinds, words = tokens.kinds, tokens.words
    pieces, apart = [], []
    start, limit = left, max(right - 2, 0)
    token = kinds.find(_COMMA, left + 1, limit)
    while token >= 0:
        if words[token + 1] not in RELATIVE:
            token = kinds.find(_COMMA, token + 1, limit)
            continue
        end = _relative_end(kinds, token + 1, right)
        if token + 2 <= end:
            pieces.append((start, token - 1))
            apart.append([(token + 1, end)])
            start = end + 2
        token = kinds.find(_COMMA, end + 1, limit)
    if start <= right:
        pieces.append((start, right))
    whole = pieces and any(_verb(kinds, first, last + 1) >= 0 or last - first > 1 for first, last in pieces)
    return [pieces, *apart] if whole else [[(left, right)]]


def _relative_end(kinds: str, pronoun: int, right: int) -> int:
    """The last token of the relative clause of a pronoun: before the comma behind which the main clause goes on."""
    comma = pronoun
    while (comma := kinds.find(_COMMA, comma + 1, right)) > 0:
        verbs = kinds[pronoun:comma]
        if any(kind in verbs for kind in _VERBAL) and _GOES_ON.match(kinds, comma + 1):
            return comma - 1
    comma = kinds.find(_COMMA, pronoun, right)
    return right if comma < 0 or _GOES_ON.search(kinds, comma, right) is None else comma - 1


_GOES_ON = re.compile(f"{one_of('adverb')}{{0,2}}{one_of('finite negation preposition')}|{one_of('conjunction that')}")


def denied(tokens: Tokens, extent: Sequence[Range]) -> bool:
    """Whether the main verb of an extent is negated; negations in clauses beside it do not count."""
    words = tokens.words
    if not _has(tokens, extent, _DENYING):
        return False
    for token in _main(tokens, extent):
        word = words[token]
        if tokens.kinds[token] == _NEGATION or word in _NONE:
            return True
        if _fails(tokens, token):
            return True
    return False


def fails(tokens: Tokens, extent: Sequence[Range]) -> bool:
    """Whether the main verb of an extent says that something did not come to be: "failed to", "unlikely to", "yet to"."""
    return _has(tokens, extent, _MISSING) and any(_fails(tokens, token) for token in _main(tokens, extent))


def _has(tokens: Tokens, extent: Sequence[Range], words: frozenset[str]) -> bool:
    """Whether an extent has one of some words: asked first, since most have none."""
    return any(not words.isdisjoint(tokens.words[first : last + 1]) for first, last in extent)


def _fails(tokens: Tokens, token: int) -> bool:
    word, after = tokens.words[token], tokens.words[token + 1]
    return word == "unlikely" or (word in ("yet", *_FAILING) and after == "to" and _is_verb(tokens, token))


def _is_verb(tokens: Tokens, token: int) -> bool:
    return tokens.words[token] != "yet" or tokens.kinds[token - 1] == _AUXILIARY


def _main(tokens: Tokens, extent: Sequence[Range]) -> Iterator[int]:
    """The tokens of the main clause of an extent, up to the first clause behind its verb."""
    kinds, words = tokens.kinds, tokens.words
    verb = aside = False
    for number, (first, last) in enumerate(extent):
        for token in range(first, last + 1):
            if words[token] in _ASIDE and not (number == 0 and token == first and kinds[token] == _QUESTION):
                if verb:
                    return
                aside = True
            elif kinds[token] == _THAT and verb and kinds[token + 1] not in _MARK:
                return
            elif aside and kinds[token] == _COMMA:
                aside = False
            if not aside:
                verb |= kinds[token] in _FINITE
                yield token


# -- what is said of whom ----------------------------------------------------------------------------------------------

#: Nouns for what somebody says, which somebody else rejects.
CLAIMED = listed("claimed")


def accused(tokens: Tokens, content: Sequence[Range]) -> list[Range]:
    """Whom and of what: "[the army] of [bombing schools]"; nothing where it is not told what was done."""
    kinds = tokens.kinds
    (first, last), *more = content
    if more:
        start, end = more[0]
        start += kinds[start] == _OF
        return [(first, last), (start, end)] if kinds[start] in _OPENS_DEED and start <= end else []
    for of in range(first + 1, last):
        if kinds[of] == _OF and (kinds[of + 1] in _DEED or (kinds[of + 1] in _BEFORE_DEED and kinds[of + 2] in _DEED)):
            return [(first, of - 1), (of + 1, last)]
    return []


def rejected(tokens: Tokens, content: Range) -> Range | None:
    """The clause that hangs on a noun which somebody rejects: "a suggestion (that) [the fee was set to punish]"."""
    first, last = content
    for token in range(first, min(first + 5, last)):
        if tokens.words[token] in CLAIMED:
            follow = frame(tokens, token + 1)
            return (token + 1, last) if follow in ("t", "c") else None
        if tokens.kinds[token] not in _BEFORE_CLAIMED:
            return None
    return None


def obliges(tokens: Tokens, extent: Sequence[Range]) -> bool:
    """Whether the main verb tells a duty or a limit: "must", "has to", "will have to", "can only"."""
    words = tokens.words
    if not _has(tokens, extent, _OBLIGING):
        return False
    for token in _main(tokens, extent):
        word, after = words[token], words[token + 1]
        if (word == "must" and after != "have") or (
            word in ("have", "has") and after == "to" and tokens.kinds[token - 1] != _NEGATION
        ):
            return True
        if word in ("can", "may") and after == "only":
            return True
    return False


# -- what brings something about --------------------------------------------------------------------------------------

_HITTING = listed("hitting")
#: Events, conditions and measures: subjects that bring something about.
_THINGS = listed("causes")


def brings_about(tokens: Tokens, extent: Sequence[Range]) -> bool:
    """Whether an event, condition or measure is the subject of a verb of hitting, cutting or helping: "The clampdown has cut
    thefts"; or stands behind the "by" of such a passive."""
    kinds, words = tokens.kinds, tokens.words
    first, last = extent[0]
    if not _has(tokens, extent[:1], _HITTING):
        return False
    verb = next((token for token in range(first, last + 1) if kinds[token] in _FINITE or words[token] in _HITTING), -1)
    if verb <= first:
        return False
    head = _head(tokens, first, verb)
    main = verb
    while main < last and kinds[main] in _VERB_GROUP:
        main += 1
    if words[main] not in _HITTING:
        return False
    if main > verb and words[main - 1] in _PASSIVE:
        by = next((token for token in range(main + 1, min(last, main + 12)) if words[token] == "by"), -1)
        if by < 0:
            return False
        end = by + 1
        while end < last and kinds[end + 1] in _PHRASE:
            end += 1
        return _is_cause(tokens, _head(tokens, by + 1, end + 1))
    return _is_cause(tokens, head) and main < last


def _is_cause(tokens: Tokens, head: int) -> bool:
    """Whether a noun is an event, a condition or a measure, and no person, body or vehicle."""
    word = tokens.words[head]
    if word in _THINGS:
        return True
    if tokens.kinds[head] not in _NOUN_OR_GERUND or word in ORGANISATIONS or word in GROUPS or word in _BODIES:
        return False
    return word.endswith(_EVENTS)


def _head(tokens: Tokens, first: int, end: int) -> int:
    """The last word of a noun phrase before what hangs on it: "a fall | in demand"."""
    kinds = tokens.kinds
    cut = next((token for token in range(first + 1, end) if kinds[token] in _ENDS_HEAD), end)
    head = cut - 1
    while head > first and kinds[head] in _BEHIND_HEAD:
        head -= 1
    return head


#: Endings of nouns for what happens, and nouns with them that are bodies.
_EVENTS = (
    "tion",
    "tions",
    "sion",
    "sions",
    "ment",
    "ments",
    "ness",
    "ance",
    "ence",
    "age",
    "ages",
    "ity",
    "ing",
    "ure",
    "cy",
    "ism",
)
_BODIES = listed("no-events")
_PASSIVE = listed("be")
