"""The datasheet: every question has an answer, and its figures are those of the release."""

import re

import pytest

from allegedly import datasheet as filling
from allegedly.builders.release import datasheet
from allegedly.schemas import stored
from allegedly.schemas.errors import DataError, UsageError


@pytest.fixture(scope="module")
def facts(shipped):
    records = list(stored.records(shipped))
    return datasheet.Facts(stored.manifest(shipped), records, filling.agreed(records))


def test_every_question_has_an_answer(root):
    sheet = (root / "DATASHEET.md").read_text(encoding="utf-8")
    answered = [int(number) for number in re.findall(r"^(\d+)\. \*\*.+?\*\* \S", sheet + "\n ", re.M)]
    asked = [int(number) for number in re.findall(r"^(\d+)\. \*\*", sheet, re.M)]
    assert asked == list(range(1, 47))
    assert set(asked) - set(answered) <= {5}  # the counts stand below it


def test_it_says_that_a_language_model_wrote_and_labelled_it(root):
    sheet = (root / "DATASHEET.md").read_text(encoding="utf-8")
    assert "written by a large language model" in sheet
    assert "No person wrote the texts, and no person, expert or not, labelled them." in sheet


def test_figures_are_those_of_the_release(root, facts):
    sheet = (root / "DATASHEET.md").read_text(encoding="utf-8")
    assert datasheet.filled(sheet, facts) == sheet, "run `make dataset`"


def test_filling_twice_changes_nothing(root, facts):
    once = datasheet.filled((root / "DATASHEET.md").read_text(encoding="utf-8"), facts)
    assert datasheet.filled(once, facts) == once


def test_a_figure_that_nobody_fills_is_named(facts):
    with pytest.raises(DataError, match="figures in the sheet: size; expected each once: release, articles"):
        datasheet.filled("<!-- figures:size -->\n<!-- /figures:size -->\n", facts)


def test_the_command_says_how_it_is_called():
    with pytest.raises(UsageError, match=r"usage: python -m allegedly.datasheet RELEASE FILE"):
        filling.main([])


def test_pairs_that_share_five_words_are_counted_one_by_one(facts):
    texts = {
        record.article.id: re.findall(r"\w+", record.article.text.casefold()) for record in facts.records
    }
    runs = {name: {tuple(words[at : at + 5]) for at in range(len(words) - 4)} for name, words in texts.items()}
    split = {record.article.id: record.split for record in facts.records}
    pairs = [
        (one, two) for one in runs for two in runs if one < two and split[one] != split[two] and runs[one] & runs[two]
    ]
    said = datasheet.FIGURES["leakage"](facts)
    assert f"Every pair of articles in different splits was compared: {len(pairs)} of them share 5 words in a row" in said
    for one, two in pairs[:1]:
        assert f"| {one} {two} |" in said


def test_densities_are_those_of_the_texts(facts):
    words = sum(len(record.article.text.split()) for record in facts.records)
    claims = sum(len(record.labels.claims) for record in facts.records)
    assert f"- a thousand words hold {1000 * claims / words:.1f} claims, " in datasheet.FIGURES["articles"](facts)
