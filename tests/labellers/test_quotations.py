"""Direct speech in languages other than English: golden texts, what is none, laws, hostile texts."""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from allegedly.builders.labellers import rules
from allegedly.builders.labellers._quotations import quotations
from allegedly.builders.text.articles import article
from allegedly.schemas import check
from allegedly.schemas.records import SENTENCE_BLOCKS, Article, Block, Labels, Origin, Part, Span


def made(text: str, language: str, kind: str = "paragraph", markup: tuple[Span, ...] = ()) -> Article:
    """An article of one block a line."""
    blocks = tuple(Block(kind=kind, start=m.start(), end=m.end()) for m in re.finditer(r"\S[^\n]*", text))
    return article(text, Origin(file_name="x.txt"), blocks=blocks, markup=markup, language=language)


def words(text: str, part: Part | None) -> str:
    return " + ".join(text[start:end] for start, end in part or ())


def found(text: str, language: str, **options) -> list[tuple[str, str, str]]:
    labels = next(rules.label([made(text, language, **options)])).labels
    return [tuple(words(text, part) for part in (x.source, x.cue, x.content)) for x in labels.attributions or ()]


def direct(text: str, language: str) -> list[tuple[str, str, str]]:
    """Direct speech alone, as it is before German reports take it in."""
    return [tuple(words(text, part) for part in (x.source, x.cue, x.content)) for x in quotations(made(text, language))]


GERMAN = {
    "„Die Brücke ist sicher“, sagte Lina Brandt.": [("Lina Brandt", "sagte", "„Die Brücke ist sicher“")],
    "„Die Brücke ist sicher“, so der Sprecher der Stadt Estrand.": [
        ("der Sprecher der Stadt Estrand", "so", "„Die Brücke ist sicher“"),
    ],
    "Der Hafenmeister erklärte am Montag: „Wir schließen nicht.“ Danach ging er.": [
        ("Der Hafenmeister", "erklärte", "„Wir schließen nicht.“"),
    ],
    "Am Montag erklärte die Hafenmeisterin: „Wir schließen nicht.“": [
        ("die Hafenmeisterin", "erklärte", "„Wir schließen nicht.“"),
    ],
    "Nora Pell nannte den Vertrag „eine Schande“.": [("Nora Pell", "nannte", "„eine Schande“")],
    "Nora Pell bezeichnete den Vertrag als „Schande“.": [("Nora Pell", "bezeichnete + als", "„Schande“")],
    "Laut der Behörde sei der Deich „nicht mehr zu halten“.": [
        ("der Behörde", "Laut", "„nicht mehr zu halten“"),
    ],
    "Nach Angaben der Polizei ist der Turm »in keiner Weise mehr zu retten«.": [
        ("der Polizei", "Nach Angaben", "»in keiner Weise mehr zu retten«"),
    ],
    "Holt teilte am Abend mit: «Wir zahlen nicht.»": [("Holt", "teilte + mit", "«Wir zahlen nicht.»")],
    "„Wir zahlen nicht“, hatte Holt im Mai gesagt.": [("Holt", "hatte + gesagt", "„Wir zahlen nicht“")],
    "„Der Turm steht schief“, heißt es in dem Bericht der Behörde.": [
        ("dem Bericht der Behörde", "heißt es", "„Der Turm steht schief“"),
    ],
    "Das Rathaus, so Bürgermeister Jonas Holt, sei „nicht mehr zu retten“.": [
        ("Bürgermeister Jonas Holt", "so", "„nicht mehr zu retten“"),
    ],
    "Holt sagte, er sei „... des Wartens müde“.": [("Holt", "sagte", "„... des Wartens müde“")],
    "Holt: „Wir zahlen nicht.“": [("Holt", ":", "„Wir zahlen nicht.“")],
    "„Es war blau“, sagte Holt, „und dann sank es.“": [("Holt", "sagte", "„Es war blau“ + „und dann sank es.“")],
    "„Es war neu“, sagte Lina Brandt, Ingenieurin in Estrand. „Dann sank es.“": [
        ("Lina Brandt", "sagte", "„Es war neu“ + „Dann sank es.“"),
    ],
    "„Es war blau“, sagte Holt. „Es war rot“, sagte Pell.": [
        ("Holt", "sagte", "„Es war blau“"),
        ("Pell", "sagte", "„Es war rot“"),
    ],
    "„Es begann am Mittag“, sagte Pell. „Wir liefen.\n\n„Dann fiel das Dach.“": [
        ("Pell", "sagte", "„Es begann am Mittag“ + „Wir liefen. + „Dann fiel das Dach.“"),
    ],
    "„Der Satz ‚Wir zahlen nicht‘ war falsch“, sagte Pell.": [
        ("Pell", "sagte", "„Der Satz ‚Wir zahlen nicht‘ war falsch“"),
    ],
}
OTHERS = {
    ("fr", "« Le pont est sûr », a déclaré Lina Brandt."): ["« Le pont est sûr »"],
    ("fr", "Le maire a dit : « Nous ne paierons pas. » Puis il est parti."): ["« Nous ne paierons pas. »"],
    ("fr", "Selon lui, c’est « une erreur que la ville paiera longtemps »."): [
        "« une erreur que la ville paiera longtemps »"
    ],
    ("fr", "« Le mot “jamais” est de trop », dit-elle."): ["« Le mot “jamais” est de trop »"],
    ("es", "«El puente es seguro», dijo Lina Brandt."): ["«El puente es seguro»"],
    ("es", "La alcaldesa respondió: “No vamos a pagar”."): ["“No vamos a pagar”"],
    ("es", "“¿Quién pagará el muelle?”, preguntó Holt."): ["“¿Quién pagará el muelle?”"],
    ("zh", "港务局长说：“大桥很安全，我们已经检查过。”"): ["“大桥很安全，我们已经检查过。”"],
    ("zh", "“我们不会付钱，”市长霍尔特说。"): ["“我们不会付钱，”"],
    ("zh-TW", "市長說：「我們不會付錢。」"): ["「我們不會付錢。」"],
    ("ja", "市長は「橋は安全だと確認している」と述べた。"): ["「橋は安全だと確認している」"],
    ("sv", "”Bron är säker och vi har sett den”, säger Lina Brandt."): ["”Bron är säker och vi har sett den”"],
    ("nl", "'De brug is veilig en 's avonds open', zegt Lina Brandt."): ["'De brug is veilig en 's avonds open'"],
    ("pl", "„Most jest bezpieczny i nowy” – mówi Lina Brandt."): ["„Most jest bezpieczny i nowy”"],
    ("ru", "«Мост безопасен, мы проверили», — сказала Лина Брандт."): ["«Мост безопасен, мы проверили»"],
    ("he", 'ראש העיר אמר: "לא נשלם כלום." דו"ח אחר.'): ['"לא נשלם כלום."'],
}
NONE = [
    ("de", "Die sogenannten „Experten“ trafen sich in Estrand."),
    ("de", "Der Film „Graues Wasser über uns allen“ gewann einen Preis."),
    ("de", "Die Zeitung „Hafenpost am Sonntag“ berichtet, der Turm stehe schief."),
    ("de", "Das „Große Haus am Alten Hafen von Estrand und Holm“ steht leer."),
    ("de", 'Der Stamm war 5" dick.'),
    ("fr", "Les soi-disant « experts » se sont réunis à Estrand."),
    ("fr", "Le film « Les Eaux grises » a gagné un prix."),
    ("fr", "L'eau n'est pas là aujourd'hui, et l'usine n'a rien dit."),
    ("es", "Los llamados «expertos» se reunieron en Estrand."),
    ("es", "La novela «Agua gris sobre Estrand» ganó un premio."),
    ("zh", "所谓“专家”在埃斯特兰开会。"),
    ("zh", "他读了《灰色的水》。"),
    ("ja", "映画「灰色の水」が賞を取った。"),
    ("ru", "Газета «Вечерний Эстранд» вышла."),
]


@pytest.mark.parametrize("text", GERMAN)
def test_german_has_source_and_cue(text):
    assert direct(text, "de") == GERMAN[text]


@pytest.mark.parametrize(("language", "text"), OTHERS)
def test_other_languages_have_contents(language, text):
    assert found(text, language) == [("", "", content) for content in OTHERS[language, text]]


@pytest.mark.parametrize(("language", "text"), NONE)
def test_names_and_scare_quotes_are_none(language, text):
    assert direct(text, language) == []


def test_attributes():
    text = "„Wir zahlen nicht“, sagte Holt. Dann rief jemand: „Das ist unser Hafen!“"
    labels = next(rules.label([made(text, "de-CH")])).labels
    assert (labels.claims, labels.speculations) == (None, None)
    assert [(x.id, x.form, x.act, x.negated, x.source_kind, x.by) for x in labels.attributions or ()] == [
        ("a1", "direct", "speech", False, None, "rules"),
        ("a2", "direct", "speech", False, None, "rules"),
    ]
    (alone,) = quotations(made("« Nous ne paierons jamais », dit-elle.", "fr"), by="other")
    assert (alone.by, alone.source, alone.cue, alone.source_kind) == ("other", (), (), "none")


def test_a_quotation_ends_with_its_block():
    text = "Holt sagte: „Wir zahlen\n\nnicht mehr und nie wieder.“ Das war es."
    assert found(text, "de") == []


def test_no_labels_where_no_sentences_stand():
    assert found("„Wir zahlen nicht“, sagte Holt.", "de", kind="boilerplate") == []


def test_markup_is_in_no_part():
    text = "**„Wir zahlen nicht“**, sagte **Jonas Holt**."
    marks = tuple(Span(*match.span()) for match in re.finditer(r"\*\*", text))
    assert found(text, "de", markup=marks) == [("Jonas Holt", "sagte", "„Wir zahlen nicht“")]


# -- laws ----------------------------------------------------------------------------------------------------------

MARKS = list("„“”‚‘’«»‹›「」『』\"'＂〝〞״《》")
WORDS = """sagte Holt so die Bürgermeisterin nannte als er : , . ! ? laut dit-il 说 。 ： wir zahlen nicht und hatte
    gesagt heißt es in dem Bericht teilte mit — ( ) 😀 é Nach Angaben der""".split()
PIECES = st.lists(st.sampled_from([*MARKS, *WORDS, " ", " ", "\u00a0", "\n", "\n\n"]), max_size=60)
LANGUAGES = st.sampled_from(["de", "fr", "zh", "es", "nl", "sv", "he", "ja", "und"])


def sound(made_: Article) -> None:
    """Every span slices inside one block that holds sentences, begins and ends in no white space, and what the scheme
    asks of labels holds; the same article has the same labels."""
    labels: Labels = next(rules.label([made_])).labels
    inside = [block for block in made_.blocks if block.kind in SENTENCE_BLOCKS]
    for label in labels.attributions or ():
        assert label.content
        for part in (label.source, label.cue, label.content):
            assert all(a.end <= b.start for a, b in pairwise(part or ()))
            for start, end in part or ():
                assert any(block.start <= start < end <= block.end for block in inside)
                assert made_.text[start:end].strip() == made_.text[start:end]
    value = labels.to_json()
    markup = [tuple(span) for span in made_.markup]
    blocks = [{"kind": block.kind, "start": block.start, "end": block.end} for block in made_.blocks]
    assert list(check.labels(value, made_.text, markup=markup, blocks=blocks)) == []
    assert labels == next(rules.label([made_])).labels


@given(PIECES, LANGUAGES)
@settings(max_examples=150, deadline=None)
def test_laws(pieces, language):
    sound(made("".join(pieces), language))
    sound(made(" ".join(pieces), language))


@given(st.text(max_size=120), LANGUAGES)
@settings(max_examples=60, deadline=None)
def test_any_text(text, language):
    sound(made(text, language))


@given(PIECES, st.data())
@settings(max_examples=60, deadline=None)
def test_laws_with_markup(pieces, data):
    text = " ".join(pieces)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    marks = tuple(Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    sound(made(text, "de", markup=marks))


HOSTILE = {
    "opening marks": "„" * 100_000,
    "closing marks": "“" * 100_000,
    "straight marks": '"' * 100_000,
    "all marks": "„“«»”‚‘「『" * 10_000,
    "one quotation": "„" + "Aa " * 100_000 + "“",
    "words of saying": "sagte " * 50_000 + ": „aa bb cc“",
    "frames": "Aa, der Aa, sagte „aa“ " * 5_000,
    "names": "„aa bb cc“, sagte " + "Aa von der " * 80_000,
    "white space": "„aa bb cc“" + " " * 300_000 + "sagte",
    "no spaces": "「今天下雨。」" * 15_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end(name):
    text = HOSTILE[name]
    block = Block(kind="paragraph", start=0, end=len(text))
    made_ = Article(
        id="0" * 16,
        text=text,
        language="de",
        origin=Origin(file_name="x"),
        blocks=(block,),
        sentences=(Span(0, len(text)),),
    )
    counts = []
    for size in (len(text) // 48, len(text) // 8):
        part = replace(made_, text=text[:size], blocks=(replace(block, end=size),), sentences=(Span(0, size),))
        counts.append(steps(lambda part=part: quotations(part)))
    assert counts[1] < 9 * counts[0] + 1_000
    quotations(made_)
