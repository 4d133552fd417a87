"""Formats: which reader has a file. Every reader is asked alike, ours and those of other packages.

Conventions: a reader's module declares MEDIA_TYPES, ENDINGS, ``recognise(raw)`` and ``read``; how claims are weighed
stands in ``sources.recognition``. What no reader claims is refused by saying what it is instead; what is written for
programs is refused too, unless a reader knows it by more than a text that could be an article.
"""

from functools import cache
from types import ModuleType
from typing import NamedTuple

from allegedly.builders.sources import binary
from allegedly.builders.sources.limits import Refused
from allegedly.builders.sources.recognition import HEAD, Claim, RawFile, Strength
from allegedly.schemas import plugins
from allegedly.schemas.errors import UsageError

DECLARED = ("MEDIA_TYPES", "ENDINGS", "recognise", "read")

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


class Format(NamedTuple):
    """The reader for a file, how sure it is, and the file's media type."""

    reader: str
    strength: Strength
    media_type: str


def claims(raw: RawFile) -> list[Format]:
    """What the readers claim, the one that has the file first."""
    made: list[tuple[str, ModuleType, Claim]] = []
    for name, module in _readers().items():
        answer = _answer(name, module, raw)
        if answer is not None:
            made.append((name, module, answer))
    made.sort(key=lambda claim: (-claim[2].strength, raw.ending not in claim[1].ENDINGS, claim[0]))
    return [Format(name, *claim) for name, _, claim in made]


def _answer(name: str, module: ModuleType, raw: RawFile) -> Claim | None:
    """What one reader says of a file. Refused, naming the reader, where it fails or says something else."""
    try:
        answer = module.recognise(raw)
    except Refused:
        raise
    except Exception as error:
        reason = f"could not be recognised: the reader {name!r} failed: {type(error).__name__}: {error}"[:300]
        raise Refused("fault", reason, reader=name, error=type(error).__name__) from error
    if answer is not None and not isinstance(answer, Claim):
        reason = f"could not be recognised: the reader {name!r} gave {type(answer).__name__}, expected Claim or None"
        raise Refused("fault", reason, reader=name)
    return answer


def claimed(data: bytes, name: str) -> bool:
    """Whether a reader has an archive in one piece."""
    return bool(claims(RawFile(data, name)))


def recognised(raw: RawFile) -> Format:
    """The format of a file. Refused, by what it is instead, where no reader has it."""
    if not raw.data:
        raise Refused("empty-file", "is empty")
    first = next(iter(claims(raw)), None)
    if first is None:
        raise _not_text(raw)
    if first.strength < Strength.STRUCTURE and (refused := _other_xml(raw)):
        raise refused
    if first.strength < Strength.SIGNATURE and (refused := _code(raw, first)):
        raise refused
    return first


@cache
def _readers() -> dict[str, ModuleType]:
    """All readers by name. UsageError for one that cannot be loaded or does not declare what it must."""
    readers = {name: _loaded(name) for name in plugins.names("readers")}
    for name, module in readers.items():
        if missing := [part for part in DECLARED if not hasattr(module, part)]:
            raise UsageError(f"reader {name!r} declares no {' and no '.join(missing)}; see CONTRIBUTING.md")
        for part in ("MEDIA_TYPES", "ENDINGS"):
            if isinstance(getattr(module, part), str):
                raise UsageError(f"reader {name!r}: {part} is {getattr(module, part)!r}, expected a tuple of such")
    return readers


def _loaded(name: str) -> ModuleType:
    try:
        return plugins.find("readers", name)
    except UsageError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"reader {name!r} cannot be loaded: {reason}; mend its file, or take it away") from error


def _not_text(raw: RawFile) -> Refused:
    head = raw.data[:HEAD]
    if what := binary.kind(head):
        return Refused("binary", f"is {what}, not text", found=what)
    if count := binary.controls(head):
        reason = f"is binary data: {count} of its first {len(head)} bytes are control characters"
        return Refused("binary", reason, share=round(count / len(head), 3))
    return Refused("empty-file", "holds nothing but white space")


def _other_xml(raw: RawFile) -> Refused | None:
    """The verdict on XML of no reader's; None for what is no XML."""
    if not raw.xml:
        return None
    reason = f"is XML with the root <{raw.root}>, which no reader knows"
    return Refused("unknown-format", reason, found=f"XML <{raw.root}>")


def _code(raw: RawFile, first: Format) -> Refused | None:
    """The verdict on what is written for programs; None for the rest, for pages, and where the reader has that ending."""
    what = CODE.get(raw.ending)
    page = raw.marked_up and first.strength >= Strength.LIKELY
    if what is None or page or raw.ending in _readers()[first.reader].ENDINGS:
        return None
    return Refused("unknown-format", f"is {what} ({raw.ending}), no article", found=what)
