"""Kinds of messages that are no articles: reports of mail servers, automatic answers, short answers, notes around a message
that is handed on.

Conventions: a verdict goes by what programs write into the head and by subjects that they begin; how long a message is
counts only where it also answers another or hands one on.
Source: RFC 3462 (reports); RFC 3834 (automatic responses).
"""

import re
from collections.abc import Sequence
from email.message import Message

from allegedly.builders.readers._mail_head import header
from allegedly.builders.readers._paragraphs import Paragraph
from allegedly.builders.sources.limits import Refused

_SERVER = re.compile(r"(?:mailer|mail)-?daemon@|\bpostmaster@", re.I)
#: What programs call the answers that they give while somebody is away.
_AUTOMATIC = re.compile(
    r"\W*(?:auto(?:matic)?[ -]?(?:reply|response)|automatische (?:antwort|abwesenheit\w*)|"
    r"abwesenheits(?:notiz|nachricht|assistent)|réponse automatique|message d['’]absence|respuesta automática|"
    r"risposta automatica|automatische? (?:antwoord|beantwoording)|automatisch antwoord|resposta automática|"
    r"out of (?:the )?office(?: auto-?reply| reply)?)\s*[:：]",
    re.I,
)
_REPLY = re.compile(r"(?:re|aw|antw|sv|vs|rif|res|odp)(?:\[\d+\])?\s*:", re.I)
_HANDED_ON = re.compile(r"(?:(?:re|aw)\s*:\s*)*(?:fwd?|wg|tr|rv|i|doorst|enc)\s*:", re.I)
#: An answer is short with fewer letters; with fewer than what it quotes, so many are few. A note around a message has no more.
SHORT, FEW, NOTE = 120, 400, 600


def verdict(message: Message, story: Sequence[Paragraph], *, carries: bool, forwards: bool) -> Refused | None:
    """Why a message is no article; None where it may be one. ``carries``: it has others in it; ``forwards``: its story
    is that of a message in its text."""
    own = sum(len(part.words) for part in story if not part.aside)
    quoted = sum(len(part.words) for part in story if part.aside)
    if message.get_content_type() == "multipart/report" or _SERVER.search(header(message, "from")):
        return Refused("no-article", "is a report of a mail server")
    if _is_automatic(message, own):
        return Refused("no-article", "is an automatic answer")
    if _is_answer(message) and (quoted or forwards) and (own < SHORT or (own < FEW and (own < quoted or forwards))):
        return Refused("no-article", "is a short answer to a message", letters=own)
    if carries and own <= NOTE and _HANDED_ON.match(header(message, "subject")):
        return Refused("no-article", "is a note around a message that it hands on, and which is read", letters=own)
    return None


def _is_automatic(message: Message, own: int) -> bool:
    """Whether a program answered. What a program sends by itself may be a newsletter."""
    said = header(message, "auto-submitted").lower().startswith("auto-replied") or any(
        header(message, name) for name in ("x-autoreply", "x-autorespond")
    )
    named = _AUTOMATIC.match(header(message, "subject")) is not None
    return said or header(message, "precedence").lower() == "auto_reply" or (named and own < FEW)


def _is_answer(message: Message) -> bool:
    """Whether a message answers another, by its subject; one that hands it on does not."""
    subject = header(message, "subject")
    return _REPLY.match(subject) is not None and not _HANDED_ON.match(subject)
