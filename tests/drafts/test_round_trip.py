"""Drafts of any article and any labels that are valid read back as these labels."""

from drawn_labels import labelled
from hypothesis import given, settings

from allegedly.builders.annotations import drafts, filing
from allegedly.builders.annotations.draft_forms import form
from allegedly.schemas.records import LAYERS, Annotator, Labels


def covered(labels: Labels) -> Labels:
    """The same labels; where no layer is annotated the draft would be a form, so all are covered here."""
    if all(getattr(labels, layer) is None for layer in LAYERS):
        return Labels(claims=(), speculations=(), attributions=())
    return labels


@settings(max_examples=30)
@given(labelled())
def test_what_is_exported_is_imported_byte_by_byte(pair):
    article, labels = pair
    who = Annotator(id="amy", kind="human", guideline="1.2", supersedes=("bob", "eve"))
    value = filing.annotation(article, who, covered(labels))
    assert list(filing.faults(value, article)) == []
    written = form(article, Labels.from_json(value["labels"]))
    draft = drafts.read(written, article, "a.draft")
    assert (draft.problems, draft.notes) == ([], []), written
    assert filing.lines(filing.annotation(article, who, draft.labels)) == filing.lines(value), written
