"""Reports on their way to a reader: one of the formats as text, and all that `eval --out` leaves in a folder."""

import json
import os
from pathlib import Path

from allegedly.eval import examples, formats, pages, plots, summary
from allegedly.eval.report import JSON_FILE, JUNIT_FILE, MADE, PAGE_FILE, SUMMARY_FILE, Report
from allegedly.schemas.errors import UsageError


def written(report: Report, form: str, path: Path) -> str:
    """A report as text. ``path``: where it was saved, for the articles of a page."""
    if form == "html":
        folder = path if path.is_dir() else path.parent
        kept = examples.of(report) if report.gold is not None else examples.read(folder)
        return pages.page(report, kept, plots.plots(report))
    if form == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n"
    return formats.FORMATS[form](report)


def check(folder: Path) -> None:
    """UsageError where a report written there would take the place of something that is no report."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; expected one for the report, or a new name")
    if _ours(folder / JSON_FILE):
        return
    foreign = [name for name in (JSON_FILE, *MADE) if (folder / name).exists()]
    if foreign:
        raise UsageError(
            f"{folder}: {', '.join(foreign)} there belongs to no report of ours and would be replaced; "
            "expected an empty folder, one with an earlier report, or a new name"
        )


def _ours(file: Path) -> bool:
    try:
        return {"allegedly", "dataset", "results"} <= set(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return False


def save(report: Report, folder: Path) -> None:
    """Write report.json, its counts and examples, the page, Markdown and JUnit XML, in place of an earlier report."""
    report.save(folder)
    for name, form in ((PAGE_FILE, "html"), (SUMMARY_FILE, "md"), (JUNIT_FILE, "junit")):
        fresh = folder / f".{name}.new"
        fresh.write_text(written(report, form, folder), encoding="utf-8")
        fresh.replace(folder / name)


def summarise(report: Report) -> None:
    """Add the Markdown to the step summary of a CI job, where there is one."""
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    if page:
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(summary.markdown(report))
