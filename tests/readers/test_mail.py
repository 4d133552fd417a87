"""Mail: what its reader sees is the article, its head the metadata; everything around that is marked or refused "
"by name."""

import base64
import re
from email import message_from_bytes
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from allegedly.builders.readers import _mail_frame, _reading
from allegedly.builders.sources.limits import Limits
from allegedly.schemas.records import Rejected

HEAD = (
    "From: {sender}\nTo: r@inbox.example\nSubject: {subject}\nDate: Mon, 04 Mar 2024 17:30:00 +0000\n"
    "Message-ID: <a1@mail.example>\nMIME-Version: 1.0\n"
)
OUTLET = "Harbour Post <news@harbourpost.example>"
STORY = "The mayor said on Monday that the bridge may close."


def mail(body, kind="text/plain; charset=utf-8", subject="Bridge may close", sender=OUTLET, more=""):
    source = f"{HEAD.format(sender=sender, subject=subject)}{more}Content-Type: {kind}\n\n"
    return source.encode() + (body if isinstance(body, bytes) else body.encode())


def values(data, name="a.eml", limits=None):
    return list(_reading.parsed(data, name, limits=limits or Limits()))


def read(data, name="a.eml"):
    (article,) = values(data, name)
    assert not isinstance(article, Rejected), article
    return article


def blocks(article):
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def body(data):
    """The blocks without the title, whatever line ends the file has."""
    told = blocks(read(data))
    assert blocks(read(data.replace(b"\n", b"\r\n"))) == told
    return told[1:]


ENCODED = {
    "quoted-printable": (b"=93Wir wissen es nicht=94, sagte B=FCrgermeisterin Lind am Mon=\ntag.", "windows-1252"),
    "base64": (base64.encodebytes("“Wir wissen es nicht”, sagte Bürgermeisterin Lind am Montag.".encode()), "utf-8"),
    "8bit": ("“Wir wissen es nicht”, sagte Bürgermeisterin Lind am Montag.".encode("cp1252"), "iso-8859-1"),
}


@pytest.mark.parametrize("how", ENCODED)
def test_a_body_in_any_transfer_encoding_and_charset(how):
    source, charset = ENCODED[how]
    subject = "=?windows-1252?Q?Br=FCcke_=96_gesperrt?="
    data = mail(source, f"text/plain; charset={charset}", subject, more=f"Content-Transfer-Encoding: {how}\n")
    article = read(data)
    assert (article.title, article.language) == ("Brücke – gesperrt", "de")
    assert blocks(article)[1] == ("lead", "“Wir wissen es nicht”, sagte Bürgermeisterin Lind am Montag.")


def test_letters_that_no_xml_may_hold_after_what_nobody_sees():
    html = f"<p>{STORY}</p><div hidden>x</div>It has\x0bcracks, she said.<script>x</script>\x0bThey doubt it."
    article = read(mail(html, "text/html"))
    assert "cracks, she said." in article.text and "They doubt it." in article.text


def test_a_head_that_nobody_encoded():
    data = (
        b"From: Jane Reed <jane@h.example>\nSubject: Br\xc3\xbccke gesperrt\nDate: 4 Mar 24 17:30:00 EST\n\n"
        + STORY.encode()
    )
    article = read(data)
    assert (article.title, article.authors, article.outlet) == ("Brücke gesperrt", ("Jane Reed",), None)
    assert article.published == "2024-03-04T17:30:00-05:00"


SENDERS = {
    OUTLET: ((), "Harbour Post"),
    '"Harbour Post | Politics" <p@h.example>': ((), "Harbour Post"),
    "Jane Reed at Harbour Post <hello@h.example>": (("Jane Reed",), "Harbour Post"),
    '"Reed, Jane" <jr@h.example>': (("Jane Reed",), None),
    "Reed, Jane <jr@h.example>": (("Jane Reed",), None),
    "Ida Brandt <ida.brandt@h.example>": (("Ida Brandt",), None),
    "=?utf-8?Q?S=C3=BCdseite?= <n@sz.example>": ((), "Südseite"),
    "Morning Brief <brief@h.example>": ((), "Morning Brief"),
    "Evening Update <update@h.example>": ((), "Evening Update"),
    "Der Morgen <morgen@h.example>": ((), "Der Morgen"),
    "Resumen Semanal <resumen@h.example>": ((), "Resumen Semanal"),
    "Anna Weekly <weekly@h.example>": (("Anna Weekly",), None),
    "news@h.example": ((), None),
}


@pytest.mark.parametrize("sender", SENDERS)
def test_a_sender_is_an_outlet_or_a_person(sender):
    article = read(mail(STORY, sender=sender))
    assert (article.authors, article.outlet) == SENDERS[sender]


def test_flowed_lines_quoted_mail_and_a_signature():
    text = (
        "The mayor of Rotherby said on Monday that \nthe bridge may close.\n\n> quoted line of an old \n> mail\n\n"
        "Engineers found \ncracks.\n\n-- \nHarbour Post\n1 Quay Street\n"
    )
    assert body(mail(text, "text/plain; format=flowed")) == [
        ("lead", "The mayor of Rotherby said on Monday that the bridge may close."),
        ("boilerplate", "> quoted line of an old > mail"),
        ("paragraph", "Engineers found cracks."),
        ("boilerplate", "-- Harbour Post 1 Quay Street"),
    ]


def test_hard_wrapped_lines_an_answer_and_the_foot_of_a_list():
    text = (
        "The mayor of Rotherby, Anna Lind, said on Monday that the bridge\nover the Tarn may have to close for two "
        "years, because "
        "engineers\nfound cracks in it.\n\nOn Mon, 4 Mar 2024, Jane Reed wrote:\n> Please run this.\nIt went on, "
        "she said.\n\n"
        "_______________________________________________\nNews mailing list\nhttps://lists.example/news\n"
    )
    told = body(mail(text, subject="Re: Fwd: Bridge may close"))
    assert [kind for kind, _ in told] == ["lead", "boilerplate", "boilerplate", "paragraph", "boilerplate"]
    assert told[0][1].endswith(
        "said on Monday that the bridge over the Tarn may have to close for two years, because engineers found "
        "cracks in it."
    )
    assert told[3][1] == "It went on, she said."


def multipart():
    """Alternatives beside a picture beside attachments."""
    html = (
        '<html><head><style>p{}</style></head><body><div style="display: none; max-height:0">Preheader</div>'
        f"<p>{STORY}<br><br>It has cracks, engineers found.</p><div class=gmail_signature>Jane</div></body></html>"
    )
    alternative, related, mixed = (MIMEMultipart(kind) for kind in ("alternative", "related", "mixed"))
    for part, kind in (("Plain words.", "plain"), (html, "html")):
        alternative.attach(MIMEText(part, kind))
    related.attach(alternative)
    attached = MIMEText("An attached text is no story.", "plain")
    attached.add_header("Content-Disposition", "attachment", filename="b.txt")
    for part in (related, attached):
        mixed.attach(part)
    mixed["From"], mixed["Subject"], mixed["Message-ID"] = "Ruth Fox <ruth@x.example>", "Story for Monday", "<x@y>"
    return mixed


def test_alternatives_in_related_in_mixed_with_attachments():
    assert body(multipart().as_bytes()) == [
        ("lead", STORY),
        ("paragraph", "It has cracks, engineers found."),
        ("boilerplate", "Jane"),
    ]


def test_alternatives_in_alternatives_are_read_once():
    """Each level read twice would take 2 to the power of 60 readings."""
    levels = range(60)
    opened = "".join(f"--b{n}\nContent-Type: multipart/alternative; boundary=b{n + 1}\n\n" for n in levels)
    closed = "".join(f"\n--b{n}--\n" for n in reversed(levels))
    text = f"{opened}--b60\nContent-Type: text/plain\n\n{STORY}\n--b60--\n{closed}"
    assert body(mail(text, "multipart/alternative; boundary=b0")) == [("lead", STORY)]


def test_an_empty_alternative_in_html_gives_way_to_the_text():
    html = "<html><body><img src=x></body></html>"
    parts = f"--b\nContent-Type: text/plain\n\n{STORY}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    assert body(mail(parts, "multipart/alternative; boundary=b")) == [("lead", STORY)]


GMAIL = (
    "---------- Forwarded message ---------\nFrom: Kelmouth Echo <echo@k.example>\nDate: Wed, Mar 6, 2024 at 7:30 "
    "PM\n"
    "Subject: Police arrest 31\nTo: <r@inbox.example>\n\n\nPolice said that 31 people were arrested.\n"
)
FORWARDED = {
    "gmail": ("text/plain", f"See below\n\n{GMAIL}"),
    "gmail in html": (
        "text/html",
        (
            '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: '
            "<strong>Kelmouth Echo</strong>"
            " &lt;e@k.example&gt;<br>Date: Wed, Mar 6, 2024 at 7:30 PM<br>Subject: Police arrest 31<br>To: "
            "r@x.example<br></div><br><br>"
            "<p>Police said that 31 people were arrested.</p></div>"
        ),
    ),
    "apple": (
        "text/html",
        (
            '<blockquote type="cite"><div>Begin forwarded message:</div><br><div><b>From: </b>Kelmouth Echo '
            "&lt;e@k.example&gt;</div>"
            "<div><b>Subject: </b>Police arrest 31</div><div><b>Date: </b>6 March 2024 at 19:30:00 GMT</div><br>"
            "<p>Police said that 31 people were arrested.</p></blockquote>"
        ),
    ),
    "outlook": (
        "text/html",
        (
            "<p>For you.</p><hr><p><b>From:</b> Kelmouth Echo &lt;e@k.example&gt;<br><b>Sent:</b> Wednesday, March 6, "
            "2024 7:30 PM<br>"
            "<b>To:</b> Ruth<br><b>Subject:</b> Police arrest 31</p><p>Police said that 31 people were arrested.</p>"
        ),
    ),
    "german": (
        "text/plain; charset=utf-8",
        (
            "-----Ursprüngliche Nachricht-----\nVon: Kelmouth Echo <e@k.example>\nGesendet: Mittwoch, 6. März 2024 "
            "19:30\nAn: R\n"
            "Betreff: Police arrest 31\n\nPolice said that 31 people were arrested.\n"
        ),
    ),
}


@pytest.mark.parametrize("client", FORWARDED)
def test_a_mail_forwarded_in_the_text_stands_for_itself(client):
    kind, text = FORWARDED[client]
    article = read(mail(text, kind, subject="Fwd: Something", sender="Ruth Fox <ruth@x.example>"))
    assert (article.title, article.outlet, article.authors) == ("Police arrest 31", "Kelmouth Echo", ())
    assert article.published.startswith("2024-03-06T19:30")
    sentences = [article.text[span.start : span.end] for span in article.sentences]
    assert sentences == ["Police arrest 31", "Police said that 31 people were arrested."]


def test_mails_carried_by_a_mail_are_articles_of_their_own():
    outer = MIMEMultipart("mixed")
    outer["From"], outer["Subject"], outer["Message-ID"] = "Ruth Fox <ruth@x.example>", "two", "<q@r>"
    outer.attach(MIMEText("Two stories came in, Jane said.", "plain"))
    for inner in (multipart().as_bytes(), mail(STORY)):
        outer.attach(MIMEMessage(message_from_bytes(inner)))
    told = values(outer.as_bytes())
    assert [(value.title, value.origin.record) for value in told] == [
        ("two", 0),
        ("Story for Monday", 1),
        ("Bridge may close", 2),
    ]
    handed_on = values(outer.as_bytes().replace(b"Subject: two", b"Subject: Fwd: two"))
    assert handed_on[0].reason == "is a note around a message that it hands on, and which is read"
    assert [value.title for value in handed_on[1:]] == ["Story for Monday", "Bridge may close"]
    digest = outer.as_bytes().replace(b"Two stories came in, Jane said.", b"")
    assert [value.title for value in values(digest)] == ["Story for Monday", "Bridge may close"]


def test_a_newsletter_made_of_tables():
    rows = (
        "<a href=x>View this email in your browser</a>", "<h1>Bridge may close</h1>", f"<p>By Jane Reed</p><p>{STORY}</p>",
        "<p>Unsubscribe rates rose to 4 percent, the publisher said.</p>",
        "You are receiving this email because you signed up.<br><a>Unsubscribe</a> | <a>Update your preferences</a>",
        "Harbour Post, 1 Quay Street, Rotherby",
    )  # fmt: skip
    table = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    article = read(mail(f"<html><body><table>{table}</table></body></html>", "text/html"))
    assert article.authors == ("Jane Reed",)
    assert [kind for kind, _ in blocks(article)] == [
        "title", "boilerplate", "byline", "lead", "paragraph", "boilerplate", "boilerplate",
    ]  # fmt: skip


@pytest.mark.parametrize("phrase", _mail_frame.PHRASES, ids=lambda phrase: phrase.caught[:30])
def test_a_phrase_of_the_frame_catches_its_example_and_spares_the_other(phrase):
    assert _mail_frame.is_frame(phrase.caught) and re.match(phrase.pattern, phrase.caught, re.I)
    assert not _mail_frame.is_frame(phrase.spared)


@pytest.mark.parametrize(
    "label",
    [
        "View this email in your browser: https://gazette.example/letters/7",
        "Read online (https://gazette.example/letters/7?u=" + 500 * "7" + ")",
        "Im Browser ansehen <https://gazette.example/briefe/7>",
        "Update your preferences: https://gazette.example/you | Unsubscribe: https://gazette.example/bye",
    ],
)
def test_a_label_of_the_frame_may_have_its_address_behind_it(label):
    assert _mail_frame.is_frame(label)
    assert not _mail_frame.is_frame(f"The harbour council put its plan online: {label.rpartition(' ')[2]}")


def test_what_follows_a_way_to_unsubscribe_at_the_top_is_text():
    text = f"Unsubscribe\n\n{STORY}\n\nIt has cracks, engineers found.\n"
    assert [kind for kind, _ in body(mail(text))] == ["boilerplate", "lead", "paragraph"]


MAILBOX = (
    b"From a@b Mon Mar  4 17:30:00 2024\nFrom: Harbour Post <n@h.example>\nSubject: One\nMessage-ID: <x@y>\n\n"
    b"First story, he said.\n>From the quay one sees it.\n\nFrom there it went on, she said.\n\n>>From a "
    b"quotation.\n\n"
    b"From c@d Mon Mar  4 17:30:00 2024\nFrom: X <n@h.example>\nSubject: Two\nMessage-ID: <x2@y>\nContent-Type: "
    b"image/png\n\nAAA\n\n"
    b"From e@f Mon Mar  4 17:30:00 2024\nFrom: X <n@h.example>\nSubject: Three\nMessage-ID: <x3@y>\n\nThird story, "
    b"he said.\n"
)


@pytest.mark.parametrize("source", [MAILBOX, MAILBOX.replace(b"\n", b"\r\n")], ids=["lf", "crlf"])
def test_a_mailbox(source):
    first, second, third = values(source, "news.mbox")
    assert blocks(first)[1:] == [
        ("lead", "First story, he said.\nFrom the quay one sees it."),
        ("paragraph", "From there it went on, she said."),
        ("boilerplate", ">From a quotation."),
    ]
    assert (second.rule, second.reason, second.origin.record) == ("no-article", "is a message without a text", 1)
    assert (third.title, third.origin.record) == ("Three", 2)


PGP = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n"
CUT = f"--b\nContent-Type: text/plain\n\n{STORY}\n--b\nContent-Type: text/html\n\n<p>The mayor said that"
BAD = {
    "no text": (
        mail("AAAA", "application/pdf; name=story.pdf"),
        "no-article",
        "save the files that it carries (story.pdf), and read those",
    ),
    "openpgp": (
        mail(PGP, "multipart/encrypted; boundary=b"),
        "encrypted",
        "is an encrypted message; decrypt it in the mail program",
    ),
    "pgp in the text": (mail("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n"), "encrypted", "is an encrypted message"),
    "s/mime": (
        mail("AAAA", "application/pkcs7-mime; smime-type=enveloped-data"),
        "encrypted",
        "is an encrypted message",
    ),
    "cut off": (
        mail(CUT, "multipart/alternative; boundary=b"),
        "truncated",
        "ends in the middle of a part of the message",
    ),
    "blank": (mail("\n \n"), "no-article", "is a message without a text"),
    "frame alone": (
        mail("View this email in your browser\n\nUnsubscribe\n"),
        "no-article",
        "is a message without a story in it",
    ),
    "100,000 parts": (
        mail("--b\nContent-Type: text/plain\n\nx\n" * 100_000 + "--b--\n", "multipart/mixed; boundary=b"),
        "members-limit",
        "the number of its parts (100001) is over the limit of 10000",
    ),
    "nested parts": (
        mail(
            "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(3000)),
            "multipart/mixed; boundary=b0",
        ),
        "nesting-limit",
        "the depth of its structure is over the limit of 200",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_message_is_refused_and_told_why(case):
    data, rule, reason = BAD[case]
    (refused,) = values(data)
    assert (refused.rule, refused.origin.reader) == (rule, "eml")
    assert reason in refused.reason


def test_a_signed_message_is_read_without_its_signature():
    signature = "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{STORY}\n{signature}"
    assert body(mail(text)) == [("lead", STORY)]
    parts = f"--b\nContent-Type: text/plain\n\n{STORY}\n--b\nContent-Type: application/pgp-signature\n\niQEz\n--b--\n"
    assert body(mail(parts, "multipart/signed; boundary=b")) == [("lead", STORY)]


def test_lines_with_colons_are_no_mail():
    text = b"Title: Bridge may close\nFrom: Jane Reed\nDate: 4 March 2024\n\nThe mayor said that the bridge may close on Monday.\n"
    assert read(text, "a.txt").origin.reader == "text"
    assert (
        read(b"From the harbour: a ferry ran aground.\n\nNobody was hurt, they said.\n", "a.txt").origin.reader
        == "text"
    )


def test_a_saved_page_in_other_forms():
    story = f"<h1>Bridge may close</h1><p>{STORY}</p><p>It has cracks, engineers found last week.</p>"
    page = f"<html><head><title>Bridge may close</title></head><body><article>{story}</article></body></html>"
    head = 'From: "Saved by Windows Internet Explorer 8"\nSubject: Bridge\nDate: Sun, 1 Dec 2024 09:00:00 +0000\n'
    head += "MIME-Version: 1.0\n"
    part = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\nContent-Location: http://h.example/bridge\n\n"
    encoded = base64.encodebytes(page.encode()).decode()
    related = 'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\n'
    many = f"{head}{related}{part}{encoded}\n--b\nContent-Type: image/png\n\nx\n--b--\n"
    alone = f"{head}{part}{encoded}"
    for source in (many, alone):
        article = read(source.encode(), "bridge.mht")
        assert (article.origin.reader, article.title, article.url) == (
            "mhtml",
            "Bridge may close",
            "http://h.example/bridge",
        )
        assert article.published is None and STORY in article.text
    (refused,) = values(many.replace("text/html; charset", "text/css; charset").encode(), "bridge.mht")
    assert refused.reason == "is a saved page without HTML in it"
    (refused,) = values(many.encode()[: many.index("\n--b\nContent-Type: image") - 40], "bridge.mht")
    assert (refused.rule, refused.origin.reader) == ("truncated", "mhtml")


PLAIN_HEAD = [
    "From: Harbour Post <news@harbourpost.example>",
    "To: all@inbox.example",
    "Date: Mon, 04 Mar 2024 17:30:00 +0000",
    "Subject: Bridge may close",
    "Content-Type: text/plain; charset=utf-8",
    "X-Note: the mayor said so",
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (3, 0, 2), (2, 3, 1, 0), (5, 3, 0)])
def test_a_head_of_mail_is_known_in_any_order_and_whatever_it_adds(order):
    head = "\n".join(PLAIN_HEAD[number] for number in order)
    article = read(f"{head}\n\n{STORY}\n".encode(), "a.txt")
    assert article.origin.reader == "eml"
    assert blocks(article) == [("title", "Bridge may close"), ("lead", STORY)]


@pytest.mark.parametrize(
    "head",
    ["From: Anna Lind\nDate: 4 March 2024\nSubject: Bridge may close", "Subject: Bridge may close\nX-Note: none"],
)
def test_a_story_with_keys_is_no_mail(head):
    assert read(f"{head}\n\n{STORY}\n".encode(), "a.txt").origin.reader == "text"


AWAY = "I am out of the office until Monday. In urgent cases write to desk@harbourpost.example."
QUOTED = "\n\nOn Mon, 4 Mar 2024 at 11:00, Otto Finch <otto@x.example> wrote:\n> Shall we have lunch, or are you busy?\n> Otto\n"
REPORT = (
    "--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n"
    "--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n"
)
NO_ARTICLES = {
    "report": (
        mail(REPORT, "multipart/report; report-type=delivery-status; boundary=b"),
        "is a report of a mail server",
    ),
    "daemon": (mail(STORY, sender="Mail Delivery System <MAILER-DAEMON@mx.example>"), "is a report of a mail server"),
    "by a header": (mail(AWAY, more="Auto-Submitted: auto-replied (vacation)\n"), "is an automatic answer"),
    "by another": (mail(AWAY, more="Precedence: auto_reply\n"), "is an automatic answer"),
    **{
        subject: (mail(AWAY, subject=subject), "is an automatic answer")
        for subject in (
            "Automatic reply: story",
            "Automatische Antwort: Geschichte",
            "R\u00e9ponse automatique : article",
            "Respuesta autom\u00e1tica: art\u00edculo",
            "Risposta automatica: articolo",
            "Automatisch antwoord: artikel",
            "Resposta autom\u00e1tica: artigo",
            "Out of office: story",
        )
    },
    "answer": (mail(f"Fine with me. 1pm?{QUOTED}", subject="Re: lunch"), "is a short answer to a message"),
    "longer answer": (
        mail(
            f"{STORY} I have to be there at two, so let us go before.{QUOTED}" + "> So many are.\n" * 9,
            subject="AW: Essen",
        ),
        "is a short answer to a message",
    ),
    "answer to a head": (
        mail(
            "Fine. 1pm?\n\nFrom: Otto Finch <otto@x.example>\nSent: Monday, 4 March 2024 11:00\nTo: Jane Reed\n"
            "Subject: lunch\n\nShall we have lunch?\n",
            subject="RE: lunch",
        ),
        "is a short answer to a message",
    ),
}


@pytest.mark.parametrize("case", NO_ARTICLES)
def test_a_message_that_is_no_article_is_told_by_its_kind(case):
    data, reason = NO_ARTICLES[case]
    (refused,) = values(data)
    assert (refused.rule, refused.reason) == ("no-article", reason)


@pytest.mark.parametrize(
    "data",
    [
        mail(STORY, more="Auto-Submitted: auto-generated\n"),
        mail(STORY, subject="Automatic replies: how offices drown in them"),
        mail(f"{STORY} " * 9, subject="Out of office: a column"),
        mail(STORY, subject="Re: Bridge may close"),
        mail(f"{STORY} It has cracks, said engineers, who looked at it for three days in the rain.{QUOTED}", subject="Story"),
        mail(f"{STORY} It has cracks, engineers said, who looked at it for three days in the rain, and found 14 of them.{QUOTED}",
             subject="Re: your story"),
    ],
)  # fmt: skip
def test_a_message_that_only_looks_like_one_of_these_is_an_article(data):
    assert ("lead", read(data).text.split("\n\n")[1]) in blocks(read(data))
