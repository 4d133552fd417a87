"""Bounds: how many labels a sentence of an article may have, and how much room an article may take with its labels.

Conventions: labels are counted in the sentences that their parts overlap, since a row of a label holds the words of
these. Bytes are estimated from letters: what the article's rows take in all tables, and what they take in memory on
their way there. Without bounds a text of 400 kB in one sentence makes tables of 10 GB.
"""

from collections.abc import Iterable, Sequence

from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.schemas.derive import overlapped
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
        counts, bytes_ = _counted(labels, bounds, limits.expanded_bytes)
        if max(counts, default=0) > LABELS:
            return Refused(
                "labels-limit",
                f"holds a sentence with {max(counts)} labels, over the limit of {LABELS}; split it into sentences",
                limit=LABELS,
                value=max(counts),
            )
        room += bytes_
    if room > limits.expanded_bytes:
        return over("expanded-bytes-limit", "what its labels take in the tables", limits.expanded_bytes, room)
    return None


def _counted(labels: Sequence[Label], bounds: tuple[list[int], list[int]], most: int) -> tuple[list[int], int]:
    """The labels of each sentence, and the bytes that the rows of all take; past ``most`` nothing more is counted."""
    starts, ends = bounds
    counts = [0] * len(starts)
    room = 0
    for label in labels:
        room += LABEL_BYTES + len(label.text or "")
        for number in {number for part in label.PARTS for number in overlapped(getattr(label, part), starts, ends)}:
            counts[number] += 1
            room += ends[number] - starts[number]
        if room > most:
            break
    return counts, room
