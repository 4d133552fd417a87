"""Reports on their way to a reader: one of the formats as text, and all that `eval --out` leaves in a folder."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allegedly import console
from allegedly.eval import examples, formats, pages, plots, summary
from allegedly.eval.report import FILES, JUNIT_FILE, PAGE_FILE, SUMMARY_FILE, Report, check
from allegedly.eval.report_folder import replacing
from allegedly.schemas import own_files, paths, stored
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import readable


def written(report: Report, form: str, path: Path) -> str:
    """A report as text. ``path``: where it was saved, for the articles of a page."""
    if form == "html":
        folder = path if path.is_dir() else path.parent
        kept = examples.of(report) if report.gold is not None else examples.read(folder)
        return pages.page(report, kept, plots.plots(report))
    if form == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n"
    return formats.FORMATS[form](report)


@contextmanager
def counts_of(*reports: str | Path) -> Iterator[None]:
    """UsageError where the counts of saved reports, which others may have written, do not fit what they are counts of."""
    try:
        yield
    except (ValueError, IndexError, OverflowError) as error:
        where = " and ".join(map(readable, reports))
        raise UsageError(
            f"{where}: counts that fit neither their metrics nor each other ({error}); score again: `eval --out` writes them"
        ) from error


def save(report: Report, folder: Path) -> None:
    """Write report.json, its counts and examples, the page, Markdown and JUnit XML, in place of an earlier report, in one
    step. UsageError and DataError as ``Report.save``."""
    check(folder)
    with replacing(folder, FILES) as new:
        report.write(new, folder)
        for name, form in ((PAGE_FILE, "html"), (SUMMARY_FILE, "md"), (JUNIT_FILE, "junit")):
            (new / name).write_bytes(encoded(written(report, form, new)))


def as_json(value: object) -> str:
    """A value as the text of a JSON file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def write(text: str, path: Path) -> None:
    """A text into a file that the user named, whole or not at all; into what stands there if that is a pipe or a device.
    Says so where a file is replaced."""
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise UsageError(f"--out {readable(path)}: is a folder; name a file")
        with paths.written(path):
            path.write_bytes(encoded(text))
        return
    spare_release(path)
    there = os.path.lexists(path)
    # of a link only the link is replaced
    if there and not path.is_symlink() and not _alike(path, text):
        raise UsageError(
            f"--out {readable(path)}: holds something of another kind, which would be replaced; remove it, or name another "
            "file. It is as it was"
        )
    with paths.written(path):
        own_files.write(path, encoded(text))
    console.say(f"{readable(path)}: {'replaced' if there else 'written'}")


def _alike(path: Path, text: str) -> bool:
    """Whether a file is of the kind of a text that is to replace it: a page, JSON, or words. An empty one is of any kind."""

    def kind(opening: str) -> str:
        first = opening.lstrip("\ufeff \t\r\n")[:1]
        return "<" if first == "<" else "{" if first in ("{", "[") else "" if not first else "words"

    with path.open("rb") as file:
        former = kind(file.read(1024).decode("utf-8", "replace"))
    return not former or former == kind(text[:1024])


def spare_release(path: Path) -> None:
    """UsageError where the file is one that a release is made of: a page in its place would leave no release."""
    folder = stored.release_of(path)
    if folder is not None:
        raise UsageError(
            f"--out {readable(path)}: is part of the release in {readable(folder)}, which would be none without it; "
            "name another file"
        )


def encoded(text: str) -> bytes:
    """UTF-8, lone surrogates as their numbers."""
    return text.encode("utf-8", "backslashreplace")


def summarise(report: Report) -> None:
    """Add the Markdown to the step summary of a CI job, where there is one; that it cannot be written is said."""
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    if page:
        try:
            with Path(page).open("ab") as file:
                file.write(encoded(summary.markdown(report)))
        except OSError as error:
            console.say(f"warning: the step summary {readable(page)} was not written: {error.strerror or error}")
