"""Tables on a terminal: columns stay columns whatever stands in them."""

import pytest

from allegedly.render.columns import aligned, width
from allegedly.schemas.escape import line


def test_columns_are_as_wide_as_their_widest_cell():
    assert aligned([("a", "bb", "c"), ("aaa", "", "cc")]) == ["a    bb  c", "aaa      cc"]


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("abc", 3), ("日本", 4), ("e\u0301", 1), ("😀", 2), ("Zoë", 3), ("ガ", 2)]
)
def test_width_is_what_a_terminal_shows(text, columns):
    assert width(text) == columns
    first, second = aligned([(text, "|"), ("wider than it", "|")])
    assert width(first.partition("|")[0]) == width(second.partition("|")[0])


def test_a_line_stays_one_and_acts_on_nothing():
    assert line("a\x1b[31m\nb\u202e\x9b") == "a\\x1b[31m\\nb\\u202e\\x9b"
    assert line("Zoë, 日本 — “x”") == "Zoë, 日本 — “x”"
