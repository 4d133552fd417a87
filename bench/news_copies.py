"""The articles of dataset/news in somebody's own copies of the corpora.

Conventions: ``selection.tsv`` names each article as ``<corpus>/<path>``: of bbc-raw the topic and the file, of the pages the
file; files of PolNeAR bear words of their titles, so they go by outlet, date and the first eight hex digits of the SHA-256
of their own name. Copies are looked for anywhere below a folder; of several the one below a folder of the corpus's name,
then the largest.
"""

import csv
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

NEWS = Path(__file__).parent.parent / "dataset" / "news"
#: Where each corpus is had, and on what terms.
CORPORA = {
    "bbc-raw": "BBC news articles, Greene and Cunningham 2006, raw text files (bbc-fulltext.zip): "
    "http://mlg.ucd.ie/datasets/bbc.html, for research",
    "html-trafilatura": "pages of trafilatura's evaluation (tests/cache, tests/eval): https://github.com/adbar/trafilatura, "
    "Apache-2.0; the pages themselves are their outlets'",
    "html-newspaper4k": "pages of newspaper4k's tests (tests/data/html): https://github.com/AndyTheFactory/newspaper4k, "
    "MIT; the pages themselves are their outlets'",
    "polnear": "PolNeAR 1.0.0, Newell, Margolin and Ruths 2018, its training part: https://github.com/networkdynamics/PolNeAR, "
    "no licence stated",
}
SUFFIXES = (".txt", ".html", ".htm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of ``selection.tsv``; ``words`` counts what stands between white space, ``passes`` how often it was read."""

    file_name: str
    corpus: str
    split: str
    outlet: str
    words: int
    text_sha256: str
    passes: int


def selection(path: Path = NEWS / "selection.tsv") -> list[Row]:
    """The articles of the set."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return [Row(**{**row, "words": int(row["words"]), "passes": int(row["passes"])}) for row in rows]


def public_name(corpus: str, path: PurePosixPath) -> str:
    """The name of a file of a corpus in the selection."""
    if corpus == "bbc-raw":
        return f"{corpus}/{path.parent.name}/{path.name}"
    if corpus == "polnear":
        outlet, day = path.name.split("_")[:2] if path.name.count("_") > 1 else ("", "")
        return f"{corpus}/{outlet}_{day}_{hashlib.sha256(path.name.encode()).hexdigest()[:8]}.txt"
    return f"{corpus}/{path.name}"


def found(folder: Path, rows: Sequence[Row]) -> dict[str, Path]:
    """The copy of each article that the folder has, by the name in the selection."""
    wanted = {row.file_name for row in rows}
    best: dict[str, tuple[tuple[bool, int, str], Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        inner = PurePosixPath(path.relative_to(folder).as_posix())
        for corpus in CORPORA:
            name = public_name(corpus, inner if len(inner.parts) > 1 else PurePosixPath(path.absolute().as_posix()))
            if name in wanted:
                rank = (corpus not in (*inner.parts, folder.resolve().name), -path.stat().st_size, inner.as_posix())
                if name not in best or rank < best[name][0]:
                    best[name] = (rank, path)
    return {name: path for name, (_, path) in sorted(best.items())}


def laid_out(copies: Mapping[str, Path], out: Path) -> list[Path]:
    """Copies under their names in the selection, in a folder that is made anew; gives the folders of the corpora."""
    shutil.rmtree(out, ignore_errors=True)
    for corpus in CORPORA:
        (out / corpus).mkdir(parents=True)
    for name, path in copies.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, out / name)
    return [out / corpus for corpus in CORPORA]


def where_to_get() -> str:
    """What to get from where, a corpus a line."""
    return "\n".join(f"  {corpus}: {told}" for corpus, told in CORPORA.items())
