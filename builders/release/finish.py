"""The release: the only writer of its tables, card, Croissant, ledger and manifest.

Conventions: contract, section 4. Records arrive split by split, in order of article id; what goes into the manifest
besides is gathered while they pass by.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from allegedly.builders.release import croissant
from allegedly.builders.release.card import by_rule, card
from allegedly.builders.release.exchange import Place
from allegedly.builders.release.facts import About, Facts
from allegedly.builders.release.tables import Group, Packed, Tables, groups, output, pack
from allegedly.builders.release.tally import Tally
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.workers import Failed, guarded
from allegedly.builders.watch import SILENT, Watch
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import Record, Rejected
from allegedly.schemas.stored import Manifest

#: Packages whose version decides what is read, how it is cut, and the bytes of the files.
DECIDING = (
    "pyarrow",
    "sentencex",
    "trafilatura",
    "htmldate",
    "lxml",
    "Resiliparse",
    "FastWARC",
    "py3langid",
    "pypdf",
    "rensa",
    "numpy",
)
LEARNED = ("onnxruntime", "tokenizers")
#: Packing handles records that were read within limits: these are far from what it takes.
PACKING = Limits(seconds=3600, memory=8 << 30)


def finish(
    place: Place,
    about: About,
    articles: Mapping[str, Sequence[tuple[str, int]]],
    records: Callable[[str, int, int], Iterable[Record]],
    *,
    workers: int = 1,
    ledger: Iterable[Rejected] = (),
    inputs: Iterable[Mapping[str, Any]] = (),
    leakage: Mapping[str, Any] | None = None,
    recipe_file: Path | None = None,
    watch: Watch = SILENT,
) -> Manifest:
    """Writes a whole release and exchanges it with what stands in its place.

    ``articles`` holds for each split its final ids, in order, with the bytes that their records take; ``records`` gives
    those of a split from one number to another.
    """
    folder = place.new
    ledger = sorted(ledger, key=_ledger_order)
    inputs = sorted(inputs, key=lambda value: (value["file_name"], value["sha256"] or ""))
    tables, tally = Tables(folder, place.spool), Tally()
    packed = _packed(articles, records, place.spool, workers)
    total = sum(map(len, articles.values()))
    for _ in watch.steps(_written(packed, tables, tally), total, "writing articles"):
        pass
    tables.finish()
    _write_ledger(folder / "rejected.jsonl", ledger)
    kept = _keep_recipe(place, recipe_file)
    value: dict[str, Any] = {
        "name": about.name,
        "version": about.version,
        "date": about.date,
        "allegedly": _own_version(),
        "packages": _packages(about),
        "recipe": about.recipe,
        "labellers": list(about.labellers),
        "annotators": [tally.annotators[name].to_json() for name in sorted(tally.annotators)],
        "inputs": inputs,
        "outputs": tables.outputs,
        "counts": tables.counts,
        "content_sha256": tables.content.sha256(),
        "leakage": dict(leakage or {}),
    }
    _write_pages(folder, value, about, tables, tally, ledger)
    for name in ("README.md", "croissant.json", "rejected.jsonl", *kept):
        lines = len(ledger) if name == "rejected.jsonl" else None
        value["outputs"].append(output(folder, folder / name, lines))
    value["outputs"].sort(key=lambda entry: entry["path"])
    (folder / "manifest.json").write_text(_json(value), encoding="utf-8")
    place.exchange()
    return Manifest(value)


def _packed(
    articles: Mapping[str, Sequence[tuple[str, int]]],
    records: Callable[[str, int, int], Iterable[Record]],
    folder: Path,
    workers: int,
) -> Iterator[Packed]:
    """The row groups of all splits, packed by workers, in order."""
    todo = [group for split in SPLITS for group in groups(split, articles.get(split, ()))]

    def task(group: Group, beat: Callable[[], None]) -> Packed:
        beat()
        return pack(group, records(group.split, group.start, group.stop), folder)

    if workers == 1 or len(todo) == 1:
        yield from (task(group, lambda: None) for group in todo)
        return
    for _, packed in guarded(task, todo, workers=workers, limits=PACKING):
        if isinstance(packed, Failed):
            raise RuntimeError(f"a group of articles could not be packed: {packed.rule}: {packed.reason}")
        yield packed


def _written(packed: Iterable[Packed], tables: Tables, tally: Tally) -> Iterator[None]:
    """Writes group after group; yields once for every article."""
    for one in packed:
        tables.write(one)
        tally.merge(one.tally)
        yield from [None] * (one.group.stop - one.group.start)


def _ledger_order(line: Rejected) -> tuple:
    origin = line.origin
    return (
        origin.file_name,
        -1 if origin.record is None else origin.record,
        line.stage,
        line.rule,
        line.reason,
        canonical(line.detail),
    )


def _write_ledger(path: Path, ledger: Iterable[Rejected]) -> None:
    with path.open("wb") as file:
        for line in ledger:
            text = json.dumps(line.to_json(), ensure_ascii=False, separators=(",", ":"))
            # a lone surrogate becomes its escape, which is what JSON would say anyway
            file.write(text.encode("utf-8", "backslashreplace") + b"\n")


def _keep_recipe(place: Place, recipe_file: Path | None) -> list[str]:
    """A copy of the recipe, unless one of the user's own lies there."""
    if recipe_file is None or place.own("recipe.toml"):
        return []
    (place.new / "recipe.toml").write_bytes(recipe_file.read_bytes())
    return ["recipe.toml"]


def _write_pages(folder: Path, value: dict, about: About, tables: Tables, tally: Tally, ledger: list[Rejected]) -> None:
    contents = {config: tables.content.of_config(config) for config in tables.counts}
    facts = Facts(manifest=value, about=about, contents=contents, tally=tally, rules=by_rule(ledger))
    (folder / "README.md").write_text(card(facts), encoding="utf-8", newline="\n")
    (folder / "croissant.json").write_text(_json(croissant.croissant(facts)), encoding="utf-8", newline="\n")


def _json(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _packages(about: About) -> dict[str, str]:
    learned = any(labeller["weights_sha256"] for labeller in about.labellers)
    found = {}
    for name in (*DECIDING, *(LEARNED if learned else ())):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return dict(sorted(found.items()))


def _own_version() -> str:
    try:
        return version("allegedly")
    except PackageNotFoundError as error:
        raise DataError("allegedly is not installed: `pip install .` in its repository") from error


def write(
    records: Iterable[Record | Rejected],
    out: str | Path,
    *,
    name: str,
    version: str = "0.1.0",
    date: str | None = None,
    licence: str | None = None,
    description: str | None = None,
    citation: str | None = None,
    creators: str = "found",
    recipe: Mapping[str, Any] | None = None,
    sizes: Mapping[str, int] | None = None,
    mine: Iterable[Path] = (),
    strict: bool = False,
    watch: Watch = SILENT,
) -> Manifest:
    """A release of records whose labels are settled, in any order: an importer's output.

    Their splits stand; those without one fall as in a build with the default recipe. ``sizes`` holds the bytes of
    input files by file name. DataError where there is no record.
    """
    from allegedly.builders.arrange.arrange import placed_records
    from allegedly.builders.arrange.spool import Spool

    about = About(
        name=name,
        version=version,
        date=date,
        licence=licence,
        recipe=dict(recipe or {}),
        description=description,
        citation=citation,
        creators=creators,
    )
    with Place(out, mine) as place:
        spool, entries, ledger = Spool(place.spool), [], []
        try:
            for record in watch.steps(records, None, "reading articles"):
                if isinstance(record, Rejected):
                    ledger.append(record)
                    watch.rejected(record)
                else:
                    entries.append(spool.add_record(record))
            require(len(entries), ledger, strict)
            articles, found, leakage = placed_records(entries, spool)
            return finish(
                place,
                about,
                articles,
                found,
                ledger=ledger,
                inputs=_inputs(entries, spool, ledger, sizes or {}),
                leakage=leakage,
                watch=watch,
            )
        finally:
            spool.close()


def require(articles: int, ledger: list[Rejected], strict: bool) -> None:
    """DataError where nothing is left, or where something was rejected that must not be."""
    if not articles:
        raise DataError(
            f"nothing could be built: no article, {len(ledger)} rejected"
            if ledger
            else "nothing could be built: no files"
        )
    if strict and ledger:
        raise DataError(f"{len(ledger)} rejected, and --strict takes none; {articles} articles were read")


def _inputs(entries, spool, ledger: Iterable[Rejected], sizes: Mapping[str, int]) -> list[dict[str, Any]]:
    """The manifest's entries of input files, from where articles and ledger lines say that they come from."""
    articles: Counter = Counter((entry.origin[0], entry.origin[2] or None) for entry in entries)
    rejected: Counter = Counter((line.origin.file_name, line.origin.sha256) for line in ledger)
    return [
        {
            "file_name": file_name,
            "bytes": sizes.get(file_name),
            "sha256": digest,
            "articles": articles[file_name, digest],
            "rejected": rejected[file_name, digest],
        }
        for file_name, digest in {**articles, **rejected}
    ]
