"""Dates: the forms that are read, and those that are left alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.builders.text import dates


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2017", "2017"),
        ("2017-05", "2017-05"),
        ("May 2017", "2017-05"),
        ("27 May 2017", "2017-05-27"),
        ("May 27, 2017", "2017-05-27"),
        ("Saturday, May 27th, 2017", "2017-05-27"),
        ("Sept. 5, 2017", "2017-09-05"),
        ("1st of May 2017", "2017-05-01"),
        ("2017/05/27", "2017-05-27"),
        ("27/05/2017", "2017-05-27"),
        ("5/27/2017", "2017-05-27"),
        ("05/05/2017", "2017-05-05"),
        ("20170527", "2017-05-27"),
        ("Sat 27 May 2017 10:00 BST", "2017-05-27T10:00+01:00"),
        ("10:27 GMT 27 May 2017", "2017-05-27T10:27Z"),
        ("27 May 2017 at 5pm", "2017-05-27T17:00"),
        ("12:30 a.m., May 1, 2020", "2020-05-01T00:30"),
        ("Sat, 27 May 2017 10:00:00 +0200", "2017-05-27T10:00:00+02:00"),
        ("2017-05-27T10:00:00+02:00", "2017-05-27T10:00:00+02:00"),
        ("2017-05-27T10:00:00.123Z", "2017-05-27T10:00:00.123Z"),
        ("Published May 11, 2025", "2025-05-11"),
        ("Updated: 3 June 2024, 4.30 p.m. ET", "2024-06-03T16:30"),
        # in doubt, or no date
        ("05/06/2017", None),
        ("27 May 17", None),
        ("31 February 2017", None),
        ("2017-13", None),
        ("201705", None),
        ("99999999", None),
        ("Monday", None),
        ("May 27", None),
        ("27 May 2017 and other things", None),
        ("", None),
    ],
)
def test_dates(written, expected):
    assert dates.read(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("27. Mai 2017", "2017-05-27"),
        ("Samstag, 27. Mai 2017, 10:00 Uhr", "2017-05-27T10:00"),
        ("27. Okt. 2017", "2017-10-27"),
        ("samedi 27 mai 2017 à 10h00", "2017-05-27T10:00"),
        ("1er février 2017", "2017-02-01"),
        ("27 de mayo de 2017", "2017-05-27"),
        ("27 maggio 2017", "2017-05-27"),
        ("27 de março de 2017", "2017-03-27"),
        ("27 maart 2017", "2017-03-27"),
        ("27 maj 2017", "2017-05-27"),
        ("27. toukokuuta 2017", "2017-05-27"),
        ("27 września 2017", "2017-09-27"),
        ("27 мая 2017 г.", "2017-05-27"),
        ("27 Mayıs 2017", "2017-05-27"),
        ("27 Μαΐου 2017", "2017-05-27"),
        ("2017. május 27.", "2017-05-27"),
        # months by one language only, other words, what is no day, no weekday, no time
        ("27 listopad 2017", None),
        ("4 out 2017", None),
        ("12 set 2017", None),
        ("31 avril 2017", None),
        ("Harbour 27 mai 2017", None),
        ("lundi 27 mai 2017 à 25h00", None),
        ("27 mai", None),
        ("mars 2017", None),
        ("12 bateaux 2017", None),
        ("10 Downing 2017", None),
    ],
)
def test_dates_in_other_languages(written, expected):
    assert dates.read(written) == expected


SHAPE = re.compile(r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$")


@given(st.text(alphabet="0123456789-/.:, +TZMayJunSatpm", max_size=30))
def test_whatever_is_read_has_the_shape_of_the_schema(written):
    found = dates.read(written)
    assert found is None or SHAPE.match(found)


@given(st.datetimes().filter(lambda when: 1500 <= when.year <= 2200))
def test_what_is_written_in_iso_reads_as_it_is(when):
    assert dates.read(when.date().isoformat()) == when.date().isoformat()
    assert dates.read(when.isoformat("T", "seconds")) == when.isoformat("T", "seconds")
    assert dates.read(f"{when.day} {when.strftime('%B')} {when.year}") == when.date().isoformat()
