"""Ligatures, as copied text has them: words are known with them as without."""

from dataclasses import replace

from allegedly.builders.labellers import rules
from allegedly.builders.readers.text import of_text
from allegedly.schemas.records import Origin

LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}


def test_labels_are_those_of_the_same_text_in_letters():
    letters = (
        "The mayor confirmed that the fluid may be affected. An official denied the filing was muffled in five days."
    )
    words = letters
    for plain, ligature in LIGATURES.items():
        words = words.replace(plain, ligature)
    outcomes = []
    for text in (letters, words):
        article = replace(of_text(text, Origin(file_name="a.txt")), language="en")
        (prediction,) = rules.label([article])
        attributions = [
            tuple(tuple(text[start:end] for start, end in part) for part in (label.source, label.cue, label.content))
            for label in prediction.labels.attributions
        ]
        outcomes.append((attributions, len(prediction.labels.speculations), len(prediction.labels.claims)))
    assert outcomes[0][0]
    in_letters = str(outcomes[1])
    for plain, ligature in LIGATURES.items():
        in_letters = in_letters.replace(ligature, plain)
    assert in_letters == str(outcomes[0])
