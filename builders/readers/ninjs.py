"""ninjs: the IPTC's JSON for news, versions 1 to 3.

Conventions: the text is composed of headline, subtitle and body, a blank line between blocks. Of several bodies the main
one stands over summaries, and HTML over text, for it tells paragraphs from headings. Version 3 has capitals in its names,
which are read as those of version 2. What an item is associated with (pictures, other stories) is never its text.
Source: IPTC, ninjs 1.4, 2.1 and 3.0, "News in JSON".
"""

# ruff: noqa: SIM905 - names read better as words in a row

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from allegedly.builders.readers import _fields, _json, _makers, _records, _values
from allegedly.builders.readers._bodies import checked, is_text
from allegedly.builders.readers._credits import Credit, credit, together
from allegedly.builders.readers._record import either
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.builders.text import articles, pieces
from allegedly.builders.text.articles import Piece
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/vnd.iptc.ninjs+json",)
ENDINGS = ("ninjs",)
DEFAULT = Limits()
#: When an item was published, best first: its first version stands over this one.
_DATES = ("publishedtime", "firstpublished", "firstcreated", "versioncreated", "contentcreated")
_BODIES = ("body_html", "body_xhtml", "body_text")
_KEY = re.compile(r'"([A-Za-z_]+)"\s*:')
#: Property names that only ninjs puts together: one of a body and one of what is said about it, in either order.
_BODY_KEY = re.compile(r"body_?(?:html|text|xhtml)|bodies")
#: Names of bodies of other kinds that are strings; a list under such a name (``body_paragraphs``) is another's.
_LANGUAGE_KEY = re.compile(r"body_[a-z]+")
_LIST = re.compile(r"\s*\[")
_ABOUT_KEYS = frozenset("uri headline headlines byline usageterms versioncreated pubstatus urgency altids".split())
#: Types whose body is a caption, and states in which an item is to be taken back.
_PICTURES = ("picture", "graphic")
_WITHDRAWN = ("canceled", "cancelled", "withheld")
_WRITERS = ("author", "writer", "creator", "reporter", "journalist", "byline")
#: Roles of bodies that are not the story.
_BESIDE_ROLES = ("summary", "abstract", "caption", "teaser", "excerpt", "description", "short", "correction")
_BESIDE_KEYS = frozenset("headlines usageterms versioncreated ednote infosources descriptions".split())


def recognise(raw: RawFile) -> Claim | None:
    """JSON in one piece with the property names of ninjs; or what its name calls so; nothing where the user named the
    field with the text, and the file has it."""
    if raw.text is None or _names_text(raw, raw.text):
        return None
    form = _json.shape(raw)
    if raw.ending in ENDINGS:
        return Claim(Strength.SIGNATURE if form else Strength.NAME, MEDIA_TYPES[0])
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if form == "value" and _own_keys(raw.text) else None


def _names_text(raw: RawFile, head: str) -> bool:
    """Whether the user named the field with the text, and a file has a property of that name."""
    pointer = raw.fields.get("text", "").removeprefix("/")
    name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    return bool(name) and json.dumps(name) in head


def _own_keys(source: str) -> bool:
    """Whether a source holds property names as only ninjs puts them together."""
    body, about = "", False
    for key in _KEY.finditer(source):
        name = key[1].lower()
        is_body = _BODY_KEY.fullmatch(key[1]) is not None  # "bodyText" is another's
        if not is_body and _LANGUAGE_KEY.fullmatch(name) and _LIST.match(source, key.end()):
            continue
        if about and (is_body or _LANGUAGE_KEY.fullmatch(name)):
            return True
        # a name that comes again says no more than it did
        if body and body != name and (name in _ABOUT_KEYS or name == "bodies"):
            return True
        body = body or (name if is_body or name in _BESIDE_KEYS else "")
        about = about or name in _ABOUT_KEYS or name == "standard"
    return False


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a ninjs file: one item, or a list of them, or an object that holds them."""
    try:
        value, origin = _json.loaded(data, origin, limits)
        met = _records.records(value, _is_record)
    except Refused as refused:
        yield refused.rejected(origin)
        return
    several = len(met.records) > 1
    for number, item in enumerate(met.records):
        yield _record(item, replace(origin, record=number) if several else origin, limits)
    if met.passed:
        yield met.verdict().rejected(origin)


def _is_record(value: Mapping[str, Any]) -> bool:
    return is_item(value) or is_text(_fields.values(value).get("text"))


def _record(value: Any, origin: Origin, limits: Limits) -> Article | Rejected:
    def item() -> Article:
        if not isinstance(value, dict):
            raise Refused("no-article", f"is a JSON {_json.kind(value)}, where an object with a text was expected")
        if is_item(value):
            return article(value, replace(origin, reader="ninjs"), limits)
        return _fields.article(value, origin, limits=limits)

    return either(item, origin, limits)


def is_item(value: Any) -> bool:
    """Whether an object is a ninjs item: it has a uri, and a body or headline under the names of ninjs."""
    if not isinstance(value, dict) or not isinstance(value.get("uri"), str) or _makers.of(value):
        return False
    bodies = [inner for name, inner in value.items() if str(name).lower().startswith("body_")]
    if any(isinstance(body, str) for body in bodies):
        return True
    names = {str(name).lower() for name in value}
    # a list of paragraphs is another's body
    return (
        "bodies" in names
        or "headlines" in names
        or (
            not any(isinstance(body, list) for body in bodies)
            and "headline" in names
            and bool(names & {"versioncreated", "byline", "usageterms", "pubstatus", "type"})
        )
    )


def _small(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with the names of versions 1 and 2, which have no capitals."""
    lowered = {str(name).lower(): value for name, value in item.items()}
    return {**lowered, **item}


def article(item: Mapping[str, Any], origin: Origin, limits: Limits = DEFAULT) -> Article:
    """The article of an item. Refused for one without a body of its own (pictures, packages), or taken back."""
    item = _small(item)
    state, kind = (str(item.get(name) or "").rpartition(":")[2].lower() for name in ("pubstatus", "type"))
    if state in _WITHDRAWN:
        raise Refused("withdrawn", f"is an item that its provider took back ({state})", status=state)
    body = _body(item, limits)
    if not body:
        what = item.get("type") or "an item"
        raise Refused("no-article", f"is a ninjs item ({what}) without a body of text", found=str(what)[:40])
    if kind in _PICTURES:
        raise Refused("no-article", f"is a ninjs item ({kind}) whose text is no more than a caption", found=kind)
    title = _main(item, "headline", "headlines", "main") or _fields.single(item.get("title"))
    subtitle = _main(item, "subheadline", "subheadlines", "") or _role(
        item.get("headlines"), "sub", "subtitle", "secondary"
    )
    plain = _values.letters(title or "")
    words, blocks = articles.compose(
        articles.led(
            [
                ("title", title or ""),
                ("subtitle", subtitle or ""),
                *((kind, words) for kind, words in body if kind != "heading" or _values.letters(words) != plain),
            ]
        )
    )
    checked(words)
    return articles.article(words, origin, blocks=blocks, title=title, subtitle=subtitle, **_about(item))


def _about(item: Mapping[str, Any]) -> dict[str, Any]:
    """What an item says about its article, beside the titles."""
    told = _credits(item)
    links = (_values.web_address(_string(item.get(key)), None) for key in ("link", "url", "uri"))
    return {
        "source_id": _fields.single(item.get("uri")),
        "authors": told.people,
        "agencies": told.agencies,
        "published": next(filter(None, (_values.date(item.get(name)) for name in _DATES)), None),
        "outlet": _outlet(item),
        "url": next(filter(None, links), None),
        "section": _fields.single(item.get("section") or item.get("genres") or item.get("genre")),
        "themes": _fields.several([*_list(item.get("subject")), *_list(item.get("subjects"))]),
        "regions": _fields.several([*_places(item), *_list(item.get("located"))]),
        "licence": _fields.single(item.get("usageterms")) or _rights(item),
        "language": _values.language(_fields.single(item.get("language"))),
    }


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _body(item: Mapping[str, Any], limits: Limits) -> list[Piece]:
    """The pieces of the first body that has any, HTML before text."""
    for _, _, source in sorted(_bodies(item), key=lambda body: (body[0] in _BESIDE_ROLES, "html" not in body[1])):
        if not source.strip():
            continue
        checked(source)
        if body := pieces.pieces(source, limits):
            return [("paragraph" if kind == "lead" else kind, words) for kind, words in body]
    return []


def _bodies(item: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What an item has as bodies: role, name or media type, source."""
    named = (name for name in item if name.startswith("body_") and name not in _BODIES)
    for name in (*_BODIES, *named):
        if isinstance(source := item.get(name), str):
            yield name.removeprefix("body_"), name, source
    for body in _list(item.get("bodies")):
        if isinstance(body, dict) and isinstance(source := body.get("value") or body.get("body"), str):
            kind = body.get("contenttype") or body.get("contentType") or body.get("mediatype")
            yield str(body.get("role") or "").rpartition(":")[2].lower(), str(kind or ""), source


def _main(item: Mapping[str, Any], name: str, plural: str, role: str) -> str | None:
    return (
        _fields.single(item.get(name))
        or _role(item.get(plural), role)
        or (_fields.single(item.get(plural)) if role == "main" else None)
    )


def _role(values: Any, *roles: str) -> str | None:
    for value in _list(values):
        if isinstance(value, dict) and value.get("role") in roles:
            return _fields.single(value.get("value"))
    return None


def _credits(item: Mapping[str, Any]) -> Credit:
    """Who stands in the byline, else the people that the item names as its writers; agencies of its sources too."""
    byline = credit(item.get("byline") or item.get("by"))
    people = byline.people or tuple(
        name
        for key in ("person", "people", "authors", "contributors", "creator")
        for person in _list(item.get(key))
        if isinstance(person, dict) and _writes(person, key)
        for name in credit(person).people
    )
    sources = credit(
        [_fields.single(source) for key in ("infosource", "infosources") for source in _list(item.get(key))]
    )
    return Credit(tuple(dict.fromkeys(people)), together([byline, sources]).agencies)


def _writes(person: Mapping[str, Any], key: str) -> bool:
    """Whether a person wrote the item, by the role; whoever stands among its authors without one did."""
    role = str(person.get("rel") or person.get("role") or "").lower()
    return role in _WRITERS or (key == "authors" and not role)


def _outlet(item: Mapping[str, Any]) -> str | None:
    for key in ("infosource", "infosources", "provider", "source"):
        for value in _list(item.get(key)):
            if name := _fields.single(value):
                return name
    for holder in _list(item.get("organisation")) + _list(item.get("organisations")):
        if isinstance(holder, dict) and "publisher" in str(holder.get("rel") or holder.get("role")).lower():
            return _fields.single(holder)
    return _fields.single(item.get("copyrightholder"))


def _places(item: Mapping[str, Any]) -> list[Any]:
    return _list(item.get("place")) + _list(item.get("places"))


def _rights(item: Mapping[str, Any]) -> str | None:
    info = item.get("rightsinfo")
    notice = _fields.single(item.get("copyrightnotice"))
    if not notice and isinstance(info, dict):
        return _fields.single(info.get("langid") or info.get("linkedrights") or info.get("encodedrights"))
    return notice
