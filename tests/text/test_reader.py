"""The text reader: the real article, real news files, and laws that hold for any text. Golden pairs are those of all readers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.builders.readers import text
from allegedly.builders.sources.limits import Refused
from allegedly.schemas import check
from allegedly.schemas.records import SENTENCE_BLOCKS, Origin


def read(data: bytes | str, kind: str = "text/plain"):
    data = data.encode() if isinstance(data, str) else data
    (article,) = text.read(data, Origin(file_name="x.txt", media_type=kind))
    return article


def kinds(article) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def test_the_real_article(shared):
    (path,) = shared("seeds").glob("*.txt")
    article = read(path.read_bytes())
    assert article.text == path.read_bytes().decode()
    assert article.title.startswith("Contradictory Statements of NATO on Joining")
    assert article.authors == ("Sophie Mangal",)
    assert (article.outlet, article.published) == ("Global Research", "2017-05-27")
    assert article.original.outlet == "Inside Syria Media Center"
    assert article.regions == ("Middle East & North Africa",)
    assert article.themes == ("Terrorism", "US NATO War Agenda")
    assert (article.series, article.language) == ("SYRIA", "en")
    found = [block.kind for block in article.blocks]
    body = [at for at, kind in enumerate(found) if kind in ("lead", "paragraph")]
    assert len(body) == 8 and found[body[0]] == "lead" and body == list(range(body[0], body[0] + 8))
    assert [kind for kind in found if kind in SENTENCE_BLOCKS] == ["title", "lead"] + ["paragraph"] * 7
    after = kinds(article)[body[-1] + 1 :]
    assert after[0][0] == "author_note"
    assert {kind for kind, _ in after} == {"author_note", "boilerplate", "disclaimer"}
    first = [kind for kind, words in after if words.startswith("Disclaimer")]
    assert first == ["disclaimer"]
    assert not list(check.article({**article.to_json()}))


def test_real_news_files(shared):
    files = sorted(shared("corpora/bbc-raw").glob("*/*.txt"))[::50]
    assert files
    for path in files:
        article = read(path.read_bytes())
        first = article.text.lstrip().split("\n", 1)[0]
        assert article.title == " ".join(first.split()), path
        assert (article.authors, article.outlet, article.published) == ((), None, None), path
        assert [block.kind for block in article.blocks].count("lead") == 1, path
        assert not list(check.article(article.to_json())), path


def test_the_one_file_in_latin_1(shared):
    article = read((shared("corpora/bbc-raw") / "sport" / "199.txt").read_bytes())
    assert article.origin.encoding == "iso-8859-1" and "£15.8m" in article.text


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_stay(ending):
    words = ending.join(["A title", "", "By Kim Oh", "", "It was said on Monday.", ""])
    article = read(words)
    assert article.text == words
    assert [kind for kind, _ in kinds(article)] == ["title", "byline", "lead"]


def test_the_byte_order_mark_is_no_text():
    assert read(b"\xef\xbb\xbfTitle\n\nIt was said on Monday.").text.startswith("Title")
    assert read("Title\n\nIt was said on Monday.".encode("utf-16")).text.startswith("Title")


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf\n"])
def test_nothing_is_refused(data):
    with pytest.raises(Refused, match="nothing but white space"):
        read(data)


@pytest.mark.parametrize(
    ("line", "authors", "outlet", "published"),
    [
        ("By Jane Doe", ("Jane Doe",), None, None),
        ("By JANE DOE and John van der Roe", ("Jane Doe", "John van der Roe"), None, None),
        ("By Jane Doe, Harbour Post", ("Jane Doe",), "Harbour Post", None),
        ("By Jane Doe in Port Alder", ("Jane Doe",), None, None),
        ("By Jane Doe, May 27, 2017", ("Jane Doe",), None, "2017-05-27"),
        ("By Jane Doe | Harbour Post | 27 May 2017", ("Jane Doe",), "Harbour Post", "2017-05-27"),
        ("By Jane Doe, political correspondent", ("Jane Doe",), None, None),
        ("Harbour Post, 27 May 2017", (), "Harbour Post", "2017-05-27"),
        ("27 May 2017", (), None, "2017-05-27"),
        ("Published on 27 May 2017", (), None, "2017-05-27"),
        ("London, 27 May 2017", (), None, "2017-05-27"),
    ],
)
def test_the_line_under_the_title(line, authors, outlet, published):
    article = read(f"Harbour closes after spill\n\n{line}\n\nThe harbour was closed, police said. It may reopen.\n")
    assert (article.title, article.authors, article.outlet, article.published) == (
        "Harbour closes after spill",
        authors,
        outlet,
        published,
    )
    assert kinds(article)[1][0] in ("byline", "dateline")
    assert kinds(article)[2] == ("lead", "The harbour was closed, police said. It may reopen.")


@pytest.mark.parametrize(
    "line",
    [
        "By Monday, the harbour had been closed for a week, police said.",
        "NATO - which has its own ships - did not comment.",
        "Copyright law will change next year, the minister said on Monday.",
        "Contact sports will be banned in schools, the minister said.",
        "The author of the report said that nobody had read it.",
        "Updated rules may come next year, she said.",
        "In May 2017 the harbour was closed.",
    ],
)
def test_sentences_that_only_begin_like_a_notice_are_body(line):
    article = read(
        f"Harbour closes after spill\n\nThe harbour was closed, police said.\n\n{line}\n\nThe end came soon, he said.\n"
    )
    assert ("paragraph", line) in kinds(article)


@pytest.mark.parametrize(
    ("dateline", "outlet"),
    [
        ("LONDON (Meridian Wire) -", "Meridian Wire"),
        ("PORT ALDER, Sarrel (AP) —", "AP"),
        ("WASHINGTON —", None),
        ("Lumenfeld, June 3 (Meridian Wire) -", "Meridian Wire"),
    ],
)
def test_a_dateline_in_the_first_paragraph_is_a_block_of_its_own(dateline, outlet):
    article = read(f"Harbour closes after spill\n\n{dateline} The harbour was closed, police said.\n\nIt may reopen.\n")
    assert kinds(article)[1:3] == [("dateline", dateline), ("lead", "The harbour was closed, police said.")]
    assert article.outlet == outlet


LINES = st.sampled_from(
    [
        "A title",
        "# A heading",
        "By Jane Doe",
        "Harbour Post, 5 May 2020",
        "*Emphasis said* so.",
        "It was **said** on [Monday](http://a.b/c). It may rain.",
        "- an item",
        "1. another",
        "> quoted, he said.",
        "---",
        "===",
        "Title: x",
        "Region: [A](#), [B](#)",
        "Photo: Jane Doe",
        "LONDON (AP) - It said so.",
        "10:15 pm - It closed.",
        "© Harbour Post 2020",
        "Jane Doe is a writer.",
        "[only](#) [links](#)",
        "![image](a.png)",
        "***",
        "\u200b",
        "  indented line",
        "",
        "",
        "x" * 90 + " and more words that fill the line.",
        "`code` <b>tag</b> \\*escaped\\*",
    ]
)
MARKS = st.sampled_from([*" \n\n\r\t*_[]()#>-.!:|©`<>\\~", "aB", "Jane Doe", "By ", "May 5, 2020", "1."])
TEXTS = st.one_of(
    st.lists(LINES, min_size=1, max_size=14).map("\n".join),
    st.lists(MARKS, max_size=50).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80),
).filter(lambda words: words.strip())


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["text/plain", "text/markdown"]))
def test_any_text_stands_verbatim_in_blocks_in_order(words, kind):
    article = text.of_text(words, Origin(file_name="x", media_type=kind))
    assert article.text == words
    # blocks in order, over all that is not white space; sentences inside blocks; markup in order
    assert not list(check.article(article.to_json()))
    marked = {at for start, end in article.markup for at in range(start, end)}
    for start, end in article.sentences:
        assert words[start:end].strip() == words[start:end]
        assert start not in marked and end - 1 not in marked
    assert article == text.of_text(words, Origin(file_name="x", media_type=kind))
