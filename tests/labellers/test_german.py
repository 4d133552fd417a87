"""German attributions of all forms by the rules: golden sentences, what is none, attributes, nesting, hostile texts."""

import re
import unicodedata
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import steps

from allegedly.builders.labellers import rules
from allegedly.builders.labellers._german_lexicon import lexicon
from allegedly.builders.text.articles import article
from allegedly.schemas import check
from allegedly.schemas.records import Article, Attribution, Block, Origin, Part, Span


def made(text: str) -> Article:
    """An article of one block a line."""
    blocks = tuple(Block(kind="paragraph", start=m.start(), end=m.end()) for m in re.finditer(r"\S[^\n]*", text))
    return article(text, Origin(file_name="x.txt"), blocks=blocks, language="de")


def labelled(text: str) -> tuple[Attribution, ...]:
    return next(rules.label([made(text)])).labels.attributions or ()


def words(text: str, part: Part | None) -> str:
    return " + ".join(text[start:end] for start, end in part or ())


def found(text: str) -> list[tuple[str, str, str]]:
    return [tuple(words(text, part) for part in (x.source, x.cue, x.content)) for x in labelled(text)]


#: Sentences with source, cue and content of each attribution.
GOLDEN = {
    # clauses with "dass", "ob" and question words
    "Die Polizei teilte am Montag mit, dass der Fahrer verletzt worden sei.": [
        ("Die Polizei", "teilte + mit", "dass der Fahrer verletzt worden sei")
    ],
    "Am Montag gab die Reederei bekannt, dass die Fähre verkauft wird.": [
        ("die Reederei", "gab + bekannt", "dass die Fähre verkauft wird")
    ],
    "Pell fragte, ob die Schule öffnet.": [("Pell", "fragte", "ob die Schule öffnet")],
    "Der Gutachter erklärte, weshalb die Mauer fiel.": [("Der Gutachter", "erklärte", "weshalb die Mauer fiel")],
    "Der Wirt wies darauf hin, dass der Keller feucht ist.": [
        ("Der Wirt", "wies darauf hin", "dass der Keller feucht ist")
    ],
    "Die Ärztin geht davon aus, dass die Kinder gesund sind.": [
        ("Die Ärztin", "geht davon aus", "dass die Kinder gesund sind")
    ],
    "Pell begründete dies damit, dass die Kosten stiegen.": [("Pell", "begründete + damit", "dass die Kosten stiegen")],
    "Holt hat im Mai angekündigt, dass er geht.": [("Holt", "hat + angekündigt", "dass er geht")],
    "Dass die Fähre sinkt, bestätigte Lind am Abend.": [("Lind", "bestätigte", "Dass die Fähre sinkt")],
    "Lind, Sprecher der Stadt Holm, sagte, dass der Markt bleibt.": [
        ("Lind, Sprecher der Stadt Holm", "sagte", "dass der Markt bleibt")
    ],
    "Die Sprecherin der Bank sagte der Zeitung „Hafenpost“, dass alle Konten sicher seien.": [
        ("Die Sprecherin der Bank", "sagte", "dass alle Konten sicher seien")
    ],
    "Nachdem Lind erklärt hatte, dass die Fähre sinkt, lief er davon.": [
        ("Lind", "erklärt hatte", "dass die Fähre sinkt")
    ],
    "Der Pilot, der gesagt hatte, dass der Tank leer war, schwieg.": [
        ("der", "gesagt hatte", "dass der Tank leer war")
    ],
    "Holt wies den Vorwurf zurück, dass er gelogen habe.": [("Holt", "wies + zurück", "dass er gelogen habe")],
    # main clauses in the mood of reported speech, and sentences that go on
    "Lind erklärte, die Stadt habe das Geld nicht.": [("Lind", "erklärte", "die Stadt habe das Geld nicht")],
    "Lind erklärte, die Stadt habe das Geld nicht. Man müsse warten. Das Tor werde 2030 fertig. Es regnet.": [
        ("Lind", "erklärte", "die Stadt habe das Geld nicht"),
        ("", "", "Man müsse warten. Das Tor werde 2030 fertig"),
    ],
    "Er warf der Stadt vor, sie habe nichts getan.": [("Er", "warf + vor", "sie habe nichts getan")],
    "Die Zeitung „Hafenpost am Sonntag“ berichtet, der Turm stehe schief.": [
        ("Die Zeitung „Hafenpost am Sonntag“", "berichtet", "der Turm stehe schief")
    ],
    "Die Stadt habe kein Geld, sagte Lind.": [("Lind", "sagte", "Die Stadt habe kein Geld")],
    "Das Tor bleibt zu, kündigte die Werft an.": [("die Werft", "kündigte + an", "Das Tor bleibt zu")],
    "Pell versprach, die Schule zu öffnen, und kündigte an, dass der Bus fährt.": [
        ("Pell", "versprach", "die Schule zu öffnen"),
        ("Pell", "kündigte an", "dass der Bus fährt"),
    ],
    # infinitives
    "Der Konzern kündigte an, 200 Stellen zu streichen.": [("Der Konzern", "kündigte an", "200 Stellen zu streichen")],
    "Die Gewerkschaft forderte den Vorstand auf, die Pläne zurückzunehmen.": [
        ("Die Gewerkschaft", "forderte + auf", "die Pläne zurückzunehmen")
    ],
    "Der Minister räumte ein, einen Fehler gemacht zu haben.": [
        ("Der Minister", "räumte ein", "einen Fehler gemacht zu haben")
    ],
    "Die Regierung beschloss, den Zoll zu senken.": [("Die Regierung", "beschloss", "den Zoll zu senken")],
    # phrases
    "Laut der Hafenbehörde ist der Deich sicher.": [("der Hafenbehörde", "Laut", "ist der Deich sicher")],
    "Der Deich ist laut einem Gutachten sicher.": [("einem Gutachten", "laut", "Der Deich ist + sicher")],
    "Nach Angaben der Polizei ist der Turm eingestürzt.": [("der Polizei", "Nach Angaben", "ist der Turm eingestürzt")],
    "Nach Ansicht von Nora Pell war der Umbau zu teuer.": [("Nora Pell", "Nach Ansicht von", "war der Umbau zu teuer")],
    "Nach Polizeiangaben war der Fahrer betrunken.": [("Polizeiangaben", "Nach", "war der Fahrer betrunken")],
    "Ihrer Meinung nach ist der Plan falsch.": [("Ihrer", "Meinung nach", "ist der Plan falsch")],
    "Der Hafen wird Medienberichten zufolge 2031 fertig.": [
        ("Medienberichten", "zufolge", "Der Hafen wird + 2031 fertig")
    ],
    "Dem Ministerium zufolge fehlen 300 Lehrer.": [("Dem Ministerium", "zufolge", "fehlen 300 Lehrer")],
    "Angaben der Werft zufolge fehlen 300 Lehrer.": [("der Werft", "Angaben + zufolge", "fehlen 300 Lehrer")],
    "Der Turm ist, so Bürgermeister Jonas Holt, nicht mehr zu retten.": [
        ("Bürgermeister Jonas Holt", "so", "Der Turm ist + nicht mehr zu retten")
    ],
    "Der Turm ist nicht mehr zu retten, so Holt.": [("Holt", "so", "Der Turm ist nicht mehr zu retten")],
    "Wie die Polizei am Dienstag mitteilte, wurden drei Menschen verletzt.": [
        ("die Polizei", "Wie + mitteilte", "wurden drei Menschen verletzt")
    ],
    "Das Werk schließt im Mai, wie ein Sprecher des Unternehmens sagte.": [
        ("ein Sprecher des Unternehmens", "wie + sagte", "Das Werk schließt im Mai")
    ],
    "Demnach stieg der Umsatz um vier Prozent.": [("", "Demnach", "stieg der Umsatz um vier Prozent")],
    # nouns
    "Der Vorwurf der Opposition, dass Geld verschwunden sei, wiegt schwer.": [
        ("der Opposition", "Vorwurf", "dass Geld verschwunden sei")
    ],
    "Die Hoffnung, dass der Regen aufhört, schwindet.": [("", "Hoffnung", "dass der Regen aufhört")],
    "Holt vertrat die Ansicht, dass der Markt schließen müsse.": [
        ("Holt", "vertrat + Ansicht", "dass der Markt schließen müsse")
    ],
    # nobody, and the passive
    "Es heißt, der Minister wolle zurücktreten.": [("", "Es heißt", "der Minister wolle zurücktreten")],
    "In dem Bericht heißt es, die Brücke sei marode.": [("dem Bericht", "heißt es", "die Brücke sei marode")],
    "Die Brücke sei marode, heißt es in dem Bericht.": [("dem Bericht", "heißt es", "Die Brücke sei marode")],
    "Es wurde bekannt, dass die Bank pleite ist.": [("", "wurde bekannt", "dass die Bank pleite ist")],
    "Ihm wird vorgeworfen, Geld unterschlagen zu haben.": [("", "wird vorgeworfen", "Geld unterschlagen zu haben")],
    "Von der Feuerwehr wurde bestätigt, dass zwei Häuser brannten.": [
        ("der Feuerwehr", "wurde bestätigt", "dass zwei Häuser brannten")
    ],
    "Die Stadt Holm hat ein Schiff gekauft. Dies teilte die Reederei mit.": [
        ("die Reederei", "teilte + mit", "Die Stadt Holm hat ein Schiff gekauft + Dies")
    ],
    # partly in quotation marks
    "Holt sagte, er sei „... des Wartens müde“.": [("Holt", "sagte", "er sei „... des Wartens müde“")],
    "Laut der Behörde sei der Deich „nicht mehr zu halten“.": [
        ("der Behörde", "Laut", "sei der Deich „nicht mehr zu halten“")
    ],
    "Nach Angaben der Polizei ist der Turm »in keiner Weise mehr zu retten«.": [
        ("der Polizei", "Nach Angaben", "ist der Turm »in keiner Weise mehr zu retten«")
    ],
    "Das Rathaus, so Bürgermeister Jonas Holt, sei „nicht mehr zu retten“.": [
        ("Bürgermeister Jonas Holt", "so", "Das Rathaus + sei „nicht mehr zu retten“")
    ],
    # a second verb of the same subject says what comes behind it
    "Die Wirtin rühmte ihre Köche und wies den Verdacht zurück, sie habe gepanscht.": [
        ("Die Wirtin", "wies + zurück", "sie habe gepanscht")
    ],
    "Holt hob hervor, wie teuer der Kran sei, wies aber den Vorwurf zurück, er habe getrödelt.": [
        ("Holt", "hob hervor", "wie teuer der Kran sei"),
        ("Holt", "wies + zurück", "er habe getrödelt"),
    ],
    # an insertion is no part of what it stands in
    "Nach Angaben von Lind und Pell sank am Freitag, wie berichtet, der Kahn im Hafen.": [
        ("Lind und Pell", "Nach Angaben von", "sank am Freitag + der Kahn im Hafen"),
        ("", "wie berichtet", "Nach Angaben von Lind und Pell sank am Freitag + der Kahn im Hafen"),
    ],
    # nested
    "Lind sagte, dass Pell behauptet habe, der Turm stehe schief.": [
        ("Lind", "sagte", "dass Pell behauptet habe, der Turm stehe schief"),
        ("Pell", "behauptet habe", "der Turm stehe schief"),
    ],
}
NONE = [
    "Die Brücke ist gesperrt. Sie bleibt es bis Mai.",
    "Der Minister soll zurücktreten.",
    "Die Fähre soll 300 Millionen Euro kosten.",
    "Der Wirt sagte nichts.",
    "Nach dem Spiel gingen die Fans nach Hause.",
    "Nach Angaben suchte man vergebens.",
    "So ein Wetter gab es lange nicht.",
    "Die Stadt lehnte den Antrag ab.",
    "Holt kam, um die Fähre zu sehen.",
    "Wenn es regnet, bleibt der Markt zu.",
    "Der Turm, der schief steht, wird abgerissen.",
    "Die Leute liefen laut durch die Straßen.",
    "Der Sender zeigt am Abend einen Film.",
    "Er ging nach Hause, obwohl es regnete.",
    "Das Schiff, das im Hafen liegt, ist alt.",
    "Das Gesetz gilt ab Mai, sofern der Rat nicht widerspricht.",
    "Lind traf Pell, die aus Estrand kam.",
    "Wie ein Fisch schwamm er durch den See.",
    "Sie wohnt so weit weg, dass niemand kommt.",
    "Der Hafen ist so tief, dass große Schiffe einlaufen können.",
    "Die Mitteilung hing an der Tür.",
    "Er las den Bericht der Behörde und ging.",
    "Es sei denn, der Regen hört auf.",
    "Hätte die Stadt Geld, wäre die Brücke fertig.",
    "Die Werft verfügt über drei Docks, um Schiffe zu bauen.",
    "Die Behörde meldete Schäden, so dass die Straße gesperrt wurde.",
]


@pytest.mark.parametrize("text", GOLDEN)
def test_reports_have_source_cue_and_content(text):
    assert found(text) == GOLDEN[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_attribution(text):
    assert found(text) == []


# -- attributes --------------------------------------------------------------------------------------------------------

ACTS = {
    "Die Bürger hoffen, dass die Fähre wieder fährt.": "belief",
    "Nach Ansicht von Nora Pell war der Umbau zu teuer.": "belief",
    "Der Verein plant, ein Stadion zu bauen.": "intention",
    "Die Regierung beschloss, den Zoll zu senken.": "decision",
    "Forscher fanden heraus, dass die Wale singen.": "perception",
    "Laut der Hafenbehörde ist der Deich sicher.": "speech",
}


@pytest.mark.parametrize("text", ACTS)
def test_acts(text):
    assert [label.act for label in labelled(text)] == [ACTS[text]]


def test_forms_and_kinds_of_sources():
    labels = labelled("Holt sagte, er sei „des Wartens müde“. Es heißt, Lind gehe. „Wir zahlen nicht“, sagte Pell.")
    assert [(x.form, x.source_kind) for x in labels] == [("mixed", None), ("indirect", "none"), ("direct", None)]


def test_what_is_denied():
    text = "Lind hat nicht gesagt, dass er geht."
    (label,) = labelled(text)
    assert (label.negated, words(text, label.cue)) == (True, "hat nicht gesagt")


def test_parents():
    outer, inner = labelled("Lind sagte, dass Pell behauptet habe, der Turm stehe schief.")
    assert (outer.parent, inner.parent) == (None, outer.id)


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Lind kam an. Lind sagte, er gehe. Man müsse warten.", ["Lind", "Lind"]),
        ("Nora Pell sagte, sie gehe. Sie erklärte, dass der Bus fährt.", ["Nora Pell", "Nora Pell"]),
        ("Der Pilot, der gesagt hatte, dass der Tank leer war, schwieg.", ["Der Pilot"]),
        ("Es heißt, der Minister gehe.", [""]),
    ],
)
def test_speakers(text, speakers):
    assert [words(text, label.speaker) for label in labelled(text)] == speakers


def test_the_other_layers_are_null():
    prediction = next(rules.label([made("Lind sagte, dass er vielleicht geht.")]))
    assert (prediction.labels.claims, prediction.labels.speculations, prediction.sentences) == (None, None, None)


def test_forms_of_verbs():
    verbs = lexicon().verbs
    assert {"sagte", "gesagt", "mitteilte", "mitgeteilt", "bekannt", "schriebe"} & verbs.keys() >= {
        "sagte",
        "gesagt",
        "mitteilte",
        "mitgeteilt",
    }
    assert [(verb.lemma, verb.particle) for verb in verbs["teilte"]] == [("mitteilen", "mit")]
    assert any(verb.mood for verb in verbs["behaupte"])


@pytest.mark.parametrize("text", ['"L\'eau monte", sagte Pell.', "„Es reicht“, sagte Pell.", "»Na gut«, sagte Pell."])
def test_short_quotations_are_direct(text):
    assert [(label.form, words(text, label.source)) for label in labelled(text)] == [("direct", "Pell")]


@pytest.mark.parametrize("text", [*GOLDEN, "„Wir mähen früh“, sagte Jürgen Öhm."])
def test_letters_may_be_decomposed(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert [tuple(unicodedata.normalize("NFC", part) for part in label) for label in found(decomposed)] == found(text)


#: Sentences with the sources of their attributions.
SOURCES = {
    "Der Umbau kostet laut Stadtrat 30.000 Euro.": ["Stadtrat"],
    "Die Feuerwehr geht nach ersten Erkenntnissen von Sabotage aus.": ["ersten Erkenntnissen"],
    "„Der Kran steht“, sagte Bauleiterin Nora Pell der Deutschen Presse-Agentur.": ["Bauleiterin Nora Pell"],
    "Der Kran stehe, sagte Nora Pell der „Holmer Zeitung“.": ["Nora Pell"],
    "„Der Kran steht“, sagte der Chef der Holmer Zeitung.": ["der Chef der Holmer Zeitung"],
    "„Keiner“, ruft sie, „hat uns je geholfen.“": ["sie"],
    "Die Wirtin war nach eigenen Angaben am Freitag verreist.": ["Die Wirtin"],
    "Nach eigenen Angaben hat die Werft 40 Lehrlinge.": ["die Werft"],
    "Der Koch hatte laut eigener Aussage geschlafen.": ["Der Koch"],
    "Der Deich sei dicht, so heißt es.": [""],
    "„Der Deich ist dicht“, so heißt es.": [""],
    "„Die Mühle“, fuhr sie fort, „bleibt stehen.“": ["sie"],
    "„Der Kahn ist leck“, räumte der Leiter der Werft, Jonas Holt, ein.": ["der Leiter der Werft, Jonas Holt"],
    "Die Köchin widersprach: „Die Suppe war heiß.“": ["Die Köchin"],
    "Der Trainer winkt ab: „Davon weiß ich gar nichts.“": ["Der Trainer"],
    "Der Wirt gab zu Protokoll, dass das Tor offen war.": ["Der Wirt"],
    "Eine Lehrerin, die ungenannt bleiben wollte, deutete an, dass die Schule umzieht.": ["Eine Lehrerin"],
}


@pytest.mark.parametrize("text", SOURCES)
def test_sources(text):
    assert [words(text, label.source) for label in labelled(text)] == SOURCES[text]


# -- laws and hostile texts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*GOLDEN, "\n".join(GOLDEN), " ".join(GOLDEN), " ".join(NONE)])
def test_labels_keep_the_scheme(text):
    made_ = made(text)
    labels = next(rules.label([made_])).labels
    blocks = [{"kind": block.kind, "start": block.start, "end": block.end} for block in made_.blocks]
    assert list(check.labels(labels.to_json(), text, markup=[], blocks=blocks)) == []
    assert labels == next(rules.label([made_])).labels


SPOKEN = "„Wir gehen“, sagte Pell, „und zwar bald.“ Holt rief: „Nie!“ Der Turm sei „schief“, so Lind, und bleibe es."


def letters(label: Attribution) -> set[int]:
    return {offset for span in label.content or () for offset in range(*span)}


def crossing(text: str) -> list[tuple[str, str]]:
    """Pairs of contents that share letters, though neither holds the other."""
    return [
        (words(text, one.content), words(text, other.content))
        for one, other in combinations(labelled(text), 2)
        if letters(one) & letters(other) not in (set(), letters(one), letters(other))
    ]


@pytest.mark.parametrize("text", [*GOLDEN, *NONE, *ACTS, *SOURCES, " ".join(GOLDEN), SPOKEN])
def test_contents_nest_or_are_disjoint(text):
    assert crossing(text) == []


PIECES = [piece for text in (*GOLDEN, SPOKEN) for piece in re.findall(r"[^,]+,?", text)]


@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=8))
def test_contents_of_any_mixture_nest_or_are_disjoint(pieces):
    assert crossing(" ".join(pieces)) == []


@pytest.mark.parametrize("text", GOLDEN)
def test_texts_may_end_anywhere(text):
    for end in range(1, len(text)):
        for label in labelled(text[:end]):
            assert label.content
            assert all(start < stop <= end for start, stop in label.content)


HOSTILE = {
    "cues": "laut " * 9_000,
    "clauses": "sagte, dass " * 4_000,
    "sentences": "Lind sagte, dass er sagte, dass. " * 1_500,
    "long sentences": ("Er, " + "laut Lind, " * 90 + "sagte er. ") * 45,
    "clauses in long sentences": ("Er " + "sagte, dass " * 90 + "Lind. ") * 45,
    "nouns": ("Er sah " + "der Vorwurf der Stadt der " * 60 + "Lind. ") * 30,
    "tags": ("Er, " + "so Lind, " * 120 + "er. ") * 45,
    "mood": "Er habe es. " * 4_000,
    "quotations": "Lind sagte, er sei „des Wartens müde“. " * 1_200,
    "names": "Lind und " * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_work_is_linear(name):
    whole = made(HOSTILE[name].strip())
    counts = []
    for size in (len(whole.text) // 8, len(whole.text)):
        kept = tuple(span for span in whole.sentences if span.end <= size) or (Span(0, size),)
        part = replace(whole, text=whole.text[:size], blocks=(replace(whole.blocks[0], end=size),), sentences=kept)
        counts.append(steps(lambda part=part: list(rules.label([part]))))
    assert counts[1] < 12 * counts[0] + 10_000
