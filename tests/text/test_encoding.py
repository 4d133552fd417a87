"""Encodings: what is found, what is named, what is refused."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.builders.sources.encodings import decode
from allegedly.builders.sources.limits import Refused

QUOTED = "“I have never trusted a quiet kitchen,” Zoë Marchetti said – it’s £900."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (QUOTED.encode(), (QUOTED, "utf-8")),
        (codecs.BOM_UTF8 + QUOTED.encode(), (QUOTED, "utf-8")),
        (QUOTED.encode("utf-16"), (QUOTED, "utf-16-le")),
        ("Hello there".encode("utf-16-le"), ("Hello there", "utf-16-le")),
        ("Hello there".encode("utf-16-be"), ("Hello there", "utf-16-be")),
        (codecs.BOM_UTF32_LE + "Hi".encode("utf-32-le"), ("Hi", "utf-32-le")),
        (QUOTED.encode("cp1252"), (QUOTED, "windows-1252")),
        ("It cost £15.8m.".encode("latin-1"), ("It cost £15.8m.", "iso-8859-1")),
        ("Правительство решило".encode("koi8-r"), ("Правительство решило", "koi8-r")),
        (b"", ("", "utf-8")),
    ],
)
def test_encodings_are_found(data, expected):
    assert decode(data) == expected


def test_what_is_declared_is_believed_where_it_fits():
    japanese = "政府は月曜日に来年"
    assert decode(japanese.encode("shift_jis"), "Shift_JIS") == (japanese, "shift_jis")
    assert decode("Zoë".encode("latin-1"), "utf-8") == ("Zoë", "iso-8859-1")
    assert decode("Zoë".encode(), "iso-8859-1") == ("Zoë", "utf-8")
    assert decode(b"plain", "no-such-encoding") == ("plain", "utf-8")
    assert decode(b"plain", "hex") == ("plain", "utf-8")


@pytest.mark.parametrize(
    ("data", "rule", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(32)) * 8, "binary", "binary data"),
        (b"a" * 1000 + b"\0", "nul-bytes", "a NUL character at 1000"),
        ("“I have” never “and” then".encode() + b"\xff more", "undecodable", "the first at byte 33"),
        (codecs.BOM_UTF16_LE + b"H\0i", "undecodable", "looks like utf-16-le"),
        (b"H\0e\0l\0l\0o\0!", "undecodable", "breaks off in the middle"),
    ],
)
def test_what_is_no_text_is_refused(data, rule, reason):
    with pytest.raises(Refused, match=reason) as caught:
        decode(data)
    assert caught.value.rule == rule


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text[0] != "\ufeff"))
def test_utf_8_comes_back_as_it_was(words):
    assert decode(words.encode()) == (words, "utf-8")


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "latin-1", "shift_jis", "utf-16", "x"]))
def test_any_bytes_are_text_or_refused(data, declared):
    try:
        words, encoding = decode(data, declared)
    except Refused:
        return
    assert "\0" not in words and encoding
