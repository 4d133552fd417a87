"""What systems that mark spans share: from marked spans of a text to labels of the layer that a task scores.

Conventions: a span's label, mapped by the options, names a part: ``claim`` (or ``extent``), ``speculation`` (or
``cue``), ``scope``, ``source``, ``cue``, ``content``. Parts of attributions come apart, since spans alone link nothing.
"""

from collections.abc import Iterable
from typing import Any

from allegedly.eval.options import Options
from allegedly.schemas.errors import UsageError

#: Task -> layer, and from the name of a span to the part it is.
PARTS = {
    "claim-spans": ("claims", {"claim": "extent", "extent": "extent"}),
    "speculation-cues": ("speculations", {"speculation": "cue", "cue": "cue"}),
    "attribution-spans": ("attributions", {"source": "source", "cue": "cue", "content": "content"}),
}


def labels(task: str, spans: Iterable[tuple[int, int, str]], options: Options, where: str) -> dict[str, Any]:
    """A labels object. UsageError for a task that spans cannot answer, or a label that names no part of it."""
    if task not in PARTS:
        raise UsageError(f"{where}: marks spans, which answer {', '.join(PARTS)}; found task {task}")
    layer, parts = PARTS[task]
    marked: list[dict[str, list[object]]] = []
    for start, end, name in sorted(spans):
        ours = options.labels.get(name, name).lower()
        if ours not in parts:
            known = ", ".join(parts)
            raise UsageError(f"{where}: found span label {name!r}, expected one of {known}; map it in the options")
        empty: dict[str, list[object]] = {part: [] for part in parts.values()} if layer == "attributions" else {}
        marked.append({**empty, parts[ours]: [{"start": start, "end": end}]})
    return {layer: marked}
