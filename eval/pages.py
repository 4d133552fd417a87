"""The page of a report: one HTML file that opens from disk, without a server, and reads without scripts.

Conventions: this module says what the page shows, the template ``page.html`` how. Nothing is loaded from anywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from allegedly.eval import browser, commonest, compare, error_pairs, verdict
from allegedly.eval.examples import Example
from allegedly.eval.plots import Plot
from allegedly.eval.report import Report
from allegedly.eval.rows import FLOORS, GateRow, Row, beside, interval, named, shown, where
from allegedly.eval.tasks import TASKS
from allegedly.eval.verdict import short
from allegedly.render.pages import render
from allegedly.render.tables import Cell, Table
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS

TEMPLATES = Path(__file__).parent / "templates"
#: Systems that a title names, and whose errors the first screen tells; more are counted.
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


def page(report: Report, examples: Iterable[Example] = (), plots: Sequence[Plot] = ()) -> str:
    """The whole page."""
    kept = list(examples)
    systems = [about["name"] for about in report.systems]
    summary, answers = answer(report)
    judged = error_pairs.judged(systems, kept)
    browsed = browser.browser(systems, judged)
    return render(
        TEMPLATES,
        "page.html",
        title=title(report),
        facts=facts(report),
        whose_gold=report.whose_gold,
        report=report,
        answers=answers,
        summary=summary,
        commonest=[(name, commonest.commonest(place, judged)) for place, name in enumerate(systems[:NAMED])]
        if kept
        else [],
        primary=_primary(report),
        agreed=list(_agreed(report)),
        gates=_gates(report.gates) if report.gates else None,
        overview=[_figure(plot) for plot in plots if plot.task is None],
        tasks=list(_scored(report, plots)),
        slices=_slices(report),
        browsed=browsed,
        sheet=browsed.sheet.css("body"),
        outlets=sorted({each.outlet for each in browsed.articles} - {""}),
        layers=[layer for layer in LAYERS if any(getattr(example.gold, layer) is not None for example in kept)],
        kinds=error_pairs.MEANING,
        letters=browser.LETTERS,
        primes=browser.PRIMES,
        signatures=_signatures(report),
    )


def answer(report: Report, most: int | None = None) -> tuple[list[str], Table]:
    """The first screen: who leads, in sentences, and the first table. ``most``: systems whose pairs are tested, which
    takes a while where they are many; None for any number."""
    systems = [about["name"] for about in report.systems]
    if most is not None and len(systems) > most:
        untested = [replace(each, says="not tested here") for each in verdict.answers(report, None)]
        return [f"{len(systems)} systems: allegedly.compare(report) tests each pair of them."], _answers(
            untested, systems
        )
    found = verdict.answers(report, _comparison(report))
    return list(verdict.summary(found, systems)), _answers(found, systems)


def facts(report: Report) -> list[str]:
    """What was scored, and how."""
    return [
        f"{named(report.dataset)}, split {report.dataset['split']}",
        f"{len(report.articles):,} articles in {len(set(report.groups)) or len(report.articles):,} groups",
        f"gold {report.dataset['gold_sha256'][:16]}",
        f"allegedly {report.allegedly}",
        f"{report.resamples:,} resamples, seed {report.seed}",
    ]


def _comparison(report: Report) -> compare.Comparison | None:
    """Its systems in pairs; None where there is one, or counts are not at hand."""
    if len(report.systems) < 2 or not report.counts:
        return None
    try:
        return compare.compare(report)
    except UsageError:
        # systems that were not scored on the same articles: the tables stand, and the sentence says so
        return None


def _answers(found: Sequence[verdict.Answer], systems: Sequence[str]) -> Table:
    """The first table: tasks down, systems side by side, what stands beside, and what it says."""
    more = [name for name in FLOORS if any(answer.beside.get(name) for answer in found)]
    rows = []
    for answer in found:
        cells = [Cell(f"{answer.task} {answer.metric}")]
        for name in systems:
            row = answer.rows.get(name)
            mark = "leader" if name == answer.leader else ""
            cells.append(Cell("did not run" if row is None else _measured(row), mark))
        cells += [Cell(answer.beside.get(name, "").replace("0.", ".")) for name in more]
        rows.append([*cells, Cell(answer.says)])
    return Table.of(("task", *systems, *more, "what that says"), rows, range(1, len(systems) + len(more) + 1))


def _measured(row: Row) -> str:
    ends = "" if row["low"] is None else f" [{short(row['low'])}, {short(row['high'])}]"
    return f"{short(row['value'])}{ends}"


def title(report: Report) -> str:
    """What was scored, and which systems."""
    systems = [about["name"] for about in report.systems]
    shown_systems = ", ".join(systems) if len(systems) <= NAMED else f"{len(systems)} systems"
    return f"{report.dataset['name'] or 'Report'}: {shown_systems}"


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
        if row["slice"] is None and row["primary"]
    ]
    return Table.of(("system", "metric", "signature"), rows)
