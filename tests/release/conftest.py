"""Small news articles as JSON Lines, and a release built from them."""

import json
from pathlib import Path

import pytest

from allegedly.builders.build import build

PLACES = ("harbour", "valley", "bridge", "school", "market", "station", "library", "river", "museum", "airport", "park")


def body(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return (
        f"The {place} reopened on day {number} after {number + 2} weeks of work. Mayor Ines Holt number {number} said the "
        f"{place} would bring {number * 7 + 3} jobs.\n\nIt may take until item {number} before all is done, she said."
    )


def write(folder: Path, count: int = 30, start: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for at in range(start, start + count):
        value = {"id": f"n{at}", "title": f"News {at}", "text": body(at), "published": "2024-05-01", "outlet": "Post"}
        (folder / f"{at:03d}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


@pytest.fixture
def news(tmp_path):
    """A folder with thirty articles, a file each."""
    return write(tmp_path / "news")


@pytest.fixture
def release(news, tmp_path):
    """A release of these, without labels."""
    build(news, tmp_path / "out", labellers="none", workers=1)
    return tmp_path / "out"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with what it holds."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
