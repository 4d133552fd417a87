"""What an export keeps of a label beside what its format shows, so that the label comes home as it was.

Conventions: an object of JSON. ``article``, ``text_sha256`` and ``label`` say what it is about; ``scheme`` and ``confidence``
are the label's; ``null`` names parts and attributes that nobody annotated; ``link`` is ``unresolved`` where the label's
link is; ``parts`` holds parts that the format shows otherwise, as pairs of offsets. What the format shows, and somebody
changed, goes before what was kept.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from allegedly.schemas.derive import text_sha256
from allegedly.schemas.records import LAYERS, LINK, Article, Json, Labels, Part, Span

#: How a format shows a part.
Shown = Callable[[str, Part], Part]
_KEYS = frozenset({"article", "text_sha256", "label", "scheme", "confidence", "null", "link", "parts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Of one label; see above."""

    article: str
    text_sha256: str
    label: str
    scheme: str = ""
    confidence: float | None = None
    nulls: tuple[str, ...] = ()
    unresolved: bool = False
    parts: Mapping[str, Part] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Article, layer: str, label: Any, shown: Shown) -> "Kept":
        """What is to be kept of a label in a format that shows parts so."""
        given = {part: getattr(label, part) for part in label.SPANS}
        nulls = [part for part, spans in given.items() if spans is None]
        if layer == "attributions" and label.negated is None:
            nulls.append("negated")
        return cls(
            article=article.id,
            text_sha256=text_sha256(article.text),
            label=label.id,
            scheme=label.scheme,
            confidence=label.confidence,
            nulls=tuple(nulls),
            unresolved=getattr(label, LINK[layer]) == "unresolved",
            parts={part: spans for part, spans in given.items() if spans and shown(article.text, spans) != spans},
        )

    def to_json(self) -> Json:
        """An object with the keys that say something."""
        more = {
            "scheme": self.scheme,
            "confidence": self.confidence,
            "null": list(self.nulls),
            "link": "unresolved" if self.unresolved else None,
            "parts": {part: [list(span) for span in spans] for part, spans in self.parts.items()},
        }
        about = {"article": self.article, "text_sha256": self.text_sha256, "label": self.label}
        return {**about, **{key: value for key, value in more.items() if value not in (None, "", [], {})}}

    @classmethod
    def from_json(cls, value: Any) -> "Kept":
        """From such an object. ValueError for what is none."""
        if not isinstance(value, dict):
            raise ValueError("no JSON object")
        for key in value:
            if key not in _KEYS:
                raise ValueError(f"the key {key[:40]!r}")
        about = [value.get(key) for key in ("article", "text_sha256", "label")]
        scheme, confidence, nulls = value.get("scheme", ""), value.get("confidence"), value.get("null", [])
        if not all(isinstance(each, str) for each in [*about, scheme]):
            raise ValueError("an id, hash or scheme that is no text")
        if confidence is not None and not _is_probability(confidence):
            raise ValueError("a confidence that is not from 0 to 1")
        if not isinstance(nulls, list) or not all(isinstance(each, str) for each in nulls):
            raise ValueError("`null` without a list of names")
        return cls(
            article=value["article"],
            text_sha256=value["text_sha256"],
            label=value["label"],
            scheme=scheme,
            confidence=confidence,
            nulls=tuple(nulls),
            unresolved=value.get("link") == "unresolved",
            parts=_parts(value.get("parts", {})),
        )


def _is_probability(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and 0 <= value <= 1


def _parts(value: Any) -> dict[str, Part]:
    if not isinstance(value, dict):
        raise ValueError("`parts` without an object")
    out: dict[str, Part] = {}
    for name, pairs in value.items():
        if not isinstance(pairs, list) or not all(
            isinstance(pair, list) and len(pair) == 2 and all(type(each) is int for each in pair) for pair in pairs
        ):
            raise ValueError("`parts` without pairs of offsets")
        out[name] = tuple(Span(*pair) for pair in pairs)
    return out


def restored(labels: Labels, kept: Mapping[str, Kept], text: str, shown: Shown) -> Labels:
    """Labels as a format shows them, with what was kept of them by their ids."""
    return Labels(
        **{
            layer: None
            if getattr(labels, layer) is None
            else tuple(
                _restored(layer, label, kept[label.id], text, shown) if label.id in kept else label
                for label in getattr(labels, layer)
            )
            for layer in LAYERS
        }
    )


def _restored(layer: str, label: Any, kept: Kept, text: str, shown: Shown) -> Any:
    changes: dict[str, Any] = {"scheme": kept.scheme, "confidence": kept.confidence}
    for part in label.SPANS:
        found = getattr(label, part) or ()
        meant = kept.parts.get(part, ())
        if meant and shown(text, meant) == found:
            changes[part] = meant
        elif not found:
            changes[part] = None if part in kept.nulls and part != "extent" else ()
    if layer == "attributions" and label.negated is None and "negated" not in kept.nulls:
        changes["negated"] = False
    if getattr(label, LINK[layer]) is None and kept.unresolved:
        changes[LINK[layer]] = "unresolved"
    return replace(label, **changes)
