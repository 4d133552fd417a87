"""Clauses of a sentence: what is coordinated, what a comma sets off, what the main verb denies.

Conventions: indices count tokens, ranges hold both ends; an extent is one claim as ranges in order. The rules of what is one
claim and what are several are those of the section "Claims" in ``docs/guidelines.md``.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from collections.abc import Iterator, Sequence

from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._sources import GROUPS, ORGANISATIONS
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
RELATIVE = frozenset("which who whose where whom".split())
#: "while" and the like where one could say "but".
_BESIDE = frozenset("while although though whereas".split())
_NONE = frozenset("no none nobody neither nor nothing cannot never".split())
_FAILING = frozenset("fail fails failed".split())
_MISSING = _FAILING | {"unlikely", "yet"}
_DENYING = _NONE | _MISSING | frozenset("not 't ’t n't".split())
_OBLIGING = frozenset("must have has can may".split())
#: Classes of words at which a clause may be cut.
_JOINTS = re.compile("[ck;]")
#: Words after which a clause beside the main verb begins.
_ASIDE = frozenset(
    "which who whose where whom because after before when until since if unless while although though".split()
)
#: A subject up to its verb, and a verb with adverbs before it.
_SUBJECT = re.compile(r"a?[dpnN#os]{0,3}[nN#p]\)?(?:[oP][dnN#s]{1,4})?a?[bmv]")
_FINITE = re.compile(r"a{0,2}[bmv]")
_HELPING = frozenset("is are was were be been being am get gets got has have had having".split())
#: Past forms that are no participles.
_PAST = frozenset(
    """went came saw knew gave took began became wrote broke fell rose drew flew threw spoke swore drove grew chose rode
    wore said says makes takes comes seems shows becomes includes remains was were is are has had did does""".split()
)


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
        if kind == "k":
            beside = words[token] in _BESIDE and kinds[token - 1] == ","
            apart = beside and _SUBJECT.match(kinds, token + 1, right + 1) is not None
        elif kind == "c":
            apart = words[token] in ("and", "but") and _apart(tokens, start, token, right)
        else:
            apart = _verb(kinds, token + 1, right) >= 0
        if apart and _verb(kinds, start, token) >= 0 and token + 2 <= right:
            yield start, token - 1 - (kinds[token - 1] == ",")
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
    comma = kinds[token - 1] == ","
    if not comma and any(kind in before for kind in "kTw"):
        return False
    subject = _SUBJECT.match(kinds, token + 1, right + 1)
    if subject is not None and (comma or kinds[token + 1] in "dp"):
        return True
    finite = _FINITE.match(kinds, token + 1, right + 1)
    if finite is None:
        first = _verb(kinds, start, token)
        present = kinds[first] == "v" and words[first].endswith("s") and words[token + 1].endswith("s")
        return present and kinds[token + 1] == "n" and kinds[token + 2] in "d#p"  # "makes boats and employs 90 people"
    verb = finite.end() - 1
    if words[verb] in ("being", "having", "been", "be"):
        return False
    if kinds[verb] != "v" or words[verb] in _PAST:
        return True
    # "was built in 1998 and inspected": a participle that shares its auxiliary
    first = _verb(kinds, start, token)
    return kinds[first] == "v" and not _shares(tokens, start, token)


def _shares(tokens: Tokens, start: int, token: int) -> bool:
    """Whether an auxiliary before a coordination may go with the verb behind it too."""
    return any(kinds in "bm" for kinds in tokens.kinds[start:token])


def _verb(kinds: str, start: int, end: int) -> int:
    """The first verb of a range, or -1."""
    return next((token for token in range(start, end) if kinds[token] in "bmv"), -1)


def relative(tokens: Tokens, left: int, right: int) -> list[list[Range]]:
    """A clause without the relative clauses that commas set off, and these, each beginning with its pronoun."""
    kinds, words = tokens.kinds, tokens.words
    pieces, apart = [], []
    start, limit = left, max(right - 2, 0)
    token = kinds.find(",", left + 1, limit)
    while token >= 0:
        if words[token + 1] not in RELATIVE:
            token = kinds.find(",", token + 1, limit)
            continue
        end = _relative_end(kinds, token + 1, right)
        if token + 2 <= end:
            pieces.append((start, token - 1))
            apart.append([(token + 1, end)])
            start = end + 2
        token = kinds.find(",", end + 1, limit)
    if start <= right:
        pieces.append((start, right))
    whole = pieces and any(_verb(kinds, first, last + 1) >= 0 or last - first > 1 for first, last in pieces)
    return [pieces, *apart] if whole else [[(left, right)]]


def _relative_end(kinds: str, pronoun: int, right: int) -> int:
    """The last token of the relative clause of a pronoun: before the comma behind which the main clause goes on."""
    comma = pronoun
    while (comma := kinds.find(",", comma + 1, right)) > 0:
        verbs = kinds[pronoun:comma]
        if any(kind in verbs for kind in "bmvn") and _GOES_ON.match(kinds, comma + 1):
            return comma - 1
    comma = kinds.find(",", pronoun, right)
    return right if comma < 0 or _GOES_ON.search(kinds, comma, right) is None else comma - 1


_GOES_ON = re.compile(r"a{0,2}[bmvxP]|[cT]")


def denied(tokens: Tokens, extent: Sequence[Range]) -> bool:
    """Whether the main verb of an extent is negated; negations in clauses beside it do not count."""
    words = tokens.words
    if not _has(tokens, extent, _DENYING):
        return False
    for token in _main(tokens, extent):
        word = words[token]
        if tokens.kinds[token] == "x" or word in _NONE:
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
    return tokens.words[token] != "yet" or tokens.kinds[token - 1] == "b"


def _main(tokens: Tokens, extent: Sequence[Range]) -> Iterator[int]:
    """The tokens of the main clause of an extent, up to the first clause behind its verb."""
    kinds, words = tokens.kinds, tokens.words
    verb = aside = False
    for number, (first, last) in enumerate(extent):
        for token in range(first, last + 1):
            if words[token] in _ASIDE and not (number == 0 and token == first and kinds[token] == "w"):
                if verb:
                    return
                aside = True
            elif kinds[token] == "T" and verb and kinds[token + 1] not in ",.":
                return
            elif aside and kinds[token] == ",":
                aside = False
            if not aside:
                verb |= kinds[token] in "bmv"
                yield token


# -- what is said of whom ----------------------------------------------------------------------------------------------

#: Nouns for what somebody says, which somebody else rejects.
CLAIMED = frozenset(
    """claim claims suggestion suggestions report reports rumour rumours rumor rumors accusation accusations allegation
    allegations charge charges idea notion assertion assertions speculation complaint complaints argument arguments theory
    theories talk insinuation insinuations""".split()
)


def accused(tokens: Tokens, content: Sequence[Range]) -> list[Range]:
    """Whom and of what: "[the army] of [bombing schools]"; nothing where it is not told what was done."""
    kinds = tokens.kinds
    (first, last), *more = content
    if more:
        start, end = more[0]
        start += kinds[start] == "o"
        return [(first, last), (start, end)] if kinds[start] in "gab" and start <= end else []
    for of in range(first + 1, last):
        if kinds[of] == "o" and (kinds[of + 1] in "gb" or (kinds[of + 1] in "ax" and kinds[of + 2] in "gb")):
            return [(first, of - 1), (of + 1, last)]
    return []


def rejected(tokens: Tokens, content: Range) -> Range | None:
    """The clause that hangs on a noun which somebody rejects: "a suggestion (that) [the fee was set to punish]"."""
    first, last = content
    for token in range(first, min(first + 5, last)):
        if tokens.words[token] in CLAIMED:
            follow = frame(tokens, token + 1)
            return (token + 1, last) if follow in ("t", "c") else None
        if tokens.kinds[token] not in "dnNsagv":
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
            word in ("have", "has") and after == "to" and tokens.kinds[token - 1] != "x"
        ):
            return True
        if word in ("can", "may") and after == "only":
            return True
    return False


# -- what brings something about --------------------------------------------------------------------------------------

_HITTING = frozenset(
    """cut cuts kill kills killed damage damages damaged destroy destroys destroyed boost boosts boosted hit hits help helps
    helped hurt hurts harm harms harmed ruin ruins ruined wreck wrecks wrecked reduce reduces reduced raise raises raised lower
    lowers lowered worsen worsens worsened ease eases eased slow slows slowed flood floods flooded injure injures injured wound
    wounds wounded disrupt disrupts disrupted delay delays delayed threaten threatens threatened weaken weakens weakened
    strengthen strengthens strengthened improve improves improved double doubled halve halves halved spark sparks sparked fuel
    fuels fueled fuelled trigger triggers triggered force forces forced push pushes pushed drive drives drove curb curbs curbed
    prevent prevents prevented stop stops stopped devastate devastated cripple crippled paralyse paralysed claim claims claimed
    affect affects affected hamper hampers hampered enable enables enabled encourage encourages encouraged shock shocks shocked
    calm calms calmed lift lifts lifted push drag drags dragged send sends sent leave leaves left make makes made give gives gave
    cost costs ended end ends change changes changed create creates created increase increases increased
    flatten flattened bury buried topple toppled uproot uprooted strand stranded dent dented""".split()
)
#: Events, conditions and measures: subjects that bring something about.
_THINGS = frozenset(
    """storm storms fire fires flood floods earthquake quake drought frost heat heatwave cold snow rain rains wind winds
    hurricane typhoon cyclone tornado landslide avalanche eruption blaze explosion blast bomb crash collapse disease virus
    outbreak pandemic epidemic illness infection pollution smoke leak spill shortage shortages strike strikes war conflict
    crisis recession slump inflation tax taxes tariff tariffs fee fees charge charges law laws rule rules ban bans clampdown
    crackdown curfew lockdown measure measures policy policies reform reforms scheme schemes programme program cuts price prices
    cost costs demand weather climate changes change treatment drug vaccine vaccines smoking alcohol diet exercise sanctions
    subsidy subsidies tide tides wave waves lightning hail fog ice error mistake fault failure injury drop rise surge growth
    increase decline fall closure campaign patrols cameras lamps lighting speed noise wood water
    spring summer autumn winter news fear fears panic debt deficit boom merger deal decision ruling verdict ageing plan
    success failure scandal victory defeat loss losses sales profits imports exports competition technology broadband internet
    medicine pill pills cure insulation barrier dam wall shelling bombing attack attacks airstrike airstrikes gales gale""".split()
)


def brings_about(tokens: Tokens, extent: Sequence[Range]) -> bool:
    """Whether an event, condition or measure is the subject of a verb of hitting, cutting or helping: "The clampdown has cut
    thefts"; or stands behind the "by" of such a passive."""
    kinds, words = tokens.kinds, tokens.words
    first, last = extent[0]
    if not _has(tokens, extent[:1], _HITTING):
        return False
    verb = next((token for token in range(first, last + 1) if kinds[token] in "bmv" or words[token] in _HITTING), -1)
    if verb <= first:
        return False
    head = _head(tokens, first, verb)
    main = verb
    while main < last and kinds[main] in "bmxa":
        main += 1
    if words[main] not in _HITTING:
        return False
    if main > verb and words[main - 1] in _PASSIVE:
        by = next((token for token in range(main + 1, min(last, main + 12)) if words[token] == "by"), -1)
        if by < 0:
            return False
        end = by + 1
        while end < last and kinds[end + 1] in "nN#d":
            end += 1
        return _is_cause(tokens, _head(tokens, by + 1, end + 1))
    return _is_cause(tokens, head) and main < last


def _is_cause(tokens: Tokens, head: int) -> bool:
    """Whether a noun is an event, a condition or a measure, and no person, body or vehicle."""
    word = tokens.words[head]
    if word in _THINGS:
        return True
    if tokens.kinds[head] not in "ng" or word in ORGANISATIONS or word in GROUPS or word in _BODIES:
        return False
    return word.endswith(_EVENTS)


def _head(tokens: Tokens, first: int, end: int) -> int:
    """The last word of a noun phrase before what hangs on it: "a fall | in demand"."""
    kinds = tokens.kinds
    cut = next((token for token in range(first + 1, end) if kinds[token] in "oP,w("), end)
    head = cut - 1
    while head > first and kinds[head] in "a'\"":
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
_BODIES = frozenset(
    "government governments administration association corporation organisation organization institution parliament department "
    "regiment coalition delegation federation foundation opposition nation station university city community audience "
    "agency company king".split()
)
_PASSIVE = frozenset("is are was were be been being".split())
