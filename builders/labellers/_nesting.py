"""Which attribution lies in which, and which of two that claim the same words stays.

Conventions: an attribution lies in another when its cue does lie in the other's content. Of two that lie in each
other the one found first stays.
"""

# ruff: noqa: SIM905 -- word lists read best as words

from bisect import bisect_left
from itertools import accumulate

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._sayings import REJECTING, Saying
from allegedly.builders.labellers._tokens import Tokens

_BETWEEN = letters("comma dash colon semicolon end")
_CONTENT_WORD = letters("noun name past gerund auxiliary pronoun number")
_HEAD = letters("noun name pronoun number question")
_NO_CLAUSE = letters("preposition comma stop end")
_SAYS = letters("pronoun name")
_THAT, _TO = map(letters, ("that", "to"))


def nested(sayings: list[Saying], tokens: Tokens) -> list[Saying]:
    """The attributions that stay, in order of position, with ``parent`` set to an index into the list."""
    staying = _without_clashes([item for item in sayings if item.content], tokens)
    staying.sort(key=lambda item: (item.cue, item.content))
    for item, parent in zip(staying, innermost(staying, [item.cue[0] for item in staying], own=True), strict=True):
        item.parent = parent
    return _without_unlikely(_uncycled(staying), tokens)


def _without_unlikely(kept: list[Saying], tokens: Tokens) -> list[Saying]:
    """Without those inside others that are none; what lies in them lies in what they lay in."""
    stays = [item.parent < 0 or (likely_inside(tokens, item) and not _rejected(item, kept)) for item in kept]
    numbers = list(accumulate(stays, initial=0))
    parents = [item.parent for item in kept]
    for item in kept:
        up = item.parent
        while up >= 0 and not stays[up]:
            up = parents[up]
        item.parent = numbers[up] if up >= 0 else -1
    return [item for item, fine in zip(kept, stays, strict=True) if fine]


def _rejected(item: Saying, kept: list[Saying]) -> bool:
    """Whether it is a noun that somebody rejects, with nobody beside it: "rejected claims that"."""
    return item.frame == "noun" and item.source is None and kept[item.parent].lemma in REJECTING


def innermost(sayings: list[Saying], places: list[int], own: bool = False) -> list[int]:
    """For each token the attribution of the shortest content that holds it, or -1; with ``own`` the n-th place belongs
    to the n-th attribution, which does not count for it."""
    order = sorted(range(len(places)), key=places.__getitem__)
    ranked = [places[place] for place in order]
    best = [-1] * len(places)
    sizes = [1 << 60] * len(places)
    for number, item in enumerate(sayings):
        size = sum(last - first for first, last in item.content)
        for first, last in item.content:
            for place in order[bisect_left(ranked, first) : bisect_left(ranked, last + 1)]:
                if size < sizes[place] and not (own and place == number):
                    best[place], sizes[place] = number, size
    return best


#: Frames in which speech, belief and plans within what somebody says are found rightly: clauses and quotations.
_CLAUSES = frozenset("t c w q i that according postposed inverted view".split())
#: Verbs that say something with a noun alone: "we welcome the ruling".
_STANCES = frozenset(
    """welcome support oppose back reject deny demand criticize criticise condemn praise defend predict expect
    propose believe promise fear want think say tell call accuse blame cite consider""".split()
)
#: Verbs that own up to a deed, or put it off: "admitted lying".
_DEEDS = frozenset("admit confess acknowledge confess recall remember suggest recommend consider regret".split())
_ASKING = frozenset("ask wonder see know tell decide question doubt say".split())


def likely_inside(tokens: Tokens, item: Saying) -> bool:
    """Whether an attribution inside the words of another is one: there people speak of what they charge, see and name,
    and the frames in which news attributes say less."""
    kinds, words = tokens.kinds, tokens.words
    if not item.content or not any(kinds[token] in _CONTENT_WORD for a, b in item.content for token in range(a, b + 1)):
        return False
    if item.source:
        left, head = item.source
        if not any(kinds[token] in _HEAD for token in range(left, head + 1)):
            return False
        if kinds[item.cue[0]] == _TO and head == item.cue[0] - 1 and kinds[head] not in _SAYS:
            return False  # "ashamed to say", "able to show"
    start = item.content[0][0]
    if item.frame == "w" and words[start] == "if":
        return item.lemma in _ASKING
    if item.frame == "noun":
        return kinds[start] == _THAT
    if item.frame == "raised" and item.lemma == "accuse":
        return True
    if item.frame == "raised":
        return kinds[item.content[-1][0]] == _TO
    if item.frame == "Pfor":
        return item.lemma in ("call", "ask")
    if item.frame in ("n", "t") and kinds[start] in _THAT:
        return kinds[start + 1] not in _NO_CLAUSE  # "explain that to me"
    if item.frame in ("n", "g"):
        # without a source it is what something was for: "a rope to paint the date"
        return item.source is not None and item.lemma in (_STANCES if item.frame == "n" else _STANCES | _DEEDS)
    return item.frame in _CLAUSES


def _inside(inner: Saying, outer: Saying) -> bool:
    """Whether a's cue lies in b's content."""
    return any(first <= inner.cue[0] <= last for first, last in outer.content)


_OUTER = ("postposed", "inverted", "according", "view")


def _without_clashes(sayings: list[Saying], tokens: Tokens) -> list[Saying]:
    """Of two with the same cue the first stays; of two that lie in each other the tag ("..., he said") is the outer
    one, and the inner one ends before it."""
    kept: list[Saying] = []
    for item in sorted(sayings, key=lambda item: (item.cue[0], -item.quoted)):
        clash = False
        for earlier in kept[-12:]:
            if item.cue[0] <= earlier.cue[1] and earlier.cue[0] <= item.cue[1]:
                clash = True
                break
            if _inside(item, earlier) and _inside(earlier, item):
                outer, inner = (
                    (earlier, item) if earlier.frame in _OUTER and item.frame not in _OUTER else (item, earlier)
                )
                if outer.frame not in _OUTER:
                    clash = True
                    break
                _cut(inner, outer, tokens)
                if not inner.content:
                    if inner is item:
                        clash = True
                        break
                    # among the last dozen; two are the same only where they are one
                    kept[-12:] = [near for near in kept[-12:] if near is not inner]
        if not clash:
            kept.append(item)
    return kept


def _cut(inner: Saying, outer: Saying, tokens: Tokens) -> None:
    """Ends the content of one attribution before the tag of another."""
    tag = min([outer.cue[0], *([outer.source[0]] if outer.source else [])])
    pieces = []
    for first, last in inner.content:
        if first <= tag <= last:
            last = tag - 1
            while last >= first and tokens.kinds[last] in _BETWEEN:
                last -= 1
        if last >= first:
            pieces.append((first, last))
    inner.content = pieces


def _uncycled(kept: list[Saying]) -> list[Saying]:
    """Parents that lead back to their child are cut."""
    safe: set[int] = set()
    for child, item in enumerate(kept):
        path = [child]
        up = item.parent
        while up >= 0 and up not in safe:
            if up in path:
                kept[path[-1]].parent = -1
                break
            path.append(up)
            up = kept[up].parent
        safe.update(path)
    return kept
