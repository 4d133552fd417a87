"""Articles to label: of paragraphs, ``**`` as markup."""

import re

import pytest

from allegedly.builders.text.articles import article
from allegedly.schemas.records import Block, Origin, Span


@pytest.fixture(scope="session")
def write_up():
    """``write_up(text)``: an article whose paragraphs stand apart by blank lines."""

    def made(text: str, kind: str = "paragraph"):
        blocks = [Block(kind=kind, start=m.start(), end=m.end()) for m in re.finditer(r"\S(?:.|\n(?!\n))*", text)]
        markup = [Span(*match.span()) for match in re.finditer(r"\*\*", text)]
        return article(text, Origin(file_name="a.txt"), blocks=blocks, markup=markup, language="en")

    return made
