"""Bounds: how many labels a sentence of an article may have, and how much room an article may take with its labels.

Conventions: labels are counted in the sentences that their parts overlap, since a row of a label holds the words of
these. Bytes are estimated from letters: what the article's rows take in all tables, and what they take in memory on
their way there. Without bounds a text of 400 kB in one sentence makes tables of 10 GB.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.schemas.records import LAYERS, Article, Label, Labels

#: Labels of one annotator and layer that one sentence may have. A long sentence of news has seven.
LABELS = 1000
#: Bytes that a label takes beside its words: its columns, and the objects that they are made from.
LABEL_BYTES = 2000


def bounded(article: Article, votes: Iterable[Labels], limits: Limits) -> Refused | None:
    """Why an article with these labels is not taken; None where it keeps to the bounds."""
    layers = [labels for vote in votes for layer in LAYERS if (labels := getattr(vote, layer))]
    total = sum(map(len, layers))
    if total <= LABELS and total * (LABEL_BYTES + 2 * len(article.text)) <= limits.expanded_bytes:
        return None  # as nearly all do: nothing need be counted
    room = len(article.text)
    bounds = [span.start for span in article.sentences], [span.end for span in article.sentences]
    for labels in layers:
        most, bytes_ = _counted(labels, *bounds)
        if most > LABELS:
            reason = f"holds a sentence with {most} labels, over the limit of {LABELS}; split it into sentences"
            return Refused("labels-limit", reason, limit=LABELS, value=most)
        room += bytes_
    if room > limits.expanded_bytes:
        return over("expanded-bytes-limit", "what its labels take in the tables", limits.expanded_bytes, room)
    return None


def _counted(labels: Sequence[Label], starts: Sequence[int], ends: Sequence[int]) -> tuple[int, int]:
    """The most labels that a sentence has, and the bytes that the rows of all take. A label that runs over many
    sentences costs no more to count than one in a single sentence."""
    lengths = list(accumulate((end - start for start, end in zip(starts, ends, strict=True)), initial=0))
    steps = [0] * (len(starts) + 1)
    room = 0
    for label in labels:
        room += LABEL_BYTES + len(label.text or "")
        for first, behind in _stretches(label, starts, ends):
            steps[first] += 1
            steps[behind] -= 1
            room += lengths[behind] - lengths[first]
    return max(accumulate(steps)), room


def _stretches(label: Label, starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The sentences that a label's parts overlap, as half-open ranges of their numbers, each sentence once."""
    spans = sorted(
        (bisect_right(ends, start), bisect_left(starts, end))
        for part in label.PARTS
        for start, end in getattr(label, part) or ()
    )
    done = 0
    for first, behind in spans:
        first = max(first, done)
        if first < behind:
            yield first, behind
            done = behind
