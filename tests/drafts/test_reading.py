"""Drafts: quotations lead to spans; what does not hold is told with its line, what may be a slip with both places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.builders.annotations import drafts
from allegedly.schemas.derive import surface
from allegedly.schemas.records import LAYERS

TEXT = """The **Ferry** sank on Monday, the mayor, Della Holt, said. "It was late," she added. "Nobody
knew." It may rain, and it may snow.

A note | of [sic] 2 + 2 … and a \\ sign stood there, he wrote.

Nothing else. It was cold. It was grey. It was dull. It was over by noon. The crew may sail, Lee said."""


@pytest.fixture
def read(write_up):
    """``read(line, ...)``: what a draft of these lines gives."""
    article = write_up(TEXT)

    def reading(*lines):
        return drafts.read("\n".join((f"article: {article.id}", *lines)), article, "a.draft")

    reading.words = lambda part: surface(TEXT, part, article.markup)
    reading.starts = lambda part: [TEXT[start : start + 12] for start, _ in part]
    return reading


def told(draft):
    """Problems without the file, in a line each."""
    assert (draft.labels is None) == bool(draft.problems)
    return [str(problem).removeprefix("a.draft:") for problem in draft.problems]


def only(draft, layer):
    assert told(draft) == []
    (label,) = getattr(draft.labels, layer)
    return label


# -- places ------------------------------------------------------------------------------------------------------------


def test_a_quotation_skips_markup_and_white_space_and_takes_the_first_place_behind_the_cursor(read):
    draft = read(
        "A a1 | the mayor, Della Holt, | said | The Ferry sank",
        'A a2 | she | added | "It was late," + "Nobody knew." | | =a1',
        "@ It may",
        "S | may | may…snow",
    )
    first, second = draft.labels.attributions
    assert read.words(first.content) == "The Ferry sank" and first.speaker == first.source == second.speaker
    assert [TEXT[a:b] for a, b in second.content] == ['"It was late,"', '"Nobody\nknew."']
    assert read.words(draft.labels.speculations[0].scope) == "may rain, and it may snow"


def test_words_are_found_at_their_edges_and_behind_the_cursor_only(read):
    assert told(read("C | oda")) == ["2: extent: found 'oda', which the text does not have, expected words of the text"]
    (problem,) = told(read("@ It may", "C | The Ferry sank"))
    assert problem.startswith(
        "3: extent: found 'The Ferry sank', which stands only before the cursor, in '…[The Ferry sank]"
    )
    assert problem.endswith("move back with a line `@@ WORDS`")
    assert only(read("@ It may", "@@ The Ferry", "C | The Ferry sank"), "claims").text == "The Ferry sank"


def test_a_typo_is_told_with_the_nearest_words(read):
    assert told(read("C | The Fery sank on Monday")) == [
        (
            "2: extent: found 'The Fery sank on Monday', which the text does not have, expected words of the text; the "
            "nearest there is 'The Ferry sank on Monday,'"
        )
    ]
    assert "'over by noon.'" in told(read("C | It was…ovr by noon"))[0]


def test_brackets_offsets_and_escapes_say_the_place(read):
    assert read.starts(only(read("S | and it [may] snow | ?"), "speculations").cue) == ["may snow.\n\nA"]
    assert only(read("C | #6-18"), "claims").text == "Ferry sank"
    assert (
        only(read(r"C | A note \| of \[sic\] 2 \+ 2 \… and a \\ sign"), "claims").text
        == r"A note | of [sic] 2 + 2 … and a \ sign"
    )
    assert only(read(r"C | of \[[sic]\] 2"), "claims").text == "sic"
    assert only(read(r"C | A note … and a \\ sign"), "claims").text.endswith(r"\ sign")
    assert told(read("C | note\\")) == [
        "2: line: found a backslash at the end, expected a sign behind it; a backslash of the text is written twice"
    ]


@pytest.mark.parametrize(
    ("quotation", "message"),
    [
        ("A note | of", "attributes: found 'of', expected "),
        ("of [sic] 2", "extent: found 'sic'"),
        ("[The] [Ferry]", "extent: found '[The] [Ferry]', expected one pair of brackets around some of the words"),
        ("The…", "extent: found no words, expected words of the text on either side of …"),
        ("The Ferry + ", "extent: found 'The Ferry +'"),
        ("#9-3", "extent: found #9-3, expected a start before its end, which is at most "),
        ("#0-99999", "expected a start before its end"),
        ("#4-6", "extent: found 4 to 6, which begins or ends in markup"),
        ("It may + The Ferry", "extent: found 'The Ferry', which stands only before the cursor"),
        ("#30-40 + #3-9", "expected a piece behind"),
        (r"\u{110000}", "expected the hexadecimal number of a character"),
        (r"\u{d800}", "expected the hexadecimal number of a character"),
        (f"#0-{'9' * 5000}", "extent: found '#0-999"),
    ],
)
def test_a_quotation_that_is_none(read, quotation, message):
    if message == "extent: found 'sic'":
        # brackets that are not escaped are brackets of context: the text has other words there
        message = "extent: found 'of [sic] 2', which the text does not have"
    (problem,) = told(read(f"C | {quotation}"))
    assert message in problem


def test_words_that_stand_twice_are_told_with_both_places(read):
    draft = read("@ It may", "S | may | may snow")
    assert read.starts(draft.labels.speculations[0].cue) == ["may rain, an"]
    assert [str(note) for note in draft.notes] == [
        (
            "a.draft:3: note: cue: 'may' is taken in '… she added. \"Nobody knew.\" It [may] rain, and it may snow. A note…', and "
            "stands in '…dy knew.\" It may rain, and it [may] snow. A note | of [sic] 2 + 2…' too; say which with "
            "`before [words] after`"
        )
    ]
    assert read("@ It may", "S | it [may] snow | may snow").notes == []
    # elsewhere in the article is no doubt
    assert read("C | It was late").notes == []


def test_a_part_taken_behind_the_sentence_of_the_others_is_told(read):
    # the "It" of the sentence stands before the cursor
    draft = read("@ may rain", "A a1 | It | may | may rain | | -")
    assert draft.labels.attributions[0].source[0].start == TEXT.index("It was cold")
    (note,) = [note.message for note in draft.notes if note.message.startswith("source")]
    assert note.startswith("source: 'It' is taken in '…") and "Nothing else. [It] was cold" in note
    assert 'stands in \'…e," she added. "Nobody knew." [It] may rain' in note
    assert read("@ may rain", "A a1 | [It] was | [may] rain | may rain | | -").notes == []


def test_parts_that_lie_far_apart_are_a_slip_unless_the_place_is_said(read):
    (problem,) = told(read("A a1 | she | added | The crew may sail | | Lee"))
    assert problem.startswith("2: content: found '…")
    assert "sentences behind the source, '…" in problem and "expected parts at most 3 sentences apart" in problem
    assert (
        only(read("A a1 | she | added | [The crew may sail], Lee | | Lee"), "attributions").text == "The crew may sail"
    )
    (note,) = read("C | The Ferry…The crew may sail").notes
    assert "runs over" in note.message and "sentences, to" in note.message
    assert read("C | The Ferry + The crew may sail").notes == []


# -- attributes --------------------------------------------------------------------------------------------------------


def test_what_is_left_out_follows_from_the_scheme(read):
    said = only(read("@ The crew", "A a1 | Lee | said | The crew may sail"), "attributions")
    assert (said.form, said.act, said.source_kind, said.negated, said.parent) == (
        "indirect",
        "speech",
        "named_person",
        False,
        None,
    )
    assert only(read("A a1 | | may | rain | negated"), "attributions").source_kind == "none"
    assert only(read("A a1 | | may | rain"), "attributions").speaker == ()
    doubt = only(read("S | may sail | ?"), "speculations")
    assert (doubt.kind, doubt.certainty, doubt.holder, doubt.scope) == ("epistemic", "possible", None, None)
    claim = only(read("C | It was cold"), "claims")
    assert (claim.kind, claim.worth, claim.certainty, claim.polarity, claim.claimer, claim.scheme) == (
        "event",
        "check_worthy",
        "certain",
        "positive",
        None,
        "allegedly-1",
    )


def test_attributes_by_value_sign_or_name(read):
    claim = only(read("C | It was cold | open unsure unresolved confidence=0.5 scheme=mine kind=?"), "claims")
    assert (claim.kind, claim.certainty, claim.polarity) == (None, "unknown", "unknown")
    assert (claim.claimer, claim.confidence, claim.scheme) == ("unresolved", 0.5, "mine")
    assert only(read("scheme: mine", "C | It was cold | polarity=negative"), "claims").scheme == "mine"
    said = only(
        read("@ It was over", "A a1 | Lee | said | It was over | negated=? document act=belief"), "attributions"
    )
    assert (said.negated, said.source_kind, said.act) == (None, "document", "belief")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("C | It was cold | evnt", "attributes: found 'evnt', expected 'event' perhaps, or another of: "),
        ("C | It was cold | negated", "attributes: found 'negated', expected 'negative' perhaps"),
        (
            "C | It was cold | negative open",
            "attributes: found 'open' beside polarity 'negative', expected one value of polarity",
        ),
        ("C | It was cold | a1 a2", "attributes: found 'a2' beside claimer 'a1', expected one value of claimer"),
        ("C | It was cold | kind=evnt", "attributes: found 'kind=evnt', expected 'event' perhaps"),
        ("C | It was cold | knd=event", "attributes: found 'knd=event', expected 'kind' perhaps"),
        ("C | It was cold | claimer=Lee", "expected the id of an attribution (a1), unresolved or ?"),
        ("C | It was cold | confidence=2", "attributes: found 'confidence=2', expected a number from 0 to 1, or ?"),
        ("A a1 | | may | rain | negated=no", "attributes: found 'negated=no', expected true, false or ?"),
        ("C | It was cold | a7", "attributes: found 'a7', expected one of: none"),
        (
            "X | It was cold",
            "line: found 'X', expected a line that begins with A, S, C, @, @@, # or a word of the head",
        ),
        ("a a1 | Lee | said | It was cold", "line: found 'a', expected a line that begins with A"),
        ("S | may", "line: found 1 fields, expected 2 to 3: cue | scope | attributes; a | of the text is written \\|"),
        (
            "A a1 | Lee | said",
            "line: found 3 fields, expected 4 to 6: id | source | cue | content | attributes | speaker",
        ),
        ("C", "line: found no fields, expected 1 to 2: extent | attributes"),
        ("A Lee | Lee | may sail | It was over", "id: found 'Lee', expected a1, a2, a3, ..."),
        ("@", "@: found no words, expected the words to which the cursor moves"),
        ("@ nowhere", "@: found 'nowhere', which the text does not have"),
        ("C | =", "extent: found = before any attribution, expected an attribution above"),
        (
            "layers: claims, speculation",
            "layers: found 'speculation', expected 'speculations' perhaps, or another of: claims",
        ),
        ("record: two", "record: found 'two', expected the number of the record in its file, from 0"),
        ("article: 0123456789abcdef", "article: found a second line `article:`, after line 1, expected one"),
    ],
)
def test_every_slip_has_its_message(read, line, message):
    (problem,) = told(read(line))
    assert problem.startswith("2: ") and message in problem


def test_ids_and_links_are_checked_when_all_is_read(read):
    lines = ("A a1 | Lee | sail | It was over | a2", "A a2 | Lee | sail | The crew may sail | a1")
    assert told(read(*lines)) == [
        "2: attributes: found a2, whose parents lead back to a1, expected parents without a circle",
        "3: attributes: found a1, whose parents lead back to a2, expected parents without a circle",
    ]
    assert told(read("A a1 | Lee | sail | It was over | | =a3", "A a1 | Lee | sail | The crew may sail")) == [
        "2: speaker: found '=a3', expected one of: a1",
        "3: id: found 'a1', which line 2 has too, expected an id that no other attribution has",
    ]
    circle = told(read("A a1 | Lee | sail | It was over | | =a2", "A a2 | Lee | sail | It was over | | =a1"))
    assert circle[0] == "2: speaker: found =a2, which leads in a circle, expected an attribution that says who speaks"


def test_all_slips_of_a_draft_are_told_at_once_and_each_once(read):
    draft = read("A a1 | Leee | said | It was over", "C | =", "S | may | nowhere | a1", "C | It was cold")
    assert [(problem.line, problem.path) for problem in draft.problems] == [(2, "source"), (4, "scope")]
    assert draft.labels is None


# -- speakers ----------------------------------------------------------------------------------------------------------


def test_a_speaker_is_looked_for_from_the_start_of_the_article(read):
    draft = read(
        "@ A note",
        "A a1 | he | wrote | A note | | Della Holt",
        "@ The crew",
        "A a2 | Lee | said | The crew may sail | | =",
        "A a3 | Lee | said | sail | a2 | -",
        "A a4 | Lee | said | may sail | a2 | mayor + Holt",
        "A a5 | Lee | said | crew may sail | a2 | ?",
    )
    speakers = {label.text: label.speaker for label in draft.labels.attributions}
    assert TEXT.index("Della Holt") == speakers["A note"][0].start
    assert read.words(speakers["The crew may sail"]) == "Lee" and speakers["sail"] == ()
    assert read.words(speakers["may sail"]) == "mayor Holt" and speakers["crew may sail"] is None


@pytest.mark.parametrize("written", ["", " | |", " | | ="])
def test_a_pronoun_does_not_say_who_speaks(read, written):
    (problem,) = told(read(f'A a1 | she | added | "It was late,"{written}'))
    assert problem == (
        "2: speaker: found nothing beside the source 'she', expected who that is: the fullest name in the article, =a1 for "
        "the speaker of a1, or - where it is unclear"
    )


# -- the whole draft ---------------------------------------------------------------------------------------------------


def test_a_claim_takes_over_the_content_with_its_attribution(read):
    draft = read('@ "It', 'A a1 | she | added | "It was late," + "Nobody knew." | | -', "C | = | other")
    claim = draft.labels.claims[0]
    assert (claim.text, claim.claimer, claim.kind) == ("It was late Nobody knew", "a1", "other")


def test_layers_that_are_not_named_are_not_annotated(read):
    draft = read("layers: claims", "labels: none")
    assert (draft.labels.claims, draft.labels.speculations, draft.labels.attributions) == ((), None, None)
    assert draft.notes == []
    assert told(read("layers: claims", "S | may | ?")) == [
        "3: line: found a label of speculations, expected a line `layers:` that names speculations too, or no such label"
    ]
    assert all(getattr(read("C | It was cold").labels, layer) is not None for layer in LAYERS)


def test_a_form_that_nobody_touched_says_nothing(read):
    draft = read("layers: claims")
    assert (draft.labels, draft.problems) == (None, [])
    assert [str(note) for note in draft.notes] == [
        "a.draft:1: note: no label, so it is not taken; if all is read and nothing is to be labelled, add a line `labels: none`"
    ]
    assert told(read("labels: none", "C | It was cold")) == [
        "1: labels: found a line `labels: none`, and labels, expected one of the two"
    ]
    assert told(read("labels: some")) == ["2: labels: found 'some', expected none, or no such line"]


def test_labels_are_numbered_by_position_and_links_follow(read):
    draft = read(
        "@ The crew",
        "A a7 | Lee | said | The crew may sail",
        "C | =",
        "@@ The Ferry",
        "A a2 | Della Holt | said | The Ferry",
    )
    assert [(label.id, label.text) for label in draft.labels.attributions] == [
        ("a1", "The Ferry"),
        ("a2", "The crew may sail"),
    ]
    assert draft.labels.claims[0].claimer == "a2"


def test_comments_empty_lines_and_line_ends_do_not_count(write_up):
    article = write_up(TEXT)
    text = f"\ufeff# C | no\r\n\r\narticle: {article.id}\r#\r\n  C | It was cold  \n"
    draft = drafts.read(text, article, "a.draft")
    assert [label.text for label in draft.labels.claims] == ["It was cold"]


LINES = st.lists(
    st.sampled_from(
        [*"ASC@#|=-?+[]…\\ ", " | ", "a1", "=a1", "It was", "she", " + ", "layers:", "\\u{", "}", "article: "]
    )
)


@settings(max_examples=60)
@given(st.lists(LINES.map("".join) | st.text(), max_size=6))
def test_any_lines_give_labels_or_problems(write_up, lines):
    article = write_up(TEXT)
    draft = drafts.read("\n".join([f"article: {article.id}", *lines]), article, "a.draft")
    untouched = any(note.message.startswith("no label") for note in draft.notes)
    assert (draft.labels is None) == bool(draft.problems or untouched)
    assert all(problem.line and problem.found and problem.expected for problem in draft.problems)
