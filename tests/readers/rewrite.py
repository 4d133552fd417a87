"""Rewrites what readers are expected to give: ``python tests/readers/rewrite.py``. Read the difference before you commit."""

import json
from pathlib import Path
from typing import Any

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Article, Rejected

GOLDEN = Path(__file__).parent.parent / "golden" / "readers"
FIELDS = "source_id title subtitle authors agencies outlet published original url section series themes regions licence language"


def cases() -> list[Path]:
    """The golden cases of all readers: ``<reader>/<case>``."""
    return sorted(case for reader in GOLDEN.iterdir() for case in reader.iterdir())


def source(case: Path) -> Path:
    """The file of a case."""
    (path,) = case.glob("input.*")
    return path


def given(case: Path) -> Any:
    """What the reader makes of a case: an article, or a list of articles and ledger lines where there are several."""
    path = source(case)
    values = [_shown(value) for value in _reading.parsed(path.read_bytes(), path.name)]
    return values[0] if len(values) == 1 else values


def _shown(value: Article | Rejected) -> dict[str, Any]:
    """An article's metadata, blocks, sentences and markup with their words; of a ledger line rule and reason."""
    if isinstance(value, Rejected):
        return {"rejected": [value.rule, value.reason]}
    content, words = value.to_json(), value.text
    return {
        "metadata": {name: content[name] for name in FIELDS.split() if content[name]},
        "blocks": [[block.kind, words[block.start : block.end]] for block in value.blocks],
        "sentences": [words[start:end] for start, end in value.sentences],
        "markup": [words[start:end] for start, end in value.markup],
    }


if __name__ == "__main__":
    for case in cases():
        expected = json.dumps(given(case), indent=1, ensure_ascii=False) + "\n"
        (case / "expected.json").write_text(expected, encoding="utf-8")
