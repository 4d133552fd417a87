"""Records: the objects in a JSON value that can be articles, wherever they lie.

Conventions: an object that can be an article is one; what lies inside it is not looked through for others. Lists of comments,
related stories, tags and the like are never the story. What could be an article and lies in either is counted.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from allegedly.builders.readers import _field_names, _fields, _json, _makers, _nodes
from allegedly.builders.sources.limits import Refused

Record: TypeAlias = dict[str, Any]
#: What is said of a story, and of no sentence in it.
_SAID = frozenset(("title", "authors", "published", "url"))
#: What something may lie in.
_NESTS = (dict, list)
#: The deepest object, counted from the outermost, in which records without a word about them are looked for.
DEEPEST = 3
#: Types of objects whose text is a caption.
_MEDIA = frozenset(("picture", "image", "photo", "graphic", "video", "audio"))


@dataclass(slots=True)
class Records:
    """What was met: records, how many objects with a text were passed over, by the name that they lie under, and whether
    a list held the records."""

    records: list[Any] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    listed: bool = False

    def verdict(self) -> Refused:
        """The verdict on what was passed over."""
        names = ", ".join(f"{name} ({count})" for name, count in self.passed.most_common(5))[:200]
        count = self.passed.total()
        what = "object" if count == 1 else "objects"
        reason = f"holds {count} more {what} with a text, inside articles or beside them, passed over: {names}"
        return Refused("passed-over", reason, count=count)


def records(value: Any, is_record: Callable[[Record], bool]) -> Records:
    """The records in a value. Stories, wherever they lie: objects with a text, and a title, an author, a date or an
    address; of a list with any, all items, for the ledger. Where there are none: the first object with a text alone, or
    the first list of such; else those that have no more than a title and a short description; else all items of a list,
    or the object itself, to be told which fields it has. Refused where there is no object."""
    if isinstance(value, dict) and not any(isinstance(inner, _NESTS) for inner in value.values()):
        return Records([value])  # nothing lies inside
    walk = _Walk(lambda item: _is_story(item, is_record), is_record)
    walk.collect(value, "")
    if walk.met.records:
        return walk.met
    if (bare := _first(value, is_record, 0)) is not None:
        return bare
    walk = _Walk(_is_teaser, _is_teaser)
    walk.collect(value, "")
    if walk.met.records:
        return walk.met
    if isinstance(value, dict):
        return Records([value])
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return Records(value, listed=True)
    raise Refused("no-article", f"is a JSON {_json.kind(value)} without an article in it")


def _is_teaser(item: Record) -> bool:
    return _fields.teaser(item) is not None


def _is_story(item: Record, is_record: Callable[[Record], bool]) -> bool:
    """Whether an object has a text and something that is said of it: more than a caption, a paragraph or a word has. What
    is known to be no article is one too: it is told of, and nothing in it is a story."""
    if (maker := _makers.of(item)) and maker.none:
        return True
    if not is_record(item):
        return False
    values = _fields.values(item)
    # an item of ninjs has its text under names of its own
    return "text" not in values or (str(item.get("type")).lower() not in _MEDIA and not _SAID.isdisjoint(values))


def _first(value: Any, is_record: Callable[[Record], bool], level: int) -> Records | None:
    """The first record of a value, itself or inside, or the first list of them: sentences and words have texts too."""
    if isinstance(value, list):
        some = any(isinstance(item, dict) and is_record(item) for item in value)
        return Records(value, listed=True) if some else None
    if not isinstance(value, dict) or level > DEEPEST:
        return None
    if is_record(value):
        return Records([value])
    inner = [
        item
        for name, item in value.items()
        if isinstance(item, dict | list) and _field_names.plain(name) not in _field_names.ASIDE
    ]
    for item in sorted(inner, key=lambda item: isinstance(item, dict)):  # lists first
        if (records := _first(item, is_record, level + 1)) is not None:
            return records
    return None


class _Walk:
    """The walk through a value: ``is_story`` says what is a record anywhere, ``is_record`` what is one beside one."""

    def __init__(self, is_story: Callable[[Record], bool], is_record: Callable[[Record], bool]) -> None:
        self.is_story, self.is_record = is_story, is_record
        self.met = Records()

    def collect(self, value: Any, name: str) -> None:
        if isinstance(value, list):
            self._list(value, name)
        elif isinstance(value, dict):
            if self.is_story(value) and not self._is_answer(value):
                self.met.records.append(value)
                self._pass_inside(value)
                return
            for key, inner in value.items():
                if key != "_source" and _field_names.plain(key) in _field_names.ASIDE:
                    self._pass(inner, key)
                elif isinstance(inner, dict | list):
                    self.collect(inner, key)

    def _list(self, items: list[Any], name: str) -> None:
        self.met.listed |= (some := any(isinstance(item, dict) and self.is_story(item) for item in items))
        for item in items:
            before = len(self.met.records)
            bare = some and isinstance(item, dict) and self.is_record(item) and not self.is_story(item)
            if isinstance(item, dict | list) and not bare:
                self.collect(item, name)
            # beside records, what is none is told of
            if some and len(self.met.records) == before:
                self.met.records.append(item)

    def _is_answer(self, value: Record) -> bool:
        """Whether an object with a text is no story but holds some: ``{"content": "application/json", "articles": []}``."""
        values = _fields.values(value)
        if self.is_record is not _is_teaser and ("title" in values or "text" not in values):
            return False
        inner = (item for item in value.values() if isinstance(item, list) and item)
        return any(isinstance(items[0], dict) and self.is_story(items[0]) for items in inner)

    def _pass_inside(self, value: Record) -> None:
        maker = _makers.of(value)
        own = maker.own() if maker else ()
        for key, inner in value.items():
            if _nodes.is_tree(inner):
                continue  # a text, whose links and lists are no stories
            if key == "associations":
                continue  # ninjs: items of their own, which their provider sends by themselves as well
            if key not in own:
                self._pass(inner, key)
            elif maker and maker.record and isinstance(inner, dict):
                self._pass_inside(inner)

    def _pass(self, value: Any, name: str) -> None:
        """Counts what could be a story and is passed over."""
        todo = [(value, name)]
        while todo:
            item, name = todo.pop()
            if isinstance(item, dict):
                if self.is_story(item):
                    self.met.passed[name] += 1
                else:
                    todo.extend((inner, key) for key, inner in item.items())
            elif isinstance(item, list):
                todo.extend((inner, name) for inner in item)
