"""Text files of nothing but lines about an article: they cost a small multiple of what as many sentences cost."""

import time
from collections.abc import Callable

import pytest

from allegedly.builders.readers import text
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
