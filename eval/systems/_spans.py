"""What systems that mark spans share: from marked spans of a text to labels of the layer that a task scores.

Conventions: a span's label, mapped by the options, names a part: ``claim`` (or ``extent``), ``speculation`` (or
``cue``), ``scope``, ``source``, ``cue``, ``content``. Parts of attributions come apart, since spans alone link nothing.
Where articles are labelled (the task ``labels``) ``cue`` is that of an attribution, and names that are not ours mark nothing.
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
#: From the name of a span to its layer and part, where all layers are asked for.
ALL = {
    **{name: ("claims", part) for name, part in PARTS["claim-spans"][1].items()},
    "speculation": ("speculations", "cue"),
    **{name: ("attributions", part) for name, part in PARTS["attribution-spans"][1].items()},
}


def layers(names: Iterable[str], options: Options, where: str) -> tuple[str, ...]:
    """The layers that a model with spans of these names covers. UsageError where none of the names is ours."""
    names = sorted(set(names))
    covered = {ALL[ours][0] for name in names if (ours := _ours(name, options)) in ALL}
    if not covered:
        found = ", ".join(names[:20]) or "none"
        raise UsageError(
            f"{where}: labels need a model that marks spans with names of ours ({', '.join(ALL)}), or with names that "
            f'the options map to them (labels = {{ HEDGE = "speculation" }}); found {found}'
        )
    return tuple(sorted(covered))


def _ours(name: str, options: Options) -> str:
    return options.labels.get(name, name).lower()


def _of_all_layers(spans: Iterable[tuple[int, int, str]], options: Options) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for start, end, name in sorted(spans):
        if (ours := _ours(name, options)) in ALL:
            layer, part = ALL[ours]
            empty: dict[str, list[object]] = {"source": [], "cue": [], "content": []} if layer == "attributions" else {}
            out.setdefault(layer, []).append({**empty, part: [{"start": start, "end": end}]})
    return out


def labels(task: str, spans: Iterable[tuple[int, int, str]], options: Options, where: str) -> dict[str, Any]:
    """A labels object. UsageError for a task that spans cannot answer, or a label that names no part of it."""
    if task == "labels":
        return _of_all_layers(spans, options)
    if task not in PARTS:
        raise UsageError(f"{where}: marks spans, which answer {', '.join(PARTS)}; found task {task}")
    layer, parts = PARTS[task]
    marked: list[dict[str, list[object]]] = []
    for start, end, name in sorted(spans):
        ours = _ours(name, options)
        if ours not in parts:
            known = ", ".join(parts)
            raise UsageError(f"{where}: found span label {name!r}, expected one of {known}; map it in the options")
        empty: dict[str, list[object]] = {part: [] for part in parts.values()} if layer == "attributions" else {}
        marked.append({**empty, parts[ours]: [{"start": start, "end": end}]})
    return {layer: marked}
