"""Placing: which places the quotations of a label mean, where they stand in several.

Conventions: labels come in the order of an answer, and that order decides. Of a label's quotations the one with the fewest
places (of these the longest) is its anchor: it means its first place that no label of the layer has taken, from the anchor
of the label before on; where there is none, the first. The others mean the place nearest to what is placed
already, the nearest of them first; a place that a label has taken counts as `TAKEN` characters further away, so that "she
said" twice in a row is not the same one twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from allegedly.eval.aligned import Place, Text

#: Characters that a place counts as further away where a label has it already.
TAKEN = 12
#: Quotations of one label that are placed; what is beyond stands nowhere.
MOST_QUOTATIONS = 100
#: What stands for a version of all that decides places: answers that were placed are kept under it.
VERSION = 2

#: Quotations of a label by part.
Quotations = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Placer:
    """Places the labels of one layer of an answer, one after another."""

    text: Text
    #: Where the anchor of the label before begins.
    begin: int = 0
    taken: set[tuple[str, int]] = field(default_factory=set)

    def label(self, parts: Quotations) -> tuple[dict[str, list[Place]], dict[str, list[str]]]:
        """The places of each part, in order and apart, and the quotations of each that stand nowhere."""
        nowhere: dict[str, list[str]] = {part: [] for part in parts}
        found: list[tuple[str, str, list[Place]]] = []
        count = min(MOST_QUOTATIONS, sum(map(len, parts.values())))
        for part, quotations in parts.items():
            for quotation in filter(str.strip, quotations):
                places = self.text.places(quotation) if len(found) < MOST_QUOTATIONS else []
                # each place is weighed once for each quotation of the label
                if places and self.text.steps.take(len(places) * count):
                    found.append((part, quotation, places))
                else:
                    nowhere[part].append(quotation)
        placed: dict[str, list[Place]] = {part: [] for part in parts}
        if found:
            self._place(found, placed)
        return {part: sorted(places) for part, places in placed.items()}, nowhere

    def _place(self, found: list[tuple[str, str, list[Place]]], placed: dict[str, list[Place]]) -> None:
        leading = min(range(len(found)), key=lambda n: (len(found[n][2]), -len(found[n][1])))
        part, quotation, places = found.pop(leading)
        anchor = self._anchor(quotation, places)
        self.begin = anchor[0]
        placed[part].append(anchor)
        self.taken.add((quotation, anchor[0]))
        whole = anchor
        while found:
            nearest = [self._nearest(quotation, places, placed[part], whole) for part, quotation, places in found]
            first = min(range(len(found)), key=lambda n: (nearest[n][0], n))
            part, quotation, _ = found.pop(first)
            if (place := nearest[first][1]) is not None:
                placed[part].append(place)
                self.taken.add((quotation, place[0]))
                whole = min(whole[0], place[0]), max(whole[1], place[1])

    def _nearest(
        self, quotation: str, places: Sequence[Place], own: Sequence[Place], whole: Place
    ) -> tuple[int, Place | None]:
        """The place nearest to what is placed of a label, with its distance; none where all overlap the same part."""
        free = ((self._distance(quotation, place, whole), place) for place in places)
        apart = ((distance, place) for distance, place in free if not any(_overlap(place, each) for each in own))
        return min(apart, default=(0, None), key=lambda pair: pair[0])

    def _anchor(self, quotation: str, places: Sequence[Place]) -> Place:
        free = [place for place in places if (quotation, place[0]) not in self.taken]
        following = (place for place in free or places if place[0] >= self.begin)
        return next(following, (free or places)[0])

    def _distance(self, quotation: str, place: Place, whole: Place) -> int:
        gap = max(0, place[0] - whole[1], whole[0] - place[1])
        return gap + (TAKEN if (quotation, place[0]) in self.taken else 0)


def _overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]
