"""Placing: which places the quotations of a label mean, where they stand in several.

Conventions: labels come in the order of an answer, and that order decides. Of a label's quotations the one with the fewest
places (of these the longest) is its anchor: it means its first place that no label of the layer has taken, from the anchor
of the label before on; where there is none, the first. The others mean the place nearest to the anchor, one that a
label has taken counted as `TAKEN` characters further away, so that "she said" twice in a row is not the same one twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from allegedly.eval.aligned import Place, Text

#: Characters that a place counts as further away where a label has it already.
TAKEN = 40
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
        for part, quotations in parts.items():
            for quotation in filter(str.strip, quotations):
                places = self.text.places(quotation)
                if places:
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
        for part, quotation, places in found:
            free = [place for place in places if not any(_overlap(place, own) for own in placed[part])]
            if free:
                nearest = min(free, key=lambda place: self._distance(quotation, place, anchor))
                placed[part].append(nearest)
                self.taken.add((quotation, nearest[0]))

    def _anchor(self, quotation: str, places: Sequence[Place]) -> Place:
        free = [place for place in places if (quotation, place[0]) not in self.taken]
        following = (place for place in free or places if place[0] >= self.begin)
        return next(following, (free or places)[0])

    def _distance(self, quotation: str, place: Place, anchor: Place) -> tuple[int, int]:
        gap = max(0, place[0] - anchor[1], anchor[0] - place[1])
        return gap + (TAKEN if (quotation, place[0]) in self.taken else 0), place[0]


def _overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]
