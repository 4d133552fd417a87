"""Text from bytes: byte order mark, what was declared, UTF-8, UTF-16 without a mark, then what the bytes look like.

Conventions: a byte order mark is not part of the text; line ends stay as they are. Names of encodings are those of
the IANA in lower case. What is no text raises Refused: binary data, NUL bytes, UTF-8 that breaks off in the middle.
"""

import codecs
import re

from allegedly.builders.sources.limits import Refused

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Names of which pages mean the wider encoding that holds them.
WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
#: As many letters outside ASCII as it takes for a guess to be worth more than Windows-1252.
TELLING = 8
HEAD = 1 << 16
#: Bytes that no text holds.
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b") + b"\x7f"
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decode(data: bytes, declared: str | None = None, *, nuls: bool = False) -> tuple[str, str]:
    """The text and the name of its encoding. ``declared``: what a header or a tag says, believed where it fits. ``nuls``:
    NUL characters are left in the text, for whoever can tell what they cost."""
    text, encoding = _decoded(data, declared)
    head = text[:HEAD]
    # a control character is one byte in UTF-8, and bytes are counted many times faster than letters
    spelt = head.encode("utf-8", "surrogatepass")
    controls = len(spelt) - len(spelt.translate(None, CONTROLS[1:] if nuls else CONTROLS))
    if controls * 100 > len(head):
        share = round(controls / len(head), 3)
        raise Refused(
            "binary", "is binary data: more than one in a hundred characters is a control character", share=share
        )
    if "\0" in text and not nuls:
        place = text.index("\0")
        raise Refused(
            "nul-bytes", f"holds a NUL character at {place}, which no text has; it is binary or damaged", position=place
        )
    return text, encoding


def _decoded(data: bytes, declared: str | None) -> tuple[str, str]:
    for mark, marked_encoding in MARKS:
        if data.startswith(mark) and (text := _strict(data[len(mark) :], marked_encoding)) is not None:
            return text, marked_encoding
    name = _known(declared)
    if encoding := wide(data):
        if (text := _strict(data, encoding)) is not None:
            return text, encoding
        reason = f"looks like {encoding}, but breaks off in the middle of a character"
        raise Refused("undecodable", reason, encoding=encoding)
    # chance does not make UTF-8 of a text in one byte a character: where it reads as UTF-8, the label is wrong
    if name in _WIDE_LETTERS and (text := _strict(data, name)) is not None:
        return text, _shown(name, data)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        broken = error.start
    if name and name not in _UNICODE and (text := _strict(data, name)) is not None:
        return text, _shown(name, data)
    high = len(data) - len(data.translate(None, _HIGH))
    if 2 * sum(map(len, _MULTIBYTE.findall(data))) >= high:
        raise Refused("undecodable", f"is UTF-8 with broken characters, the first at byte {broken}", position=broken)
    return _legacy(data)


_HIGH = bytes(range(0x80, 0x100))
_UNICODE = ("utf-8", "utf-16", "utf-32")
#: Encodings of several bytes a letter, some of them below 0x80.
_WIDE_LETTERS = ("iso2022_jp", "utf-7", "shift_jis", "cp932", "gb18030", "big5", "euc_jp", "euc_kr", "hz")


def marked(data: bytes) -> str | None:
    """The name of UTF-16 or UTF-32 with a byte order mark; else None."""
    return next((encoding for mark, encoding in MARKS[1:] if data.startswith(mark)), None)


def wide(data: bytes) -> str | None:
    """The name of UTF-16 without a byte order mark, where half of the bytes are 0, as in most texts; else None."""
    head = data[:HEAD]
    if 0 not in head:
        return None
    half = len(head) // 2
    if half < 2:
        return None
    even, odd = head[: 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _legacy(data: bytes) -> tuple[str, str]:
    """Text in an encoding of one or two bytes a character: the one it looks like, where there is enough to tell."""
    if len(data) - len(data.translate(None, _HIGH)) >= TELLING:
        from resiliparse.parse.encoding import detect_encoding

        name = _known(detect_encoding(data))
        if name and name != "utf-8" and (text := _strict(data, name)) is not None:
            return text, _shown(name, data)
    text = _strict(data, "cp1252")
    return (data.decode("latin-1"), "iso-8859-1") if text is None else (text, _shown("cp1252", data))


def _known(name: str | None) -> str | None:
    """Python's name of an encoding of text; None for one that it does not know."""
    try:
        info = codecs.lookup((name or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding:
        return None
    return WIDER.get(info.name, info.name)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _shown(encoding: str, data: bytes) -> str:
    """The IANA's name; that of the narrower encoding where the bytes keep to it."""
    if encoding == "cp1252":
        return "windows-1252" if re.search(rb"[\x80-\x9f]", data) else "iso-8859-1"
    return re.sub(r"^cp(125\d)$", r"windows-\1", re.sub(r"^iso8859-", "iso-8859-", encoding))
