"""Text of articles and models on its way to a reader's program: one function for each sink.

Conventions: what comes in is hostile. What goes out shows it as text: characters that a program would act on, or that
would change the order in which others are shown, are written as ``⟨U+202E⟩``.
"""

import html as _html
import re

#: Controls but for tab and line feed, marks that turn the direction of writing, and what no file can hold.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
#: What a log of continuous integration obeys: ``::command`` where a line begins, ``##[command]``, ``##vso[`` anywhere.
_OBEYED = re.compile(r"(?:\A|(?<=[\n\r]))([^\S\n\r]*:):|(##\w{0,20})\[")
_BEGINS = re.compile(r"^([^\S\n]*)(:(?=:)|#(?=#\w{0,20}\[))", re.MULTILINE)
#: What Markdown may act on; the full stop of ``www.``, which some readers turn into a link.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$&@:-]|(?<=www)\.)", re.IGNORECASE)


def plain(text: str) -> str:
    """For a terminal, and as the first step for all others."""
    return UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """For one line of a terminal or a log: what cannot be printed, line ends among it, as ``\\x1b`` or ``\\n``."""
    return tame(text if text.isprintable() else "".join(map(_printable, text)))


def lines(text: str, before: str = "") -> str:
    """The same for several lines, with tabs and line ends as they are. ``before``: what stands on the first line already,
    and is left out of what is returned."""
    shown = "".join(_printable(c) if c not in "\n\r\t" else c for c in text)
    return tame(before + shown)[len(before) :]


def tame(text: str) -> str:
    """For a log: what would be a command there is shown, by writing its last character as ``\\x3a`` or ``\\x5b``."""
    return _OBEYED.sub(lambda match: f"{match[1]}\\x3a" if match[1] else f"{match[2]}\\x5b", text)


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    # a byte of a name that is no UTF-8
    return f"\\x{ord(character) - 0xDC00:02x}" if "\udc80" <= character <= "\udcff" else repr(character)[1:-1]


def html(text: str) -> str:
    """For HTML and XML, inside elements and quoted attributes."""
    return _html.escape(plain(text), quote=True)


def page(source: str) -> str:
    """A whole page of HTML, which shows the same and has no line that is a command of a log."""
    return _BEGINS.sub(lambda match: f"{match[1]}&#{ord(match[2])};", source)


def markdown(text: str) -> str:
    """For one line of Markdown, a cell of a table among others."""
    return _MARKDOWN.sub(r"\\\1", " ".join(plain(text).split()))


def yaml(text: str) -> str:
    """A YAML string that reads back as the text: double-quoted, so that nothing is taken for a number or a mark, with
    what YAML cannot print escaped."""
    return f'"{"".join(map(_yaml_character, text))}"'


def _yaml_character(character: str) -> str:
    if character in '\\"':
        return f"\\{character}"
    code = ord(character)
    if character.isprintable() and character not in "\u2028\u2029":
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def words(text: str) -> str:
    """For one line of a document, none of which a log takes for a command."""
    return tame(plain(text).replace("\n", "⟨U+000A⟩"))


def cell(text: str) -> str:
    """For a cell of CSV: such a line, which no spreadsheet takes for a formula."""
    shown = words(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@", "\t")) else shown
