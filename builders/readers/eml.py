"""Mail: the articles of a message as mail programs save it: a newsletter, a press release, a story that was sent in.

Conventions: the subject is the title, the sender the outlet, or the author where the name is a person's. Of a text that
the message holds twice the HTML is read. Signatures, quoted mail and ways to unsubscribe are marked as boilerplate; a
message that was forwarded stands for itself. Files that a message carries are not read.
"""

from collections.abc import Iterator

from allegedly.builders.readers import _mail_head
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("message/rfc822",)
ENDINGS = ("eml",)
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """Header lines, among them one that only mail has; by its name, what begins with header lines of mail."""
    if raw.text is None or raw.first_line.startswith("From ") or _mail_head.is_page(raw):
        return None
    if _mail_head.is_mail(raw):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[0])
    named = raw.ending in ENDINGS and {"from", "subject"} & _mail_head.fields(raw).keys()
    return Claim(Strength.STRUCTURE, MEDIA_TYPES[0]) if named else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a message."""
    from allegedly.builders.readers import _mail, _mail_parts  # load lxml

    message = _mail_parts.parsed(data.lstrip(b"\xef\xbb\xbf \t\r\n"), limits)
    yield from _mail.numbered(_mail.articles(message, origin, limits), origin)
