"""UIMA CAS: labels of the documents that `allegedly export cas` wrote, as INCEpTION exports them.

Gives annotation files: `allegedly import cas FILES|FOLDERS --against RELEASE --by WHO --out DIR`. Reads XMI; of a folder all files
`*.xmi` below it. A document whose `Item` is not `checked`, and that came back as it went out, is taken with
`--option approved=yes` only. Needs the extra ``cas``.
"""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.annotations import given, items, uima
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.builders.annotations.items import Answer, Item, Opened
from allegedly.builders.annotations.regions import Marked, Region, Relation, Slip
from allegedly.schemas import strict_json
from allegedly.schemas.records import Problem
from allegedly.schemas.schema import shortened

if TYPE_CHECKING:
    from cassis import Cas

OPTIONS = {"approved": "yes: all documents were looked at, so that those that nobody changed count too"}
#: Bytes at the head of a file in which a document type would stand.
HEAD = 1 << 16


def annotations(path: Path, articles: Articles, *, approved: str | None = None) -> Iterator[Given | Problem | Note]:
    """The labels in each file. UsageError without the extra."""
    uima.library()
    found: list[Item | Problem] = []
    for file in given.files(path, "*.xmi"):
        found.append(_item(file) if isinstance(file, Path) else file)
    yield from items.taken(str(path), found, articles, _marked, approved=approved)


def _item(file: Path) -> Item | Problem:
    """A document, or what is wrong with it."""
    try:
        cas = _read(file)
        text = cas.sofa_string
        about = list(cas.select(uima.ITEM))
    except OSError as error:
        return Problem(file=str(file), found=f"a file that cannot be read: {error.strerror}", expected="one that can")
    except Exception as error:  # cassis raises whatever it falls over
        found = f"no CAS that can be read: {type(error).__name__}: {shortened(str(error), 120)}"
        return Problem(
            file=str(file), found=found, expected="a document that INCEpTION exported as UIMA CAS XMI (XML 1.0)"
        )
    if len(about) != 1:
        return Problem(file=str(file), found=f"{len(about)} annotations {uima.ITEM}", expected="the one that went out")
    try:
        value = strict_json.loads(about[0].json or "")
    except ValueError as error:
        return Problem(file=str(file), path=f"{uima.ITEM}/json", found=f"no JSON: {error}", expected="what went out")
    return Item(str(file), None, value, text, (Answer(None, cas, sure=about[0].checked is True),))


def _read(file: Path) -> "Cas":
    """The CAS in a file, with the types that lie beside it, else with ours. ValueError for a document type: it may hold more
    than anybody's memory."""
    cassis = uima.library()
    beside = file.parent / "TypeSystem.xml"
    types = uima.type_system()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # types of others, which do not matter here
        warnings.filterwarnings("error", message="Not mapping external offset")  # it goes on with what is another place
        if beside.is_file():
            types = cassis.merge_typesystems(types, cassis.load_typesystem(io.BytesIO(_sound(beside))))
        cas: Cas = cassis.load_cas_from_xmi(io.BytesIO(_sound(file)), typesystem=types, lenient=True)
    return cas


def _sound(file: Path) -> bytes:
    data = file.read_bytes()
    if b"<!DOCTYPE" in data[:HEAD] or b"<!ENTITY" in data[:HEAD] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError(f"{file.name} has a document type, or is no UTF-8")
    return data


def _marked(cas: Any, opened: Opened) -> Marked:
    """The regions and relations of a document, whose offsets are code points here."""
    regions, relations = [], []
    for region in cas.select(uima.REGION):
        place = f"region {region.xmiID}"
        if type(region.begin) is not int or type(region.end) is not int or not region.name:
            found = f"{shortened(region.name, 40)} from {shortened(region.begin)} to {shortened(region.end)}"
            opened.slips.append(Slip(place, found, "a name, and offsets in whole characters"))
            continue
        attributes = {name: word for name in uima.FEATURES if (word := region.get(name))}
        regions.append(
            Region(
                id=place,
                name=region.name,
                start=region.begin,
                end=region.end,
                label=region.label or "",
                attributes=attributes,
            )
        )
    for relation in cas.select(uima.RELATION):
        ends = [getattr(end, "xmiID", None) for end in (relation.Governor, relation.Dependent)]
        if None in ends or not relation.name:
            found = f"a relation {shortened(relation.name, 40)} without both ends, or a name"
            opened.slips.append(Slip(f"relation {relation.xmiID}", found, "Governor, Dependent and name"))
        else:
            relations.append(Relation(relation.name, *(f"region {end}" for end in ends)))
    return Marked(tuple(regions), tuple(relations))
