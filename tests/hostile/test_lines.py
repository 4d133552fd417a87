"""Text files of nothing but lines about an article: they cost a small multiple of what as many sentences cost."""

from collections.abc import Callable

import pytest
from steps import steps

from allegedly.builders.readers import _formats, text
from allegedly.builders.sources.recognition import RawFile
from allegedly.schemas.records import Article, Origin

LINES: dict[str, Callable[[int], str]] = {
    "bylines": lambda at: f"By Ann{at} Example\n",
    "one byline": lambda at: "By Ann Example\n",
    "bylines apart": lambda at: f"By Ann Example and Tom{at} Other\n\n",
    "names": lambda at: f"Ann Example{at}\n\n",
    "dates": lambda at: f"Harbour{at} Town, March 3, 2021\n",
    "author notes": lambda at: f"Ann{at} Example is a writer in Oslo.\n\n",
}


def cost(line: Callable[[int], str], count: int = 600) -> int:
    """Steps for so many lines."""
    data = ("By Ann Example\n\n" + "".join(map(line, range(count)))).encode()
    articles: list = []
    taken = steps(lambda: articles.extend(text.read(data, Origin(file_name="a.txt", media_type="text/plain"))))
    assert len(articles) == 1 and isinstance(articles[0], Article)
    return taken


@pytest.fixture(scope="module")
def prose() -> int:
    return cost(lambda at: f"The ferry ran aground on day {at}.\n\n")


@pytest.mark.parametrize("name", LINES)
def test_lines_about_an_article_cost_little_more_than_prose(name, prose):
    assert cost(LINES[name]) < 4 * prose


@pytest.mark.parametrize("source", ['"uri":1,', '"body_de":1,', '"headline" :1,'])
def test_a_file_of_property_names_is_told(source):
    """What is looked for in two places is not looked for in all pairs of places (`bench/growth.py` has the seconds)."""
    data = ('{"a":1,' + source * (65_536 // len(source))).encode()
    assert _formats.claims(RawFile(data, "x"))[0].reader == "json"
