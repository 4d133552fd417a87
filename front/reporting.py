"""Reports on their way to a reader: one of the formats as text, and all that `eval --out` leaves in a folder."""

import json
import os
from pathlib import Path

from allegedly.eval import examples, formats, pages, plots
from allegedly.eval.report import Report

#: What lies beside report.json after `eval --out`.
PAGE, SUMMARY, JUNIT = "report.html", "report.md", "junit.xml"


def written(report: Report, form: str, path: Path) -> str:
    """A report as text. ``path``: where it was saved, for the articles of a page."""
    if form == "html":
        folder = path if path.is_dir() else path.parent
        kept = examples.of(report) if report.gold is not None else examples.read(folder)
        return pages.page(report, kept, plots.plots(report))
    if form == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n"
    return formats.FORMATS[form](report)


def save(report: Report, folder: Path) -> None:
    """Write report.json, its counts and examples, the page, Markdown and JUnit XML, in place of an earlier report's;
    Markdown goes to the step summary of a CI job too, where there is one."""
    report.save(folder)
    examples.write(report, folder)
    for name, form in ((PAGE, "html"), (SUMMARY, "md"), (JUNIT, "junit")):
        fresh = folder / f".{name}.new"
        fresh.write_text(written(report, form, folder), encoding="utf-8")
        fresh.replace(folder / name)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(formats.markdown(report))
