"""Press databases: which of them exported a document, told from its paragraphs."""

from collections.abc import Sequence

from allegedly.builders.readers import _factiva, _nexis, _proquest
from allegedly.builders.readers._exports import Document
from allegedly.builders.readers._paragraphs import Paragraph


def documents(paragraphs: Sequence[Paragraph]) -> list[Document] | None:
    """The documents of an export; None for paragraphs that are none."""
    return _nexis.documents(paragraphs) or _factiva.documents(paragraphs) or _proquest.documents(paragraphs)
