"""A release as `datasets` prepares it: rows of the tables that the manifest lists, from the handles that were hashed.

Conventions: what was prepared is kept in the cache of `datasets` under the hashes of all tables of the config, so that
no altered release gets the rows of another one. With streaming a table is hashed when its first row is taken.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import datasets

from allegedly.schemas.arrow import SPLITS, arrow_schema, features
from allegedly.schemas.errors import DataError
from allegedly.schemas.stored import Release


class CheckedRelease(datasets.ArrowBasedBuilder):
    """One config of a release."""

    BUILDER_CONFIG_CLASS = datasets.BuilderConfig

    def __init__(self, release: Release, config_name: str) -> None:
        self.release = release
        tables = [output for split in SPLITS for output in release.tables(config_name, split)]
        known = "\n".join(f"{output['path']} {output['sha256']}" for output in tables)
        super().__init__(
            dataset_name="allegedly",
            config_name=config_name,
            version=release.manifest.version,
            hash=hashlib.sha256(known.encode()).hexdigest()[:32],
        )

    def _info(self) -> Any:
        return datasets.DatasetInfo(features=features(self.config.name))

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
                yield (number, part), pa.Table.from_batches([batch], schema=schema)
            if rows != output["rows"]:
                file = release.folder / output["path"]
                raise DataError(
                    f"{file}: {rows} rows, but manifest.json says {output['rows']}; fetch the release again"
                )
