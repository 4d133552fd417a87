"""From a release out to a format and home again."""

from pathlib import Path

import pytest
from labelled_articles import plainly

from allegedly.builders.annotations.given import Articles, Given
from allegedly.builders.exporters import _lookup
from allegedly.builders.importers._lookup import annotations
from allegedly.schemas.records import Labels, Record


@pytest.fixture(scope="session")
def exported():
    """``exported(name, records, path)``: the records written by an exporter."""

    def write(name: str, records: list[Record], path: Path, **options: str) -> Path:
        exporter = _lookup.resolve(name)
        if exporter.path == "folder":
            path.mkdir(parents=True)
        exporter.write(iter(records), path, **options)
        return path

    return write


@pytest.fixture(scope="session")
def brought():
    """``brought(name, path, articles)``: labels by article id, and what was told."""

    def read(name: str, path: Path, articles) -> tuple[dict[str, Labels], list[str]]:
        items = list(annotations(name)(path, Articles.of(articles)))
        given = {item.article.id: plainly(item.labels, item.article) for item in items if isinstance(item, Given)}
        return given, [str(item) for item in items if not isinstance(item, Given)]

    return read
