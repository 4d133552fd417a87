"""Canonical JSON of many rows at once is that of each row by itself."""

import hashlib
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.schemas import arrow, stored
from allegedly.schemas.canonical import canonical, digests, encoded

SHIPPED = Path(__file__).parents[2] / "dataset"
#: Rows of many columns take long to draw where other processes take the machine's time.
PATIENT = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def of(feature):
    """Values that a feature describes, null among them."""
    kind, dtype = feature.get("_type"), feature.get("dtype")
    if kind == "List":
        return st.none() | st.lists(of(feature["feature"]), max_size=3)
    if kind is None:
        return st.none() | st.fixed_dictionaries({name: of(child) for name, child in feature.items()})
    if kind == "ClassLabel":
        return st.none() | st.integers(0, len(feature["names"]) - 1)
    numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63)
    return st.none() | {"string": st.text(), "int64": st.integers(), "float64": numbers, "bool": st.booleans()}[dtype]


@pytest.mark.parametrize("config", arrow.CONFIGS)
@PATIENT
@given(data=st.data())
def test_rows_of_any_values(config, data):
    feature = arrow.feature_dicts(config)
    rows = data.draw(st.lists(st.fixed_dictionaries({name: of(child) for name, child in feature.items()}), max_size=3))
    assert encoded(feature, rows) == [canonical(row) for row in rows]


@pytest.mark.parametrize("config", arrow.CONFIGS)
def test_rows_of_the_shipped_release(config):
    rows = [row for split in arrow.SPLITS for row in stored.rows(SHIPPED, config, split)]
    assert rows
    each = [hashlib.sha256(canonical(row).encode()).digest() for row in rows]
    assert digests(arrow.feature_dicts(config), rows) == b"".join(each)


def test_keys_are_sorted_and_signs_of_templates_are_text():
    feature = {"b%s": arrow.STRING, "a": {"dtype": "float64", "_type": "Value"}}
    assert encoded(feature, [{"b%s": "100 %\n", "a": 1e-05}, {"b%s": None, "a": 1}]) == [
        '{"a":1e-05,"b%s":"100 %\\n"}',
        '{"a":1,"b%s":null}',
    ]


def test_numbers_that_are_equal_but_not_written_alike():
    values = [0.0, -0.0, 0, False, 1, True, 1.0, None] * 20
    assert encoded({"dtype": "float64", "_type": "Value"}, values) == [canonical(value) for value in values]
    values = [0, False, 1, True, None] * 20
    assert encoded({"dtype": "int64", "_type": "Value"}, values) == [canonical(value) for value in values]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_refused(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        encoded({"dtype": "float64", "_type": "Value"}, [0.5, number])


@pytest.mark.parametrize("config", arrow.CONFIGS)
@PATIENT
@given(data=st.data())
def test_digests_of_columns_are_those_of_rows(config, data):
    feature = arrow.feature_dicts(config)
    rows = data.draw(st.lists(st.fixed_dictionaries({name: of(child) for name, child in feature.items()}), max_size=3))
    columns = {name: [row[name] for row in rows] for name in feature}
    assert stored.column_digests(config, columns) == stored.digests(config, rows)
