"""E-books: an article a chapter, in the order of the spine; the frame of the book is told apart."""

import io
import zipfile

import pytest

from allegedly.builders.readers import _reading
from allegedly.builders.sources.limits import Limits
from allegedly.schemas.records import Rejected

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
BRIDGE = (
    "<p>By Jane Reed</p><p>The mayor said on Monday that the bridge may close.</p><p>It has cracks,&nbsp;she said.</p>"
)
POLICE = "<p>Police said that 31 people were arrested.</p><p>An inquiry is likely, they said.</p>"


def chapter(body, title="Harbour Post", attributes=""):
    space = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
    return (
        f'<?xml version="1.0"?><html {space}><head><title>{title}</title></head><body {attributes}>{body}</body></html>'
    )


def epub(chapters, *, more="", metadata="", guide="", spine=None, **members):
    """A book of chapters by their names; ``more``: further items of the manifest."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="{key}"/>' for key in spine or [f"i{n}" for n in range(len(chapters))])
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="urn:opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Harbour Post</dc:title>{metadata}</metadata><manifest>{items}{more}</manifest>"
        f"<spine>{refs}</spine>{guide}</package>"
    )
    content = {name.replace("%20", " "): source for name, source in chapters.items() if source is not None}
    files = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, source in {
            **files,
            **{f"OEBPS/{name}": source for name, source in content.items()},
            **members,
        }.items():
            archive.writestr(name, source)
    return file.getvalue()


def read(data, limits=None):
    return list(_reading.parsed(data, "issue.epub", limits=limits or Limits()))


def shown(values):
    return [
        (value.rule, value.reason)
        if isinstance(value, Rejected)
        else (value.title, [block.kind for block in value.blocks])
        for value in values
    ]


NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Politics</text></navLabel>
<content src="index.html"/><navPoint><navLabel><text>Bridge may close</text></navLabel><content src="a%20b.html"/></navPoint>
<navPoint><navLabel><text>Police arrest 31</text></navLabel><content src="b.html"/></navPoint></navPoint></navMap></ncx>"""


def test_an_issue_in_epub_2_as_calibre_makes_it():
    bar = '<div class="calibre_navbar"><a href="b.html">Next</a> | Section menu</div>'
    fetched = '<p>This article was downloaded by <b>calibre</b> from <a href="x">https://h.example/bridge</a></p>'
    links = '<ul><li><a href="a%20b.html">Bridge may close</a></li><li><a href="b.html">Police</a></li></ul>'
    chapters = {
        "title_page.html": chapter("<h1>Harbour Post</h1>"),
        "index.html": chapter(f"<h1>Politics</h1>{links}"),
        "a%20b.html": chapter(f"{bar}<h2>Bridge may close</h2>{BRIDGE}{fetched}"),
        "b.html": chapter(POLICE),
        "b_split_001.html": chapter("<p>The story goes on here, he said.</p>"),
    }  # fmt: skip
    data = epub(
        chapters,
        more='<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
        guide='<guide><reference type="title-page" href="title_page.html"/></guide>',
        metadata="<dc:publisher>calibre</dc:publisher><dc:creator>calibre</dc:creator><dc:date>2024-03-04</dc:date>"
        "<dc:language>en-GB</dc:language>",
        **{"OEBPS/toc.ncx": NCX},
    )
    values = read(data)
    frame = "front-matter", "is the cover, contents or the like of an e-book (OEBPS/{}), no article"
    assert shown(values) == [
        (frame[0], frame[1].format("title_page.html")),
        (frame[0], frame[1].format("index.html")),
        ("Bridge may close", ["title", "byline", "lead", "paragraph", "boilerplate"]),
        ("Police arrest 31", ["title", "lead", "paragraph", "paragraph"]),
    ]
    bridge = values[2]
    assert (bridge.authors, bridge.outlet, bridge.published) == (("Jane Reed",), None, "2024-03-04")
    assert (bridge.url, bridge.section, bridge.language) == ("https://h.example/bridge", "Politics", "en-GB")
    assert [value.origin.record for value in values] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "contents",
    [
        '<h1>Contents</h1><ul><li><a href="a.html">Bridge</a></li><li><a href="b.html">Police</a></li></ul>',
        '<p><a href="a.html">Bridge</a></p><p><a href="b.html">Police</a></p>',
        "<h2>Inhalt</h2><p>Bridge may close 3</p><p>Police arrest 31 5</p>",
        '<h1>Sommaire</h1><p><a href="a.html#one">Bridge</a> by Jane Reed, our man at the harbour for nine years</p>',
    ],
)
def test_contents_are_no_article(contents):
    stories = {"a.html": chapter(f"<h1>Bridge</h1>{BRIDGE}"), "b.html": chapter(f"<h1>Contents</h1>{POLICE}")}
    first, *others = read(epub({"one.html": chapter(contents), **stories}))
    assert first.rule == "front-matter"
    assert [value.title for value in others] == ["Bridge", "Contents"]


@pytest.mark.parametrize(
    "row",
    [
        '<p><a href="b.html">| Next | Section menu | Main menu |</a></p>',
        '<p>| <a href="b.html">Next</a> | <a href="c.html">Section Menu</a> | <a href="d.html">Main Menu</a> | Previous |</p>',
        '<div class="calibre_navbar1"><a href="b.html">Onwards</a></div>',
        '<p><a href="b.html">« Zurück</a> · <a href="c.html">Inhalt</a> · <a href="d.html">Weiter »</a></p>',
        "<ul><li>Précédent</li><li>Sommaire</li><li>Suivant</li></ul>",
    ],
)
def test_a_row_of_links_for_moving_about_is_no_text(row):
    (bare,) = read(epub({"a.html": chapter(f"<h1>Bridge</h1>{BRIDGE}")}))
    (article,) = read(epub({"a.html": chapter(f"{row}<h1>Bridge</h1>{BRIDGE}{row}")}))
    assert article.text == bare.text
    (kept,) = read(epub({"a.html": chapter(f"<h1>Bridge</h1>{BRIDGE}<p>Next</p><p>Back | to the sea, he said.</p>")}))
    assert kept.text.endswith("Next\n\nBack | to the sea, he said.")


def test_chapters_in_one_file_are_told_by_the_contents_of_epub_3():
    nav = (
        '<nav epub:type="toc"><ol><li><a href="all.xhtml#one">Bridge may close</a>'
        '<ol><li><a href="all.xhtml#sub">Sub</a></li></ol></li>'
        '<li><a href="all.xhtml#two">Police arrest 31</a></li></ol></nav>'
    )
    story = f'<section id="one"><h1>Bridge may close</h1>{BRIDGE}<h2 id="sub">What now</h2><p>Nobody knows, he said.</p></section>'
    chapters = {
        "all.xhtml": chapter(f'{story}<section id="two"><h1>Police arrest 31</h1>{POLICE}</section>'),
        "rights.xhtml": chapter("<p>All of it is ours.</p>", attributes='epub:type="copyright-page"'),
    }
    more = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    data = epub(
        chapters, more=more, metadata="<dc:publisher>Harbour Post</dc:publisher>", **{"OEBPS/nav.xhtml": chapter(nav)}
    )
    values = read(data)
    assert shown(values)[:2] == [
        ("Bridge may close", ["title", "byline", "lead", "paragraph", "heading", "paragraph"]),
        ("Police arrest 31", ["title", "lead", "paragraph"]),
    ]
    assert values[2].rule == "front-matter" and len(values) == 3
    assert values[0].outlet == "Harbour Post"


def encrypted(algorithm):
    method = f'<e:EncryptionMethod Algorithm="{algorithm}"/>'
    data = f'<e:EncryptedData>{method}<e:CipherData><e:CipherReference URI="OEBPS/a.xhtml"/></e:CipherData></e:EncryptedData>'
    source = f'<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">{data}</encryption>'
    return epub({"a.xhtml": chapter(BRIDGE)}, **{"META-INF/encryption.xml": source})


def test_a_locked_book_is_refused_one_with_hidden_fonts_is_read():
    (refused,) = read(encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
    assert refused.rule == "encrypted"
    assert refused.reason.startswith("is an e-book locked by digital rights management")
    (article,) = read(encrypted("http://www.idpf.org/2008/embedding"))
    assert article.authors == ("Jane Reed",)


WHOLE = epub({"a.xhtml": chapter(f"<h1>Bridge may close</h1>{BRIDGE}")})
BAD = {
    "cut off": (WHOLE[:-60], "broken-archive", "is a broken EPUB document, probably cut off"),
    "no package": (
        WHOLE.replace(b"OEBPS/book.opf", b"OEBPS/book.op_"),
        "unknown-format",
        "it has no member OEBPS/book.opf",
    ),
    "broken container": (epub({}, **{"META-INF/container.xml": "<x"}), "broken-xml", "is broken XML"),
    "no chapters": (epub({}), "no-article", "is an e-book without chapters"),
    "a chapter that is missing": (
        epub({"a.xhtml": None}),
        "no-article",
        "is a chapter that is not in the file: OEBPS/a.xhtml",
    ),
    "a link out": (
        epub({"http://x.example/a": None}),
        "no-article",
        "is a chapter that is not in the file: http://x.example/a",
    ),
    "a path out": (
        epub({"../../../etc/passwd": None}),
        "no-article",
        "is a chapter that is not in the file: ../../etc/passwd",
    ),
    "no words": (epub({"a.xhtml": chapter('<img src="a.png"/>')}), "no-article", "is an e-book without chapters"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_book_is_refused_and_told_why(case):
    data, rule, reason = BAD[case]
    (refused,) = read(data)
    assert (refused.rule, refused.origin.reader) == (rule, "epub")
    assert reason in refused.reason


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = epub({"a.xhtml": chapter(f"<p>{'a' * 2_000_000}</p>")})
    assert len(bomb) < 20_000
    (refused,) = read(bomb, Limits(expanded_bytes=1_000_000))
    assert (refused.rule, refused.detail["limit"]) == ("expanded-bytes-limit", 1_000_000)


def test_a_hundred_thousand_elements_and_as_many_chapters():
    (article,) = read(epub({"a.xhtml": chapter(f"<h1>Bridge may close</h1>{'<p/>' * 100_000}{BRIDGE}")}))
    assert [block.kind for block in article.blocks] == ["title", "byline", "lead", "paragraph"]
    (refused,) = read(epub({"a.xhtml": None}, spine=["i0"] * 100_000))
    assert refused.reason == "is a chapter that is not in the file: OEBPS/a.xhtml"
