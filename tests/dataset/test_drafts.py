"""Drafts: labels by quotation become spans; what does not stand in the text is named with its line."""

import importlib
import re

import pytest

from allegedly.schemas.derive import article_id, surface
from allegedly.schemas.records import Annotator, Article, Origin, Span

TEXT = "The **Ferry** sank, Holt said. “It was late,” she added. “Nobody\nknew.” It may rain, and it may snow."
MODEL = Annotator(id="first-pass", kind="model")


@pytest.fixture
def drafts(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "bench"))
    return importlib.import_module("drafts")


@pytest.fixture
def article():
    markup = tuple(Span(*match.span()) for match in re.finditer(r"\*\*", TEXT))
    return Article(id=article_id(TEXT), text=TEXT, markup=markup, origin=Origin(file_name="a.txt"))


def read(drafts, article, *lines):
    return drafts.labels("\n".join(("file: a.txt", *lines)), article, MODEL)


def test_a_quotation_skips_markup_and_takes_the_first_place_after_the_mark(drafts, article):
    found = read(drafts, article, "A a1 | Holt | said | The Ferry sank", "@ It may", "S | may | may…snow")
    assert surface(TEXT, found.attributions[0].content, article.markup) == "The Ferry sank"
    assert TEXT[slice(*found.speculations[0].scope[0])] == "may rain, and it may snow"


def test_words_are_found_at_their_edges_only(drafts, article):
    with pytest.raises(drafts.DraftError, match=r"line 2: .*'ail' does not stand after"):
        read(drafts, article, "C | ail")


def test_brackets_pick_words_by_what_stands_around_them(drafts, article):
    found = read(drafts, article, "S | and it [may] snow | it may snow")
    assert found.speculations[0].cue[0].start == TEXT.rindex("may")


def test_pieces_and_plain_quotation_marks(drafts, article):
    found = read(drafts, article, 'A a1 | she | added | "It was late," + "Nobody knew."')
    (said,) = found.attributions
    assert [TEXT[a:b] for a, b in said.content] == ["“It was late,”", "“Nobody\nknew.”"]
    assert (said.form, said.act, said.source_kind, said.negated) == ("direct", "speech", "named_person", False)


@pytest.mark.parametrize(("content", "form"), [("The Ferry sank", "indirect"), ('It was late," she added', "mixed")])
def test_form_follows_from_quotation_marks(drafts, article, content, form):
    assert read(drafts, article, f"A a1 | she | added | {content}").attributions[0].form == form


def test_a_claim_may_take_over_the_content_without_marks(drafts, article):
    found = read(drafts, article, 'A a1 | she | added | "It was late,"', "C | = | other")
    assert TEXT[slice(*found.claims[0].extent[0])] == "It was late"
    assert (found.claims[0].claimer, found.claims[0].kind) == ("a1", "other")


def test_left_out_attributes_and_signs(drafts, article):
    found = read(
        drafts, article, "A a1 | | may | rain | negated", "C | The Ferry sank", "C | Nobody knew | open unsure a1"
    )
    assert (found.attributions[0].negated, found.attributions[0].source_kind) == (True, "none")
    assert [(c.kind, c.worth, c.certainty, c.polarity, c.claimer) for c in found.claims] == [
        ("event", "check_worthy", "certain", "positive", None),
        ("event", "check_worthy", "unknown", "unknown", "a1"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("C | The Ferry sank | evnt", "unknown attribute 'evnt', expected one of causal"),
        ("X | The Ferry", "'X' begins no line, expected one of @, A, S, C"),
        ("S | may", "1 fields, expected 2 or 3"),
        ("C | The Ferry sank | negated", "unknown attribute 'negated'"),
    ],
)
def test_what_is_wrong_is_said(drafts, article, line, message):
    with pytest.raises(drafts.DraftError, match=re.escape(message)):
        read(drafts, article, line)


def test_a_draft_says_its_article(drafts):
    assert drafts.heading("file: a/b.jsonl\nrecord: 2\n") == ("a/b.jsonl", 2)
    with pytest.raises(drafts.DraftError, match="no line 'file: NAME'"):
        drafts.heading("C | x")
