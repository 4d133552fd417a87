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
        r"(?:click here to |to |you can |you may |manage preferences (?:or|and) )?(?:unsubscribe|"
        r"opt[ -]out)(?: here| now| at any time"
        r"| from (?:this|these|our|all|the)\b.{0,80}| .{0,10}(?:click|please|visit|reply)\b.{0,80}|\W*(?:[|•·].*)?)$",
        "To unsubscribe, please reply to this message",
        "Unsubscribe rates rose to 4 percent after the scandal, the publisher said.",
    ),
    Phrase(
        r"(?:newsletter |von diesem newsletter |hier )?(?:abbestellen|abmelden|austragen)\W*$|"
        r"(?:se )?d[ée]s(?:abonner|inscrire)\b.{0,60}$|(?:darse|date) de baja\b.{0,60}$|"
        r"cancelar (?:la )?suscripción\b.{0,40}$|"
        r"(?:annulla (?:l['’])?iscrizione|cancellati|disiscriviti)\b.{0,60}$|cancelar (?:a )?(?:inscrição|"
        r"assinatura)\b.{0,40}$|"
        r"(?:uitschrijven|afmelden)\b.{0,40}$|(?:avmeld|avprenumerera|afmeld)\b.{0,40}$",
        "Newsletter abbestellen",
        "Abmelden mussten sich am Montag 40 Schüler, sagte die Leiterin.",
    ),
    Phrase(
        r"you(?:['’]re| are)? (?:receiving|received|getting|got) (?:this|our)\b.{0,40}\b(?:e-?mail|message|"
        r"newsletter|letter)\b.{0,200}$",
        "You are receiving this email because you signed up on our website.",
        "You received this medal in 1944, the minister told her.",
    ),
    Phrase(
        r"(?:this|the) (?:e-?mail|message|newsletter) (?:was|is|has been) (?:sent|intended|delivered)\b.{0,200}$",
        "This email was sent to reader@inbox.example.",
        "This message reached the crew too late, investigators said.",
    ),
    Phrase(
        r"(?:if you (?:no longer wish|do not (?:wish|want)|would (?:rather|prefer) not)\b).{0,250}$",
        "If you no longer wish to receive these emails, tell us.",
        "If you think the bridge is safe, you may be wrong, the engineer said.",
    ),
    Phrase(
        r"(?:manage|update|change|edit|review)\b(?: your| my| email| e-?mail| newsletter)* (?:preferences|"
        r"subscriptions?|settings|profile)"
        r"\b.{0,80}$",
        "Update your preferences",
        "Update settings on the ships were wrong, the report said.",
    ),
    Phrase(
        r"(?:view|read|open|see|display)\b(?: this| the| it| our| e-?mail| message| newsletter| issue)*"
        r"(?: (?:in|on)(?: your| the| a)?)? (?:web )?(?:browser|online|web|website|app|web ?page)\W*$|"
        r"(?:web version|online version|browser version)\W*$",
        "View this email in your browser",
        "Read online, the letter caused an uproar.",
    ),
    Phrase(
        r"(?:im|in ihrem|in deinem) browser (?:ansehen|anzeigen|öffnen|lesen)\W*$|(?:online|web)(?:-?ansicht|"
        r"-?version)\W*$|"
        r"(?:voir|lire|afficher) (?:ce (?:message|mail|courriel) )?(?:dans|sur) (?:le|votre|un) navigateur\W*$|"
        r"ver (?:este (?:correo|mensaje) )?en (?:el|su|tu) navegador\W*$|(?:visualizza|"
        r"apri)\b.{0,30}\bnel browser\W*$",
        "Im Browser ansehen",
        "Im Browser lief das Spiel schlecht.",
    ),
    Phrase(
        r"(?:having )?(?:trouble|problems|difficulty) (?:viewing|reading|seeing)\b.{0,100}$|"
        r"(?:images|pictures) not (?:showing|displaying|loading)\b.{0,80}$|can['’]t (?:see|view|read) this\b.{0,80}$",
        "Trouble viewing this email? Open it in a browser.",
        "Trouble started at noon, when the police moved in.",
    ),
    Phrase(
        r"(?:was this (?:e-?mail|newsletter|message) forwarded|(?:did someone|has somebody) forward|"
        r"forwarded this (?:e-?mail|newsletter))"
        r"\b.{0,150}$|(?:forward (?:this|to a friend)|send to a friend)\b.{0,60}$",
        "Was this email forwarded to you? Sign up here.",
        "Forward Lena Farrow scored twice for Brackwater.",
    ),
    Phrase(
        r"(?:our|the) (?:mailing|postal) address (?:is|:).{0,200}$|"
        r"(?:please )?add (?:us|\S+@\S+) to your (?:address book|contacts)\b.{0,80}$",
        "Our mailing address is:",
        "The mailing address on the parcel was false, police said.",
    ),
    Phrase(
        r"(?:please )?(?:do not|don['’]t) (?:reply|respond) to this\b.{0,150}$|"
        r"(?:bitte )?antworten sie nicht auf diese\b.{0,100}$",
        "Please do not reply to this message.",
        "Do not reply, the lawyers had told the mayor.",
    ),
    Phrase(
        r"(?:(?:privacy|cookie) (?:policy|notice|statement)|terms (?:of (?:use|service)|and conditions)|"
        r"contact us|about us|help(?: cent(?:er|re))?|datenschutz(?:erklärung)?|impressum|mentions légales|"
        r"preferences|unsubscribe|advertise(?: with us)?|log ?in|my account)"
        r"(?:\s*[|•·/,–-]\s*.{2,40})*\W*$",
        "Privacy policy | Terms of use | Contact us",
        "Privacy policy will be the first test of the new minister.",
    ),
    Phrase(
        r"(?:powered|delivered|sent) (?:by|with|via) "
        r"(?:mailchimp|substack|beehiiv|ghost|mailjet|sendgrid|brevo|convertkit|mailerlite)\b.{0,60}$",
        "Powered by Mailchimp",
        "Powered by wind, the ferry needs no fuel.",
    ),
    Phrase(
        r"sent from my (?:iphone|ipad|android|samsung|mobile|phone|blackberry)\b.{0,60}$|"
        r"(?:von meinem iphone gesendet|envoyé de mon iphone|get outlook for (?:ios|android))\W*$",
        "Sent from my iPhone",
        "Sent from my home town, the parcels never arrived, she said.",
    ),
)
_FRAME = re.compile("|".join(f"(?:{phrase.pattern})" for phrase in PHRASES), re.I)
_LEAVE = re.compile(
    r"unsubscribe|opt[ -]out|abbestellen|abmelden|d[ée]s(?:abonner|inscrire)|de baja|receiving this", re.I
)
#: So many short paragraphs may follow the line that offers to unsubscribe: an address, a slogan.
_AFTER = 8
_SHORT = 250


def is_frame(words: str) -> bool:
    """Whether a paragraph, or each of its lines, belongs to the frame of mail."""
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
