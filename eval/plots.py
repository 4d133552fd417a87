"""Plots of a report as SVG, drawn by matplotlib from the counts that lie beside the numbers.

Conventions: the same report gives the same bytes; text stays text. Without matplotlib (the extra ``plots``) there are
none, and a page says so: its tables hold the same numbers.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.counts import Key
from allegedly.eval.metric import SCALE
from allegedly.eval.metrics.calibration import BINS
from allegedly.eval.report import Report
from allegedly.eval.tasks import TASKS
from allegedly.schemas.escape import plain

#: Characters of a name beside a plot.
LONGEST = 64


class Plot(NamedTuple):
    """A figure with the words under it; ``system`` is None where it shows all of them."""

    kind: str
    task: str | None
    system: str | None
    caption: str
    svg: str


def plots(report: Report) -> list[Plot]:
    """All plots of a report; none where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        return []
    settings = {
        "backend": "svg",
        "svg.fonttype": "none",
        "svg.hashsalt": "allegedly",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.dpi": 72,
    }
    with matplotlib.rc_context(settings):
        return [*_forest(report), *_by_system(report)]


def _saved(figure: Any) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    return re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)


def _plain(text: str) -> str:
    """No mathematics in names: a dollar sign stands for itself."""
    text = plain(text)
    return (text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…").replace("$", r"\$")


def _forest(report: Report) -> Iterator[Plot]:
    from matplotlib.figure import Figure

    rows = [row for row in report.results if row["primary"] and row["slice"] is None and row["value"] is not None]
    if not rows:
        return
    systems = [about["name"] for about in report.systems]
    several = len(systems) > 1
    figure = Figure(figsize=(7.5, 0.34 * len(rows) + 0.9))
    axes = figure.add_subplot()
    order = sorted(rows, key=lambda row: (list(TASKS).index(row["task"]), systems.index(row["system"])))
    for height, row in enumerate(order):
        colour = f"C{systems.index(row['system']) % 10}"
        if row["low"] is not None:
            axes.plot([row["low"], row["high"]], [height, height], color=colour, linewidth=2)
        axes.plot([row["value"]], [height], "o", color=colour)
    names = [f"{row['task']} {row['metric']}" + (f" · {row['system']}" if several else "") for row in order]
    axes.set_yticks(range(len(order)), [_plain(name) for name in names])
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.grid(axis="x", alpha=0.3)
    yield Plot("forest", None, None, "Primary metrics with their 95 % intervals", _saved(figure))


def _by_system(report: Report) -> Iterator[Plot]:
    for key, counts in report.counts.items():
        if key.slice is not None or key.task not in TASKS or not TASKS[key.task].of_sentences:
            continue
        if isinstance(counts.values, list):
            if key.family.startswith("ap:"):
                yield from _curve(key, counts.values)
        elif key.family == "ece":
            yield from _reliability(key, counts.values.sum(axis=0))
        elif TASKS[key.task].kind == "sentences" and counts.values.shape[1] == _cells(key):
            yield from _confusion(key, counts.values.sum(axis=0))


def _cells(key: Key) -> int:
    classes = len(TASKS[key.task].classes)
    return classes * (classes + 1)


def _confusion(key: Key, total: NDArray[np.int64]) -> Iterator[Plot]:
    from matplotlib.figure import Figure

    classes = TASKS[key.task].classes
    square = np.asarray(total).reshape(len(classes), len(classes) + 1)
    names = [*classes, "abstained"] if square[:, -1].any() else list(classes)
    square = square[:, : len(names)]
    figure = Figure(figsize=(1.3 * len(names) + 1.6, 0.8 * len(classes) + 1.2))
    axes = figure.add_subplot()
    share = square / np.maximum(square.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(square.shape):
        colour = "white" if share[row, column] > 0.55 else "black"
        axes.text(column, row, f"{square[row, column]:,}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel("predicted")
    axes.set_ylabel("gold")
    yield Plot("confusion", key.task, key.system, "Confusion: sentences by gold and predicted class", _saved(figure))


def _reliability(key: Key, total: NDArray[np.int64]) -> Iterator[Plot]:
    from matplotlib.figure import Figure

    bins = np.asarray(total, dtype=np.float64).reshape(BINS, 3)
    used = bins[:, 0] > 0
    if not used.any():
        return
    chance, right = bins[used, 1] / SCALE / bins[used, 0], bins[used, 2] / bins[used, 0]
    figure = Figure(figsize=(4.2, 3.6))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--")
    axes.plot(chance, right, "o-", color="C0")
    for x, y, count in zip(chance, right, bins[used, 0], strict=True):
        axes.annotate(f"{int(count):,}", (x, y), textcoords="offset points", xytext=(4, -10), fontsize=8)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("probability of the predicted class")
    axes.set_ylabel("share right")
    caption = "Reliability: as often right as it says on the dashed line; sentences in each bin"
    yield Plot("reliability", key.task, key.system, caption, _saved(figure))


def _curve(key: Key, rows: list[NDArray[np.int64]]) -> Iterator[Plot]:
    from matplotlib.figure import Figure

    flat = np.concatenate([*rows, np.zeros(0, dtype=np.int64)]).reshape(-1, 2)
    if not len(flat) or flat[:, 0].min() == -2 or not flat[:, 1].any() or flat[:, 0].min() == flat[:, 0].max():
        return
    order = np.argsort(-flat[:, 0], kind="stable")
    rank, positive = flat[order, 0], flat[order, 1]
    last = np.append(np.flatnonzero(np.diff(rank)), len(rank) - 1)
    right = np.cumsum(positive)[last]
    recall, precision = right / positive.sum(), right / (last + 1)
    figure = Figure(figsize=(4.2, 3.6))
    axes = figure.add_subplot()
    axes.step(np.concatenate(([0], recall)), np.concatenate((precision[:1], precision)), where="pre", color="C0")
    axes.axhline(positive.mean(), color="0.6", linewidth=1, linestyle="--")
    axes.set_xlim(0, 1.01)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("recall")
    axes.set_ylabel("precision")
    caption = f"Precision and recall of {key.family.partition(':')[2]} over all sentences; dashed: by chance"
    yield Plot("curve", key.task, key.system, caption, _saved(figure))
