"""XML and JSON of the news trade: what its elements say is metadata, what its body holds is text."""

import json

import pytest

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Rejected

STORY = "<p>The mayor said on Monday that the bridge &mdash; old &amp; cracked &mdash; may close.</p>"
STORY += "<p>It has cracks, she said.</p>"
TOLD = [
    ("lead", "The mayor said on Monday that the bridge — old & cracked — may close."),
    ("paragraph", "It has cracks, she said."),
]
G2 = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def values(source, name="a.xml"):
    return list(_reading.parsed(source if isinstance(source, bytes) else source.encode(), name))


def read(source, name="a.xml"):
    (article,) = values(source, name)
    assert not isinstance(article, Rejected), article
    return article


def blocks(article):
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def nitf(body, head="", body_head="<hedline><hl1>Bridge may close</hl1></hedline>", end=""):
    inner = f"<body.head>{body_head}</body.head><body.content>{body}</body.content><body.end>{end}</body.end>"
    return f'<nitf><head>{head}</head><body xml:lang="en-GB">{inner}</body></nitf>'


def test_nitf_as_an_agency_sends_it():
    head = (
        '<docdata><doc-id id-string="d1"/><date.issue norm="20240304T173000Z"/><key-list><keyword key="bridges"/></key-list>'
        '<doc.copyright holder="Norther Wire"/><identified-content><location>Rotherby</location></identified-content></docdata>'
    )
    body_head = (
        "<hedline><hl1>Bridge may close</hl1><hl2>Mayor warns</hl2></hedline><byline>By <person>JANE REED</person>"
        "<byttl>Norther Writer</byttl></byline><dateline><location>ROTHERBY</location>, March 4 -</dateline>"
        "<abstract><p>By an indexer.</p></abstract>"
    )
    body = (
        f"<block>{STORY}<hl2>What now</hl2><media><media-caption>The bridge.</media-caption>"
        "<media-producer>X</media-producer></media>"
        '<ul><li>One</li><li>Two</li></ul><bq><block><p>"A quote," she said.</p></block><credit>Anna Lind</credit></bq>'
        "<table><tr><td>Year</td><td>Loss</td></tr></table></block><block><p>A second block, he said.</p></block>"
    )
    article = read(nitf(body, head, body_head, "<tagline>Jane Reed reports from Rotherby.</tagline>"))
    assert (article.title, article.subtitle, article.authors) == ("Bridge may close", "Mayor warns", ("Jane Reed",))
    assert (article.source_id, article.published, article.outlet) == ("d1", "2024-03-04T17:30:00Z", "Norther Wire")
    assert (article.themes, article.regions, article.language) == (("bridges",), ("Rotherby",), "en-GB")
    assert blocks(article)[2:] == [
        ("dateline", "ROTHERBY, March 4 -"),
        *TOLD,
        ("heading", "What now"),
        ("caption", "The bridge."),
        ("list", "One\nTwo"),
        ("quote", '"A quote," she said.'),
        ("boilerplate", "Anna Lind"),
        ("list", "Year | Loss"),
        ("paragraph", "A second block, he said."),
        ("author_note", "Jane Reed reports from Rotherby."),
    ]


def test_nitf_of_an_archive_with_the_same_paragraph_in_several_blocks():
    lead = "<p>One, he said.</p>"
    parts = (
        ("lead_paragraph", lead),
        ("full_text", f"{lead}<p>Two.</p>"),
        ("online_lead_paragraph", lead),
        ("correction_text", "<p>Wrong.</p>"),
    )
    body = "".join(f'<block class="{name}">{words}</block>' for name, words in parts)
    head = '<pubdata date.publication="20240304T000000" name="Harbour Post"/>'
    byline = '<byline class="print_byline">By JANE REED and JOHN DOE</byline>'
    byline += '<byline class="normalized_byline">Reed, Jane; Doe, John</byline>'
    article = read(nitf(body, head, byline))
    assert blocks(article) == [("lead", "One, he said."), ("paragraph", "Two."), ("boilerplate", "Wrong.")]
    assert (article.authors, article.published) == (("Jane Reed", "John Doe"), "2024-03-04")


def test_an_agency_in_a_byline_is_no_author_and_is_not_lost():
    article = read(nitf(STORY, body_head="<byline>By The Associated Press</byline>"))
    assert article.authors == () and blocks(article)[0] == ("byline", "By The Associated Press")
    assert article.agencies == ("The Associated Press",)
    byline = "<byline>By <person>Jane Reed</person>, <org>AFP</org></byline><distributor>Reuters</distributor>"
    article = read(nitf(STORY, body_head=byline))
    assert (article.authors, article.agencies, article.outlet) == (("Jane Reed",), ("AFP", "Reuters"), "Reuters")
    article = read(
        item(1, XHTML, "<by>Jane Reed</by><creditline>AFP</creditline><infoSource><name>dpa</name></infoSource>")
    )
    assert (article.authors, article.agencies) == (("Jane Reed",), ("AFP", "dpa"))
    article = read(
        json.dumps({**VERSIONS["2"], "by": "Jane Reed and AFP", "infosources": [{"name": "dpa"}]}), "item.json"
    )
    assert (article.authors, article.agencies, article.outlet) == (("Jane Reed",), ("AFP", "dpa"), "dpa")


def item(number, content, about="", meta="", kind="ninat:text"):
    said = f"<headline>Headline {number}</headline>{about}"
    item_meta = f'<itemClass qcode="{kind}"/><provider><name>Norther Wire</name></provider>{meta}'
    return (
        f'<newsItem {G2} guid="urn:x:{number}" xml:lang="en"><itemMeta>{item_meta}</itemMeta><contentMeta>{said}</contentMeta>'
        f"<contentSet>{content}</contentSet></newsItem>"
    )


XHTML = f'<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>{STORY}</body></html></inlineXML>'


def test_what_a_newsml_item_says():
    about = (
        '<headline role="hld:subHeadline">Mayor warns</headline><by>By Jane Reed, Norther Wire</by>'
        "<dateline>Rotherby, March 4</dateline>"
        '<subject type="cpnat:abstract"><name>bridges</name></subject><subject type="cpnat:geoArea"><name>Rotherby</name></subject>'
        '<subject type="cpnat:person"><name>Anna Lind</name></subject><language tag="en-GB"/>'
    )
    dates = "<versionCreated>2024-03-05T10:00:00+01:00</versionCreated><firstCreated>2024-03-04T10:00:00+01:00</firstCreated>"
    article = read(item(1, XHTML, about, dates))
    assert (article.title, article.subtitle, article.authors) == ("Headline 1", "Mayor warns", ("Jane Reed",))
    assert (article.published, article.outlet) == ("2024-03-04T10:00:00+01:00", "Norther Wire")
    assert (article.themes, article.regions, article.language) == (("bridges",), ("Rotherby",), "en-GB")
    assert blocks(article)[2:] == [("dateline", "Rotherby, March 4"), *TOLD]


@pytest.mark.parametrize(
    ("creator", "authors"),
    [
        ('<creator qcode="staff:7"><name>Ruth Fox</name></creator>', ("Ruth Fox",)),
        ('<creator literal="Ruth Fox"/><creator><name>Jane Reed</name></creator>', ("Ruth Fox", "Jane Reed")),
        ('<creator type="cpnat:person"><name>Ruth Fox</name></creator>', ("Ruth Fox",)),
        ('<creator role="crol:reporter"><name>Ruth Fox</name></creator>', ("Ruth Fox",)),
        ('<creator role="crol:photographer"><name>Ruth Fox</name></creator>', ()),
        ('<creator type="cpnat:organisation"><name>Ruth Fox</name></creator>', ()),
        ('<creator qcode="nprov:RF"><name>Ruth Fox</name></creator>', ()),
        ("<creator><name>Norther Wire</name></creator>", ()),
        ("<creator><name>Norther Holdings</name></creator>", ()),
        ('<contributor qcode="staff:7"><name>Ruth Fox</name></contributor>', ()),
        ('<creator qcode="staff:7"><name>Ruth Fox</name></creator><by>By Jane Reed</by>', ("Jane Reed",)),
    ],
)
def test_the_creator_of_a_newsml_item_is_its_author_unless_told_otherwise(creator, authors):
    source = item(1, XHTML, creator)
    assert "<contentMeta>" in source
    source = source.replace(
        "<contentMeta>", "<rightsInfo><copyrightHolder literal='Norther Holdings'/></rightsInfo><contentMeta>"
    )
    assert read(source).authors == authors


def test_a_newsml_message_gives_an_article_or_a_ledger_line_for_each_item():
    inner = nitf(STORY, body_head="<byline>By Ruth Fox</byline>").replace("<nitf>", '<nitf xmlns="urn:n">')
    items = (
        item(1, XHTML), item(2, '<remoteContent href="http://x.example/a.xml"/>'),
        item(3, '<inlineData contenttype="text/plain">First, he said.\n\nSecond.</inlineData>'),
        item(4, XHTML, meta='<pubStatus qcode="stat:canceled"/>'),
        "<packageItem><itemRef/><itemRef/></packageItem>", "<conceptItem/>",
        item(7, f"<inlineXML>{inner}</inlineXML>"),
        item(8, "<inlineData contenttype='text/html'>&lt;p&gt;He said so.&lt;/p&gt;</inlineData>"),
        item(9, '<remoteContent href="x.jpg"/>', kind="ninat:picture"),
    )  # fmt: skip
    told = values(f"<newsMessage {G2}><itemSet>{''.join(items)}</itemSet></newsMessage>")
    assert [value.origin.record for value in told] == list(range(9))
    assert [value.reason if isinstance(value, Rejected) else value.title for value in told] == [
        "Headline 1",
        "holds its text in another file (remoteContent); links are not followed, read that file instead",
        "Headline 3",
        "is an item that its provider took back (canceled)",
        "is a package of 2 links to items, no text; read the items themselves",
        "is a NewsML-G2 conceptItem, no news text",
        "Headline 7",
        "Headline 8",
        "is a picture, no text",
    ]
    assert [blocks(told[number])[1:] for number in (2, 6, 7)] == [
        [("lead", "First, he said."), ("paragraph", "Second.")], TOLD, [("lead", "He said so.")],
    ]  # fmt: skip
    assert told[6].authors == ("Ruth Fox",)


def component(content, lines="<HeadLine>Bridge may close</HeadLine>", more="", role="Main"):
    inner = f"<NewsLines>{lines}</NewsLines>" if lines else ""
    item = f"<ContentItem>{content}</ContentItem>" if content else ""
    return f'<NewsComponent><Role FormalName="{role}"/>{inner}{more}{item}</NewsComponent>'


def newsml1(*components, status="Usable"):
    return "<NewsML><NewsEnvelope><SentFrom><Party FormalName='Norther Wire'/></SentFrom></NewsEnvelope>" + "".join(
        "<NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:n:1</PublicIdentifier></NewsIdentifier></Identification>"
        "<NewsManagement><FirstCreated>20240304T173000Z</FirstCreated><ThisRevisionCreated>20240305T100000Z</ThisRevisionCreated>"
        f'<Status FormalName="{status}"/></NewsManagement>{each}</NewsItem>'
        for each in components
    ) + "</NewsML>"  # fmt: skip


def test_what_a_newsml_1_item_says():
    lines = (
        "<HeadLine>Bridge may close</HeadLine><SubHeadLine>Mayor warns</SubHeadLine><ByLine>By Jane Reed</ByLine>"
        "<DateLine>Rotherby, March 4</DateLine><CreditLine>AFP</CreditLine><CopyrightLine>(c) Norther</CopyrightLine>"
        "<KeywordLine>bridges</KeywordLine>"
    )
    about = (
        '<AdministrativeMetadata><Provider><Party FormalName="Harbour Wire"/></Provider></AdministrativeMetadata>'
        '<DescriptiveMetadata><Language FormalName="en-GB"/></DescriptiveMetadata>'
    )
    inner = component(f"<DataContent>{nitf(STORY, body_head='')}</DataContent>", "")
    caption = component("<DataContent>The bridge, he said.</DataContent>", "", role="Caption")
    for content in (inner, f"<NewsComponent>{inner}</NewsComponent>", caption + inner):
        article = read(newsml1(component("", lines, about + content)))
        assert (article.title, article.subtitle, article.authors) == ("Bridge may close", "Mayor warns", ("Jane Reed",))
        assert (article.published, article.outlet, article.source_id) == (
            "2024-03-04T17:30:00Z",
            "Harbour Wire",
            "urn:n:1",
        )
        assert (article.themes, article.language, article.agencies) == (("bridges",), "en-GB", ("AFP",))
        assert article.licence == "(c) Norther"
        assert blocks(article)[2:] == [("dateline", "Rotherby, March 4"), *TOLD]


def test_the_headline_and_byline_of_newsml_1_stand_over_those_of_its_content():
    inner = nitf(STORY, body_head="<hedline><hl1>Other</hl1></hedline><byline>By Ruth Fox</byline>")
    article = read(newsml1(component(f"<DataContent>{inner}</DataContent>")))
    assert (article.title, article.authors, article.outlet) == ("Bridge may close", ("Ruth Fox",), "Norther Wire")


def test_newsml_1_gives_an_article_or_a_ledger_line_for_each_story():
    texts = (f"<DataContent>{STORY.replace('&mdash;', '—')}</DataContent>", "<DataContent>First, he said.\n\nSecond.</DataContent>",
             "<DataContent>&lt;p&gt;He said so.&lt;/p&gt;</DataContent>")  # fmt: skip
    several = component(
        "",
        "<HeadLine>Package</HeadLine>",
        "".join(component(text, f"<HeadLine>{n}</HeadLine>") for n, text in enumerate(texts)),
    )
    picture = component('<MediaType FormalName="Photo"/>')
    told = values(
        newsml1(
            several, picture, component("").replace("</NewsComponent>", '<ContentItem Href="a.xml"/></NewsComponent>')
        )
    )
    assert [value.origin.record for value in told] == list(range(5))
    assert [value.reason if isinstance(value, Rejected) else value.title for value in told] == [
        "0", "1", "2", "is a photo, no text",
        "holds its text in another file (Href); links are not followed, read that file instead",
    ]  # fmt: skip
    assert [blocks(value)[1:] for value in told[:3]] == [
        TOLD, [("lead", "First, he said."), ("paragraph", "Second.")], [("lead", "He said so.")],
    ]  # fmt: skip
    (refused,) = values(newsml1(component(texts[0]), status="Canceled"))
    assert refused.reason == "is an item that its provider took back (canceled)"
    (refused,) = values("<NewsML><NewsEnvelope/></NewsML>")
    assert refused.reason == "is a NewsML document without items in it"


def test_prefixes_make_no_difference():
    source = (
        '<n:newsItem xmlns:n="http://iptc.org/std/nar/2006-10-01/" guid="g"><n:contentMeta>'
        "<n:headline>T</n:headline></n:contentMeta>"
        '<n:contentSet><n:inlineXML><h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:p>He said so.</h:p></h:body></h:html>'
        "</n:inlineXML></n:contentSet></n:newsItem>"
    )
    assert blocks(read(source)) == [("title", "T"), ("lead", "He said so.")]


def test_a_reuters_item_without_a_headline_in_another_language():
    source = (
        '<?xml version="1.0" encoding="iso-8859-1"?><newsitem itemid="5" date="1996-08-20" xml:lang="de"><title>'
        "DEUTSCHLAND: Brücke gesperrt.</title><text><p>Die Brücke wird gesperrt, sagte Lind.</p>"
        "<p>(c) Reuters Limited 1996</p></text><metadata>"
        '<codes class="bip:topics:1.0"><code code="GDIS"/></codes></metadata></newsitem>'
    )
    article = read(source.encode("iso-8859-1"))
    assert (article.title, article.published, article.language) == ("Brücke gesperrt", "1996-08-20", "de")
    assert blocks(article)[1:] == [
        ("lead", "Die Brücke wird gesperrt, sagte Lind."),
        ("boilerplate", "(c) Reuters Limited 1996"),
    ]


def test_tei_of_others_and_a_corpus_of_it():
    def text(title):
        header = f"<fileDesc><titleStmt><title>{title}</title><author>Jane Reed</author></titleStmt>"
        header += '<publicationStmt><publisher>Harbour Post</publisher><date when="1924-03-04">4 March</date>'
        header += "</publicationStmt></fileDesc>"
        body = f'<div><head>{title}</head><p>He said so.</p></div><div type="comments"><p>I doubt it.</p></div>'
        return f"<TEI><teiHeader>{header}</teiHeader><text><body>{body}</body></text></TEI>"

    article = read(text("Old news"))
    assert (article.title, article.outlet, article.published) == ("Old news", "Harbour Post", "1924-03-04")
    assert blocks(article)[1:] == [("lead", "He said so.")]
    corpus = values(f'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">{text("One")}{text("Two")}</teiCorpus>')
    assert [(value.title, value.origin.record) for value in corpus] == [("One", 0), ("Two", 1)]


BODY = "<p>The mayor said so.</p><p>It has cracks.</p>"
SECOND = {
    "uri": "urn:x:1", "type": "text", "standard": {"name": "ninjs", "version": "2.0"}, "by": "Jane Reed",
    "versioncreated": "2024-03-05T17:30:00Z", "firstcreated": "2024-03-04T17:30:00Z",
    "headlines": [{"role": "main", "value": "Bridge may close"}, {"role": "sub", "value": "Mayor warns"}],
    "bodies": [
        {"role": "summary", "contenttype": "text/html", "value": "<p>Short.</p>"},
        {"role": "main", "contenttype": "text/html", "value": BODY},
    ],
    "infosources": [{"name": "Norther Wire"}],
    "associations": [{"uri": "u", "type": "text", "headlines": [{"value": "Other"}], "bodies": [{"value": "Another, he said."}]}],
}  # fmt: skip
CAPITALS = {"versioncreated": "versionCreated", "firstcreated": "firstCreated", "infosources": "infoSources"}
VERSIONS = {
    "1": {
        **{key: SECOND[key] for key in ("uri", "type", "versioncreated", "firstcreated")},
        "associations": {"picture": {"uri": "p", "type": "picture", "headline": "Picture", "body_text": "A caption, he said."}},
        "headline": "Bridge may close", "subheadline": "Mayor warns", "byline": "By Jane Reed", "body_html": BODY,
        "infosource": [{"name": "Norther Wire"}],
    },
    "2": SECOND,
    "3": {CAPITALS.get(key, key): value for key, value in SECOND.items()},
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_ninjs_in_three_versions(version):
    article = read(json.dumps(VERSIONS[version]), "item.json")
    assert article.origin.reader == "ninjs"
    assert (article.title, article.subtitle, article.authors) == ("Bridge may close", "Mayor warns", ("Jane Reed",))
    assert (article.published, article.outlet) == ("2024-03-04T17:30:00Z", "Norther Wire")
    assert blocks(article)[2:] == [("lead", "The mayor said so."), ("paragraph", "It has cracks.")]


NINJS = {
    "is an item that its provider took back (canceled)": {**VERSIONS["3"], "pubStatus": "canceled"},
    "is a ninjs item (picture) whose text is no more than a caption": {**VERSIONS["1"], "type": "picture"},
    "is a ninjs item (composite) without a body of text": {**SECOND, "type": "composite", "bodies": []},
}


@pytest.mark.parametrize("reason", NINJS)
def test_a_ninjs_item_that_is_no_article(reason):
    (refused,) = values(json.dumps(NINJS[reason]), "item.json")
    assert refused.reason == reason


FORMS = {
    "nitf": (nitf, "is a NITF document without a text"),
    "newsml": (
        lambda body: item(1, f"<inlineXML><html><body>{body}</body></html></inlineXML>"),
        "is an item without a text",
    ),
    "newsml1": (
        lambda body: newsml1(component(f"<DataContent>{body}</DataContent>", "")),
        "is an item without a text",
    ),
    "reuters": (
        lambda body: f'<newsitem itemid="1"><text>{body}</text></newsitem>',
        "is a Reuters newsitem without a text",
    ),
    "trafilatura": (lambda body: f"<doc><main>{body}</main></doc>", "is a document of trafilatura's without a text"),
}


@pytest.mark.parametrize("form", FORMS)
def test_bad_xml_is_refused_and_told_why(form):
    made, without = FORMS[form]
    whole = made(STORY)
    declared = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    many = " ".join(f"a{number}=''" for number in range(1500))
    refused = {
        "cut off": (whole[: len(whole) - 30], "broken-xml", "is broken XML: "),
        "entities": (declared + made("<p>&a;</p>"), "xml-entities", "declares XML entities"),
        "an unknown entity": (made("<p>&foo; he said.</p>"), "broken-xml", "is broken XML: Entity 'foo' not defined"),
        "nested": (made("<div>" * 300 + "</div>" * 300), "nesting-limit", "the depth of nested elements is over the limit"),
        "attributes": (made(f"<p {many}>x</p>"), "attributes-limit", "is over the limit of 1000"),
        "no words": (made(""), "no-article", without),
    }  # fmt: skip
    for case, (source, rule, reason) in refused.items():
        (line,) = values(source)
        assert isinstance(line, Rejected) and (line.rule, line.origin.reader) == (rule, form), case
        assert reason in line.reason, case


@pytest.mark.parametrize("form", FORMS)
def test_a_hundred_thousand_elements_are_read(form):
    article = read(FORMS[form][0](STORY.replace("&mdash;", "—") + "<p/>" * 100_000))
    assert article.origin.reader == form
    assert [told for told in blocks(article) if told[0] != "title"] == TOLD


def test_a_document_type_is_not_fetched_and_other_news_items_are_no_ones():
    article = read('<!DOCTYPE nitf SYSTEM "http://x.example/nitf.dtd">' + nitf(STORY))
    assert blocks(article)[1:] == TOLD
    (refused,) = values('<?xml version="1.0"?><newsitem><p>x</p></newsitem>')
    assert refused.reason == "is XML with the root <newsitem>, which no reader knows"
