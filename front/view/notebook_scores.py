"""What a notebook shows of a report and of a comparison: who leads, in words, and the table that says by how much.

Conventions: those of ``notebook``. The words of a report are those of its page, from the same tests.
"""

from pathlib import Path

from allegedly.eval import pages, verdict
from allegedly.eval.compare import Comparison, Pair
from allegedly.eval.report import Report
from allegedly.eval.rows import named
from allegedly.eval.verdict import short
from allegedly.render.pages import render
from allegedly.render.tables import Table
from allegedly.schemas.drawn import Drawn

TEMPLATES = Path(__file__).parent / "templates"
#: Systems whose pairs are tested while somebody waits.
TESTED = 4


def drawn(value: Drawn) -> str | None:
    """What stands inside the frame; None for what was not scored."""
    match value:
        case Report():
            return _report(value)
        case Comparison():
            return _comparison(value)
    return None


def _report(report: Report) -> str:
    summary, answers = pages.answer(report, most=TESTED)
    return render(
        TEMPLATES,
        "notebook_scores.html",
        title=pages.title(report),
        facts=pages.facts(report),
        whose_gold=report.whose_gold,
        summary=summary,
        answers=answers,
        warnings=report.warnings,
    )


def _comparison(comparison: Comparison) -> str:
    head = ("task", "a", "b", "value of a", "value of b", "b minus a", "95 % interval", "p", "what that says")
    return render(
        TEMPLATES,
        "notebook_scores.html",
        title=f"{named(comparison.dataset)}, split {comparison.dataset['split']}",
        facts=["p by approximate randomisation, corrected after Holm", "interval by the paired bootstrap of groups"],
        whose_gold=comparison.whose_gold,
        summary=[],
        answers=Table.of(head, map(_pair, comparison.rows), range(3, 8)),
        warnings=comparison.warnings,
    )


def _pair(pair: Pair) -> tuple[str, ...]:
    ends = "n/a" if pair.low is None or pair.high is None else f"{short(pair.low)} to {short(pair.high)}"
    numbers = (short(number) for number in (pair.value_a, pair.value_b, pair.difference))
    return f"{pair.task} {pair.metric}", pair.a, pair.b, *numbers, ends, verdict.chance(pair.p_holm), verdict.told(pair)
