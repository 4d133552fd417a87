"""Drawing units with probabilities that are known: systematic sampling, probability proportional to size.

Conventions: sizes are whole numbers above 0. Of ``n`` units in all, one is drawn with probability n times its size over the
sum of the sizes; where that is 1 or more it is certain, and the others share what is left. The units are laid end to end
in an order that a hash of the seed shuffles, and every (sum / n)th point of that line is taken, from a start that is such
a hash too: n units exactly, each with the probability stated. All of this is whole numbers, so nothing is rounded.

Source: Madow (1949); Hartley, Rao (1962) for the shuffled order; Horvitz, Thompson (1952) for estimates from such a sample.
"""

import hashlib
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

#: The share of the draw that is spread evenly over all units, however little there is to see in them.
FLOOR = Fraction(1, 5)
#: Sizes are counted in units of 1 / _SCALE.
_SCALE = 1 << 40


class Drawn(NamedTuple):
    """A unit that was drawn, by its place in the input, and how probable that was."""

    unit: int
    probability: float


def sizes(interest: Sequence[float]) -> list[int]:
    """Sizes from how much there is to see in each unit, finite and not negative: a share ``FLOOR`` the same for all, the
    rest in proportion. Where nothing is to be seen anywhere, all are equal."""
    total = math.fsum(interest)
    even = round(FLOOR * _SCALE)
    if total <= 0:
        return [even] * len(interest)
    rest = (_SCALE - even) * len(interest)
    return [even + round(rest * (value / total)) for value in interest]


def allocated(counts: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of ``n`` fall to each stratum: in proportion to its units, at least one, the largest remainders rounded up.
    ``n`` is at least the number of strata and at most that of the units."""
    small: set[str] = set()
    while True:
        rest, units = n - len(small), sum(counts[name] for name in counts if name not in small)
        fresh = {name for name in counts if name not in small and rest * counts[name] < units}
        if not fresh:
            break
        small |= fresh
    quotas = {name: divmod(rest * counts[name], units) for name in counts if name not in small}
    left = rest - sum(whole for whole, _ in quotas.values())
    up = set(sorted(quotas, key=lambda name: (-quotas[name][1], name))[:left])
    return {name: 1 if name in small else quotas[name][0] + (name in up) for name in counts}


def certain(sizes: Sequence[int], n: int) -> set[int]:
    """The units that every draw of ``n`` holds."""
    total, found = sum(sizes), set[int]()
    for unit in sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True):
        if len(found) == n or (n - len(found)) * sizes[unit] < total:
            break
        found.add(unit)
        total -= sizes[unit]
    return found


def probabilities(sizes: Sequence[int], n: int) -> list[Fraction]:
    """How probable it is that a draw of ``n`` holds each unit."""
    sure = certain(sizes, n)
    total = sum(size for unit, size in enumerate(sizes) if unit not in sure)
    return [Fraction(1) if unit in sure else Fraction((n - len(sure)) * size, total) for unit, size in enumerate(sizes)]


def systematic(sizes: Sequence[int], n: int, start: Fraction) -> list[int]:
    """The places of ``n`` units of which none is certain, for a start of 0 up to 1, in the order in which they lie."""
    ends, step = list(accumulate(sizes)), Fraction(sum(sizes), max(n, 1))
    return [bisect_right(ends, math.floor((start + point) * step)) for point in range(n)]


def draw(names: Sequence[str], sizes: Sequence[int], n: int, seed: int, stratum: str = "") -> list[Drawn]:
    """``n`` of the units, in the order of the input; all of them where there are no more. ``names`` tell the units apart,
    whatever order they come in."""
    sure = certain(sizes, n)
    total = sum(size for unit, size in enumerate(sizes) if unit not in sure)
    rest = n - len(sure)
    order = sorted(
        (unit for unit in range(len(sizes)) if unit not in sure), key=lambda u: _hash(seed, "unit", names[u])
    )
    start = Fraction(int.from_bytes(_hash(seed, "start", stratum)), 1 << 256)
    taken = [order[place] for place in systematic([sizes[unit] for unit in order], min(rest, len(order)), start)]
    drawn = [Drawn(unit, 1.0) for unit in sure] + [Drawn(unit, rest * sizes[unit] / total) for unit in taken]
    return sorted(drawn)


def _hash(seed: int, what: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{what}\n{name}".encode("utf-8", "surrogatepass")).digest()
