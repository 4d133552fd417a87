"""Quotation marks: what they say of a content's form, and what is left of a content without them."""

import pytest

from allegedly.builders.annotations.plain import Plain
from allegedly.builders.annotations.quoted import Quoted


def read(article, *pieces):
    """The quotations of an article, and the first places of some words."""
    quoted = Quoted.of(Plain.of(article))
    return quoted, [quoted.plain.first(piece, 0) for piece in pieces]


@pytest.mark.parametrize(
    ("text", "pieces", "form"),
    [
        ("It was the board's fault, he said.", ["It was the board's fault"], "indirect"),
        (
            "The players’ wages and the clubs’ may fall, he said.",
            ["The players’ wages and the clubs’ may fall"],
            "indirect",
        ),
        ("He called it the ’60s spirit, and ’tis gone, they say.", ["the ’60s spirit, and ’tis gone"], "indirect"),
        ('He hailed the board\'s "green light" to it.', ['the board\'s "green light"'], "mixed"),
        ('"It was the board\'s fault," he said.', ['"It was the board\'s fault,"'], "direct"),
        ("'It was the players' fault,' he said.", ["'It was the players' fault,'"], "direct"),
        ("‘It was the players’ fault,’ he said.", ["‘It was the players’ fault,’"], "direct"),
        ('"We saw it," Holt said. "It sank."', ['"We saw it,"', '"It sank."'], "direct"),
        ('He said it was "late". "It sank."', ['it was "late"', '"It sank."'], "mixed"),
        ('He said that "it was late".', ['that "it was late"'], "direct"),
        ('He asked whether "it was late" or not.', ['whether "it was late" or not'], "mixed"),
        ('He wants to "sail on".', ['to "sail on"'], "direct"),
        # the marks of whoever is quoted around it are not those of what is said inside
        ('"Holt said that the ship sank," she added.', ["the ship sank"], "indirect"),
        ("\"Holt said: 'The ship sank,'\" she added.", ["'The ship sank,'"], "direct"),
        ("\"Holt said: 'The ship sank,'\" she added.", ["\"Holt said: 'The ship sank,'\""], "direct"),
        # marks directly around it, and one side of a quotation of several sentences
        ('He wrote "the ship sank" to us.', ["the ship sank"], "direct"),
        ('"It was late. It was blue," Holt said.', ['It was blue,"'], "direct"),
        # over paragraphs: opened in each, closed in the last
        (
            '"It was late.\n\n"It was blue.\n\n"It sank," he said.',
            ['"It was late.', '"It was blue.', '"It sank,"'],
            "direct",
        ),
        ("“It was late.\n\n“It was blue,” he said.", ["“It was late."], "direct"),
        ("„Es war spät“, sagte er.", ["„Es war spät“"], "direct"),
        ("« Il est tard », a-t-il dit.", ["« Il est tard »"], "direct"),
        ("Il dit : « Il est tard ».", ["Il est tard"], "indirect"),
        ('A 6" pipe burst, he said.', ['A 6" pipe burst'], "indirect"),
    ],
)
def test_the_form_follows_from_the_marks_that_belong_to_the_content(write_up, text, pieces, form):
    quoted, places = read(write_up(text), *pieces)
    assert quoted.form(places) == form


@pytest.mark.parametrize(
    ("text", "pieces", "bare"),
    [
        ('"It was late," he said.', ['"It was late,"'], ["It was late"]),
        ('"Was it late?" he said.', ['"Was it late?"'], ["Was it late?"]),
        ("He said that it was late.", ["that it was late."], ["it was late"]),
        ('He said "that it was late".', ['"that it was late"'], ["it was late"]),
        ("He said that that was late.", ["that that was late"], ["that was late"]),
        # the full stop of an abbreviation stays
        ("It opens at 4 p.m. She said so.", ["It opens at 4 p.m."], ["It opens at 4 p.m."]),
        ("It is made in the U.S. It sells well.", ["It is made in the U.S."], ["It is made in the U.S."]),
        ('"It was bought by Dale Inc.," he said.', ['"It was bought by Dale Inc.,"'], ["It was bought by Dale Inc."]),
        ("He said no.", ["no."], ["no"]),
        ("It is vitamin C. It helps.", ["It is vitamin C."], ["It is vitamin C"]),
        # marks that open and close inside stay, those around it go
        ('He said it was the "green light".', ['it was the "green light"'], ['it was the "green light"']),
        ('"Late" was the word, he said.', ['"Late" was the word'], ['"Late" was the word']),
        ('He said it was "late" and "blue".', ['"late" and "blue"'], ['"late" and "blue"']),
        ("It was the players' fault.", ["the players'"], ["the players'"]),
        ("\"'It sank,' she told me,\" he said.", ["\"'It sank,' she told me,\""], ["'It sank,' she told me"]),
        ("\"She told me: 'It sank.'\" he said.", ["\"She told me: 'It sank.'\""], ["She told me: 'It sank.'"]),
        ("\"'It sank.'\" he said.", ["\"'It sank.'\""], ["It sank"]),
        # pieces each lose their own; a quotation over paragraphs does not close in the first
        ('"It sank," he said. "Then it rained."', ['"It sank,"', '"Then it rained."'], ["It sank", "Then it rained"]),
        ("“It sank.\n\n“Then it rained,” he said.", ["“It sank.", "“Then it rained,”"], ["It sank", "Then it rained"]),
        ('"It sank. It was late," he said.', ['It was late,"'], ["It was late"]),
        ('"It sank. It was late," he said.', ['"It sank.'], ["It sank"]),
    ],
)
def test_a_content_without_marks_that_and_final_stop(write_up, text, pieces, bare):
    quoted, places = read(write_up(text), *pieces)
    assert [quoted.plain.text[place.low : place.high] for place in quoted.bare(places)] == [
        words.replace("’", "'") for words in bare
    ]


def test_a_content_of_marks_alone_has_no_words(write_up):
    quoted, places = read(write_up('He wrote "." to us.'), '"."')
    assert list(quoted.bare(places)) == [] and quoted.form(places) == "indirect"
