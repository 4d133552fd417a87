"""Articles as the page shows them: the text with its lanes, the labels in a list, the facts that filters ask for."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from allegedly.render import html, lanes
from allegedly.schemas.derive import surface
from allegedly.schemas.records import PREFIX, Article, Label, Record, Span
from allegedly.view.items import Item, by_layer, listed

#: Characters of a title, and the mark of a label that only the second of two has.
LONGEST = 160
SECOND = "′"


@dataclass(frozen=True, slots=True)
class Shown:
    """An article on the page. ``facts``: outlet, date and so on, in words; ``counts``: labels of each layer;
    ``disagreement``: labels that not all who labelled the layer gave."""

    article: Article
    title: str
    facts: tuple[str, ...]
    counts: str
    split: str
    annotators: tuple[str, ...]
    disagreement: int
    text: Markup
    stand: dict[str, list[Item]]
    other: dict[str, list[tuple[Item, str]]]
    usual: tuple[str, ...]
    group: str


def shown(record: Record, sheet: html.Sheet, *, both: bool = False) -> Shown:
    """An article. ``both``: its votes are two sets of labels that are compared: those of the second alone are drawn too."""
    article = record.article
    found = listed(record, second=SECOND if both else "")
    marks = lanes.marks(record.labels)
    if both:
        marks += _seconds(found.second)
    places = _Places(article)
    return Shown(
        article=article,
        title=_title(article),
        facts=tuple(_facts(record)),
        counts=record.labels.in_words(),
        split=record.split or "",
        annotators=tuple(sorted({name for item in (*found.stand, *found.other) for name in item.by})),
        disagreement=found.disagreement,
        text=html.text(article.text, article.blocks, article.markup, marks, sheet),
        stand=by_layer(found.stand),
        other={
            layer: [(item, places.of(item.places)) for item in items] for layer, items in by_layer(found.other).items()
        },
        usual=found.usual,
        group=record.group or "",
    )


def _seconds(labels: Sequence[tuple[str, Label]]) -> list[lanes.Mark]:
    drawn = (
        lanes.mark(label, layer, side=1, name=f"{PREFIX[layer]}{number}{SECOND}")
        for number, (layer, label) in enumerate(labels, 1)
    )
    return [each for each in drawn if each is not None]


def _title(article: Article) -> str:
    words = " ".join((article.title or "").split()) or surface(
        article.text, (Span(0, min(len(article.text), LONGEST)),), article.markup
    )
    return f"{words[:LONGEST]}…" if len(words) > LONGEST else words or article.id


def _facts(record: Record) -> list[str]:
    article = record.article
    where = article.origin.file_name
    if article.origin.record is not None:
        where += f", record {article.origin.record}"
    return [fact for fact in (article.outlet, article.published, article.language, record.split, where) if fact]


class _Places:
    """Offsets of a text as a browser counts them in what the page shows: UTF-16, without markup."""

    def __init__(self, article: Article) -> None:
        self._starts = [span.start for span in article.markup]
        self._gone = [0, *accumulate(span.end - span.start for span in article.markup)]
        self._markup = article.markup
        self._far = [at for at, character in enumerate(article.text) if character > "\uffff"]

    def of(self, spans: Sequence[tuple[int, int]]) -> str:
        """Spans as ``start-end,start-end``."""
        return ",".join(f"{self._moved(start)}-{self._moved(end)}" for start, end in spans)

    def _moved(self, offset: int) -> int:
        before = bisect_left(self._starts, offset)
        hidden = self._gone[before]
        if before and self._markup[before - 1].end > offset:
            hidden -= self._markup[before - 1].end - offset
        # pairs of surrogates that are hidden with the markup are rare, and markup of words never holds any
        return offset - hidden + bisect_left(self._far, offset)
