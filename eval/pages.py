"""The page of a report: one HTML file that opens from disk, without a server, and reads without scripts.

Conventions: this module says what the page shows, the template ``page.html`` how. Nothing is loaded from anywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from allegedly.eval import error_pairs, lanes, pair_rows
from allegedly.eval.examples import Answer, Example
from allegedly.eval.plots import Plot
from allegedly.eval.rendering import html, render
from allegedly.eval.report import Report
from allegedly.eval.rows import FLOORS, GateRow, Row, beside, interval, named, shown, where
from allegedly.eval.tables import Cell, Table
from allegedly.eval.tasks import TASKS
from allegedly.schemas import derive
from allegedly.schemas.records import LAYERS, Span

#: Articles that the error browser shows of each system, those with most errors.
SHOWN = 100
#: Characters of an article's title.
LONGEST = 160
#: Systems that a title names; more are counted.
NAMED = 3
#: Digits of a number.
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot and the words under it."""

    svg: Markup
    caption: str


@dataclass(frozen=True, slots=True)
class Scored:
    """All numbers of one task of one system."""

    task: str
    system: str
    facts: str
    plots: tuple[Figure, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Browsed:
    """An article in the error browser."""

    anchor: str
    title: str
    counts: str
    where: str
    text: Markup
    pairs: tuple[pair_rows.PairRow, ...]


@dataclass(frozen=True, slots=True)
class BrowsedSystem:
    """A system in the error browser: its articles with most errors, of how many."""

    name: str
    articles: tuple[Browsed, ...]
    of: int


def page(report: Report, examples: Iterable[Example] = (), plots: Sequence[Plot] = ()) -> str:
    """The whole page."""
    kept = list(examples)
    return render(
        "page.html",
        title=_title(report),
        facts=_facts(report),
        whose_gold=report.whose_gold,
        report=report,
        primary=_primary(report),
        agreed=list(_agreed(report)),
        gates=_gates(report.gates) if report.gates else None,
        overview=[_figure(plot) for plot in plots if plot.task is None],
        plotted=bool(plots),
        tasks=list(_scored(report, plots)),
        slices=_slices(report),
        browsed=list(_browsed(report, kept)) if kept else [],
        layers=[layer for layer in LAYERS if any(getattr(example.gold, layer) is not None for example in kept)],
        kinds=error_pairs.MEANING,
        parts=("extent", "cue", "scope", "source", "content"),
        signatures=_signatures(report),
    )


def _title(report: Report) -> str:
    systems = [about["name"] for about in report.systems]
    shown_systems = ", ".join(systems) if len(systems) <= NAMED else f"{len(systems)} systems"
    return f"{report.dataset['name'] or 'Report'}: {shown_systems}"


def _facts(report: Report) -> list[str]:
    """What was scored, and how."""
    return [
        f"{named(report.dataset)}, split {report.dataset['split']}",
        f"{len(report.articles):,} articles in {len(set(report.groups)) or len(report.articles):,} groups",
        f"gold {report.dataset['gold_sha256'][:16]}",
        f"allegedly {report.allegedly}",
        f"{report.resamples:,} resamples, seed {report.seed}",
    ]


def _numbers(row: Row) -> tuple[str, ...]:
    counts = (f"{row[count]:,}" for count in ("articles", "groups", "items"))
    return shown(row["value"], DIGITS), interval(row, DIGITS), *counts


def _primary(report: Report) -> Table:
    rows = [row for row in report.results if row["primary"] and row["slice"] is None]
    # systems of one task stand under each other
    rows.sort(key=lambda row: list(TASKS).index(row["task"]))
    more = FLOORS if report.floors else ()
    head = ("system", "task", "metric", "value", "95 % interval", *more, "articles", "groups", "items")
    cells = []
    for row in rows:
        value, ends, *counts = _numbers(row)
        floors = beside(report.floors, row["task"], DIGITS)
        cells.append((row["system"], row["task"], row["metric"], value, ends, *floors, *counts))
    return Table.of(head, cells, range(3, len(head)))


def _agreed(report: Report) -> Iterator[tuple[str, Table]]:
    """How far annotators agree: who they are, and alpha of each thing."""
    head = ("layer", "of", "measure", "value", "95 % interval", "items")
    for each in report.agreement:
        rows = [
            (f["layer"], f["of"], f["measure"], shown(f["value"], DIGITS), interval(f, DIGITS), f"{f['items']:,}")
            for f in each["figures"]
        ]
        names = f"{', '.join(each['annotators'][:-1])} and {each['annotators'][-1]}"
        yield f"{names}: {each['articles']:,} articles", Table.of(head, rows, range(3, 6))


def _gates(gates: Sequence[GateRow]) -> Table:
    rows = [
        (
            Cell(gate["verdict"], f"verdict {'passed' if gate['verdict'] == 'passed' else 'failed'}"),
            gate["system"],
            f"{gate['task']} {gate['metric']}",
            where(gate),
            shown(gate["value"], DIGITS),
            interval(gate, DIGITS),
            shown(gate["half_width"], DIGITS),
            f"{gate['limit']} {gate['allowed']:g} ({gate.get('rule') or gate.get('on') or 'value'})",
        )
        for gate in gates
    ]
    head = ("verdict", "system", "metric", "slice", "value", "95 % interval", "half-width", "limit")
    return Table.of(head, rows, range(4, 7))


def _figure(plot: Plot) -> Figure:
    return Figure(Markup(plot.svg), plot.caption)  # nosec B704 # drawn by us, texts escaped


def _scored(report: Report, plots: Sequence[Plot]) -> Iterator[Scored]:
    """Each task of each system that has numbers."""
    for about in report.systems:
        for task in about["tasks"]:
            rows = [
                row
                for row in report.results
                if row["system"] == about["name"] and row["task"] == task and row["slice"] is None
            ]
            if not rows:
                continue
            items = f"{rows[0]['articles']:,} articles in {rows[0]['groups']:,} groups, {rows[0]['items']:,} items"
            yield Scored(
                task=task,
                system=about["name"],
                facts=f"{items}; {TASKS[task].gold}; after {TASKS[task].paper}",
                plots=tuple(_figure(plot) for plot in plots if plot.task == task and plot.system == about["name"]),
                table=Table.of(
                    ("metric", "value", "95 % interval"),
                    [(row["metric"], *_numbers(row)[:2]) for row in rows],
                    (1, 2),
                    ["primary" if row["primary"] else "" for row in rows],
                ),
            )


def _slices(report: Report) -> Table | None:
    """Primary numbers of slices, the worst first; None where none were asked for."""
    rows = [row for row in report.results if row["slice"] is not None and row["primary"]]
    head = ("system", "metric", "slice", "value", "95 % interval", "articles", "groups", "items")
    cells = [(row["system"], f"{row['task']} {row['metric']}", where(row), *_numbers(row)) for row in rows]
    return Table.of(head, cells, range(3, 8)) if rows else None


def _signatures(report: Report) -> Table:
    rows = [
        (row["system"], f"{row['task']} {row['metric']}", Cell(row["signature"], "signature"))
        for row in report.results
        if row["slice"] is None
    ]
    return Table.of(("system", "metric", "signature"), rows)


def _browsed(report: Report, examples: Sequence[Example]) -> Iterator[BrowsedSystem]:
    """For each system the articles with most errors."""
    for place, about in enumerate(report.systems):
        name = about["name"]
        judged = [(example, _pairs(example, example.answers[name])) for example in examples if name in example.answers]
        worst = sorted(judged, key=lambda item: (-_wrong(item[1]), item[0].article.id))[:SHOWN]
        articles = tuple(
            _article(example, example.answers[name], pairs, f"{example.article.id}-{place}" if place else "")
            for example, pairs in worst
        )
        yield BrowsedSystem(name, articles, len(judged))


def _pairs(example: Example, answer: Answer) -> list[error_pairs.Pair]:
    return [
        *error_pairs.pairs(example.gold, answer.labels, example.article),
        *error_pairs.sentence_pairs(example.sentences, answer.sentences),
    ]


def _wrong(pairs: Sequence[error_pairs.Pair]) -> int:
    return sum(pair.kind != "right" for pair in pairs)


def _article(example: Example, answer: Answer, pairs: Sequence[error_pairs.Pair], anchor: str) -> Browsed:
    article = example.article
    title = derive.surface(article.title or article.text[:60], (Span(0, LONGEST),))
    counts = {kind: sum(pair.kind == kind for pair in pairs) for kind in error_pairs.KINDS}
    layers = {layer: (example.gold, answer.labels) for layer in LAYERS if getattr(example.gold, layer) is not None}
    return Browsed(
        anchor=anchor or article.id,
        title=f"{title}…" if len(article.title or "") > LONGEST else title,
        counts=", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "no labels",
        where=" · ".join(filter(None, (article.outlet, article.published, article.id))),
        text=lanes.layered(article.text, layers, article.blocks),
        pairs=tuple(pair_rows.row(article.text, pair, article.markup) for pair in pairs),
    )


__all__ = ["html", "page"]
