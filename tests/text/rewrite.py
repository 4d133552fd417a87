"""Rewrites what the text reader is expected to give: ``python tests/text/rewrite.py``. Read the difference before you commit it."""

import json
from pathlib import Path

from allegedly.builders.readers import text
from allegedly.schemas.records import Origin

GOLDEN = Path(__file__).parent.parent / "golden" / "readers" / "text"
FIELDS = "title subtitle authors outlet published original url section series themes regions licence language"


def found(case: Path) -> dict:
    """What the reader makes of a case: metadata, blocks, sentences and markup with their words."""
    path = next(case.glob("input.*"))
    kind = "text/markdown" if path.suffix == ".md" else "text/plain"
    (article,) = text.read(path.read_bytes(), Origin(file_name=path.name, media_type=kind))
    value, words = article.to_json(), article.text
    return {
        "metadata": {name: value[name] for name in FIELDS.split() if value[name]},
        "blocks": [[block.kind, words[block.start : block.end]] for block in article.blocks],
        "sentences": [words[start:end] for start, end in article.sentences],
        "markup": [words[start:end] for start, end in article.markup],
    }


if __name__ == "__main__":
    for case in sorted(GOLDEN.iterdir()):
        expected = json.dumps(found(case), indent=1, ensure_ascii=False) + "\n"
        (case / "expected.json").write_text(expected, encoding="utf-8")
