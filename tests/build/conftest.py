"""Sources and annotations for builds: small news articles as JSON Lines."""

import json
from pathlib import Path

import pytest

from allegedly.schemas.derive import text_sha256

PLACES = ("harbour", "valley", "bridge", "school", "market", "station", "library", "river", "museum", "airport", "park")


def body(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return (
        f"The {place} reopened on day {number} after {number + 2} weeks of work. Mayor Ines Holt number {number} said the "
        f"{place} would bring {number * 7 + 3} jobs.\n\nIt may take until item {number} before all is done, she said."
    )


def write(folder: Path, articles: list[dict], name: str = "news.jsonl") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return folder


@pytest.fixture
def news(tmp_path):
    """A folder with thirty articles in one file of JSON Lines."""
    articles = [
        {"id": f"n{at}", "title": f"News {at}", "text": body(at), "published": "2024-05-01"} for at in range(30)
    ]
    return write(tmp_path / "news", articles)


@pytest.fixture
def annotate(tmp_path):
    """``annotate(text, annotator="amy", ...)``: writes an annotation file and returns its path."""
    folder = tmp_path / "annotations"
    folder.mkdir(exist_ok=True)

    def write_one(text: str, annotator: str = "amy", name: str | None = None, kind: str = "human", **more) -> Path:
        digest = text_sha256(text)
        value = {
            "article_id": digest[:16],
            "file_name": "news/news.jsonl",
            "text_sha256": digest,
            "annotator": {"id": annotator, "kind": kind},
            "labels": {"claims": [{"extent": [{"start": 0, "end": 3}]}]},
            **more,
        }
        path = folder / f"{name or digest[:16] + '-' + annotator}.json"
        path.write_text(json.dumps({key: item for key, item in value.items() if item is not None}), encoding="utf-8")
        return path

    return write_one
