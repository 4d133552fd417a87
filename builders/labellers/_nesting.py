"""Which attribution lies in which, and which of two that claim the same words stays.

Conventions: an attribution lies in another when its cue does lie in the other's content. Of two that lie in each
other the one found first stays.
"""

from bisect import bisect_left

from allegedly.builders.labellers._attribution import Found
from allegedly.builders.labellers._tokens import Tokens


def nested(found: list[Found], tokens: Tokens) -> list[Found]:
    """The attributions that stay, in order of position, with ``parent`` set to an index into the list."""
    kept = _without_clashes([item for item in found if item.content], tokens)
    kept.sort(key=lambda item: (item.cue, item.content))
    for item, parent in zip(kept, innermost(kept, [item.cue[0] for item in kept], own=True), strict=True):
        item.parent = parent
    return _uncycled(kept)


def innermost(found: list[Found], places: list[int], own: bool = False) -> list[int]:
    """For each token the attribution of the shortest content that holds it, or -1; with ``own`` the n-th place belongs
    to the n-th attribution, which does not count for it."""
    order = sorted(range(len(places)), key=places.__getitem__)
    ranked = [places[at] for at in order]
    best = [-1] * len(places)
    sizes = [1 << 60] * len(places)
    for number, item in enumerate(found):
        size = sum(last - first for first, last in item.content)
        for first, last in item.content:
            for at in order[bisect_left(ranked, first) : bisect_left(ranked, last + 1)]:
                if size < sizes[at] and not (own and at == number):
                    best[at], sizes[at] = number, size
    return best


def _inside(a: Found, b: Found) -> bool:
    """Whether a's cue lies in b's content."""
    return any(first <= a.cue[0] <= last for first, last in b.content)


_OUTER = ("postposed", "inverted", "according", "view")


def _without_clashes(found: list[Found], tokens: Tokens) -> list[Found]:
    """Of two with the same cue the first stays; of two that lie in each other the tag ("..., he said") is the outer
    one, and the inner one ends before it."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (item.cue[0], -item.quoted)):
        clash = False
        for other in kept[-12:]:
            if item.cue[0] <= other.cue[1] and other.cue[0] <= item.cue[1]:
                clash = True
                break
            if _inside(item, other) and _inside(other, item):
                outer, inner = (other, item) if other.frame in _OUTER and item.frame not in _OUTER else (item, other)
                if outer.frame not in _OUTER:
                    clash = True
                    break
                _cut(inner, outer, tokens)
                if not inner.content:
                    if inner is item:
                        clash = True
                        break
                    kept.remove(inner)
        if not clash:
            kept.append(item)
    return kept


def _cut(inner: Found, outer: Found, tokens: Tokens) -> None:
    """Ends the content of one attribution before the tag of another."""
    tag = min([outer.cue[0], *([outer.source[0]] if outer.source else [])])
    pieces = []
    for first, last in inner.content:
        if first <= tag <= last:
            last = tag - 1
            while last >= first and tokens.kinds[last] in ",-:;Z":
                last -= 1
        if last >= first:
            pieces.append((first, last))
    inner.content = pieces


def _uncycled(kept: list[Found]) -> list[Found]:
    """Parents that lead back to their child are cut."""
    safe: set[int] = set()
    for at, item in enumerate(kept):
        path = [at]
        up = item.parent
        while up >= 0 and up not in safe:
            if up in path:
                kept[path[-1]].parent = -1
                break
            path.append(up)
            up = kept[up].parent
        safe.update(path)
    return kept
