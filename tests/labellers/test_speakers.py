"""Speakers: who a source stands for, by the guidelines' rules, in texts of our own."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from allegedly.builders.labellers import rules
from allegedly.builders.labellers._speakers import with_speakers
from allegedly.builders.labellers._tokens import Tokens
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Attribution, Block, Origin, Span


def made(text: str):
    """An article of one block a line, the first of them the title where a blank line follows it."""
    blocks = tuple(Block(kind="paragraph", start=m.start(), end=m.end()) for m in re.finditer(r"\S[^\n]*", text))
    return article(text, Origin(file_name="x.txt"), blocks=blocks, language="en")


def speaker(marked: str, kind: str = "named_person", form: str = "indirect") -> str:
    """Who the source in ``<...>`` stands for; the cue behind it is the next word, the content what follows."""
    start = marked.index("<")
    text = marked.replace("<", "", 1).replace(">", "", 1)
    end = marked.index(">") - 1
    cue = re.compile(r"\w+").search(text, end)
    content = Span(cue.end() + 1, len(text.rstrip()))
    item = Attribution(
        id="a1", source=(Span(start, end),), cue=(Span(*cue.span()),), content=(content,), form=form, source_kind=kind
    )
    (out,) = with_speakers(Tokens(made(text)), [item])
    return " + ".join(text[a:b] for a, b in out.speaker)


PEOPLE = {
    # names: the fullest one, wherever it stands, without title, age and apposition
    "Nora Pell came late. Later <Pell> said that it rained.": "Nora Pell",
    "Nora Pell came late. <Ms Pell> said that it rained.": "Nora Pell",
    "<Mayor Nora Pell> said that it rained.": "Nora Pell",
    "<Nora Pell, a teacher from Estrand,> said that it rained.": "Nora Pell",
    "<Nora Pell, 41,> said that it rained.": "Nora Pell",
    "<Finance minister Jan Holt> said that it rained.": "Jan Holt",
    "<Secretary of State Jan Holt> said that it rained.": "Jan Holt",
    "<Estrand council leader Jan Holt> said that it rained.": "Jan Holt",
    "<The harbour master, Jan Holt,> said that it rained.": "Jan Holt",
    "<The head of the Tarn Trust, Jan Holt,> said that it rained.": "Jan Holt",
    "<Jan Holt of Estrand> said that it rained.": "Jan Holt",
    "<Striker Lena van den Berg> said that it rained.": "Lena van den Berg",
    "Don Grath stayed. <Grath> said that it rained.": "Don Grath",
    "<Mr Pell> said that it rained.": "Pell",
    "Nora Pell and Jan Holt left. <Pell and Holt> said that it rained.": "Nora Pell and Jan Holt",
    # titles that the article gives to somebody
    "Mayor Nora Pell came late. <The mayor> said that it rained.": "Nora Pell",
    "<The mayor> said that it rained. Later Nora Pell, the mayor, went home.": "Nora Pell",
    "The harbour master, Jan Holt, sat down. <The harbour master> said that it rained.": "Jan Holt",
    # pronouns: whoever was spoken of last
    "Mr Jan Holt resigned. <He> said that it rained.": "Jan Holt",
    "Mrs Nora Pell met Mr Jan Holt on Monday. <She> said that it rained.": "Nora Pell",
    "Mrs Nora Pell met Mr Jan Holt on Monday. <He> said that it rained.": "Jan Holt",
    "Nora Pell, 41, rose at ten. The hall was cold. <She> said that it rained.": "Nora Pell",
    "They rang Nora Pell, 41, <who> said that it rained.": "Nora Pell",
}


@pytest.mark.parametrize("text", PEOPLE)
def test_people_go_by_the_fullest_name(text):
    assert speaker(text) == PEOPLE[text]


ORGANISATIONS = {
    "<The Norther army> said that it rained.": "Norther army",
    "<The Tarn Trust> said that it rained.": "Tarn Trust",
    "Estrand Central Bank met on Monday. <The ECB> said that it rained.": "Estrand Central Bank",
    "Estrand Central Bank met on Monday. <The bank> said that it rained.": "Estrand Central Bank",
    "Dorrance Rovers lost. <Rovers> said that it rained.": "Dorrance Rovers",
    "Pell & Holt closed its mill. <Pell> said that it rained.": "Pell & Holt",
    "<The Democratic National Convention> said that it rained.": "Democratic National Convention",
    "<The Tarn Trust and the Weir Board> said that it rained.": "Tarn Trust and the Weir Board",
}


@pytest.mark.parametrize("text", ORGANISATIONS)
def test_organisations_go_by_the_full_name_without_article(text):
    assert speaker(text, "named_organisation") == ORGANISATIONS[text]


OTHERS = [
    ("<A spokesman for the port> said that it rained.", "unnamed_person", "A spokesman for the port"),
    ("<A woman standing at the gate> said that it rained.", "unnamed_person", "A woman"),
    ("<A guard who ran> said that it rained.", "unnamed_person", "A guard"),
    ("<Residents of the quay> said that it rained.", "unnamed_group", "Residents of the quay"),
    (
        "A survey by Tarn University came out. <The survey> said that it rained.",
        "document",
        "A survey by Tarn University",
    ),
    ("<A report by the mayor> said that it rained.", "document", "A report by the mayor"),
    ("<Nobody> said that it rained.", "unnamed_group", ""),
]


@pytest.mark.parametrize(("text", "kind", "right"), OTHERS)
def test_sources_without_a_name_keep_their_words(text, kind, right):
    assert speaker(text, kind) == right


def said(text: str) -> list[tuple[str, str]]:
    """Source and speaker of each attribution that the rules find."""
    labels = next(rules.label([made(text)])).labels

    def words(part):
        return " + ".join(text[a:b] for a, b in part)

    return [(words(item.source), words(item.speaker)) for item in labels.attributions]


#: Who the last quotation is by.
LAST = {
    # whoever is called "Ms" is not "he", and the subject of the sentence before wins over who was quoted earlier
    'Mr Lund said the pool would open. Ms Kerr, the coach, closed her eyes. "It leaks," she said.': "Kerr",
    'Ms Kerr said the pool would open. Mr Lund said it leaked. "I saw it," he said. "He is wrong," she said.': "Kerr",
    'Mrs Kerr said the pool would open. Her husband, Amos Lund, was silent. "It leaks," he said.': "Amos Lund",
    'Mr Lund said the pool would open. His wife, Ines Kerr, was silent. "It leaks," she said.': "Ines Kerr",
    'Ines Kerr said the pool was safe. The teacher, Amos Lund, got up. "It leaks," he said.': "Amos Lund",
    'Ines Kerr left. "It leaks," she said.': "Ines Kerr",
    # a question is answered by whoever was asked
    'Amos Lund asked Ines Kerr: "Will it open?" "Not yet," she said.': "Ines Kerr",
    'Mr Amos Lund asked Ms Ines Kerr: "Will it open?" "Will you come?" he said.': "Amos Lund",
    # a relative who is named later does not take the surname over, a fuller name of the same person does
    '"It leaks," Kerr said. Her brother, Amos Kerr, laughed.': "Kerr",
    'Ines Kerr came late. "It leaks," Kerr said. Her brother, Amos Kerr, laughed.': "Ines Kerr",
    '"It leaks," Kerr said. The coach, Ines Kerr, laughed.': "Ines Kerr",
    'Her brother, Amos Kerr, laughed. "It leaks," Kerr said.': "Amos Kerr",
}


@pytest.mark.parametrize("text", LAST)
def test_the_last_quotation_is_by(text):
    assert said(text)[-1][1] == LAST[text]


FOUND = {
    "Amos Lund told guests the pool was shut.": ["Amos Lund|told|the pool was shut"],
    "Amos Lund told parliament he had seen it.": ["Amos Lund|told|he had seen it"],
    "Amos Lund told the council the pool had leaked.": ["Amos Lund|told|the pool had leaked"],
    "Amos Lund told staff on Friday the pool would shut.": ["Amos Lund|told|the pool would shut"],
    "‘The pool’s coaches’ pay is low,’ said Ines Kerr.": ["Ines Kerr|said|‘The pool’s coaches’ pay is low,’"],
    '"It woke the street," one of them, Ines Kerr, said.': ['one of them, Ines Kerr|said|"It woke the street,"'],
    '"Wait," shouted the coach. "Wait!"': ['the coach|shouted|"Wait," + "Wait!"'],
    '"The pool will open,\n\nand the coach will stay," said Ines Kerr.': ["Ines Kerr|said|the coach will stay"],
    "Imagine a street without a pool.": [],
    "Imagine that the dike gives way.": [],
}


@pytest.mark.parametrize("text", FOUND)
def test_sources_and_contents_without_listeners_and_marks(text):
    labels = next(rules.label([made(text)])).labels
    parts = [(item.source, item.cue, item.content) for item in labels.attributions]
    assert ["|".join(" + ".join(text[a:b] for a, b in part) for part in three) for three in parts] == FOUND[text]


def test_i_in_a_quotation_is_who_is_quoted():
    found = said('"I think that it will rain," said Nora Pell, the mayor of Estrand.')
    assert ("I", "Nora Pell") in found


def test_a_quotation_that_stands_alone_is_of_who_spoke_last():
    text = 'Nora Pell, 41, said that it rained.\n\n"Nobody came to help us at all."'
    first = Attribution(
        id="a1", source=(Span(0, 13),), cue=(Span(15, 19),), content=(Span(20, 34),), source_kind="named_person"
    )
    alone = Attribution(id="a2", source=(), cue=(), content=(Span(37, len(text)),), form="direct", source_kind="none")
    out = with_speakers(Tokens(made(text)), [first, alone])
    assert [item.speaker for item in out] == [(Span(0, 9),)] * 2


def test_words_quoted_in_a_title_are_of_who_says_them_in_the_text():
    text = 'Fares rise "unfair"\n\nJan Holt said little. Nora Pell called the rise "unfair".'
    blocks = made(text)
    title = Attribution(id="a1", source=(), cue=(), content=(Span(11, 19),), form="direct", source_kind="none")
    start = text.rindex('"unfair"')
    pell = text.index("Nora Pell")
    body = Attribution(
        id="a2",
        source=(Span(pell, pell + 9),),
        cue=(Span(pell + 10, pell + 16),),
        content=(Span(start, start + 8),),
        form="direct",
        source_kind="named_person",
    )
    out = with_speakers(Tokens(blocks), [title, body])
    assert out[0].speaker == out[1].speaker == (Span(pell, pell + 9),)


WORDS = st.lists(
    st.sampled_from(
        """Nora Pell Mr Mrs the The mayor bank Tarn Trust of and & said he she it they who , . " ' I we A report O’Hara @ ( )
        says according to quay that Don van 41 MP Secretary State""".split()  # noqa: SIM905
    ),
    max_size=60,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(WORDS)
def test_speakers_of_any_text_are_words_of_it(text):
    labels = next(rules.label([made(text)])).labels
    for item in labels.attributions:
        assert item.speaker is not None
        for start, end in item.speaker:
            assert 0 <= start < end <= len(text) and text[start:end].strip() == text[start:end]


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor said that Nora Pell said she knew. ",
        "ECB said that the bank said it knew. ",
        '"I know," the Tarn Trust said. "We do." ',
        "Pell Holt Pell Holt Pell said so. ",
    ],
)
def test_the_work_grows_as_the_text_does(sentence):
    few, many = made(sentence * 40), made(sentence * 160)
    attributions = {text.id: next(rules.label([text])).labels.attributions for text in (few, many)}
    counts = [steps(lambda text=text: with_speakers(Tokens(text), attributions[text.id])) for text in (few, many)]
    assert counts[1] < 4.6 * counts[0]
