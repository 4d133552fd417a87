"""Sentences: where they begin and end inside the blocks of a text.

Conventions: offsets are half-open, in code points. A sentence lies inside one block of a kind that holds sentences,
begins and ends with neither white space nor markup, and closes with the quotation marks that close with it. A text of
a million letters without a full stop is one sentence. Bounds between sentences are sentencex's, looked for in a copy
of equal length in which markup, quotation marks and brackets are blank, then repaired.
"""

# ruff: noqa: SIM905 - words read better in a row

import re
from collections.abc import Iterable, Iterator, Sequence

from sentencex import get_sentence_boundaries

from allegedly.builders.text.abbreviations import LANGUAGES, LIKE, goes_on, ordinary
from allegedly.builders.text.markup import masked
from allegedly.schemas.records import SENTENCE_BLOCKS, Block, Span

_MARK = "\0"  # stands for markup where it must be told from white space
#: Letters that sentencex would take for something else, or not know, and what it sees in their place.
_USUAL = {**dict.fromkeys(_MARK + '\r\xa0\u200b\ufeff"“”„‟«»‹›()「」『』（）', " "), "…": "."}
_APOSTROPHE = re.compile(r"(?<!\w)['’‘‚]|['’‘‚](?!\w)")
#: The full stop of a ticker: "(.ABCX)", "(NYX:XYZ.L)", ".ABCX".
_TICKER = re.compile(r"(?<=[\s(\[])\.(?=[A-Z]{2,})|(?<=[A-Z0-9])\.(?=[A-Z]{1,3}[)\]])")
_NOTE_NUMBER = re.compile(r"\[\d{1,3}\]")
_OPENERS = "“„‟«‹(‘‚「『（"
_LATE_CLOSER = re.compile(rf"[\s{_MARK}]+[”»›)」』）](?=[\s{_MARK}]|$)")
_TRIM = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\ufeff" + _MARK
_TOUCHING = re.compile(rf"[^\s{_MARK}\u200b\ufeff](?:[^\s\u200b\ufeff]*[^\s{_MARK}\u200b\ufeff])?")
_WORD = re.compile(r"[^\W_]")
_BULLET = re.compile(r"[ \t]*(?:[-*+•·‣▪◦●–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+")
_DAYS = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\."
)
_AFTER_HOUR = re.compile(rf"(?:{_DAYS}|[A-Z]{{1,3}}T|GMT|BST|UTC|Eastern|Pacific|Central|Mountain)\b")
_AFTER_FIRM = re.compile(rf"(?:{_DAYS})")
_HOUR = re.compile(r"\b[ap]\.\s?m\.$")
#: Titles before a name, beside those that sentencex knows; "St." and "Co." may end a sentence.
_TITLES = (
    "Ms. Mx. Messrs. Govs. Sens. Reps. Gens. Sgt. Sgts. Capt. Capts. Col. Cols. Maj. Majs. Cmdr. Adm. Supt. Insp. "
    "Profs. Drs. Ft. Mt."
).split()
_FIRMS = "Inc. Corp. Co. Ltd. Jr. Sr. Bros. U.S. U.K. U.N. E.U.".split()
_TITLE = re.compile(rf"\b(?:{'|'.join(map(re.escape, _TITLES))})$")
_FIRM = re.compile(rf"\b(?:{'|'.join(map(re.escape, _FIRMS))})$")
#: What a text ends with where one of _HOUR, _TITLE and _FIRM is there.
_SHORTENED = ("m.", *_TITLES, *_FIRMS)
#: Words that sentencex takes for abbreviations, where a sentence may begin behind them.
_NO_ABBREVIATION = re.compile(r"\b(?:May|me|ill|art|miss|fed|ore|ok|con|[Nn]o)(?=\.\s+[A-Z])")
#: The full stop behind one of them: few letters are full stops, so that this is looked for in a tenth of the time.
_STOP_BEHIND = re.compile(
    r"\.(?=\s+[A-Z])(?:(?<=\b(?:me|ok|[Nn]o)\.)|(?<=\b(?:May|ill|art|fed|ore|con)\.)|(?<=\bmiss\.))"
)
_BRAND = re.compile(r"[a-z][A-Z]")
_SAID = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Lord|Sen|Rep|Gov|Prof)\.?\s+)?[A-Z][\w’'-]*\s+(?:[A-Z][\w’'-]*\.?\s+){0,3}"
    r"(?:said|says|asked|asks|added|adds|cried|shouted|replied|wrote|writes|told|wondered|exclaimed|joked|tweeted)\b"
)
#: What goes on behind the quotation that it belongs to: a Japanese particle, a Chinese verb of saying.
_GOES_ON = {
    "ja": re.compile(r"(?:と|って|という|との|などと?|[をはがもにの](?!\w{0,2}、))"),
    "zh": re.compile(
        r"[^\W\d_]{0,8}?(?:说|說|表示|称|稱|指出|问|問|答|喊|写道|寫道|回应|回應|强调|強調|补充|補充|道)(?!\w{6})"
    ),
}
_CLOSERS = "」』”’）"
_LONGEST_QUOTE = 400


def sentences(
    text: str, blocks: Iterable[Block], markup: Sequence[Span] = (), language: str | None = "en"
) -> tuple[Span, ...]:
    """The sentences of a text, in order. ``language`` picks the abbreviations that end no sentence."""
    code = (language or "en").split("-")[0]
    marked = masked(text, markup, _MARK)
    return tuple(
        sentence
        for block in blocks
        if block.kind in SENTENCE_BLOCKS
        for start, end in _stretches(marked, block)
        for sentence in _split(marked, start, end, code)
    )


def _stretches(marked: str, block: Block) -> Iterator[tuple[int, int]]:
    """What sentences do not cross inside a block: the items of a list; else the whole block."""
    if block.kind != "list":
        yield block.start, block.end
        return
    lines, at = [], block.start
    for line in marked[block.start : block.end].splitlines(keepends=True):
        bullet = _BULLET.match(line)
        lines.append((at, at + (bullet.end() if bullet else 0), bool(bullet) or line.lstrip(" \t").startswith(_MARK)))
        at += len(line)
    # where some lines carry a bullet, the lines without one go on with the item before them
    bulleted = any(item for _, _, item in lines)
    items = [line for at, line in enumerate(lines) if not bulleted or line[2] or at == 0]
    for here, after in zip(items, [*items[1:], None], strict=True):
        yield here[1], after[0] if after else block.end


def _split(marked: str, start: int, end: int, language: str) -> Iterator[Span]:
    """The sentences of one stretch. What holds no word joins the sentence before."""
    piece = marked[start:end]
    plain = _plain(_TICKER.sub("x", piece) if "(" in piece or " ." in piece else piece)
    at, stop = _first(piece), len(piece.rstrip(_TRIM))
    word = _word(plain, 0)
    for left, right in _bounds(piece, plain, language):
        if word < left:
            after = _word(plain, right)
            if after == len(plain):
                break
            yield Span(start + at, start + left)
            at, word = right, after
    if word < stop:
        yield Span(start + at, start + stop)


def _plain(piece: str) -> str:
    """The copy of equal length that sentencex sees."""
    # most letters stand in no text, and a letter that is not there is replaced at once
    for letter, usual in _USUAL.items():
        piece = piece.replace(letter, usual)
    if any(letter in piece for letter in "'’‘‚"):
        piece = _APOSTROPHE.sub(" ", piece)
    return _NOTE_NUMBER.sub(_spaces, piece) if "[" in piece else piece


def _bounds(piece: str, plain: str, language: str) -> Iterator[tuple[int, int]]:
    """Where one sentence ends and where the next begins."""
    right = 0
    if language == "en" and _STOP_BEHIND.search(plain):
        plain = _NO_ABBREVIATION.sub(_another, plain)
    seen = ordinary(plain, language) if language in LANGUAGES else plain
    for bound in get_sentence_boundaries(LIKE.get(language, language), seen):
        cut = left = bound["start_index"]
        if cut <= right:  # inside white space that has been looked at
            continue
        right = cut
        while right < len(plain) and plain[right].isspace():
            right += 1
        while left and plain[left - 1].isspace():
            left -= 1
        if left and right < len(plain) and not _joined(piece, plain, left, right, language):
            yield _placed(piece, left, right)


def _joined(piece: str, plain: str, left: int, right: int, language: str) -> bool:
    """Whether what stands on both sides is one sentence after all."""
    if plain[right].islower() and not _BRAND.match(plain, right):
        return True
    if language in _GOES_ON:
        closed = left < right and piece[right - 1] in _CLOSERS
        return bool(_GOES_ON[language].match(plain, right)) if closed else _quoted(piece, left)
    if plain[left - 1] == ".":
        if language != "en" and (piece[left] == "-" or goes_on(plain, left, right, language)):
            return True
        if not plain.endswith(_SHORTENED, 0, left):
            return False
        before = plain[max(0, left - 8) : left]
        if _TITLE.search(before):
            return True
        if _HOUR.search(before):
            return bool(_AFTER_HOUR.match(plain, right))
        return bool(_FIRM.search(before) and _AFTER_FIRM.match(plain, right))
    quoted = plain[left - 1] in "?!" and piece[left] in "\"'”’»"
    return bool(quoted and right - left < 4 and _SAID.match(plain, right))


def _quoted(piece: str, bound: int) -> bool:
    """Whether a bound lies between the corner marks of one quotation, which stays whole."""
    near = piece[max(0, bound - _LONGEST_QUOTE) : bound]
    return any(
        near.rfind(opens) > near.rfind(closes) and piece.find(closes, bound, bound + _LONGEST_QUOTE) >= 0
        for opens, closes in ("「」", "『』")
    )


def _placed(piece: str, left: int, right: int) -> tuple[int, int]:
    """The bound with quotation marks and brackets on their sides: those that touch the sentence before close it."""
    gap = piece[left:right]
    if gap.isspace():  # no marks to be placed
        return left, right
    touching = _TOUCHING.match(gap)
    end = touching.end() if touching else 0
    if end == len(gap):  # no white space between the two
        end = next((at for at, letter in enumerate(gap) if letter in _OPENERS), end)
    while late := _LATE_CLOSER.match(gap, end):
        end = late.end()
    begin = left + end + len(gap[end:]) - len(gap[end:].lstrip(_TRIM))
    return left + len(gap[:end].rstrip(_TRIM)), begin


def _first(piece: str) -> int:
    return len(piece) - len(piece.lstrip(_TRIM))


def _word(plain: str, start: int) -> int:
    """Where the next word begins; the length of the text where none does."""
    if plain[start : start + 1].isalnum():
        return start
    word = _WORD.search(plain, start)
    return word.start() if word else len(plain)


def _another(word: re.Match[str]) -> str:
    return word[0][:1] + "x" * (len(word[0]) - 1)


def _spaces(mark: re.Match[str]) -> str:
    return " " * len(mark[0])
