"""What a release holds, in tables: sizes, lengths, kinds, who labelled, how far annotators agree."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from allegedly.eval.agreement.agreement import Comparison, agreement, only
from allegedly.eval.agreement.sides import compared, of_records
from allegedly.eval.makers import Maker, counted, lines, makers, warnings
from allegedly.eval.rows import interval, shown
from allegedly.render.tables import Table
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.records import ATTRIBUTES, LAYERS, Annotator, Record

#: Articles with votes up to which agreement is computed, outlets that are named, and bars of a histogram.
VOTED, OUTLETS, BARS = 1000, 12, 12
#: Resamples of an interval on a page that is drawn at once.
RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """Articles of so many words; ``share``: per cent of the longest bar."""

    name: str
    count: int
    share: int


@dataclass(slots=True)
class Overview:
    """Adds up what passes by. ``checked``: votes are not the release's, and were checked as what they are."""

    manifest: Manifest
    checked: bool = False
    words: list[int] = field(default_factory=list)
    splits: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in SPLITS})
    values: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    outlets: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    made: list[dict[str, Maker]] = field(default_factory=list)
    voted: list[Record] = field(default_factory=list)
    known: dict[str, Annotator] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {annotator["id"]: Annotator.from_json(annotator) for annotator in self.manifest.annotators}

    def add(self, record: Record) -> None:
        """The next article."""
        article = record.article
        words = len(article.text.split())
        self.words.append(words)
        counts = self.splits[record.split or SPLITS[0]]
        counts.update(articles=1, words=words, sentences=len(article.sentences))
        counts.update({layer: len(getattr(record.labels, layer) or ()) for layer in LAYERS})
        self.outlets[article.outlet or "not said"] += 1
        self.languages[article.language or "not said"] += 1
        for layer in LAYERS:
            for name in ATTRIBUTES[layer]:
                found = self.values.setdefault((layer, name), Counter())
                found.update(_value(getattr(label, name)) for label in getattr(record.labels, layer) or ())
        self.made.append(makers(record, self.known))
        if len(record.votes) > 1 and len(self.voted) <= VOTED:
            self.voted.append(record)

    def whose(self) -> list[str]:
        """Whose labels these are, in sentences, and what a reader must know about that."""
        rows = counted(self.made)
        return [*(line.replace("gold of", "Labels of", 1) for line in lines(rows)), *warnings(rows)]

    def sizes(self) -> Table:
        """Articles, words, sentences and labels of each split."""
        names = ("articles", "words", "sentences", *LAYERS)
        rows = [(split, *(f"{counts[name]:,}" for name in names)) for split, counts in self.splits.items() if counts]
        total: Counter[str] = sum(self.splits.values(), Counter())
        if len(rows) > 1:
            rows.append(("all", *(f"{total[name]:,}" for name in names)))
        return Table.of(("split", *names), rows, range(1, len(names) + 1))

    def lengths(self) -> list[Bar]:
        """A histogram of words an article."""
        if not self.words:
            return []
        step = _step(max(self.words) / BARS)
        counts = Counter(count // step for count in self.words)
        most = max(counts.values())
        return [
            Bar(f"{number * step:,} to {(number + 1) * step - 1:,}", counts[number], round(100 * counts[number] / most))
            for number in range(min(counts), max(counts) + 1)
        ]

    def middle(self) -> str:
        """The lengths in one sentence."""
        if not self.words:
            return "no articles"
        return f"{min(self.words):,} to {max(self.words):,} words an article, median {round(median(self.words)):,}"

    def kinds(self) -> list[tuple[str, list[str]]]:
        """How often each value of each attribute stands, the most first; attributes that nobody gave left out."""
        out = []
        for layer in LAYERS:
            said = [
                f"{name.replace('_', ' ')}: {_counted(found)}"
                for name in ATTRIBUTES[layer]
                if (found := self.values.get((layer, name))) and set(found) != {"not said"}
            ]
            if said:
                out.append((layer, said))
        return out

    def named(self) -> list[str]:
        """Outlets and languages."""
        return [
            f"{what}: {_counted(found, OUTLETS)}"
            for what, found in (("outlets", self.outlets), ("languages", self.languages))
            if found
        ]

    def annotators(self) -> Table | None:
        """Who labelled, and by which guideline."""
        rows = [
            (str(each["id"]), str(each["kind"]), *(str(each.get(name) or "") for name in ("version", "guideline")))
            for each in self.manifest.annotators
        ]
        return Table.of(("annotator", "kind", "version", "guideline"), rows) if rows else None

    def agreed(self) -> Iterator[tuple[str, Table]]:
        """Krippendorff's alpha of those who read for themselves, a table for each set of them."""
        voted = [only(each) for each in of_records(self.voted[:VOTED], checked=self.checked)]
        if compared(voted):
            for each in agreement(voted, resamples=RESAMPLES):
                yield f"{' and '.join(each['annotators'])}, {each['articles']:,} articles", _alphas(each)


def _alphas(comparison: Comparison) -> Table:
    rows = [
        (row["layer"], row["of"], row["measure"], shown(row["value"], 2), interval(row, 2), f"{row['items']:,}")
        for row in comparison["figures"]
        if row["measure"].startswith("alpha")
    ]
    return Table.of(("layer", "of", "measure", "value", "95 % interval", "over"), rows, (3, 4, 5))


def _value(value: object) -> str:
    return "not said" if value is None else str(value).lower().replace("_", " ")


def _counted(found: Counter[str], most: int | None = None) -> str:
    rows: Sequence[tuple[str, int]] = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    more = f", and {len(rows) - most} more" if most is not None and len(rows) > most else ""
    return ", ".join(f"{name} {count:,}" for name, count in rows[:most]) + more


def _step(least: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... that is not below."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor >= least:
                return step * factor
        step *= 10
