"""Documents of word processors: what a reader of the printed page sees is text, and nothing else."""

import io
import zipfile

import pytest

from allegedly.builders.readers import _reading
from allegedly.builders.sources.limits import Limits
from allegedly.schemas.records import Rejected

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Untertitel"><w:name w:val="Subtitle"/></w:style>
<w:style w:styleId="Zwischen"><w:name w:val="Our crosshead"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
</w:styles>"""
STORY = "The ferry to Sandholm may stop in October, the operator Nordline said on Tuesday."


def zipped(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return file.getvalue()


def run(words):
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def par(inner, style=None, properties=""):
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{properties}</w:pPr>{inner if inner.startswith('<') else run(inner)}</w:p>"


def docx(body, main="word/document.xml", **members):
    spaces = f'xmlns:w="{W}" xmlns:mc="urn:mc" xmlns:v="urn:v" xmlns:r="urn:r"'
    document = f'<?xml version="1.0"?><w:document {spaces}><w:body>{body}<w:sectPr/></w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", main: document, "word/styles.xml": STYLES, **members})


def odt(body, styles="", mimetype="application/vnd.oasis.opendocument.text", **members):
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "text", "style", "draw", "table"))
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": "<m/>", **members})


def read(data, name="story.docx", limits=None):
    values = list(_reading.parsed(data, name, limits=limits or Limits()))
    assert len(values) == 1
    return values[0]


def blocks(article):
    assert not isinstance(article, Rejected), article
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


BOX = f"<w:txbxContent>{par('A box beside the story, said Holm.')}</w:txbxContent>"
PICTURED = (
    f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
ROWS = "".join(
    f"<w:tr><w:tc>{par(a)}</w:tc><w:tc>{par(b)}</w:tc></w:tr>" for a, b in (("Year", "Loss"), ("2023", "1.4"))
)
WORD = {
    "deleted, moved and hidden text is none, inserted and linked text is": (
        run("The ferry ")
        + "<w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:moveFrom><w:r><w:t>elsewhere </w:t></w:r></w:moveFrom>"
        + f"<w:ins>{run('may ')}</w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>secretly </w:t></w:r>"
        + f'<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>soon </w:t></w:r><w:hyperlink r:id="r1">{run("stop")}</w:hyperlink>'
        + "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        + run(", he said."),
        [("lead", "The ferry may soon stop, he said.")],
    ),
    "soft breaks part the lines about the article": (
        "<w:r><w:t>By Ines Corrigan</w:t><w:br/><w:t>14 May 2024</w:t></w:r>",
        [("byline", "By Ines Corrigan"), ("dateline", "14 May 2024")],
    ),
    "two soft breaks part paragraphs": (
        "<w:r><w:t>One thing, he said.</w:t><w:br/><w:br/><w:t>Another, she said.</w:t></w:r>",
        [("lead", "One thing, he said."), ("paragraph", "Another, she said.")],
    ),
    "a text box is read once, after its paragraph": (
        PICTURED + run(STORY),
        [("lead", STORY), ("paragraph", "A box beside the story, said Holm.")],
    ),
    "letters that are elements": (
        '<w:r><w:t>North</w:t><w:noBreakHyphen/><w:t>South</w:t><w:tab/><w:sym w:char="00B0"/><w:t> he said.</w:t></w:r>',
        [("lead", "North-South ° he said.")],
    ),
}


@pytest.mark.parametrize("case", WORD)
def test_the_words_of_a_paragraph_in_word(case):
    inner, expected = WORD[case]
    after = [("lead" if expected[-1][0] == "dateline" else "paragraph", "They said so again.")]
    told = blocks(read(docx(par("A title of the story", "Titel") + par(inner) + par("They said so again."))))
    assert told == [("title", "A title of the story"), *expected, *after]


def test_the_styles_of_word():
    body = (
        par("EXCLUSIVE") + par("Ferry line may stop", "Titel") + par("Operator lost millions", "Untertitel") + par(STORY)
        + par("What the island says", "Zwischen") + par("Some say so.", "Loop")
        + par("One point", properties='<w:numPr><w:numId w:val="3"/></w:numPr>')
        + par("Another", properties='<w:numPr><w:numId w:val="3"/></w:numPr>')
        + par("The ferry in May", "Beschriftung") + f"<w:tbl>{ROWS}</w:tbl>"
        + par(run("Half of it "), properties="<w:rPr><w:del/></w:rPr>") + par("and the rest.")
    )  # fmt: skip
    assert blocks(read(docx(body))) == [
        ("boilerplate", "EXCLUSIVE"),
        ("title", "Ferry line may stop"),
        ("subtitle", "Operator lost millions"),
        ("lead", STORY),
        ("heading", "What the island says"),
        ("paragraph", "Some say so."),
        ("list", "One point\nAnother"),
        ("caption", "The ferry in May"),
        ("list", "Year | Loss\n2023 | 1.4"),
        ("paragraph", "Half of it and the rest."),
    ]


def test_a_table_that_holds_the_whole_story_and_a_box_that_repeats_it():
    cell = par("Ferry line may stop", "berschrift1") + par(STORY) + par("It lost money.")
    assert blocks(read(docx(f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>")))[1:] == [
        ("lead", STORY),
        ("paragraph", "It lost money."),
    ]
    drawn = par(
        run(STORY) + f"<w:r><w:pict><w:txbxContent>{par('Nordline said on Tuesday')}</w:txbxContent></w:pict></w:r>"
    )
    assert blocks(read(docx(par("A title", "Titel") + drawn)))[2] == ("boilerplate", "Nordline said on Tuesday")


def test_frames_of_word_documents_are_not_read():
    """Headers, footers, comments, macros and the file's own properties; the document may have another name."""
    core = "<c><creator>jr0815</creator><created>2025-06-30T08:00:00Z</created></c>"
    members = {
        "docProps/core.xml": core,
        "word/header1.xml": f'<w:hdr xmlns:w="{W}">{par("Running head")}</w:hdr>',
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment>{par("Check this")}</w:comment></w:comments>',
        "word/vbaProject.bin": b"Sub AutoOpen()",
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Type="http://x/officeDocument" Target="/word/document2.xml"/></Relationships>',
    }
    article = read(docx(par(STORY), main="word/document2.xml", **members), "story.docm")
    assert (article.text, article.authors, article.published) == (STORY, (), None)


def test_an_opendocument_text():
    styles = (
        '<style:style style:name="P1" style:parent-style-name="Title"/>'
        '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    )
    body = (
        "<text:tracked-changes><text:deletion><text:p>Deleted words.</text:p></text:deletion></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>Contents</text:p></text:index-body></text:table-of-content>"
        '<text:p text:style-name="P1">Fire at Brackwater mill</text:p>'
        "<text:p>By Lena Farrow<text:line-break/>8 November 2024</text:p>"
        '<text:p>A dryer<text:s text:c="2"/>had <text:span text:style-name="T1">secretly </text:span>overheated, '
        "they said"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A "
        "note.</text:p></text:note-body></text:note>"
        "<office:annotation><text:p>Is that so?</text:p></office:annotation>.</text:p>"
        '<text:h text:outline-level="2">What is known</text:h>'
        "<text:list><text:list-item><text:p>One</text:p></text:list-item><text:list-item><text:p>Two</text:p>"
        "<text:list><text:list-item><text:p>Below</text:p></text:list-item></text:list></text:list-item></text:list>"
        '<text:p><draw:frame><draw:text-box><text:p text:style-name="Illustration">The '
        "mill</text:p></draw:text-box></draw:frame></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell><table:table-cell>"
        "<text:p>Fires</text:p></table:table-cell></table:table-row></table:table>"
        "<text:section><text:p>It is closed.</text:p></text:section>"
    )
    article = read(odt(body, styles), "story.odt")
    assert (article.authors, article.published, article.title) == (
        ("Lena Farrow",),
        "2024-11-08",
        "Fire at Brackwater mill",
    )
    assert blocks(article) == [
        ("title", "Fire at Brackwater mill"),
        ("byline", "By Lena Farrow"),
        ("dateline", "8 November 2024"),
        ("lead", "A dryer had overheated, they said."),
        ("heading", "What is known"),
        ("list", "One\nTwo\nBelow"),
        ("caption", "The mill"),
        ("list", "Year | Fires"),
        ("paragraph", "It is closed."),
        ("boilerplate", "A note."),
    ]


def test_a_flat_opendocument_text():
    source = (
        '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:t" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>It burnt, '
        "they said."
        "</text:p></office:text></office:body></office:document>"
    )
    assert read(source.encode(), "story.fodt").text == "It burnt, they said."


RICH = {
    rb"The ferry {\v hidden }may{\deleted  not} stop.": "The ferry may stop.",
    rb"\'93We do not know,\'94 she said.": "“We do not know,” she said.",
    rb"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2}, he said.": "Привет, he said.",
    rb"{\f2 \'82\'a0\'83A} he said.": "あア he said.",
    rb"A \u8220?word\u8221? and \uc2\u-10179xx\u-8704xx he said.": "A “word” and 😀 he said.",
    rb"\uc0\u1055 \u1088 , he said.": "Пр, he said.",
    b"Raw \xe9 in a line\r\n that goes on.": "Raw é in a line that goes on.",
    rb"{\field{\*\fldinst{HYPERLINK \'22http://x.example\'22}}{\fldrslt Greta Holm}} said.": "Greta Holm said.",
    rb"{\*\unknown gone}{\pict\pngblip 8950{\*\x y}4e47}{\*\shppict{\pict\bin4 }{{\}}She said.": "She said.",
    rb"{\upr{plain}{\*\ud{Gr\u252 ?n}}} he said.": "Grün he said.",
    rb"non\_stop\~service\-s \{said\} \\ \bullet  he.": "non-stop services {said} \\ • he.",
}


def rtf(body):
    fonts = rb"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Gothic;}}"
    return (
        b"{\\rtf1\\ansi\\ansicpg1252\\deff0"
        + fonts
        + b"{\\info{\\author jr0815}}{\\header Head\\par}\\pard "
        + body
        + b"\\par}"
    )


@pytest.mark.parametrize("source", RICH)
def test_the_words_of_rich_text(source):
    assert read(rtf(source), "story.rtf").text == RICH[source]


def test_the_styles_and_asides_of_rich_text():
    styles = rb"{\stylesheet{Normal;}{\s1 heading 1;}{\s4\sbasedon1 Crosshead;}{\s6\outlinelevel1 Own;}}"
    body = (
        styles + rb"\pard\s1 Ferry line may stop\par\pard The ferry may stop{\footnote\pard A note.\par}, he said.\par"
        rb"\pard\s4 What now\par\pard {\listtext 1.\tab}One\par{\listtext 2.\tab}Two\par"
        rb"\pard\s6 And then\par\trowd\pard\intbl Year\cell Loss\cell\row\pard\intbl 2023\cell 1.4\cell\row"
        rb"\pard It is over, she said.{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt A box.\par}}{\shprslt again}}"
    )
    assert blocks(read(rtf(body), "story.rtf")) == [
        ("title", "Ferry line may stop"),
        ("lead", "The ferry may stop, he said."),
        ("heading", "What now"),
        ("list", "One\nTwo"),
        ("heading", "And then"),
        ("list", "Year | Loss\n2023 | 1.4"),
        ("paragraph", "It is over, she said."),
        ("paragraph", "A box."),
        ("boilerplate", "A note."),
    ]


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
WHOLE = docx(par(STORY))
ENTITIES = '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
SECRET = '<manifest:file-entry full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
BAD = [
    ("a.docx", WHOLE[: len(WHOLE) // 2], "broken-archive", "is a broken Word document, probably cut off: File is not a zip file"),
    ("a.docx", LOCKED, "encrypted", "is an office document locked with a password; save it without one first"),
    ("a.docx", docx(""), "no-article", "is a Word document without words in it"),
    ("a.docx", docx(par("14 May 2024")), "no-article", "is a Word document without a story in it"),
    ("a.docx", docx("</w:body>"), "broken-xml", "is broken XML: Opening and ending tag mismatch"),
    ("a.docx", docx(par(STORY), **{"word/document.xml": ENTITIES}), "xml-entities", "declares XML entities, which are not read"),
    ("a.docx", docx("", main="word/x.xml"), "unknown-format", "is no Word document: it has no member word/document.xml"),
    ("a.docx", docx("<w:sdt>" * 300 + "</w:sdt>" * 300), "nesting-limit", "the depth of nested elements is over the limit"),
    ("a.odt", odt("<text:p>x</text:p>")[:300], "broken-archive", "is a broken OpenDocument document, probably cut off"),
    ("a.odt", odt("", **{"META-INF/manifest.xml": f"<m>{SECRET}</m>"}), "encrypted", "is a OpenDocument document locked with"),
    ("a.odt", odt("").replace(b"content.xml", b"content.xm_"), "unknown-format", "it has no member content.xml"),
    ("a.odt", odt(""), "no-article", "is an OpenDocument text without words in it"),
    ("a.rtf", rtf(STORY.encode())[:-20], "truncated", "ends in the middle of its RTF data; fetch the file again"),
    ("a.rtf", rtf(rb"{\pict\bin999999 x}"), "truncated", "ends in the middle of its RTF data"),
    ("a.rtf", rtf(b"{" * 5000), "nesting-limit", "the depth of nested groups is over the limit of 200"),
    ("a.rtf", rtf(b""), "no-article", "is an RTF document without words in it"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "rule", "reason"), BAD, ids=[f"{row[0]}-{row[2]}-{n}" for n, row in enumerate(BAD)]
)
def test_a_bad_document_is_refused_and_told_why(name, data, rule, reason):
    refused = read(data, name)
    assert isinstance(refused, Rejected) and refused.rule == rule
    assert reason in refused.reason


@pytest.mark.parametrize("name", ["a.docx", "a.odt"])
def test_a_bomb_is_refused_before_it_is_unpacked(name):
    bomb = docx(par("a" * 2_000_000)) if name == "a.docx" else odt(f"<text:p>{'a' * 2_000_000}</text:p>")
    assert len(bomb) < 20_000
    refused = read(bomb, name, Limits(expanded_bytes=1_000_000))
    assert (refused.rule, refused.detail["limit"]) == ("expanded-bytes-limit", 1_000_000)


def test_a_name_that_lies_decides_nothing():
    assert read(f"{STORY}\n\nIt lost money.\n".encode(), "story.docx").origin.reader == "text"
    assert read(WHOLE, "story.rtf").origin.reader == "docx"
    assert read(rtf(STORY.encode()), "story.txt").origin.reader == "rtf"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx("<w:p/>" * 100_000 + par(STORY))),
        ("a.odt", odt("<text:p/>" * 100_000 + f"<text:p>{STORY}</text:p>")),
        ("a.rtf", rtf(b"{}\\par " * 100_000 + STORY.encode())),
    ],
    ids=["docx", "odt", "rtf"],
)
def test_a_hundred_thousand_elements_are_read(name, data):
    assert read(data, name).text == STORY
