"""The page of a report: one HTML file that opens from disk, without a server, and reads without scripts.

Conventions: every text of articles, labels and models goes through ``escape.html``. Nothing is loaded from anywhere.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from allegedly.eval import browser
from allegedly.eval.examples import Answer, Example
from allegedly.eval.plots import Plot
from allegedly.eval.report import Report
from allegedly.eval.tasks import TASKS
from allegedly.schemas import derive
from allegedly.schemas.escape import html
from allegedly.schemas.records import LAYERS, Span

TEMPLATES = Path(__file__).parent / "templates"
#: Articles that the error browser shows of each system, those with most errors.
SHOWN = 100
#: Characters of an article's title.
LONGEST = 160
#: Systems that a title names; more are counted.
NAMED = 3


def page(report: Report, examples: Iterable[Example] = (), plots: Sequence[Plot] = ()) -> str:
    """The whole page."""
    systems = [about["name"] for about in report.systems]
    shown_systems = ", ".join(systems) if len(systems) <= NAMED else f"{len(systems)} systems"
    title = f"{report.dataset['name'] or 'Report'}: {shown_systems}"
    sections = [
        _summary(report, title),
        _gates(report),
        _numbers(report, plots),
        _slices(report),
        _browser(report, list(examples)),
        _signatures(report),
    ]
    body = "\n".join(section for section in sections if section)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # nothing may be fetched, whatever stands in the texts
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
        f'<link rel="icon" href="data:,">\n<title>{html(title)}</title>\n'
        f"<style>\n{style()}</style>\n</head>\n<body>\n{body}\n"
        f"<script>\n{_template('report.js')}</script>\n</body>\n</html>\n"
    )


def style() -> str:
    """The style sheet that all our pages share."""
    return _template("report.css")


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def shown(value: float | None) -> str:
    """A number with three digits, n/a where there is none."""
    return "n/a" if value is None else f"{value:.3f}"


def interval(row: dict[str, Any]) -> str:
    """The interval of a row, n/a where there is none."""
    return "n/a" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}"


def _rows(
    head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), marks: Sequence[str] = ()
) -> str:
    # a wide table becomes a list on a phone: each cell then says what it is
    wide = len(head) > 4

    def cells(tag: str, row: Sequence[str]) -> str:
        named = [f' data-head="{html(name)}"' if wide and tag == "td" else "" for name in head]
        return "".join(
            f"<{tag}{' class=number' if at in numbers else ''}{named[at]}>{cell}</{tag}>" for at, cell in enumerate(row)
        )

    listed = list(rows)
    kinds = marks or [""] * len(listed)
    body = "".join(
        f"<tr{f' class={kind}' if kind else ''}>{cells('td', row)}</tr>"
        for row, kind in zip(listed, kinds, strict=True)
    )
    opened = "<table class=wide>" if wide else "<table>"
    return f'<div class="scroll">{opened}<thead><tr>{cells("th", head)}</tr></thead><tbody>{body}</tbody></table></div>'


def _summary(report: Report, title: str) -> str:
    dataset = report.dataset
    facts = [
        f"{dataset['name'] or 'dataset'} {dataset['version'] or ''}, split {dataset['split']}",
        f"{len(report.articles):,} articles",
        f"gold {dataset['gold_sha256'][:16]}",
        f"allegedly {report.allegedly}",
        f"{report.resamples:,} resamples, seed {report.seed}",
    ]
    notes = "".join(f'<p class="note">{html(warning)}</p>' for warning in report.warnings)
    links = [("numbers", "Numbers"), ("slices", "Slices"), ("browser", "Errors"), ("signatures", "Signatures")]
    nav = "".join(f'<li><a href="#{name}">{said}</a></li>' for name, said in links)
    primary = [row for row in report.results if row["primary"] and row["slice"] is None]
    # systems of one task stand under each other
    primary.sort(key=lambda row: list(TASKS).index(row["task"]))
    rows = [
        (
            html(row["system"]),
            html(row["task"]),
            html(row["metric"]),
            shown(row["value"]),
            interval(row),
            f"{row['articles']:,}",
            f"{row['items']:,}",
        )
        for row in primary
    ]
    head = ("system", "task", "metric", "value", "95 % interval", "articles", "items")
    left = "".join(
        f"<li>{html(row['system'])}, {html(row['task'])}: {html(row['reason'])}: {row['count']:,}</li>"
        for row in report.left_out
    )
    left = f"<details><summary>Left out, and counted</summary><ul>{left}</ul></details>" if left else ""
    absent = "".join(
        f'<p class="quiet">{html(about["name"])} did not run: {html(", ".join(about["absent"]))}</p>'
        for about in report.systems
        if about["absent"]
    )
    return (
        f'<header><h1>{html(title)}</h1><p class="quiet">{html(" · ".join(facts))}</p></header>'
        f'<nav aria-label="Sections"><ul>{nav}</ul></nav>{notes}'
        f"<h2>Primary metrics</h2>{_rows(head, rows, (3, 4, 5, 6))}{absent}{left}"
    )


def _gates(report: Report) -> str:
    if not report.gates:
        return ""
    rows = [
        (
            f'<span class="verdict {"passed" if gate["verdict"] == "passed" else "failed"}">{html(gate["verdict"])}</span>',
            html(gate["system"]),
            html(f"{gate['task']} {gate['metric']}"),
            html("" if gate["slice"] is None else ", ".join(f"{k} = {v}" for k, v in gate["slice"].items())),
            shown(gate["value"]),
            interval(gate),
            shown(gate["half_width"]),
            html(f"{gate['limit']} {gate['allowed']:g} ({gate.get('rule') or gate.get('on') or 'value'})"),
        )
        for gate in report.gates
    ]
    head = ("verdict", "system", "metric", "slice", "value", "95 % interval", "half-width", "limit")
    return f'<section id="gates"><h2>Gates</h2>{_rows(head, rows, (4, 5, 6))}</section>'


def _numbers(report: Report, plots: Sequence[Plot]) -> str:
    parts = ['<section id="numbers"><h2>Numbers</h2>']
    parts += [_figure(plot) for plot in plots if plot.task is None]
    if not plots:
        parts.append(
            '<p class="quiet">Plots need the extra: pip install "allegedly[plots]". The tables hold all numbers.</p>'
        )
    for about in report.systems:
        for task in about["tasks"]:
            rows = [
                row
                for row in report.results
                if row["system"] == about["name"] and row["task"] == task and row["slice"] is None
            ]
            if not rows:
                continue
            cells = [(html(row["metric"]), shown(row["value"]), interval(row)) for row in rows]
            marks = ["primary" if row["primary"] else "" for row in rows]
            table = _rows(("metric", "value", "95 % interval"), cells, (1, 2), marks)
            figures = "".join(_figure(p) for p in plots if p.task == task and p.system == about["name"])
            many = f"{rows[0]['articles']:,} articles, {rows[0]['items']:,} items; {TASKS[task].gold}"
            parts.append(
                f"<details><summary>{html(task)} · {html(about['name'])}</summary>"
                f'<p class="quiet">{html(many)}; after {html(TASKS[task].paper)}</p>{figures}{table}</details>'
            )
    return "".join([*parts, "</section>"])


def _figure(plot: Plot) -> str:
    return f"<figure>{plot.svg}<figcaption>{html(plot.caption)}</figcaption></figure>"


def _slices(report: Report) -> str:
    rows = [row for row in report.results if row["slice"] is not None and row["primary"]]
    if not rows:
        return (
            '<section id="slices"><h2>Slices</h2><p class="quiet">None asked for: '
            "<code>allegedly eval --slices outlet,year</code>.</p></section>"
        )
    cells = [
        (
            html(row["system"]),
            html(f"{row['task']} {row['metric']}"),
            html(", ".join(f"{name} = {value}" for name, value in row["slice"].items())),
            shown(row["value"]),
            interval(row),
            f"{row['articles']:,}",
            f"{row['items']:,}",
        )
        for row in rows
    ]
    head = ("system", "metric", "slice", "value", "95 % interval", "articles", "items")
    return (
        '<section id="slices"><h2>Slices</h2><p class="quiet">Exploratory: many slices are looked at, worst first; '
        f"a low number in one of them may be chance.</p>{_rows(head, cells, (3, 4, 5, 6))}</section>"
    )


def _signatures(report: Report) -> str:
    rows = [
        (
            html(row["system"]),
            html(f"{row['task']} {row['metric']}"),
            f'<span class="signature">{html(row["signature"])}</span>',
        )
        for row in report.results
        if row["slice"] is None
    ]
    table = _rows(("system", "metric", "signature"), rows)
    return (
        '<section id="signatures"><h2>Signatures</h2><p class="quiet">Two numbers compare where all but the system is '
        f"equal.</p><details><summary>{len(rows):,} signatures</summary>{table}</details></section>"
    )


def _browser(report: Report, examples: Sequence[Example]) -> str:
    if not examples:
        return '<section id="browser"><h2>Errors</h2><p class="quiet">No articles are kept beside this report.</p></section>'
    layers = [layer for layer in LAYERS if any(getattr(example.gold, layer) is not None for example in examples)]
    kinds = "".join(
        f'<label><input type="checkbox" name="kind" value="{kind}"{"" if kind == "right" else " checked"}> '
        f"{browser.SAID[kind]}</label>"
        for kind in browser.KINDS
    )
    choice = "".join(
        f'<label><input type="radio" name="layer" id="layer-{layer}" value="{layer}"{" checked" if at == 0 else ""}> '
        f"{layer}</label>"
        for at, layer in enumerate(layers)
    )
    legend = "".join(
        f'<span style="border-color:var(--{name})">{name}</span>'
        for name in ("extent", "cue", "scope", "source", "content")
    )
    parts = [
        (
            '<section id="browser"><h2>Errors</h2>'
            f'<p class="legend quiet">{legend} solid: gold, dashed: predicted, thin: between the pieces of one part</p>'
            f'<div class="filter"><fieldset><legend>Layer</legend>{choice}</fieldset>'
            f'<fieldset class="needs-script" hidden><legend>Show</legend>{kinds}</fieldset>'
            '<span id="shown" class="quiet" role="status"></span>'
            '<span class="quiet needs-script" hidden>keys: j next, k back, 1 to 3 layer</span></div>'
        )
    ]
    for place, about in enumerate(report.systems):
        name = about["name"]
        found = [(example, _errors(example, example.answers[name])) for example in examples if name in example.answers]
        worst = sorted(found, key=lambda item: (-_wrong(item[1]), item[0].article.id))[:SHOWN]
        parts.append(f"<h3>{html(name)}</h3>")
        if len(found) > SHOWN:
            parts.append(f'<p class="quiet">The {SHOWN} of {len(found):,} articles with most errors.</p>')
        parts += [
            _article(example, example.answers[name], pairs, f"{example.article.id}-{place}" if place else "")
            for example, pairs in worst
        ]
    return "".join([*parts, "</section>"])


def _errors(example: Example, answer: Answer) -> list[browser.Pair]:
    return [*browser.pairs(example.gold, answer.labels), *browser.sentence_pairs(example.sentences, answer.sentences)]


def _wrong(pairs: Sequence[browser.Pair]) -> int:
    return sum(pair.kind != "right" for pair in pairs)


def _article(example: Example, answer: Answer, pairs: Sequence[browser.Pair], anchor: str = "") -> str:
    article = example.article
    title = derive.surface(article.title or article.text[:60], (Span(0, LONGEST),))
    title = f"{title}…" if len(article.title or "") > LONGEST else title
    counts = {kind: sum(pair.kind == kind for pair in pairs) for kind in browser.KINDS}
    said = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "no labels"
    layers = {layer: (example.gold, answer.labels) for layer in LAYERS if getattr(example.gold, layer) is not None}
    where = " · ".join(filter(None, (article.outlet, article.published, article.id)))
    return (
        f'<details class="article" id="{html(anchor or article.id)}"><summary>{html(title)} '
        f'<span class="counts">{html(said)}</span></summary><p class="quiet">{html(where)}</p>'
        f"{browser.layered(article.text, layers, article.blocks)}"
        f"{browser.table(article.text, pairs, article.markup)}</details>"
    )
