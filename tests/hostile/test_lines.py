"""Text files of nothing but lines about an article: they cost a small multiple of what as many sentences cost."""

import time
from collections.abc import Callable

import pytest

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


def seconds(line: Callable[[int], str], count: int = 3000) -> float:
    """Processor time for so many lines, the better of two rounds."""
    data = ("By Ann Example\n\n" + "".join(map(line, range(count)))).encode()
    rounds = []
    for _ in range(2):
        before = time.process_time()
        (article,) = text.read(data, Origin(file_name="a.txt", media_type="text/plain"))
        rounds.append(time.process_time() - before)
        assert isinstance(article, Article)
    return min(rounds)


@pytest.fixture(scope="module")
def prose() -> float:
    return seconds(lambda at: f"The ferry ran aground on day {at}.\n\n")


@pytest.mark.parametrize("name", LINES)
def test_lines_about_an_article_cost_little_more_than_prose(name, prose):
    assert seconds(LINES[name]) < 4 * prose


@pytest.mark.parametrize("source", ['"uri":1,', '"body_de":1,', '"headline" :1,'])
def test_a_file_of_property_names_is_told_at_once(source):
    """What is looked for in two places is not looked for in all pairs of places: this took seven seconds."""
    data = ('{"a":1,' + source * (65_536 // len(source))).encode()
    before = time.process_time()
    assert _formats.claims(RawFile(data, "x"))[0].reader == "json"
    assert time.process_time() - before < 0.5
