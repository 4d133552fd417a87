"""Lanes: the text once and unchanged, labels where they stand, none over another."""

import re
from html.parser import HTMLParser

from drawn_labels import labelled
from hypothesis import given, settings

from allegedly.render import html, lanes
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import Attribution, Block, Claim, Labels, Span


class Text(HTMLParser):
    """What a browser holds as the text of the element."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words = []
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)


def read(markup):
    parser = Text()
    # Python drops references to controls that a browser keeps
    parser.feed(re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), str(markup)))
    parser.close()
    return "".join(parser.words), parser.tags


def visible(article):
    """The text without its markup."""
    hidden = {at for start, end in article.markup for at in range(start, end)}
    return "".join(character for at, character in enumerate(article.text) if at not in hidden)


@settings(max_examples=60)
@given(labelled())
def test_the_text_stands_there_once_and_unchanged(pair):
    article, labels = pair
    drawn = html.text(article.text, article.blocks, article.markup, lanes.marks(labels), html.Sheet())
    words, tags = read(drawn)
    # what no page can hold is shown as a replacement character
    expected = re.sub("[\x00\ud800-\udfff]", "\ufffd", visible(article))
    assert words == expected
    assert {tag for tag, _ in tags} <= {"div", "span", "u", "bdi"}


@settings(max_examples=60)
@given(labelled())
def test_every_word_of_a_label_is_under_its_name(pair):
    article, labels = pair
    marks = lanes.marks(numbered(labels, article))
    regions = list(lanes.laid(article.text, article.blocks, article.markup, marks))
    stretches = [stretch for region in regions for stretch in region.stretches]
    shown = {at for stretch in stretches for at in range(stretch.start, stretch.end)}
    depths = lanes._depths(marks)
    for mark in marks:
        if depths[id(mark)] >= lanes.DEEPEST:
            continue
        under = {at for s in stretches if mark.name in s.names for at in range(s.start, s.end)}
        wanted = {at for start, end, _ in mark.pieces for at in range(start, end)} & shown
        assert wanted <= under
        assert under <= set(range(mark.start, mark.end))
    for region in regions:
        for stretch in region.stretches:
            rows = [stroke.row for stroke in stretch.strokes]
            assert len(set(rows)) == len(rows) and all(0 <= row < region.rows for row in rows)


def attribution(name, source, content):
    return Attribution(id=name, source=source, cue=(), content=content)


def test_nested_labels_have_lanes_of_their_own_the_outer_on_top():
    text = "Ann said that Ben said it rains."
    outer = attribution("a1", (Span(0, 3),), (Span(9, 31),))
    inner = attribution("a2", (Span(14, 17),), (Span(23, 31),))
    (region,) = lanes.laid(text, (), (), lanes.marks(Labels(attributions=(outer, inner))))
    assert region.rows == 2
    last = next(stretch for stretch in region.stretches if text[stretch.start : stretch.end] == "it rains")
    assert {(stroke.row, stroke.part) for stroke in last.strokes} == {(1, "content"), (0, "content")}
    assert last.names == ("a1", "a2")


def test_pieces_of_a_label_are_joined_and_its_parts_share_a_lane():
    text = "The bridge, said Ann, may close."
    label = Attribution(id="a1", source=(Span(17, 20),), cue=(Span(12, 16),), content=(Span(0, 10), Span(22, 31)))
    (region,) = lanes.laid(text, (), (), lanes.marks(Labels(attributions=(label,))))
    parts = [(text[s.start : s.end], s.strokes[0].part) for s in region.stretches if s.strokes]
    assert parts == [
        ("The bridge", "content"),
        (", ", "gap"),
        ("said", "cue"),
        (" ", "gap"),
        ("Ann", "source"),
        (", ", "gap"),
        ("may close", "content"),
    ]
    assert {stroke.row for s in region.stretches for stroke in s.strokes} == {0}
    assert [mark.name for s in region.stretches for mark in s.begin] == ["a1"]


def test_markup_is_hidden_and_words_between_blocks_are_shown():
    text = "**Bold** words\nloose\n# Head"
    blocks = (Block(kind="paragraph", start=0, end=14), Block(kind="heading", start=21, end=27))
    markup = (Span(0, 2), Span(6, 8), Span(21, 23))
    claim = Claim(id="c1", extent=(Span(2, 14),))
    drawn = html.text(text, blocks, markup, lanes.marks(Labels(claims=(claim,))), html.Sheet())
    words, tags = read(drawn)
    assert words == "Bold words\nloose\nHead"
    assert [a["class"] for tag, a in tags if tag == "u"] == ["k0c c1", "k0cz c1"]
    assert [a.get("data-n") for tag, a in tags if tag == "u"] == ["c1", None]


def test_a_thousand_nested_labels_are_drawn_as_deep_as_can_be_read():
    text = "x" * 4000
    claims = tuple(Claim(id=f"c{n}", extent=(Span(n, 4000 - n),)) for n in range(1200))
    (region,) = lanes.laid(text, (), (), lanes.marks(Labels(claims=claims)))
    assert region.rows == lanes.DEEPEST
    assert max(len(stretch.strokes) for stretch in region.stretches) == lanes.DEEPEST


def test_what_turns_the_direction_of_writing_turns_nothing():
    words, tags = read(html.text("a\u202eb\x1bc", (), (), (), html.Sheet()))
    assert words == "a\u202eb\x1bc"
    assert [(tag, a.get("data-u")) for tag, a in tags if tag == "bdi"] == [("bdi", "202E"), ("bdi", "001B")]


def test_a_sheet_says_the_same_of_the_same_lines():
    sheets = [html.Sheet(), html.Sheet()]
    mark = lanes.mark(Claim(id="c1", extent=(Span(0, 3),)), "claims")
    first = html.text("abc def", (), (), [mark], sheets[0])
    html.text("something else", (), (), [lanes.mark(Claim(id="c9", extent=(Span(3, 9),)), "claims", side=1)], sheets[1])
    assert html.text("abc def", (), (), [mark], sheets[1]) == first
    rules = set(re.findall(r"body \.k\w+\{[^}]*\}", sheets[0].css("body")))
    assert rules and rules <= set(re.findall(r"body \.k\w+\{[^}]*\}", sheets[1].css("body")))
