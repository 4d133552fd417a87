"""The frame of mail: lines that senders and programs put around a story, such as a way to unsubscribe.

Conventions: a phrase stands with a line that it must catch and one that it must not; a test holds both. Lines are those of
one paragraph, white space as single blanks; a long paragraph is never frame.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from allegedly.builders.readers._paragraphs import Paragraph

#: A paragraph that is longer is text.
LONGEST = 400


class Phrase(NamedTuple):
    """What a line of the frame looks like. ``caught`` and ``spared`` are examples."""

    pattern: str
    caught: str
    spared: str


PHRASES = (
    Phrase(
        r"(?:click here to |to |you can |you may |manage preferences (?:or|and) )?(?:unsubscribe|opt[ -]out)"
        r"(?: here| now| at any time| from (?:this|these|our|all|the) "
        r"(?:e-?mails?|newsletters?|lists?|mailings?)\b.{0,60}|"
        r"\W{1,3}.{0,10}\b(?:click|please|visit|reply)\b.{0,80}|\W*(?:[|•·].*)?)\W*$",
        "To unsubscribe, please reply to this message",
        "Unsubscribe rates rose to 4 percent after the scandal, the publisher said.",
    ),
    Phrase(
        r"(?:newsletter |von diesem newsletter |hier )?(?:abbestellen|abmelden|austragen)\W*$|"
        r"(?:se |vous )?d[ée]s(?:abonner|inscrire)(?: ici| de cette (?:liste|lettre))?\W*$|"
        r"(?:darse|date) de baja(?: aquí)?\W*$|cancelar (?:la |a )?(?:suscripción|inscrição|assinatura)\W*$|"
        r"(?:annulla (?:l['’])?iscrizione|cancellati|disiscriviti)(?: qui)?\W*$|"
        r"(?:uitschrijven|afmelden|avprenumerera|afmeld)\W*$",
        "Newsletter abbestellen",
        "Abmelden mussten sich am Montag 40 Schüler, sagte die Leiterin.",
    ),
    Phrase(
        r"you(?:['’]re| are)? (?:receiving|received|getting|got) "
        r"(?:this|our)\b.{0,40}\b(?:e-?mail|message|newsletter|letter)"
        r"s? (?:because|as|since|from)\b.{0,200}$",
        "You are receiving this email because you signed up on our website.",
        "You received this medal in 1944, the minister told her.",
    ),
    Phrase(
        r"(?:this|the) (?:e-?mail|message|newsletter) (?:was|is|has been) (?:sent|intended|delivered)"
        r" (?:only )?(?:to|for|by) (?:you|\S+@\S+|the (?:named )?addressee)\b.{0,200}$",
        "This email was sent to reader@inbox.example.",
        "This message was sent to the crew too late, investigators said.",
    ),
    Phrase(
        r"if you (?:no longer (?:wish|want)|(?:do not|don['’]t) (?:wish|want)|would (?:rather|prefer) not)\b.{0,40}"
        r"\b(?:receive|get|hear from)\b.{0,40}\b(?:e-?mails?|newsletters?|messages?|mailings?|us)\b.{0,120}$",
        "If you no longer wish to receive these emails, tell us.",
        "If you do not want the vaccine, you may lose your job, the minister said.",
    ),
    Phrase(
        r"(?:manage|update|change|edit|review)\b(?: your| my| e-?mail| newsletter)*"
        r" (?:preferences|subscriptions?|settings|profile)(?: here)?\W*(?:[|•·].*)?$",
        "Update your preferences",
        "Change settings on the ships were wrong, the report said.",
    ),
    Phrase(
        r"(?:view|read|open|see|display)\b(?: this| the| it| our| e-?mail| message| newsletter| issue)*"
        r"(?: (?:in|on)(?: your| the| a)?)? (?:web )?(?:browser|online|web|website|app|web ?page)\W*(?:[|•·].*)?$|"
        r"(?:web|online|browser) version\W*$",
        "View this email in your browser",
        "Read online, the letter caused an uproar.",
    ),
    Phrase(
        r"(?:im|in ihrem|in deinem) browser "
        r"(?:ansehen|anzeigen|öffnen|lesen)\W*$|(?:online|web)(?:-?ansicht|-?version)\W*$|"
        r"(?:voir|lire|afficher) (?:ce (?:message|mail|courriel) )?(?:dans|sur) (?:le|votre|un) navigateur\W*$|"
        r"ver (?:este (?:correo|mensaje) )?en (?:el|su|tu) navegador\W*$|(?:visualizza|apri)\b.{0,30}\bnel "
        r"browser\W*$",
        "Im Browser ansehen",
        "Im Browser lief das Spiel schlecht.",
    ),
    Phrase(
        r"(?:having )?(?:trouble|problems|difficulty) (?:viewing|reading|seeing) (?:this|the) "
        r"(?:e-?mail|message|newsletter)"
        r"\b.{0,100}$|(?:images|pictures) not (?:showing|displaying|loading)\b.{0,60}$|"
        r"can['’]t (?:see|view|read) this (?:e-?mail|message|newsletter)\b.{0,80}$",
        "Trouble viewing this email? Open it in a browser.",
        "Trouble reading the small print is common, lawyers say.",
    ),
    Phrase(
        r"(?:was this (?:e-?mail|newsletter|message) forwarded|(?:did someone|has somebody) forward(?:ed)? (?:you "
        r")?this|"
        r"forwarded this (?:e-?mail|newsletter))\b.{0,150}$|forward (?:this (?:e-?mail|newsletter) )?to a friend\W*$|"
        r"send to a friend\W*$",
        "Was this email forwarded to you? Sign up here.",
        "Forward this proposal to parliament, the court told the minister.",
    ),
    Phrase(
        r"our (?:mailing|postal) address(?: is)?\s*:.{0,200}$|(?:please )?add (?:us|\S+@\S+) to your (?:address "
        r"book|contacts)\b.{0,80}$",
        "Our mailing address is: 1 Quay Street",
        "Our mailing address on the parcel was false, the family said.",
    ),
    Phrase(
        r"(?:please )?(?:do not|don['’]t) (?:reply|respond) to this (?:e-?mail|message|address)\b.{0,150}$|"
        r"(?:bitte )?antworten sie nicht auf diese (?:e-?mail|nachricht)\b.{0,100}$",
        "Please do not reply to this message.",
        "Do not reply to this man, the lawyers had told the mayor.",
    ),
    Phrase(
        r"(?:(?:privacy|cookie) (?:policy|notice|statement)|terms (?:of (?:use|service)|and conditions)|"
        r"contact us|about us|help(?: cent(?:er|re))?|datenschutz(?:erklärung)?|impressum|mentions "
        r"légales|preferences|"
        r"unsubscribe|advertise(?: with us)?|log ?in|my account)(?:\s*[|•·/–]\s*.{2,40})*\W*$",
        "Privacy policy | Terms of use | Contact us",
        "Privacy policy will be the first test of the new minister.",
    ),
    Phrase(
        r"(?:powered|delivered|sent) (?:by|with|via) "
        r"(?:mailchimp|substack|beehiiv|ghost|mailjet|sendgrid|brevo|convertkit|mailerlite)\W*$",
        "Powered by Mailchimp",
        "Powered by ghost writers, the book sold well.",
    ),
    Phrase(
        r"sent from my (?:iphone|ipad|android|samsung|mobile|phone|blackberry)(?: (?:phone|device|\d+))?\W*$|"
        r"(?:von meinem iphone gesendet|envoyé de mon iphone|get outlook for (?:ios|android))\W*$",
        "Sent from my iPhone",
        "Sent from my phone, the picture went round the world, she said.",
    ),
)
_FRAME = re.compile("|".join(f"(?:{phrase.pattern})" for phrase in PHRASES), re.I)
_LEAVE = re.compile(
    r"unsubscribe|opt[ -]out|abbestellen|abmelden|d[ée]s(?:abonner|inscrire)|de baja|receiving this", re.I
)
#: The address that a label stands for, where a mail is plain text.
_LINKED = re.compile(r"(?<=\w)\s*+[:>→–-]{0,2}+\s*+[<(\[]?+\s*+(?:https?://|www\.)[^\s<>()\[\]]++[>)\]]?", re.I)
#: So many short paragraphs may follow the line that offers to unsubscribe: an address, a slogan.
_AFTER = 8
_SHORT = 250


def is_frame(words: str) -> bool:
    """Whether a paragraph, or each of its lines, belongs to the frame of mail."""
    words = _LINKED.sub("", words) if "://" in words or "www." in words else words
    if len(words) > LONGEST:
        return False
    if _FRAME.match(" ".join(words.split()).lstrip("»>*•[(– ")):
        return True
    lines = words.split("\n")
    return len(lines) > 1 and all(_FRAME.match(line.strip()) for line in lines)


def framed(story: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The same paragraphs, those of the frame as boilerplate that stands aside."""
    listed = list(story)
    frame = [not part.aside and is_frame(part.words) for part in listed]
    end = _end(listed, frame)
    for number, part in enumerate(listed):
        yield part._replace(kind="boilerplate", aside=True) if frame[number] or number >= end else part


def _end(story: list[Paragraph], frame: list[bool]) -> int:
    """From where on all is frame: after the line that ends a letter nothing but addresses and slogans follow."""
    for number in range(max(0, len(story) - 1 - _AFTER), len(story)):
        if frame[number] and _LEAVE.search(story[number].words):
            after = story[number + 1 :]
            told = sum(len(part.words) for part, around in zip(story, frame[:number], strict=False) if not around)
            short = all(len(part.words) < _SHORT for part in after)
            return number if short and told > sum(len(part.words) for part in after) else len(story)
    return len(story)
