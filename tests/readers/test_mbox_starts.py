"""Where messages of a mailbox begin, found fast."""

from hypothesis import given
from hypothesis import strategies as st

from allegedly.builders.readers import mbox

PARTS = (b"\n", b"\r\n", b"From a b\n", b"From x\r\n", b"A: b\n", b"words\n", b">From ", b">A: c\n", b"\r", b"From ")


@given(st.lists(st.sampled_from(PARTS), max_size=14))
def test_messages_begin_where_the_pattern_says(parts):
    data = b"".join(parts).lstrip(b" \t\r\n")
    assert [mark.span() for mark in mbox._starts(data)] == [mark.span() for mark in mbox._START.finditer(data)]
