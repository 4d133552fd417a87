"""Phrases of notices and furniture: each catches its line and no sentence, and together they spare what they spare."""

import re

import pytest

from allegedly.builders.readers import _furniture, _line_notices
from allegedly.builders.readers._line_phrases import PHRASES
from allegedly.builders.readers._phrases import written
from allegedly.builders.readers.text import of_text
from allegedly.schemas.records import Origin


@pytest.mark.parametrize(
    "phrase", [*PHRASES, *_furniture.PHRASES, *_furniture.ENDINGS], ids=lambda phrase: phrase.catches[:40]
)
def test_a_phrase_catches_its_line_and_spares_its_sentence(phrase):
    form = re.compile(written(phrase), re.I)
    assert form.match(phrase.catches)
    assert not form.match(phrase.spares)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.spares[:40])
def test_no_other_phrase_takes_the_sentence(phrase):
    assert _line_notices.notice(phrase.catches).kind == phrase.kind
    assert _line_notices.notice(phrase.spares) is None
    assert not _furniture.is_furniture(phrase.spares)


@pytest.mark.parametrize("phrase", [*_furniture.PHRASES, *_furniture.ENDINGS], ids=lambda phrase: phrase.spares[:40])
def test_furniture_is_no_sentence(phrase):
    assert _furniture.is_furniture(phrase.catches)
    assert not _furniture.is_furniture(phrase.spares)
    assert _line_notices.notice(phrase.spares) is None


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_sentences_that_begin_like_notices_are_sentences_of_the_text(place):
    body = [
        "The harbour council voted on Tuesday to close the old swing bridge for nine weeks.",
        "Engineers found cracks in two of the four bearings last month, the works director said.",
    ]
    for phrase in PHRASES:
        paragraphs = list(body)
        paragraphs.insert({"first": 0, "middle": 1, "last": 2}[place], phrase.spares)
        text = "Bridge to close\n\n" + "\n\n".join(paragraphs) + "\n"
        article = of_text(text, Origin(file_name="a.txt"))
        spoken = " ".join(text[start:end] for start, end in article.sentences)
        assert phrase.spares in spoken
