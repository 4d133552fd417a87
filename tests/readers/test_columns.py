"""Columns of a PDF page, drawn row by row, and what only looks like columns."""

import random

import pytest
from drawn_pdf import pdf

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Article

LEFT = ["The harbour council voted on Tuesday to close", "the old swing bridge for nine weeks while its",
        "bearings are replaced. Engineers found cracks", "in two of the four bearings last month, the",
        "the works director Tilda Brandvold said."]  # fmt: skip
RIGHT = ["Fishing boats will be able to leave only at", "high water, between six and nine in the",
         "evening, the harbour master said. The council", "pays two thirds of the cost. The port pays the",
         "rest, under a contract that runs until 2031."]  # fmt: skip


def text_of(lines):
    (article,) = _reading.parsed(pdf(lines), "a.pdf")
    assert isinstance(article, Article), article
    return article.text


def rows(*columns, shift=0, size=10):
    lines = [(50, 760, 20, "Swing bridge to close")]
    for number, row in enumerate(zip(*columns, strict=True)):
        lines += [(50 + 260 * side, 700 - 12 * number - shift * side, size, words) for side, words in enumerate(row)]
    return lines


@pytest.mark.parametrize("shift", [0, 4])
def test_columns_are_read_one_after_another(shift):
    text = text_of(rows(LEFT, RIGHT, shift=shift))
    assert " ".join(LEFT) in text
    assert " ".join(RIGHT) in text
    assert text.index(LEFT[-1]) < text.index(RIGHT[0])


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_short_column_beside_a_long_one(count):
    lines = rows(LEFT[:count], RIGHT[:count])
    lines += [(50, 700 - 12 * (count + number), 10, words) for number, words in enumerate(LEFT[count:] + RIGHT)]
    text = text_of(lines)
    assert " ".join(LEFT + RIGHT) in text
    assert text.endswith(" ".join(RIGHT[:count]))


def test_a_head_and_a_foot_are_of_no_column():
    head = [(50, 788, 8, "Lowmere Gazette"), (310, 788, 8, "Wednesday, 12 March 2025")]
    foot = [(50, 40, 8, "gazette.example"), (310, 40, 8, "all rights are ours")]
    text = text_of([*head, *rows(LEFT[:3], RIGHT[:3]), *foot])
    assert " ".join(LEFT[:3]) in text
    assert " ".join(RIGHT[:3]) in text
    assert "Lowmere Gazette Wednesday, 12 March 2025" in " ".join(text.split())


def test_a_line_across_the_page_parts_what_is_above_from_what_is_below():
    across = "All that the council has decided on Tuesday evening will be voted on again in June, the clerk told the meeting."
    below = [(x, y - 150, size, words) for x, y, size, words in rows(RIGHT, LEFT)[1:]]
    text = text_of([*rows(LEFT, RIGHT), (50, 600, 10, across), *below])
    places = [text.index(words) for words in (LEFT[0], RIGHT[0], across[:40])]
    assert places == sorted(places)
    assert text.rindex(RIGHT[0]) > places[2]
    assert text.rindex(LEFT[0]) > text.rindex(RIGHT[-1])


def test_a_table_is_read_row_by_row():
    cells = [["Lowmere", "Estrand", "Norby", "Hale", "Wick"], ["212", "104", "98", "77", "41"]]
    text = text_of(rows(*cells))
    assert "Lowmere 212" in text.replace("\n\n", " ")


def test_a_table_of_a_few_long_cells_is_read_row_by_row():
    cells = [
        ["Mayor of Lowmere harbour", "Clerk of the council"],
        ["Odile Farrant, since 2019", "Rufus Kemble, since 2021"],
    ]
    text = text_of(rows(*cells)).replace("\n\n", " ")
    assert "Mayor of Lowmere harbour Odile Farrant, since 2019" in text


def test_words_that_are_placed_one_by_one_stay_lines():
    words, lines = " ".join(LEFT + RIGHT).split(), [(50, 760, 20, "Swing bridge to close")]
    draw, y, x = random.Random(1), 700, 50.0
    for word in words:
        if x > 480:
            x, y = 50.0, y - 12
        lines.append((round(x, 1), y, 10, word))
        x += 5.2 * len(word) + draw.uniform(3, 6)
    text = text_of(lines)
    assert " ".join(words) in text
