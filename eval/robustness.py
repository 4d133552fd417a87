"""Robustness: the same metrics on articles before and after an edit, and a table of what moved.

Conventions: for each kind of edit only the articles that it changed are compared, before and after, in pairs: the
difference is after minus before, its interval the paired bootstrap's over the groups of these articles. A system that holds answers
for given texts (``file:``) cannot take part: the edited texts are new.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from allegedly.eval import bootstrap, edits, evaluate, paired_tests, schemes
from allegedly.eval.counts import Key
from allegedly.eval.evaluate import Run
from allegedly.eval.gold import Gold, view
from allegedly.eval.report import Report
from allegedly.eval.resamples import by_group, numbered
from allegedly.eval.rows import Dataset, number
from allegedly.eval.task_metrics import family_of
from allegedly.eval.tasks import TASKS, find
from allegedly.schemas import plugins
from allegedly.schemas.errors import UsageError
from allegedly.schemas.escape import markdown

if TYPE_CHECKING:
    from pandas import DataFrame

KINDS = tuple(edits.KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One number before and after an edit: ``difference`` is after minus before; None is n/a. ``edits`` counts the
    single edits in the articles that changed."""

    system: str
    edit: str
    task: str
    metric: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    articles: int
    groups: int
    edits: int

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return asdict(self)


@dataclass
class Robustness:
    """What moved: one row for each system, kind of edit and task, by its primary metric."""

    dataset: Dataset
    seed: int
    resamples: int
    rows: list[Moved] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    whose_gold: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON; n/a is null."""
        return {
            "dataset": self.dataset,
            "gold": self.whose_gold,
            "warnings": self.warnings,
            "seed": self.seed,
            "resamples": self.resamples,
            "rows": [row.to_json() for row in self.rows],
            "unchanged": self.unchanged,
        }

    def to_pandas(self) -> "DataFrame":
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame([row.to_json() for row in self.rows])


def robustness(
    gold: Gold,
    runs: Sequence[Run],
    *,
    kinds: Sequence[str] | None = None,
    tasks: Sequence[str] | None = None,
    missing: str = "error",
    resamples: int = 10_000,
    seed: int = 0,
    allow_circular: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Robustness:
    """Score systems on articles as they are and as edits leave them. UsageError for an unknown kind of edit or task, and
    for a system that cannot answer new texts."""
    for name in kinds or ():
        if name not in edits.KINDS:
            raise UsageError(plugins.unknown("edit", name, list(KINDS)))
    for run in runs:
        spec = run.about.get("spec")
        if isinstance(spec, str) and ":" in spec and schemes.parted(spec)[0].fixed:
            raise UsageError(f"{run.name}: holds answers for the articles as they are; edited articles need a system")

    def scored(here: Gold) -> Report:
        return evaluate.evaluate(here, runs, tasks=tasks, missing=missing, resamples=0, allow_circular=allow_circular)

    progress("articles as they are")
    before = scored(gold)
    out = Robustness(
        dataset=before.dataset,
        seed=seed,
        resamples=resamples,
        whose_gold=before.whose_gold,
        warnings=before.warnings,
    )
    for kind in kinds or KINDS:
        progress(kind)
        articles = [edits.edited(record, kind, seed) for record in gold.records]
        changed = [article for article in articles if article.edits]
        if not changed:
            out.unchanged.append(kind)
            continue
        after = scored(view((article.record for article in changed), split=gold.split, dataset=gold.dataset))
        count = sum(len(article.edits) for article in changed)
        groups = len(set(after.groups))
        if groups < bootstrap.FEW and resamples:
            out.warnings.append(f"{kind}: {bootstrap.too_few(groups, len(changed))}")
        for about in after.systems:
            out.rows += [
                _row(before, after, about["name"], kind, task, count, resamples, seed) for task in about["tasks"]
            ]
    return out


def _row(
    before: Report, after: Report, system: str, kind: str, task: str, count: int, resamples: int, seed: int
) -> Moved:
    """One number before and after, on the articles that changed."""
    family, measure = family_of(find(task), TASKS[task].primary)
    key = Key(system, task, family.measures[0].name)
    ids = after.counts[key].articles
    groups = numbered([after.group_of[article] for article in ids])
    new, old = (by_group(report.counts[key].of(ids), groups) for report in (after, before))
    difference = paired_tests.difference(family, measure, new, old, len(new), resamples, seed)
    return Moved(
        system=system,
        edit=kind,
        task=task,
        metric=measure.name,
        before=number(bootstrap.point(family, old)[measure.name]),
        after=number(bootstrap.point(family, new)[measure.name]),
        difference=number(difference.value),
        low=number(difference.low),
        high=number(difference.high),
        articles=len(ids),
        groups=len(new),
        edits=count,
    )


HEAD = (
    "system",
    "edit",
    "task",
    "metric",
    "before",
    "after",
    "difference",
    "95 % interval",
    "articles",
    "groups",
    "edits",
)


def cells(row: Moved) -> tuple[str, ...]:
    """A row as it is printed; a star where the interval lies on one side of 0."""
    interval = "n/a"
    if row.low is not None and row.high is not None:
        interval = f"{row.low:+.4f} to {row.high:+.4f}{'' if row.low <= 0 <= row.high else ' *'}"
    numbers = ("n/a" if value is None else f"{value:.4f}" for value in (row.before, row.after))
    difference = "n/a" if row.difference is None else f"{row.difference:+.4f}"
    names = (row.system, row.edit, row.task, row.metric)
    return (*names, *numbers, difference, interval, f"{row.articles:,}", f"{row.groups:,}", f"{row.edits:,}")


NOTE = "* the interval lies on one side of 0. Differences are after minus before, on the articles that changed."


def as_markdown(result: Robustness) -> str:
    """The table as Markdown."""
    lines = [*(markdown(line) for line in result.whose_gold), *(f"> {markdown(w)}" for w in result.warnings), ""]
    lines += [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    lines += [f"| {' | '.join(map(markdown, cells(row)))} |" for row in result.rows]
    if result.unchanged:
        lines += ["", f"No article gave an edit of these kinds a place: {', '.join(result.unchanged)}."]
    return "\n".join([*lines, "", markdown(NOTE), ""])
