"""Finishing: arranged articles into a release that takes its place.

Conventions: contract, section 4. Tasks pack row groups, write tables and hash them; here are their sums, the ledger,
the card, Croissant and the manifest.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TextIO

from allegedly.builders.annotations.files import Annotation
from allegedly.builders.arrange.arrange import Arranged
from allegedly.builders.asking import Answers
from allegedly.builders.disk import on_disk
from allegedly.builders.release.card import card
from allegedly.builders.release.croissant import croissant
from allegedly.builders.release.exchange import Place
from allegedly.builders.release.facts import About, Facts
from allegedly.builders.release.inputs import InputsOnDisk
from allegedly.builders.release.ledger import Ledger
from allegedly.builders.release.packing import TALLY, Pack, Packed, RowGroup, row_groups
from allegedly.builders.release.tables import (
    FILE,
    Content,
    HashContent,
    Table,
    TableShard,
    WriteTable,
    content_hash,
    content_shards,
    table_shards,
)
from allegedly.builders.release.tally import Tally
from allegedly.builders.stages import Stages
from allegedly.builders.watch import Watch
from allegedly.schemas.arrow import CONFIGS, SPLITS
from allegedly.schemas.errors import DataError
from allegedly.schemas.hashes import file_sha256
from allegedly.schemas.manifest import Counts, Manifest, Output

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The tables of a release: their files below its folder, rows by config and split, hashes of what they say."""

    outputs: list[Output]
    counts: Counts
    contents: dict[str, dict[str, str]]
    tally: Tally


def pack(
    stages: Stages,
    arranged: Arranged,
    records: str,
    annotated: Mapping[str, list[Annotation]],
    place: Place,
    watch: Watch,
    answers: Answers | None = None,
) -> Written:
    """Packs and writes all tables. ``records`` says how records come about: see ``packing.Pack``; ``answers`` are the
    votes of systems."""
    groups = [group for split in SPLITS for group in row_groups(split, arranged.folders, annotated, answers or {})]
    total = sum(group.articles for group in groups)
    packed, tally = [], Tally()
    task = Pack(work=str(stages.folder), records=records)
    for group_packed in _by_article(stages.map("pack", task, groups, Packed), watch, total):
        packed.append(group_packed)
        value = json.loads((stages.folder / "pack" / group_packed.name / TALLY).read_text(encoding="utf-8"))
        tally.merge(Tally.from_json(value))
    files = list(table_shards(zip(groups, packed, strict=True), stages.folder / "pack"))
    tables = stages.all("tables", WriteTable(), files, Table)
    hashes = content_shards(files)
    contents: dict[str, dict[str, str]] = {config: {} for config in CONFIGS}
    for shard, content in zip(hashes, stages.all("content", HashContent(), hashes, Content), strict=True):
        contents[shard.config][shard.split] = content.sha256
    with on_disk(place.new):
        outputs = list(_placed(files, tables, stages.folder / "tables", place.new))
    return Written(
        outputs=outputs,
        counts=_counted(packed, groups),
        contents=contents,
        tally=tally,
    )


def _by_article(packed: Iterator[Packed], watch: Watch, total: int) -> Iterator[Packed]:
    """What was packed; the watch hears of every article."""
    latest: list[Packed] = []

    def articles() -> Iterator[None]:
        for group_packed in packed:
            latest.append(group_packed)
            yield from [None] * group_packed.articles

    for _ in watch.steps(articles(), total, "writing articles"):
        while latest:
            yield latest.pop(0)


def _counted(packed: list[Packed], groups: list[RowGroup]) -> Counts:
    counts: Counts = {config: dict.fromkeys(SPLITS, 0) for config in CONFIGS}
    for group, group_packed in zip(groups, packed, strict=True):
        for config, rows in group_packed.counts.items():
            counts[config][group.split] += rows
    return counts


def _placed(files: list[TableShard], tables: list[Table], stage: Path, release: Path) -> Iterator[Output]:
    """Puts the tables into the release under their names, which say how many there are."""
    numbers: dict[tuple[str, str], int] = {}
    for file in files:
        numbers[file.config, file.split] = file.number + 1
    for file, table in zip(files, tables, strict=True):
        count = numbers[file.config, file.split]
        name = f"data/{file.config}/{file.split}-{file.number:05d}-of-{count:05d}.parquet"
        target = release / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(stage / file.name / FILE, target)
        except OSError:
            # the shared folder lies on another disk
            shutil.copyfile(stage / file.name / FILE, target)
        yield Output(path=name, bytes=table.bytes, sha256=table.sha256, rows=table.rows)


def finish(
    place: Place, about: About, written: Written, ledger: Ledger, leakage: Mapping[str, Any], recipe_file: Path | None
) -> Manifest:
    """Writes what stands beside the tables and exchanges the release with what stands in its place."""
    with on_disk(place.new):
        value = _written(place, about, written, ledger, leakage, recipe_file)
        place.exchange()
    return Manifest.from_json({**value, "inputs": InputsOnDisk.of_release(place.out, len(value["inputs"]))})


def _written(
    place: Place, about: About, written: Written, ledger: Ledger, leakage: Mapping[str, Any], recipe_file: Path | None
) -> dict[str, Any]:
    """Writes what stands beside the tables; gives the manifest."""
    folder = place.new
    with (folder / "rejected.jsonl").open("wb") as file:
        file.writelines(ledger.all())
    kept = _keep_recipe(place, recipe_file)
    value: dict[str, Any] = {
        "name": about.name,
        "version": about.version,
        "date": about.date,
        "allegedly": own_version(),
        "packages": _packages(about),
        "recipe": about.recipe,
        "labellers": list(about.labellers),
        "annotators": [written.tally.annotators[name].to_json() for name in sorted(written.tally.annotators)],
        "inputs": InputsOnDisk(ledger),
        "outputs": list(written.outputs),
        "counts": written.counts,
        "content_sha256": content_hash(written.contents),
        "leakage": dict(leakage),
    }
    _write_pages(folder, value, about, written, ledger)
    for name in ("README.md", "croissant.json", "rejected.jsonl", *kept):
        lines = ledger.lines if name == "rejected.jsonl" else None
        path = folder / name
        output = Output(path=name, bytes=path.stat().st_size, sha256=file_sha256(path), rows=lines)
        value["outputs"].append(output)
    value["outputs"].sort(key=lambda entry: entry["path"])
    with (folder / "manifest.json").open("w", encoding="utf-8", newline="\n") as text:
        _write_manifest(text, value, ledger)
    return value


def _keep_recipe(place: Place, recipe_file: Path | None) -> list[str]:
    """A copy of the recipe, unless one of the user's own lies there."""
    if recipe_file is None or place.own("recipe.toml"):
        return []
    (place.new / "recipe.toml").write_bytes(recipe_file.read_bytes())
    return ["recipe.toml"]


def _write_pages(folder: Path, value: dict[str, Any], about: About, written: Written, ledger: Ledger) -> None:
    facts = Facts(
        manifest=Manifest.from_json(value),
        about=about,
        contents={config: content_hash(splits) for config, splits in written.contents.items()},
        tally=written.tally,
        rules=ledger.rules(),
    )
    (folder / "README.md").write_text(card(facts), encoding="utf-8", newline="\n")
    (folder / "croissant.json").write_text(_json(croissant(facts)) + "\n", encoding="utf-8", newline="\n")


#: Stands in the manifest's JSON for the inputs, which are written one by one.
_INPUTS = "\0inputs\0"


def _write_manifest(text: TextIO, value: dict[str, Any], ledger: Ledger) -> None:
    """The manifest as JSON; its inputs, which may be many, as they come from disk."""
    before, after = _json({**value, "inputs": _INPUTS}).split(json.dumps(_INPUTS))
    text.write(before)
    separator = "["
    for entry in ledger.inputs():
        text.write(f"{separator}\n    " + _json(entry).replace("\n", "\n    "))
        separator = ","
    text.write("[]" if separator == "[" else "\n  ]")
    text.write(after + "\n")


def _json(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _packages(about: About) -> dict[str, str]:
    versions = {}
    for name in (*DECIDING, *about.packages):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return dict(sorted(versions.items()))


def own_version() -> str:
    """The version of this package. DataError where it is not installed."""
    try:
        return version("allegedly")
    except PackageNotFoundError as error:
        raise DataError("allegedly is not installed: `pip install .` in its repository") from error


def require(articles: int, rejected: int, strict: bool) -> None:
    """DataError where nothing is left, or where something was rejected that must not be."""
    if not articles:
        raise DataError(
            f"nothing could be built: no article, {rejected} rejected"
            if rejected
            else "nothing could be built: no files"
        )
    if strict and rejected:
        raise DataError(f"{rejected} rejected, and --strict takes none; {articles} articles were read")
