"""UIMA CAS, for INCEpTION: a document an article with the labels that win, the type system, and how to go on.

Conventions: offsets are UTF-16 code units, as in every CAS on disk. An annotation ``allegedly.Region`` is one span of one part;
several pieces are joined by the relation ``continues``, parts of a label by ``part-of``, links run from label to attribution
(`builders.annotations.regions`). Attributes are features of the label's first region. Needs the extra ``cas``.
Does not hold: characters that XML has none for.
Source: OASIS UIMA 1.0, 2009, XMI; written by dkpro-cassis.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from allegedly.builders.annotations import items, uima
from allegedly.builders.annotations.units import UTF_16
from allegedly.builders.exporters import _tools
from allegedly.builders.exporters._lookup import Loss
from allegedly.builders.exporters._tools import OPTIONS, offered, put
from allegedly.schemas.records import Record

if TYPE_CHECKING:
    from cassis import TypeSystem

PATH = "folder"
README = """# Labels for INCEpTION, and what else reads UIMA CAS

1. Start INCEpTION, of which one file is all:

   ```
   java -jar inception-app-webapp-standalone.jar --server.address=127.0.0.1
   ```

2. At http://127.0.0.1:8080 make a project, import `TypeSystem.xml` under Settings, Layers, and the files of `documents`
   under Settings, Documents, as "UIMA CAS XMI (XML 1.0)". Allow regions to overlap and to stack.

3. Label, tick `checked` of the document's `Item` once you looked at the whole text, export each document as UIMA CAS XMI (XML 1.0),
   and bring the labels home:

   ```
   allegedly import cas exported/ --against RELEASE --by NAME --out annotations/
   ```

- A document without the tick that comes back as it went out is taken only with `--option approved=yes`.
- A part in several pieces is a region for each, joined by relations `continues`. The parts of a label are joined by `part-of`.
- Offsets are counted in UTF-16 code units.
- Attributes (kind, worth, certainty ...) are features of a label's region; any of its regions will do.
- What one person exported is one folder: a CAS does not say whose it is.
"""


def losses(records: Iterable[Record], layers: str | None = None) -> Iterator[Loss]:
    """What no tool carries, and articles whose text XML cannot hold."""
    for record in records:
        if uima.UNHOLDABLE.search(record.article.text):
            yield Loss("an article with characters that XML has none for", record.article.id)
        yield from _tools.losses([record], layers)


def write(records: Iterable[Record], path: Path, *, layers: str | None = None) -> None:
    """``documents/<article id>.xmi``, ``TypeSystem.xml`` and ``README.md``. UsageError without the extra."""
    wanted = offered(layers)
    types = uima.type_system()
    (path / "documents").mkdir()
    for record in records:
        if not uima.UNHOLDABLE.search(record.article.text):
            put(path / "documents" / f"{record.article.id}.xmi", [_xmi(record, wanted, types)])
    put(path / "TypeSystem.xml", [types.to_xml() or ""])
    put(path / "README.md", [README])


def _xmi(record: Record, layers: Sequence[str], types: "TypeSystem") -> str:
    out = items.outgoing(record, layers, UTF_16)
    text = record.article.text
    cas = uima.library().Cas(types)
    cas.sofa_string, cas.sofa_mime = text, "text/plain"
    region_type, relation_type = types.get_type(uima.REGION), types.get_type(uima.RELATION)
    made = {}
    for region in out.marked.regions:
        made[region.id] = region_type(
            begin=region.start,
            end=region.end,
            name=region.name,
            label=region.label,
            words=text[region.start : region.end],
            **region.attributes,
        )
        cas.add(made[region.id])
    for name, start, end in out.marked.relations:
        place = {"begin": made[end].begin, "end": made[end].end}
        cas.add(relation_type(**place, Governor=made[start], Dependent=made[end], name=name))
    item = types.get_type(uima.ITEM)
    cas.add(item(checked=False, article=record.article.id, json=json.dumps(out.item, allow_nan=False)))
    return str(cas.to_xmi(pretty_print=True))


__all__ = ["OPTIONS", "PATH", "losses", "write"]
