"""Paragraphs of words without markup: lines that were filled are put together, verses and lists are not."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.builders.text import pieces

FILLED = (
    "The harbour council voted on Tuesday to close the old swing\n"
    "bridge for nine weeks while its bearings are replaced.\n"
    "Engineers found cracks in two of the four bearings last\n"
    "month, the council's works director Tilda Brandvold said."
)
NEXT = (
    "Lorries will be sent round by the northern road, which adds\n"
    "eleven kilometres to the trip for as long as the works last."
)


@pytest.mark.parametrize(
    ("words", "paragraphs"),
    [
        (FILLED, [FILLED]),
        (FILLED.replace("\n", "\r\n"), [FILLED.replace("\n", "\r\n")]),
        (f"Bridge to close\n{FILLED}", ["Bridge to close", FILLED]),
        (f"{FILLED}\nIt is old.\n{NEXT}", [f"{FILLED}\nIt is old.", NEXT]),
        (f"{FILLED}\n   {NEXT}", [FILLED, NEXT]),
        (
            f"{FILLED}\n- one bridge over the river\n- two ferries",
            [FILLED, "- one bridge over the river", "- two ferries"],
        ),
        (f"{FILLED}\n\n{NEXT}", [FILLED, NEXT]),
    ],
)
def test_filled_lines_are_paragraphs(words, paragraphs):
    blocks = pieces.paragraphs(words)
    assert [words[block.start : block.end] for block in blocks] == paragraphs
    assert [block.kind for block in blocks] == ["lead", *["paragraph"] * (len(blocks) - 1)]


def test_composed_paragraphs_have_no_line_ends_of_a_column():
    indented = FILLED.replace("\n", "\n        ")
    assert pieces.of_paragraphs(indented) == [("lead", " ".join(FILLED.split()))]


@pytest.mark.parametrize(
    "words",
    [
        ("The river runs below the town,\nits water carries leaves of brown.\nThe bridge that stood a hundred years\n"
        "Is closed, and nobody has tears.\nThe council voted, night was long,\nAnd ferrymen sang out their song."),
        "Three new schools in the north\nA bridge over the river Kelda\nTwo ferries for the islands\nRepairs to the harbour wall",
        ("The council voted on Tuesday to close the bridge.\nThe director said it was safe for cars only.\n"
        "The work is to start in May, he told reporters.\nThe ferry runs again from the northern pier."),
        "milk\nbread\nbutter\ncheese\napples",
        "\n".join(f"{FILLED} {NEXT}".replace("\n", " ") for _ in range(4)),
    ],
)  # fmt: skip
def test_lines_of_their_own_stay(words):
    assert [words[block.start : block.end] for block in pieces.paragraphs(words)] == words.split("\n")


@settings(max_examples=80, deadline=None)
@given(st.text("aB .-\n\t1", max_size=400))
def test_blocks_hold_all_words_in_order(words):
    blocks = pieces.paragraphs(words)
    assert "".join("".join(words[block.start : block.end] for block in blocks).split()) == "".join(words.split())
    assert all(before.end <= after.start for before, after in itertools.pairwise(blocks))
