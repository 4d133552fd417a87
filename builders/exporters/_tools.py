"""What the exporters to annotation tools share: which layers they offer, what no tool carries, how they write."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from allegedly.builders.annotations.regions import wordless
from allegedly.builders.exporters._lookup import Loss
from allegedly.schemas import plugins
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, LINK, Record

OPTIONS = {"layers": "the layers that annotators are asked for, with commas between them (default: all three)"}

#: A colour for each name, those of one layer alike.
COLOURS = {
    "claim": "#1f77b4",
    "speculation-cue": "#d62728",
    "speculation-scope": "#ff9896",
    "attribution-source": "#2ca02c",
    "attribution-cue": "#8c6d31",
    "attribution-content": "#98df8a",
    "attribution-speaker": "#bcbd22",
}


def offered(layers: str | None) -> tuple[str, ...]:
    """The layers that an option names, in our order. UsageError for one that is none."""
    if layers is None:
        return LAYERS
    names = [name.strip() for name in layers.split(",") if name.strip()]
    for name in names:
        if name not in LAYERS:
            raise UsageError(f"layers={layers}: {plugins.unknown('layer', name, list(LAYERS))}")
    if not names:
        raise UsageError(f"layers={layers}: expected one of {', '.join(LAYERS)}, or several with commas between them")
    return tuple(layer for layer in LAYERS if layer in names)


def losses(records: Iterable[Record], layers: str | None = None) -> Iterator[Loss]:
    """Labels without a single word, and links to labels that do not go out."""
    wanted = offered(layers)
    for record in records:
        attributions = (record.labels.attributions or ()) if "attributions" in wanted else ()
        there = {label.id for label in attributions if not wordless(label)}
        for layer in wanted:
            for label in getattr(record.labels, layer) or ():
                where = f"{record.article.id}:{label.id}"
                if wordless(label):
                    yield Loss("a label without any words", where)
                elif getattr(label, LINK[layer]) not in (None, "unresolved", *there):
                    yield Loss(f"a {LINK[layer]} that does not go out, and comes home as unresolved", where)


def put(path: Path, lines: Iterable[str]) -> None:
    """Lines as a file. JSON in them should be ASCII: readers of lines do not agree on which characters end one."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line if line.endswith("\n") else f"{line}\n" for line in lines)
