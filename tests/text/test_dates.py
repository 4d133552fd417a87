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
        ("le 14/03/2025 à 09h30", "2025-03-14T09:30"),
        ("Veröffentlicht am 14. März 2025 um 9:30 Uhr", "2025-03-14T09:30"),
        ("Publié le 14 mars 2025", "2025-03-14"),
        ("Stand: 14.03.2025", "2025-03-14"),
        ("14 déc 2024", "2024-12-14"),
        ("14 d'abril de 2025", "2025-04-14"),
        ("marzo 14, 2025", "2025-03-14"),
        ("14 Mart 2025 Cuma 09:30", "2025-03-14T09:30"),
        ("2025 m. kovo 14 d.", "2025-03-14"),
        ("14 марта 2025 года", "2025-03-14"),
        ("14 مارس 2025", "2025-03-14"),
        ("١٤ مارس ٢٠٢٥", "2025-03-14"),
        ("14 במרץ 2025", "2025-03-14"),
        ("2025年3月14日", "2025-03-14"),
        ("公開日：2025年3月14日（金） 9時30分", "2025-03-14T09:30"),
        ("2025年3月14日 星期五 09:30", "2025-03-14T09:30"),
        ("2025년 3월 14일 오후 3시 30분", "2025-03-14T15:30"),
        ("27 mai", None),
        ("mars 2017", None),
        ("12 bateaux 2017", None),
        ("10 Downing 2017", None),
    ],
)
def test_dates_in_other_languages(written, expected):
    assert dates.read(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # RFC 822 with years of two digits, RFC 850, asctime and its kin, JavaScript
        ("Tue, 11 Mar 25 09:30:00 +0100", "2025-03-11T09:30:00+01:00"),
        ("11 Mar 99 9:30 UT", "1999-03-11T09:30Z"),
        ("Tuesday, 11-Mar-25 09:30:00 GMT", "2025-03-11T09:30:00Z"),
        ("Fri, 14 Mar 2025 09:30:00 +0100 (CET)", "2025-03-14T09:30:00+01:00"),
        ("Fri Mar 14 09:30:00 +0000 2025", "2025-03-14T09:30:00+00:00"),
        ("Fri Mar 14 09:30:00 CET 2025", "2025-03-14T09:30:00+01:00"),
        ("Fri Mar 14 09:30:00 2025", "2025-03-14T09:30:00"),
        ("Fri Mar 14 2025 09:30:00 GMT+0100 (Central European Standard Time)", "2025-03-14T09:30:00+01:00"),
        # without a zone it is not RFC 822, and two digits may be a day
        ("11 Mar 25 09:30", None),
        ("27 May 17", None),
        # where clocks start
        ("1970-01-01", None),
        ("1970-01-01T00:00:00Z", None),
        ("1969-12-31T19:00:00-05:00", None),
        ("0001-01-01T00:00:00", None),
        ("1900-01-01", None),
        ("1 January 1970", "1970-01-01"),
    ],
)
def test_dates_as_programs_write_them(written, expected):
    assert dates.read(written) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge was last repaired on 14 June 1998, when the port still ran it.",
        "On 14 June 1998 the port still ran it",
        "Stand by 14 March 2025",
        "Am 4. Februar 2022 erscheint das neue Album",
        "Le 14 mars 2025, le conseil a voté",
        "El 14 de marzo de 2025 cerró el puente",
        "Il ponte chiude il 14 marzo 2025",
        "Мост закрыли 14 марта 2025 года",
        "橋は2025年3月14日に閉鎖された",
        "다리는 2025년 3월 14일에 닫혔다",
        "Updated rules were published on 14 March 2025 by the council",
    ],
)
def test_a_sentence_is_no_date(sentence):
    assert dates.read(sentence) is None


def test_the_order_of_day_and_month():
    """Full stops settle it, one number over 12 too; else the caller knows, or nobody does."""
    assert dates.read("04.03.2024") == "2024-03-04"
    assert [dates.read("04/03/2024", first) for first in (None, True, False)] == [None, "2024-03-04", "2024-04-03"]
    assert [dates.read("25/12/2020 10:00", first) for first in (None, True, False)] == ["2020-12-25T10:00"] * 3
    assert [dates.order(written) for written in ("25/12/2020", "12/25/2020", "04/03/2024", "05/05/2024", "2024")] == [
        True, False, None, None, None
    ]  # fmt: skip


SHAPE = re.compile(r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$")


@given(st.text(alphabet="0123456789-/.:, +TZMayJunSatpm", max_size=30))
def test_whatever_is_read_has_the_shape_of_the_schema(written):
    found = dates.read(written)
    assert found is None or SHAPE.match(found)


@given(
    st.datetimes().filter(lambda when: 1500 <= when.year <= 2200 and not dates.is_placeholder(when.date().isoformat()))
)
def test_what_is_written_in_iso_reads_as_it_is(when):
    assert dates.read(when.date().isoformat()) == when.date().isoformat()
    assert dates.read(when.isoformat("T", "seconds")) == when.isoformat("T", "seconds")
    assert dates.read(f"{when.day} {when.strftime('%B')} {when.year}") == when.date().isoformat()
