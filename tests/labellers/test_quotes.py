"""Direct speech in any language: sentences with what must be found, joins over sentences and paragraphs, laws, growth."""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from allegedly.builders.labellers import quotes
from allegedly.builders.labellers._quote_words import grammar, languages
from allegedly.builders.text.articles import article
from allegedly.schemas import check
from allegedly.schemas.records import SENTENCE_BLOCKS, Article, Attribution, Block, Labels, Origin, Part, Span

FOLDER = Path(__file__).parent / "quotes"


def made(text: str, language: str | None, markup: tuple[Span, ...] = ()) -> Article:
    """An article of one block a line."""
    blocks = tuple(Block(kind="paragraph", start=m.start(), end=m.end()) for m in re.finditer(r"\S[^\n]*", text))
    return article(text, Origin(file_name="x.txt"), blocks=blocks, markup=markup, language=language)


def labelled(made_: Article) -> tuple[Attribution, ...]:
    found = next(quotes.label([made_])).labels.attributions
    assert found is not None
    return found


def words(text: str, part: Part | None) -> str:
    return "-" if part is None else " + ".join(text[start:end] for start, end in part)


def found(text: str, language: str, **options) -> list[tuple[str, ...]]:
    return [
        tuple(words(text, part) for part in (x.source, x.cue, x.content))
        for x in labelled(made(text, language, **options))
    ]


def sentences() -> list[tuple[str, str, list[tuple[str, ...]]]]:
    """Language, text, and the source, cue and content of each attribution, from a line each: ``text | source | cue |
    content``, ``||`` between two, ``-`` for null; a line without bars holds none."""
    out = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            language, rest = line.split(": ", 1) if path.stem == "other" else (path.stem, line)
            text, _, expected = rest.partition(" |")
            triples = [tuple(part.strip() for part in one.split("|")) for one in expected.split("||") if one.strip()]
            out.append((language, text, triples))
    return out


@pytest.mark.parametrize(("language", "text", "expected"), sentences())
def test_sentences(language, text, expected):
    assert found(text, language) == expected


def test_every_language_with_a_list_has_enough_sentences():
    counts = {language: ([], []) for language in (*languages(), "de")}
    for language, text, expected in sentences():
        if language in counts:
            counts[language][bool(expected)].append(text)
    assert set(languages()) >= {"en", "fr", "es", "it", "pt", "nl"}
    for none, some in counts.values():
        assert len(some) >= 12 and len(none) >= 4


def test_attributes():
    (first, second) = labelled(made("« Non », dit-il. Le préfet n'a pas dit : « Oui. »", "fr-BE"))
    assert (first.form, first.act, first.negated, first.source_kind, first.speaker) == (
        "direct",
        "speech",
        False,
        None,
        None,
    )
    assert second.negated is True
    assert (first.by, first.scheme, first.id, second.id) == ("quotes", "allegedly-1-direct", "a1", "a2")
    (alone,) = labelled(made("« Personne ne nous avait prévenus. »", "fr"))
    assert (alone.source, alone.cue, alone.source_kind) == ((), (), "none")
    (other,) = labelled(made("«Мост безопасен, мы проверили», — сказала Лина Брандт.", "ru"))
    assert (other.source, other.cue, other.negated, other.source_kind) == (None, None, None, None)
    labels = next(quotes.label([made("It rained.", None)])).labels
    assert labels == Labels(attributions=())


def test_a_quotation_inside_another_has_it_as_parent():
    text = "Holt a dit : « Le maire m'a répondu : “Non.” »"
    outer, inner = labelled(made(text, "fr"))
    assert (words(text, inner.source), words(text, inner.content)) == ("Le maire", "“Non.”")
    assert (outer.parent, inner.parent) == (None, outer.id)


PARAGRAPHS = {
    ("en", "“We saw it.\n\n“It was blue,” said Pell."): [("Pell", "said", "“We saw it. + “It was blue,”")],
    ("en", "Pell said: “We saw it.\n\n“It was blue.\n\n“It sank.” He left."): [
        ("Pell", "said", "“We saw it. + “It was blue. + “It sank.”"),
    ],
    ("es", "Pell dijo: «Lo vimos.\n\n»Era azul». Se fue."): [("Pell", "dijo", "«Lo vimos. + »Era azul»")],
    ("en", "“Nobody warned us,” she said.\n\n“The dam was old.”\n\nA spokesman confirmed it."): [
        ("she", "said", "“Nobody warned us,” + “The dam was old.”"),
    ],
    ("en", "“Will you pay?” Holt asked.\n\n“Nobody will ever pay.”"): [
        ("Holt", "asked", "“Will you pay?”"),
        ("", "", "“Nobody will ever pay.”"),
    ],
    ("en", "“We go. “It is late. “It rains,” said Holt."): [("Holt", "said", "“We go. “It is late. “It rains,”")],
    ("en", "“It was late,” she said. Holt left. “It rained.”"): [
        ("she", "said", "“It was late,”"),
        ("", "", "“It rained.”"),
    ],
    ("es", "—No pagaremos.\n\n—Yo sí —dijo Holt."): [("", "", "No pagaremos."), ("Holt", "dijo", "Yo sí")],
    ("pt", "— O senhor vai pagar?\n— Não — respondeu Holt."): [
        ("", "", "O senhor vai pagar?"),
        ("Holt", "respondeu", "Não"),
    ],
    ("es", "El alcalde dijo:\n\n—No pagaremos."): [("El alcalde", "dijo", "No pagaremos.")],
    ("en", "“We go. Then he left the room\n\nIt rained."): [("", "", "“We go. Then he left the room")],
}


@pytest.mark.parametrize(("language", "text"), PARAGRAPHS)
def test_paragraphs(language, text):
    assert found(text, language) == PARAGRAPHS[language, text]


def test_markup_is_in_no_part():
    text = "**«No vamos»**, dijo **Jonas Holt**."
    marks = tuple(Span(*match.span()) for match in re.finditer(r"\*\*", text))
    assert found(text, "es", markup=marks) == [("Jonas Holt", "dijo", "«No vamos»")]


def test_no_language_has_words_that_no_sentence_can_hold():
    for language in languages():
        own = grammar(language)
        assert own is not None
        for phrases in (own.says, own.participles, own.according, own.adverbs, own.pronouns):
            for entries in phrases.values():
                assert all(word == word.lower().strip() and word for entry in entries for word in entry)
    assert grammar("ru") is None


# -- laws ----------------------------------------------------------------------------------------------------------

MARKS = [*list("„“”‚‘’«»‹›「」『』\"'＂〝〞״《》—–-`"), "``", "''"]
WORDS = """dijo Holt la alcaldesa dit-il a-t-elle déclaré said the mayor and who , . ! ? : adding heeft gezegd voegde toe 说 。
    que that according to selon M. 34 ( ) 😀 é ha detto il ministro - boys 's de of not""".split()
PIECES = st.lists(st.sampled_from([*MARKS, *WORDS, " ", " ", "\u00a0", "\n", "\n\n"]), max_size=60)
LANGUAGES = st.sampled_from([*languages(), "de", "ru", "zh", "sv", "und"])


def sound(made_: Article) -> None:
    """Every span slices inside one block that holds sentences, begins and ends in no white space, and what the scheme
    asks of labels holds; the same article has the same labels."""
    labels = next(quotes.label([made_])).labels
    inside = [block for block in made_.blocks if block.kind in SENTENCE_BLOCKS]
    for label in labels.attributions or ():
        assert label.content
        for part in (label.source, label.cue, label.content):
            assert all(a.end <= b.start for a, b in pairwise(part or ()))
            for start, end in part or ():
                assert any(block.start <= start < end <= block.end for block in inside)
                assert made_.text[start:end].strip() == made_.text[start:end]
    markup = [tuple(span) for span in made_.markup]
    blocks = [{"kind": block.kind, "start": block.start, "end": block.end} for block in made_.blocks]
    assert list(check.labels(labels.to_json(), made_.text, markup=markup, blocks=blocks)) == []
    assert labels == next(quotes.label([made_])).labels


@given(PIECES, LANGUAGES)
@settings(max_examples=200, deadline=None)
def test_laws(pieces, language):
    sound(made("".join(pieces), language))
    sound(made(" ".join(pieces), language))


@given(st.text(max_size=120), LANGUAGES)
@settings(max_examples=60, deadline=None)
def test_any_text(text, language):
    sound(made(text, language))


@given(PIECES, st.data(), LANGUAGES)
@settings(max_examples=60, deadline=None)
def test_laws_with_markup(pieces, data, language):
    text = " ".join(pieces)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    marks = tuple(Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    sound(made(text, language, markup=marks))


HOSTILE = {
    "opening marks": ("en", "“" * 200_000),
    "straight marks": ("en", '"' * 200_000),
    "apostrophes": ("en", "'" * 200_000),
    "all marks": ("en", "„“«»”‚‘「『《''``" * 15_000),
    "nested": ("en", "“a ‘b “c ‘d " * 16_000),
    "nested and closed": ("en", "“a ‘b” c’ " * 20_000),
    "many quotations": ("en", '"a" ' * 50_000),
    "words of saying": ("en", "said “a b c d” " * 13_000),
    "frames": ("en", "“aa bb cc dd,” said the man of the town, " * 5_000),
    "names": ("en", "“aa bb cc dd,” said " + "Aa of the " * 20_000),
    "dashes": ("es", "— a — dijo " * 18_000),
    "lines of dashes": ("fr", "— a, dit-il.\n" * 15_000),
    "pauses": ("fr", "« " + "a, dit " * 28_000 + "»"),
    "words of saying inside marks": ("fr", "« a, dit-il, b » " * 12_000),
    "views": ("fr", "selon le " * 20_000 + ": « a b »"),
    "another script": ("ja", "「今天下雨。」" * 28_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_as_the_text_does(name):
    language, text = HOSTILE[name]
    block = Block(kind="paragraph", start=0, end=len(text))
    whole = Article(
        id="0" * 16, text=text, language=language, origin=Origin(file_name="x"), blocks=(block,), sentences=()
    )
    counts = []
    for size in (len(text) // 64, len(text) // 16):
        span = Span(0, len(text[:size].rstrip()))
        part = replace(whole, text=text[:size], blocks=(replace(block, end=span.end),), sentences=(span,))
        counts.append(steps(lambda part=part: labelled(part)))
    assert counts[1] < 4.5 * counts[0] + 2_000


def test_each_block_of_an_open_quotation_costs_as_much_as_the_one_before():
    counts = [steps(lambda n=n: labelled(made("“a b c d\n" * n, "en"))) for n in (200, 800)]
    assert counts[1] < 4.5 * counts[0]
