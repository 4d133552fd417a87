"""Sentences: bounds that people see, and laws that hold for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from allegedly.builders.text import articles, language, sentences
from allegedly.schemas.records import SENTENCE_BLOCKS, Block, Origin, Span


def split(words: str, kind: str = "paragraph", markup=()) -> list[str]:
    found = sentences.sentences(words, [Block(kind=kind, start=0, end=len(words))], markup)
    return [words[start:end] for start, end in found]


@pytest.mark.parametrize(
    "expected",
    [
        ["“It is over,” he said.", "“We lost.", "And we will not come back.”", "Then he left."],
        ['"Stop!" she shouted.', '"Why?"', '"No reason."'],
        ['"Do I go?" Mary Smith asked.', '"I do."'],
        ["He met U.S. Sen. J. D. Vance and Mr. Smith at 3.5 p.m. Monday.", "Then J.K. Rowling spoke."],
        ["He lives in the U.S.", "Then he left."],
        ["So said Ms. Acosta.", "Govs. Lee and Day met at Ft. Worth.", "It fell 10 ft.", "The end."],
        ["Wait... he said.", "And then… nothing.", "Well…", "Maybe not."],
        ["Profit rose 3.5 per cent to £1.2bn.", "No. 10 said so."],
        ["He asked Jones (54).", "(This is an aside.)", "It ended on Jan. 5."],
        ["The workers' pay rose.", "The firms' loss grew."],
        ["« Oui. »", "Il part.", "„Ja.“", "Dann ging er."],
        ["So it was said.[1]", "The next one came later.[2]"],
        ["Shares of Acme Inc. Friday fell.", "See bbc.co.uk for more."],
        ["'We are done.'", "'Really?' asked Jones."],
        ["“It is soup,” he told me.", "“Complain to the tide.”"],
        ["The vote is on 4 May.", "Members were ill.", "“No.", "Not now.”", "It is no. 5 of Art. 3."],
        ["Council votes for new school"],
    ],
    ids=lambda expected: expected[0][:24],
)
def test_sentences_end_where_readers_see_it(expected):
    assert split(" ".join(expected)) == expected


def test_each_item_of_a_list_is_a_sentence_or_more():
    words = "- One item. Two\n- second item\n  goes on\n- third"
    assert split(words, "list") == ["One item.", "Two", "second item\n  goes on", "third"]
    assert split("One item\nTwo items\nThree. Four", "list") == ["One item", "Two items", "Three.", "Four"]


def test_markup_stays_outside_sentences():
    words = "*First one. Second **one.***"
    markup = [Span(0, 1), Span(19, 21), Span(25, 28)]
    assert [
        words[s:e] for s, e in sentences.sentences(words, [Block(kind="lead", start=0, end=len(words))], markup)
    ] == [
        "First one.",
        "Second **one.",
    ]


@pytest.mark.parametrize("kind", ["byline", "dateline", "author_note", "disclaimer", "boilerplate"])
def test_blocks_that_hold_no_sentences_have_none(kind):
    assert split("By Jane Doe. She writes.", kind) == []


@pytest.mark.parametrize("words", ["", "   ", "*** ***", " . ... ", '"'])
def test_what_has_no_word_is_no_sentence(words):
    assert split(words) == []


LETTERS = st.sampled_from([*" .!?…\"'“”()[]\n\t\r*_-AaBb1. \u00a0\u200b«»é😀,:;", "U.S. ", "Mr. ", "p.m. ", "he said"])
TEXTS = st.lists(LETTERS, max_size=60).map("".join)


@st.composite
def blocked(draw):
    """A text with blocks and markup, both in order and without overlaps."""
    words = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(words)), max_size=6)))
    kinds = st.sampled_from(["paragraph", "title", "list", "quote", "byline", "boilerplate"])
    blocks = [Block(kind=draw(kinds), start=a, end=b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    marks = sorted(draw(st.sets(st.integers(0, len(words)), max_size=6)))
    return words, blocks, [Span(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]


@settings(max_examples=200, deadline=None)
@given(blocked())
def test_sentences_lie_in_order_inside_blocks_and_neither_begin_nor_end_in_space_or_markup(given_text):
    words, blocks, markup = given_text
    found = sentences.sentences(words, blocks, markup)
    marked = {at for start, end in markup for at in range(start, end)}
    before = 0
    for start, end in found:
        assert before <= start < end
        before = end
        assert any(b.start <= start and end <= b.end and b.kind in SENTENCE_BLOCKS for b in blocks)
        assert not words[start].isspace() and not words[end - 1].isspace()
        assert start not in marked and end - 1 not in marked
    # every word in a block that holds sentences is in one
    covered = {at for start, end in found for at in range(start, end)}
    for block in blocks:
        if block.kind in SENTENCE_BLOCKS and block.kind != "list":
            inside = range(block.start, block.end)
            assert all(at in covered for at in inside if words[at].isalnum() and at not in marked)


@pytest.mark.parametrize(
    "words",
    ["word " * 200_000, "a" * 1_000_000, "x" + "\n" * 500_000 + "y", "(" * 500_000, '"a." ' * 50_000, " ." * 200_000],
    ids=["no full stop", "one word", "line feeds", "brackets", "quotations", "full stops"],
)
def test_a_text_without_sense_takes_steps_by_its_length(words):
    few, many = (steps(lambda size=size: split(words[:size])) for size in (len(words) // 24, len(words) // 4))
    assert many < 9 * few + 1_000
    split(words)


def test_languages_are_told_where_there_is_enough_to_tell():
    english = "The council said that it would not pay for the bridge, and that the town has been asked for money. " * 2
    german = "Die Regierung hat am Montag beschlossen, dass die Steuern im nächsten Jahr steigen sollen."
    assert language.detected(english) == "en"
    assert language.detected(german) == "de"
    assert language.detected("U.S. stocks fall") is None


def test_an_article_has_id_language_and_sentences_and_keeps_what_it_is_given():
    words, blocks = articles.compose([("title", " A title "), ("paragraph", ""), ("lead", "It was said. It was done.")])
    assert words == "A title\n\nIt was said. It was done."
    assert [(b.kind, words[b.start : b.end]) for b in blocks] == [
        ("title", "A title"),
        ("lead", "It was said. It was done."),
    ]
    made = articles.article(words, Origin(file_name="x"), blocks=blocks, title="A title", language="en-GB")
    assert made.language == "en-GB" and made.title == "A title"
    assert [words[s:e] for s, e in made.sentences] == ["A title", "It was said.", "It was done."]
    kept = articles.article(words, Origin(file_name="x"), blocks=blocks, sentences=[Span(9, 20)])
    assert kept.sentences == (Span(9, 20),) and kept.id == made.id


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "de",
            ["Im 19. Jahrhundert stand hier ein Tor.", "Der 1. FC Lowmere gewann mit 2:1.", "Danach wurde gefeiert."],
        ),
        (
            "de",
            ["Am 3. Oktober sprach Hr. Kemble.", "Es kostet 3 Mio. Euro, so Art. 5.", "Es waren 12.", "Alle gingen."],
        ),
        (
            "de-AT",
            ["1. Mai ist Feiertag.", "Prof. Dr. Roth las S. 12.", "Der 2. Versuch gelang 1945.", "Dann kam Ruhe."],
        ),
        (
            "fr",
            ["M. Dupré et Mme Roy sont venus.", "Le Dr. Kemble a parlé.", "L’art. 5 et la p. 12 le disent.", "Fin."],
        ),
        ("fr", ["Jules César, né en 100 av. J.-C., y vint.", "C’est l’art.", "Tout passe."]),
        ("es", ["El Sr. Vela y la Dra. Ruiz hablan.", "Lo dice el art. 5 en la pág. 12.", "D. Juan calla.", "Fin."]),
        ("it", ["L’on. Verdi e il Sig. Neri tacciono.", "Lo dice l’art. 5 a pag. 12.", "S. Pietro è chiusa.", "Fine."]),
        ("pt", ["O Sr. Lima e a Profa. Reis falam.", "Diz o art. 5 na pág. 12.", "D. Pedro cala.", "Fim."]),
        ("nl", ["Dhr. Bakker en mevr. De Vries komen.", "Zie art. 5 op blz. 12.", "Drs. Smit zwijgt.", "Einde."]),
        (
            "it",
            [
                "L’avvocato ha detto no.",
                "Lo dice il codice.",
                "Sono le otto ore.",
                "Lo vuole la NATO.",
                "E l’ONU.",
                "«Mai.»",
                "Fine.",
            ],
        ),
        (
            "it",
            [
                "Ad es. Roma e la fam. Neri.",
                "Cfr. Verdi, vol. 3.",
                "G. Verdi tace.",
                "Pere, mele, ecc.",
                "Costa ca. 3 euro.",
                "Fine.",
            ],
        ),
        (
            "es",
            [
                "La alcaldesa dijo que no.",
                "El consejo votó en contra.",
                "¿Todo bien?",
                "Todo va bien.",
                "¡Fin!",
                "Es el no. 5.",
                "El mar.",
            ],
        ),
        ("es", ["Vive en la av. Mayor y la Avda. Real.", "Costó aprox. 3 euros.", "Fin."]),
        ("pt", ["A av. Brasil fechou.", "Custou aprox. 3 euros.", "Foi o que vi.", "Fim."]),
        (
            "fr",
            [
                "Le fleuve est à sec.",
                "Il parle du vol.",
                "Env. 3 personnes au vol. 2.",
                "Le 4 bd. Foch est clos.",
                "Fin.",
            ],
        ),
        ("de", ["Es ist eine neue Art.", "Das sagt Art. 5.", "Ok.", "Ende."]),
        ("nl", ["Hij staat aan de top.", "Dat zei de pers.", "Ik weet dat.", "Zie vol. 3 en ca. 5 euro.", "Einde."]),
        ("ja", ["「行く。」と彼は言った。", "『本当？』と聞いた。", "「終わりだ。」", "会議は終わった。"]),
        ("ja", ["彼女は「帰る。明日は来ない。」と話した。", "雨が降った。"]),
        ("zh", ["“我们会去。”他说。", "他问：“真的吗？”", "会议结束了。", "「好的。」市长表示。"]),
    ],
    ids=lambda row: row if isinstance(row, str) else row[0][:16],
)
def test_sentences_of_other_languages_end_where_readers_see_it(code, expected):
    words = ("" if code in ("ja", "zh") else " ").join(expected)
    spans = sentences.sentences(words, [Block(kind="lead", start=0, end=len(words))], (), code)
    assert [words[start:end] for start, end in spans] == expected
