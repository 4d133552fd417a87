"""Strict JSON: what is refused, and that everything else reads as the standard library reads it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.schemas import strict_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_what_is_json_is_read(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert strict_json.loads(text) == strict_json.loads(text.encode()) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "b": {"c": 2, "c": 2}}', 'the key "c" stands twice'),
        ('{"a": 1, "\\u0061": 2}', 'the key "a" stands twice'),
        ("[NaN]", "NaN is no JSON"),
        ("-Infinity", "-Infinity is no JSON"),
        ('["\\ud83d"]', "half a character"),
        ('{"\\uDE00": 1}', "half a character"),
        ("[" * 100_000, "nested too deeply"),
        ("[" + "[]," * 3_000_000 + "1]", "more than 5,000,000 values"),
        ("1" * 5000, "Exceeds the limit"),
        (b"\xff\xfe{}", "codec can't decode"),
        ("", "Expecting value"),
    ],
)
def test_what_is_not_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        strict_json.loads(text)


def test_a_whole_character_in_two_halves_is_one():
    assert strict_json.loads('"\\ud83d\\ude00"') == "\U0001f600"
    assert math.isinf(strict_json.loads("1e999"))  # a number by the grammar: whoever wants a probability looks at it
