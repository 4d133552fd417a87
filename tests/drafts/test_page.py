"""The page about drafts says what the code does: its example, its tables."""

import re

import pytest

from allegedly.builders.annotations import draft_words, drafts
from allegedly.builders.annotations.draft_head import NAMES


@pytest.fixture
def page(root):
    return (root / "docs" / "drafts.md").read_text(encoding="utf-8")


def test_the_example_reads_as_the_page_says(page, write_up):
    _, text, draft, *_ = re.findall(r"^```\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    article = write_up(text)
    (problem,) = drafts.read(draft, article, "draft").problems
    told = re.search(r"with one slip: `(draft:.*) \.\.\.`", page)
    assert told is not None and str(problem).startswith(told[1])
    whole = drafts.read(draft.replace(" | evnt", ""), article, "draft")
    assert (whole.problems, whole.notes) == ([], [])
    said = whole.labels.attributions
    assert [label.form for label in said] == ["indirect", "direct", "indirect"]
    assert said[0].speaker == said[1].speaker and text[slice(*said[1].speaker[0])] == "Della Royce"
    assert [claim.claimer for claim in whole.labels.claims] == ["a1", "a2", "a2", None]


def test_the_tables_name_every_line_and_word(page):
    assert all(f"`{name}:" in page for name in NAMES)
    for layer, fields in drafts.FIELDS.items():
        letter = next(letter for letter, each in drafts.KINDS.items() if each == layer)
        row = r" \| ".join(fields)
        assert f"`{letter} {row}`" in page or f"`{letter} \\| {row}`" in page
        assert all(f"`{word}`" in page for word in draft_words.SIGNS[layer])
