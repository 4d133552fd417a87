"""UIMA CAS: the types in which regions, relations and items stand there. Read and written by dkpro-cassis, the extra ``cas``.

Conventions: in files offsets are UTF-16 code units, in Python code points; cassis turns one into the other. ``Governor`` and
``Dependent`` are what INCEpTION calls the ends of a relation.
Source: OASIS UIMA 1.0, 2009, on types; INCEpTION's user guide, "Custom layers", on relations and document metadata.
"""

import re
from types import ModuleType
from typing import TYPE_CHECKING

from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import ATTRIBUTES

if TYPE_CHECKING:
    from cassis import TypeSystem

REGION, RELATION, ITEM = "allegedly.Region", "allegedly.Relation", "allegedly.Item"
#: The attributes of all layers, each once.
FEATURES = tuple(dict.fromkeys(name for names in ATTRIBUTES.values() for name in names))
#: What XML 1.0 cannot hold, not even escaped.
UNHOLDABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def library() -> ModuleType:
    """The package cassis. UsageError without the extra."""
    try:
        import cassis
    except ModuleNotFoundError as error:
        raise UsageError(f"UIMA CAS needs the package {error.name}: pip install 'allegedly[cas]'") from error
    return cassis


def type_system() -> "TypeSystem":
    """Our types: a region, a relation between two, and what stands beside the text."""
    types: TypeSystem = library().TypeSystem()
    region = types.create_type(REGION, "uima.tcas.Annotation", "A span of one part of a label, or a piece of one.")
    texts = {
        "name": "Which part of which label it is.",
        "label": "Id of the label that went out.",
        "words": "The text.",
    }
    for feature, words in texts.items():
        types.create_feature(region, feature, "uima.cas.String", description=words)
    for feature in FEATURES:
        types.create_feature(region, feature, "uima.cas.String", description="An attribute of the label.")
    relation = types.create_type(RELATION, "uima.tcas.Annotation", "A relation between two regions.")
    types.create_feature(relation, "Governor", region, description="Where it starts.")
    types.create_feature(relation, "Dependent", region, description="Where it ends.")
    types.create_feature(relation, "name", "uima.cas.String", description="What it says.")
    item = types.create_type(ITEM, "uima.cas.AnnotationBase", "What went out with the text.")
    types.create_feature(item, "checked", "uima.cas.Boolean", description="Somebody looked at the whole text.")
    types.create_feature(item, "article", "uima.cas.String", description="Id of the article.")
    types.create_feature(item, "json", "uima.cas.String", description="The rest; see tool_item.schema.json.")
    return types
