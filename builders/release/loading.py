"""A release as `datasets` prepares it: rows of the tables that the manifest lists, from the handles that were hashed.

Conventions: what was prepared is kept in the cache of `datasets` under the hashes of all tables of the config, so that
no altered release gets the rows of another one. With streaming a table is hashed when its first row is taken. Where names
are asked for, each column of class numbers has one behind it with their names, null where the number is.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import datasets

from allegedly.schemas.arrow import SPLITS, STRING, Feature, arrow_schema, class_names, feature_dicts
from allegedly.schemas.errors import DataError
from allegedly.schemas.stored import Release


class CheckedRelease(datasets.ArrowBasedBuilder):
    """One config of a release."""

    BUILDER_CONFIG_CLASS = datasets.BuilderConfig

    def __init__(self, release: Release, config_name: str, names: bool = False) -> None:
        self.release = release
        self.names = names
        tables = [output for split in SPLITS for output in release.tables(config_name, split)]
        known = "\n".join([f"{output['path']} {output['sha256']}" for output in tables] + ["names"] * names)
        super().__init__(
            dataset_name="allegedly",
            config_name=config_name,
            version=release.manifest.version,
            hash=hashlib.sha256(known.encode()).hexdigest()[:32],
        )

    def _info(self) -> Any:
        columns = feature_dicts(self.config.name)
        return datasets.DatasetInfo(features=datasets.Features.from_dict(_named(columns) if self.names else columns))

    def _split_generators(self, _: object) -> list[Any]:
        counts = self.release.manifest.counts[self.config.name]
        return [
            datasets.SplitGenerator(name=split, gen_kwargs={"tables": self.release.tables(self.config.name, split)})
            for split in SPLITS
            if counts[split]
        ]

    def _generate_tables(self, tables: list[Any]) -> Iterator[tuple[Any, Any]]:
        import pyarrow as pa

        schema = arrow_schema(self.config.name)
        for number, output in enumerate(tables):
            # each process that streams has a handle, and an allowance, of its own
            release = Release(self.release.folder, self.release.manifest)
            rows = 0
            for part, batch in enumerate(release.batches(output)):
                rows += len(batch)
                plain = pa.Table.from_batches([batch], schema=schema)
                yield (number, part), self._with_names(plain, output["path"]) if self.names else plain
            if rows != output["rows"]:
                file = release.folder / output["path"]
                raise DataError(
                    f"{file}: {rows} rows, but manifest.json says {output['rows']}; fetch the release again"
                )

    def _with_names(self, table: Any, path: str) -> Any:
        """A table with the columns of names. DataError for a number that is of no class."""
        import pyarrow as pa

        columns = {}
        for column, feature in feature_dicts(self.config.name).items():
            columns[column] = table[column]
            if feature.get("_type") == "ClassLabel":
                names = pa.array(class_names(self.config.name, column), pa.string())
                try:
                    columns[f"{column}_name"] = names.take(table[column].combine_chunks())
                except IndexError:
                    raise DataError(
                        f"{self.release.folder / path}: {column}: a number that is of no class, expected 0 to "
                        f"{len(names) - 1}; `allegedly validate {self.release.folder}` says where"
                    ) from None
        return pa.table(columns)


def _named(columns: dict[str, Feature]) -> dict[str, Feature]:
    """Columns, and behind each of class numbers one for their names."""
    out: dict[str, Feature] = {}
    for column, feature in columns.items():
        out[column] = feature
        if feature.get("_type") == "ClassLabel":
            out[f"{column}_name"] = STRING
    return out
