"""The scripts of a page: taken out for the data in them, so that nothing that reads the page's words meets them.

Conventions: a script's kind is its media type in lower case, empty where the page names none.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from lxml import etree

#: Characters that no tree takes back.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Script(NamedTuple):
    """A script, and what stood in it."""

    element: etree._Element
    kind: str
    text: str

    @property
    def linked(self) -> bool:
        """Whether it holds linked data."""
        return "ld+json" in self.kind


def silenced(root: etree._Element) -> list[Script]:
    """The scripts of a page, whose elements stay behind without words, as those of styles and drawings do."""
    scripts = [
        Script(element, (element.get("type") or "").lower(), element.text)
        for element in root.iter("script")
        if element.text
    ]
    for element in list(root.iter("script", "style", "svg")):
        del element[:]
        element.text = None
    return scripts


@contextmanager
def heard(scripts: Sequence[Script]) -> Iterator[None]:
    """Puts linked data back where it stood, for as long as somebody looks for it there."""
    linked = [script for script in scripts if script.linked]
    for script in linked:
        script.element.text = _NO_XML.sub(" ", script.text)
    try:
        yield
    finally:
        for script in linked:
            script.element.text = None
