"""What a file is: found from its content, with its name's ending where the content leaves it open.

Conventions: ``found`` gives the name of a reader and a media type, or says with Refused what it found instead.
"""

import codecs
import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from allegedly.builders.readers import _fields
from allegedly.builders.sources.containers import inner_name
from allegedly.builders.sources.limits import Refused

HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Format:
    """The reader for a file, and its media type."""

    reader: str
    media_type: str


#: First bytes of what holds no article, and what it is.
BINARY = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\1\0", "an icon"),
    (b"8BPS", "a Photoshop image"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"fLaC", "a FLAC file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\0\1\0\0\0", "a font"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\7", "a RAR archive"),
    (b"\4\x22\x4d\x18", "an LZ4 file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x80\2", "a pickle"),
    (b"\x80\3", "a pickle"),
    (b"\x80\4\x95", "a pickle"),
    (b"\x80\5\x95", "a pickle"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
)

#: Endings of text files that hold no article.
CODE = {
    "css": "a style sheet",
    "js": "a script",
    "mjs": "a script",
    "ts": "a script",
    "py": "a program",
    "sh": "a program",
    "c": "a program",
    "h": "a program",
    "java": "a program",
    "toml": "a settings file",
    "yaml": "a settings file",
    "yml": "a settings file",
    "ini": "a settings file",
    "cfg": "a settings file",
    "lock": "a settings file",
    "sql": "a program",
    "ann": "an annotation file",
    "dtd": "a document type definition",
    "xsd": "an XML schema",
    "bib": "a bibliography",
    "ics": "a calendar",
    "vcf": "an address book",
}

_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b") + b"\x7f"
_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body)\b", re.I)
_TAG = re.compile(r"<(?:article|main|section|div|p|h[1-6]|table|meta|title|script|link|style|header|span|a|ul)\b", re.I)
#: A comment, closed or running to the end; possessive, for a page may open a thousand and close none.
_COMMENT = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->)?")
_XML_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_JSON_START = re.compile(r'\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]\d]|-\d|true|false|null|$)')


def found(data: bytes, file_name: str, fields: Mapping[str, str] | None = None) -> Format:
    """The format of a file that is no container."""
    name = inner_name(file_name.rpartition("!/")[2] if "!/" in file_name else file_name)
    ending = name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""
    if not data:
        raise Refused("empty-file", "is empty")
    for reader, matches in _others():
        if media_type := matches(data, name):
            return Format(reader, media_type)
    if b"%PDF-" in data[:1024]:
        return Format("pdf", "application/pdf")
    if data[:5] == b"WARC/":
        return Format("warc", "application/warc")
    _check_binary(data)
    head = _head(data[:HEAD]).lstrip("\ufeff\0 \t\r\n")
    if not head and not data.translate(None, b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refused("empty-file", "holds nothing but white space")
    return _text_format(data, head, ending, fields)


@cache
def _others() -> list[tuple[str, Any]]:
    """Readers of other packages that tell their own format: ``matches(data, name) -> media type | None``."""
    from allegedly.schemas import plugins

    own = plugins._modules("readers")
    names = [name for name in plugins.names("readers") if name not in own]
    return [(name, module.matches) for name in names if hasattr(module := plugins.find("readers", name), "matches")]


def _check_binary(data: bytes) -> None:
    for magic, what in BINARY:
        if data.startswith(magic):
            raise Refused("binary", f"is {what}, not text", found=what)
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        raise Refused("binary", "is a media file, not text", found="a media file")
    if data[4:8] == b"ftyp":
        raise Refused("binary", "is a media file, not text", found="a media file")
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        raise Refused("binary", "is a BMP image, not text", found="a BMP image")
    head = data[:HEAD]
    if wide(head):
        return
    control = len(head) - len(head.translate(None, _CONTROL))
    if control * 100 > len(head):
        share = round(control / len(head), 3)
        raise Refused(
            "binary", f"is binary data: {control} of its first {len(head)} bytes are control characters", share=share
        )


def wide(head: bytes) -> str | None:
    """The encoding of text in two or four bytes a character, with or without a byte order mark."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    count = len(head) // 2
    if count < 2:
        return None
    even, odd = head[0 : 2 * count : 2].count(0), head[1 : 2 * count : 2].count(0)
    if odd > 0.4 * count and even < 0.05 * count:
        return "utf-16-le"
    if even > 0.4 * count and odd < 0.05 * count:
        return "utf-16-be"
    return None


def _head(data: bytes) -> str:
    """The beginning of a text, well enough decoded to see what it is."""
    if encoding := wide(data):
        return data[: len(data) // 4 * 4].decode(encoding, "replace")
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def _text_format(data: bytes, head: str, ending: str, fields: Mapping[str, str] | None) -> Format:
    if head.startswith("<"):
        if form := _marked_up(head, ending):
            return form
    elif ending in ("html", "htm", "xhtml", "shtml") and (_HTML.search(head) or _TAG.search(head)):
        return Format("html", "text/html")
    if ending in CODE:
        raise Refused("unknown-format", f"is {CODE[ending]} ({ending}), no article", found=CODE[ending])
    if ending in ("jsonl", "ndjson"):
        return Format("jsonl", "application/jsonl")
    if (ending in ("json", "ninjs") or _JSON_START.match(head)) and (form := _json(data, head, ending)):
        return form
    if ending in ("csv", "tsv", "tab") or (ending not in ("md", "markdown") and _table(head, fields)):
        tabs = ending in ("tsv", "tab") if ending in ("csv", "tsv", "tab") else "\t" in head.split("\n", 1)[0]
        return Format("tsv", "text/tab-separated-values") if tabs else Format("csv", "text/csv")
    return Format("text", "text/markdown" if ending in ("md", "markdown") else "text/plain")


def _marked_up(head: str, ending: str) -> Format | None:
    """HTML, a feed, or other XML, which is refused by the name of its root."""
    plain = _COMMENT.sub("", head)
    root = _XML_ROOT.search(plain)
    name = root[1].lower() if root else ""
    if name in ("rss", "feed", "rdf"):
        return Format(
            "feed", {"rss": "application/rss+xml", "feed": "application/atom+xml"}.get(name, "application/rdf+xml")
        )
    if _HTML.search(plain):
        return Format("html", "application/xhtml+xml" if plain.startswith("<?xml") else "text/html")
    if plain.startswith("<?xml") or ending in ("xml", "rss", "atom", "svg", "xsl"):
        if name == "" and ("<!DOCTYPE" in plain or "<!ENTITY" in plain):
            return Format("feed", "application/xml")
        raise Refused(
            "unknown-format",
            f"is XML with the root <{name}>; read are RSS, Atom, RDF feeds and XHTML",
            found=f"XML <{name}>",
        )
    if ending in ("html", "htm", "xhtml", "shtml") or (ending not in ("md", "markdown") and _TAG.match(plain)):
        return Format("html", "text/html")
    return None


def _json(data: bytes, head: str, ending: str) -> Format | None:
    """JSON in one piece or a line each; None for text that only begins like it."""
    lines = head.split("\n", 2)
    if len(lines) > 1 and lines[1].strip() and ending != "ninjs" and _value(lines[0]):
        return Format("jsonl", "application/jsonl")
    if ending in ("json", "ninjs") or head.startswith("{") or _value(data.decode("utf-8", "replace")):
        ninjs = ending == "ninjs" or bool(_NINJS.search(head))
        return Format("ninjs", "application/vnd.iptc.ninjs+json") if ninjs else Format("json", "application/json")
    return None


_NINJS = re.compile(
    r'"(?:body_?(?:html|text|xhtml)|bodies|headlines|usageterms|versioncreated|ednote|infosources|descriptions)"\s*:.*?'
    r'"(?:uri|headline|headlines|byline|usageterms|versioncreated|pubstatus|urgency|altids|bodies)"\s*:'
    r'|"(?:uri|headline|headlines|byline|usageterms|versioncreated|pubstatus|urgency|altids|standard)"\s*:.*?'
    r'"(?:body_?(?:html|text|xhtml)|bodies|body_[a-z]+)"\s*:',
    re.S,
)


def _value(text: str) -> bool:
    try:
        return isinstance(json.loads(text.strip("\ufeff \t\r\n\0")), dict | list)
    except (ValueError, RecursionError):
        return False


def _table(head: str, fields: Mapping[str, str] | None) -> bool:
    """Whether a text without a table's ending is one: its first line names a column of texts and another we know."""
    first = head.split("\n", 1)[0].strip("\ufeff\r")
    if len(first) > 2000 or not any(mark in first for mark in ",;\t|"):
        return False
    for delimiter in ",;\t|":
        names = next(csv.reader([first], delimiter=delimiter), [])
        if len(names) > 1 and len(_fields.known(names, fields)) > 1 and "text" in _fields.known(names, fields):
            return True
    return False
