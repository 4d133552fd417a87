"""Which articles the news set has: enough of each kind, and splits that share no outlet of the pages."""

from collections import Counter

import pytest


@pytest.fixture
def rows(program):
    return program("news_copies").selection()


def test_it_has_what_it_says(rows):
    assert len(rows) >= 300
    topics = Counter(row.file_name.split("/")[1] for row in rows if row.corpus == "bbc-raw")
    assert topics == dict.fromkeys(("business", "entertainment", "politics", "sport", "tech"), 132)
    pages = [row for row in rows if row.corpus.startswith("html-")]
    assert len(pages) >= 40
    assert len({row.outlet for row in pages}) >= 30
    assert len({row.file_name for row in rows}) == len({row.text_sha256 for row in rows}) == len(rows)


def test_splits_share_no_outlet_and_test_is_read_twice(rows):
    splits = Counter(row.split for row in rows)
    assert splits["test"] >= 90
    by_outlet: dict[str, set[str]] = {}
    for row in rows:
        if row.corpus.startswith("html-"):
            by_outlet.setdefault(row.outlet, set()).add(row.split)
    assert {outlet: own for outlet, own in by_outlet.items() if len(own) > 1} == {}
    assert {row.split for row in rows if row.corpus == "polnear"} == {"train"}
    assert all(row.passes == 2 for row in rows if row.split == "test")
    assert sum(row.passes == 2 for row in rows if row.split != "test") == 40
