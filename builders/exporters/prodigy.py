"""Prodigy: lines with tokens, and the labels that win as spans and relations, and how to go on.

Conventions: offsets are code points, and every span begins and ends with a token: tokens are runs of letters and digits, single
signs, and white space but for a single space, cut where a span begins or ends inside. A span is one span of one part; several
pieces are joined by the relation ``continues``, parts of a label by ``part-of``, links run from label (the head) to attribution
(the child) (`builders.annotations.regions`). Attributes travel in the line, and come home with the labels that they went out with.
Source: Prodigy's documentation, "Annotation interfaces", ``spans_manual`` and ``relations``.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from allegedly.builders.annotations import items, regions
from allegedly.builders.annotations.regions import Region
from allegedly.builders.annotations.units import CODE_POINTS
from allegedly.builders.exporters._tools import OPTIONS, losses, offered, put
from allegedly.schemas.records import Json, Record

PATH = "folder"
README = """# Labels for Prodigy

1. Start it on `items.jsonl`, which imports it too (`labels.txt` holds the names of the spans):

   ```
   prodigy spans.manual allegedly blank:xx items.jsonl --label labels.txt
   ```

2. Accept each text whose labels are right. Write out what you did:

   ```
   prodigy db-out allegedly > answers.jsonl
   ```

3. Bring the labels home:

   ```
   allegedly import prodigy answers.jsonl --against RELEASE --by NAME --out annotations/
   ```

- Only accepted texts are taken; rejected and ignored ones are not.
- Offsets are counted in code points; spans begin and end with tokens.
- `spans.manual` shows spans that lie in one another and no relations: those of the suggestions come home as they went out, a new
  span is a label of its own. `prodigy rel.manual` shows relations, and no spans that overlap.
- Attributes (kind, worth, certainty ...) are not shown. They come home with the labels that had them; a new label has none.
- Where several people labelled, `--option annotator=...` chooses one, by `_annotator_id`.
"""
_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


def write(records: Iterable[Record], path: Path, *, layers: str | None = None) -> None:
    """``items.jsonl``, ``labels.txt`` and ``README.md``."""
    wanted = offered(layers)
    put(path / "items.jsonl", (json.dumps(_line(record, wanted), allow_nan=False) for record in records))
    put(path / "labels.txt", regions.names(wanted))
    put(path / "README.md", [README])


def _line(record: Record, layers: Sequence[str]) -> Json:
    out = items.outgoing(record, layers, CODE_POINTS, attributes=True)
    text = record.article.text
    tokens = list(_tokens(text, out.marked.regions))
    starts, ends = [token["start"] for token in tokens], [token["end"] for token in tokens]
    spans = {}
    for region in out.marked.regions:
        spans[region.id] = {
            "start": region.start,
            "end": region.end,
            "token_start": bisect_right(starts, region.start) - 1,
            "token_end": bisect_left(ends, region.end),
            "label": region.name,
            "id": region.id,
            "label_id": region.label,
        }
    relations = [
        {
            "head": spans[start]["token_end"],
            "child": spans[end]["token_end"],
            "head_span": spans[start],
            "child_span": spans[end],
            "label": name,
        }
        for name, start, end in out.marked.relations
    ]
    return {
        "text": text,
        "tokens": tokens,
        "spans": [{**span, "text": text[span["start"] : span["end"]]} for span in spans.values()],
        "relations": relations,
        "meta": {"article": record.article.id},
        "allegedly": out.item,
    }


def _tokens(text: str, marked: Iterable[Region]) -> Iterator[Json]:
    """Tokens with their offsets, numbers, and whether a single space follows."""
    edges = sorted({at for region in marked for at in (region.start, region.end)})
    pieces: list[tuple[int, int]] = []
    for match in _TOKENS.finditer(text):
        inside = edges[bisect_right(edges, match.start()) : bisect_left(edges, match.end())]
        bounds = [match.start(), *inside, match.end()]
        pieces += pairwise(bounds)
    kept = [
        (start, end)
        for start, end in pieces
        if text[start:end] != " " or start == 0 or start in edges or end in edges or text[start - 1].isspace()
    ]
    for number, (start, end) in enumerate(kept):
        behind = kept[number + 1][0] if number + 1 < len(kept) else len(text)
        yield {"text": text[start:end], "start": start, "end": end, "id": number, "ws": behind > end}


__all__ = ["OPTIONS", "PATH", "losses", "write"]
