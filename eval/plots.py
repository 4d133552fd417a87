"""Plots of a report as SVG, from the counts that lie beside the numbers.

Conventions: the same report gives the same bytes; text stays text.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.counts import Key
from allegedly.eval.metric import SCALE
from allegedly.eval.metrics.calibration import BINS
from allegedly.eval.report import Report
from allegedly.eval.svg import COLOURS, TICKS, Drawing, Square
from allegedly.eval.tasks import TASKS
from allegedly.schemas.escape import plain

#: Characters of a name beside a plot, and about how many pixels each takes.
LONGEST, WIDE = 44, 6.6
#: Pixels of a row of the forest and of a cell of a confusion.
ROW, CELL = 20, 64


class Plot(NamedTuple):
    """A figure with the words under it; ``system`` is None where it shows all of them."""

    kind: str
    task: str | None
    system: str | None
    caption: str
    svg: str


def plots(report: Report) -> list[Plot]:
    """All plots of a report."""
    return [*_forest(report), *_by_system(report)]


def _short(text: str) -> str:
    text = plain(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _forest(report: Report) -> Iterator[Plot]:
    rows = [row for row in report.results if row["primary"] and row["slice"] is None and row["value"] is not None]
    if not rows:
        return
    systems = [about["name"] for about in report.systems]
    order = sorted(rows, key=lambda row: (list(TASKS).index(row["task"]), systems.index(row["system"])))
    names = [f"{row['task']} {row['metric']}" for row in order]
    left = WIDE * max(len(_short(name)) for name in [*names, *(systems if len(systems) > 1 else [])]) + 12
    caption = "Primary metrics with their 95 % intervals"
    drawing = Drawing(left + 420, ROW * (len(order) + len(systems) * (len(systems) > 1)) + 34, caption)
    foot = ROW * len(order) + 8
    for tick in TICKS:
        drawing.line(left + 400 * tick, 4, left + 400 * tick, foot, faint=True)
        drawing.words(left + 400 * tick, foot + 14, f"{tick:.1f}", anchor="middle", size=11)
    for place, (row, name) in enumerate(zip(order, names, strict=True)):
        y = ROW * place + 14
        colour = COLOURS[systems.index(row["system"]) % len(COLOURS)]
        if place == 0 or names[place - 1] != name:
            drawing.words(left - 8, y + 4, _short(name), anchor="end")
        if row["low"] is not None and row["high"] is not None:
            drawing.line(left + 400 * row["low"], y, left + 400 * row["high"], y, colour=colour, wide=2.5)
        drawing.dot(left + 400 * (row["value"] or 0.0), y, colour=colour)
    for place, system in enumerate(systems if len(systems) > 1 else []):
        y = foot + 18 + ROW * place + 10
        drawing.dot(left, y - 4, colour=COLOURS[place % len(COLOURS)])
        drawing.words(left + 10, y, _short(system))
    yield Plot("forest", None, None, caption, drawing.svg())


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
    classes = TASKS[key.task].classes
    square = np.asarray(total).reshape(len(classes), len(classes) + 1)
    names = [*classes, "abstained"] if square[:, -1].any() else list(classes)
    square = square[:, : len(names)]
    share = square / np.maximum(square.sum(axis=1, keepdims=True), 1)
    caption = "Confusion: sentences by gold (rows) and predicted class"
    left, wide = WIDE * max(map(len, classes)) + 12, max(CELL * 1.4, WIDE * max(map(len, names)) + 10)
    drawing = Drawing(left + wide * len(names) + 4, CELL * 0.6 * len(classes) + 28, caption)
    for row, column in np.ndindex(square.shape):
        x, y = left + wide * column, CELL * 0.6 * row
        drawing.box(x, y, wide - 2, CELL * 0.6 - 2, colour=COLOURS[0], share=0.08 + 0.52 * float(share[row, column]))
        drawing.words(x + wide / 2, y + CELL * 0.3 + 4, f"{square[row, column]:,}", anchor="middle")
    for row, name in enumerate(classes):
        drawing.words(left - 8, CELL * 0.6 * (row + 0.5) + 4, name, anchor="end")
    for column, name in enumerate(names):
        drawing.words(left + wide * (column + 0.5), CELL * 0.6 * len(classes) + 16, name, anchor="middle")
    yield Plot("confusion", key.task, key.system, caption, drawing.svg())


def _reliability(key: Key, total: NDArray[np.int64]) -> Iterator[Plot]:
    bins = np.asarray(total, dtype=np.float64).reshape(BINS, 3)
    used = bins[:, 0] > 0
    if not used.any():
        return
    chance, right = bins[used, 1] / SCALE / bins[used, 0], bins[used, 2] / bins[used, 0]
    caption = "Reliability: as often right as it says on the dashed line; sentences in each bin"
    axes = Square.named(caption, "probability of the predicted class", "share right")
    points = axes.through(zip(chance.tolist(), right.tolist(), strict=True))
    axes.drawing.line(*axes.at(0, 0), *axes.at(1, 1), dashed=True)
    axes.drawing.path(points, colour=COLOURS[0])
    for (x, y), count in zip(points, bins[used, 0].tolist(), strict=True):
        axes.drawing.dot(x, y, colour=COLOURS[0])
        axes.drawing.words(x + 6, y + 14, f"{int(count):,}", size=10)
    yield Plot("reliability", key.task, key.system, caption, axes.drawing.svg())


def _curve(key: Key, rows: list[NDArray[np.int64]]) -> Iterator[Plot]:
    flat = np.concatenate([*rows, np.zeros(0, dtype=np.int64)]).reshape(-1, 2)
    if not len(flat) or flat[:, 0].min() == -2 or not flat[:, 1].any() or flat[:, 0].min() == flat[:, 0].max():
        return
    order = np.argsort(-flat[:, 0], kind="stable")
    rank, positive = flat[order, 0], flat[order, 1]
    last = np.append(np.flatnonzero(np.diff(rank)), len(rank) - 1)
    right = np.cumsum(positive)[last]
    recall, precision = (right / positive.sum()).tolist(), (right / (last + 1)).tolist()
    caption = f"Precision and recall of {key.family.partition(':')[2]} over all sentences; dashed: by chance"
    axes = Square.named(caption, "recall", "precision")
    chance = float(positive.mean())
    axes.drawing.line(*axes.at(0, chance), *axes.at(1, chance), dashed=True)
    axes.drawing.path(axes.through([(0.0, precision[0]), *zip(recall, precision, strict=True)]), colour=COLOURS[0])
    yield Plot("curve", key.task, key.system, caption, axes.drawing.svg())
