"""Front matter: the metadata between two lines of dashes (YAML) or plus signs (TOML) at the top of a text.

Conventions: only what front matter of articles holds is read: keys with words, quoted words and lists. What is
more deeply nested is left alone.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allegedly.builders.readers import _values
from allegedly.builders.readers._line_keys import KEYS, listed
from allegedly.builders.readers._line_people import people
from allegedly.builders.text import dates
from allegedly.schemas.records import Span

LONGEST = 20_000
_YAML = re.compile(r"\s*(---[ \t]*(?:\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)(?:---|\.\.\.)[ \t]*)(?=\r|\n|$)", re.S)
_TOML = re.compile(r"\s*(\+\+\+[ \t]*(?:\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)\+\+\+[ \t]*)(?=\r|\n|$)", re.S)
_PAIR = re.compile(r"([A-Za-z][\w -]*?)\s*:(?:\s+(.*))?$")
#: Keys of lines that are others in front matter.
_BODIES = frozenset(("text", "from", "id", "words", "story", "head", "texte", "texto", "testo", "tekst"))
_KEYS = {
    **{key: name for key, name in KEYS.items() if key not in _BODIES},
    **dict.fromkeys(("pub_date", "publishdate", "date_published", "published_at", "created"), "published"),
    **dict.fromkeys(("publication_name", "site_name", "source_name"), "outlet"),
    "canonical_url": "url",
    "source_url": "url",
    "original_url": "original_url",
    "original_outlet": "original",
    "original_source": "original",
    "id": "source_id",
}
_LISTS = ("authors", "themes", "regions")


@dataclass(frozen=True, slots=True)
class Front:
    """Where front matter stands, and what it tells."""

    span: Span
    tells: dict[str, Any]


def matter(text: str) -> Front | None:
    """The front matter of a text; None where it has none."""
    head = text[:LONGEST]
    for form, read in ((_YAML, yaml), (_TOML, toml)):
        block = form.match(head)
        pairs = read(block[2]) if block else {}
        if block and pairs:
            return Front(Span(block.start(1), block.end(1)), fields(pairs))
    return None


def yaml(block: str) -> dict[str, Any]:
    """Keys and values of simple YAML."""
    pairs: dict[str, Any] = {}
    key = None
    for line in block.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] in " \t-":
            item = line.strip()
            if key and item.startswith("- ") and isinstance(pairs.get(key), list):
                pairs[key].append(_scalar(re.sub(r"^name:\s*", "", item[2:].strip())))
            elif key and isinstance(pairs.get(key), str):
                pairs[key] = f"{pairs[key]} {item}".strip()
            continue
        pair = _PAIR.match(line)
        if not pair:
            return {}
        key = pair[1].strip()
        value = (pair[2] or "").strip()
        pairs[key] = _value(value)
    return pairs


def _value(value: str) -> Any:
    if not value:
        return []
    if value in ("|", ">", "|-", ">-"):
        return ""
    if value.startswith("[") and value.endswith("]"):
        items = re.findall(r"\"([^\"]*)\"|'([^']*)'|([^,\[\]\s][^,\[\]]*)", value[1:-1])
        return [next(filter(None, item), "").strip() for item in items]
    return _scalar(value)


def _scalar(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace("''", "'") if value[0] == "'" else value[1:-1].replace('\\"', '"')
    return re.sub(r"(?<!\s)\s+#.*$", "", value)


def toml(block: str) -> dict[str, Any]:
    """Keys and values of TOML; empty where it is broken."""
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def fields(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the keys that are known tell."""
    tells: dict[str, Any] = {}
    for key, value in pairs.items():
        name = _KEYS.get(key.lower().strip()) or _KEYS.get(key.lower().replace("_", " ").strip())
        words = [str(item).strip() for item in _items(value)]
        words = [word for word in words if word and word.lower() not in ("null", "~")]
        if not name or not words or name in tells:
            continue
        if name in ("published", "updated"):
            tells[name] = dates.read(words[0])
        elif name == "authors":
            names = words if len(words) > 1 else (people(words[0])[0] or words)
            tells[name] = tuple(dict.fromkeys(names))
        elif name in _LISTS:
            tells[name] = tuple(dict.fromkeys(words)) if isinstance(value, list) else listed(words[0])
        elif name == "language":
            tells[name] = _values.language(words[0])
        else:
            tells[name] = words[0]
    return {name: value for name, value in tells.items() if value}


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _items(item)
    elif isinstance(value, Mapping):
        yield from _items(value.get("name") or value.get("title") or ())
    elif value is not None:
        yield value
