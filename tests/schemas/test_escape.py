"""What hostile text becomes on its way to a reader's program."""

import html as library

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.schemas import escape

HOSTILE = "<script>alert(1)</script> [x](javascript:y) \x1b[31m \u202eabc **bold** | `code` & \x00"


@pytest.mark.parametrize("sink", [escape.plain, escape.html, escape.markdown])
def test_nothing_that_acts_is_left(sink):
    found = sink(HOSTILE)
    assert "\x1b" not in found
    assert "\u202e" not in found
    assert "⟨U+202E⟩" in found.replace("\\", "")


def test_html_and_markdown_show_text():
    assert "<script>" not in escape.html(HOSTILE)
    found = escape.markdown(HOSTILE)
    assert "\\[x\\]\\(javascript" in found
    assert "\\<script\\>" in found
    assert "\\|" in found


@given(st.text())
def test_html_gives_the_text_back(text):
    assert library.unescape(escape.html(text)) == escape.plain(text)


YAML_HAZARDS = [
    "no",
    "1e3",
    "0x10",
    "null",
    "~",
    "2024-01-01",
    "a\n---\nb",
    "a: b # c",
    "&a *a",
    "!!str",
    "\u2028\x85",
    "\ufeff",
]


@given(st.text(st.characters(), max_size=30) | st.sampled_from(YAML_HAZARDS))
def test_yaml_reads_back_as_the_text(text):
    from huggingface_hub import DatasetCard

    card = DatasetCard(f"---\npretty_name: {escape.yaml(text)}\n---\n\n# A page\n")
    assert card.data.pretty_name == text
    assert set(escape.yaml(text)) <= set(filter(str.isprintable, escape.yaml(text)))


def test_a_formula_is_no_formula():
    assert escape.cell("=1+1") == "'=1+1"
    assert escape.cell("plain") == "plain"


@given(st.text(st.sampled_from("=+-@:#[] \t\n\r\x1b\u2028a"), max_size=12))
def test_a_cell_is_one_line_and_no_command(text):
    shown = escape.cell(text)
    assert "\n" not in shown and "\r" not in shown and not shown.lstrip().startswith("::") and "##[" not in shown
    assert not shown.startswith(("=", "+", "-", "@", "\t"))
