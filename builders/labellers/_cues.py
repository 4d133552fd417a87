"""The lexicon of attribution cues: which form of which word is a cue in which frame, and of what act.

Conventions: ``VERBS`` and ``NOUNS`` map a form in lower case to (lemma, frames); ``*`` are all frames but those with a
``-`` before them. ``QUOTED`` are lemmas of attitudes: with a noun phrase they are cues of quoted words alone.

Source: ``cues.txt``.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re

from allegedly.builders.labellers._files import lower, text
from allegedly.schemas.errors import UsageError

_IRREGULAR = """say said says saying|tell told|write wrote written|think thought|know knew known|see saw seen|
find found|feel felt|hear heard|show showed shown|read read|speak spoke spoken|mean meant|choose chose chosen|
seek sought|understand understood|swear swore sworn|lay laid|put put|set set|cast cast|forget forgot forgotten|
foresee foresaw foreseen|bet bet|let let|make made|take took taken|give gave given|deny denied|foretell foretold|
begin began begun|keep kept|lose lost|hold held|draw drew drawn|strike struck|overstate overstated|rethink rethought"""
_DOUBLED = frozenset(
    """plan admit prefer refer rip slam tap permit commit quip chat regret submit rebut pen pan dub sum tip nod opt
    brag snap blog bar jot wrap sob drop stop hint""".split()
) - {"hint"}
ACTS = {
    "belief": """think believe know feel suspect expect fear hope doubt assume understand consider worry wonder guess
        suppose anticipate agree disagree imagine realize remember recall forget trust regard deem view love hate like
        dislike enjoy admire prefer favor oppose support concern optimistic hopeful confident skeptical convinced
        certain sure aware unaware proud glad happy unhappy afraid worried concerned angry wary belief view opinion
        doubt worry fear hope notion thought concern conviction impression stance position seem appear envision
        contemplate foresee speculate estimate reckon calculate respect value appreciate resent dread regret
        eager reluctant adamant careful disappoint tip upset surprise shock trouble mystified puzzle interest""",
    "intention": """plan want intend hope aim seek wish plan desire vow prepare propose pledge promise offer threaten
        refuse decline opt mulling desire vision vow promise intention commitment refusal reluctance proposal mean
        push press commit keen willing prepared""",
    "decision": """rule decide approve reject order appoint nominate veto ban authorize determine choose adopt vote
        sentence convict award impose mandate decision ruling order verdict ratify require prohibit restrict
        authorise overturn""",
    "perception": """see hear notice find learn discover observe witness perceive watch sense recognize recognise
        spot detect""",
}
# an act that stands in two lists takes the later one: hope to is settled by its frame
ACT = {word: act for act, words in ACTS.items() for word in words.split()}
for _word in ("hope", "promise", "pledge", "vow", "propose", "offer", "threaten"):
    ACT[_word] = "belief" if _word == "hope" else "speech"


def forms(lemma: str) -> set[str]:
    """The forms of a verb: base, third person, past, -ing."""
    if lemma in _FORMS:
        spellings = set(_FORMS[lemma])
    elif lemma.endswith("e"):
        spellings = {lemma + "d"}
    elif lemma.endswith("y") and lemma[-2] not in "aeou":
        spellings = {lemma[:-1] + "ied"}
    else:
        spellings = {lemma + "ed"} | ({lemma + lemma[-1] + "ed"} if lemma in _DOUBLED else set())
    if lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        spellings.add(lemma + "es")
    elif lemma.endswith("y") and lemma[-2] not in "aeou":
        spellings.add(lemma[:-1] + "ies")
    else:
        spellings.add(lemma + "s")
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma
    spellings.add(stem + "ing")
    if lemma in _DOUBLED:
        spellings.add(lemma + lemma[-1] + "ing")
    return spellings | {lemma}


_FORMS = {line.split()[0]: line.split()[1:] for line in _IRREGULAR.replace("\n", "").split("|")}


class Frames:
    """The frames in which a word is a cue."""

    __slots__ = ("names", "open")

    def __init__(self, names: list[str]) -> None:
        #: Whether all frames but those that are named with ``-`` are taken.
        self.open = "*" in names
        self.names = frozenset(name.lstrip("-") for name in names)

    def __contains__(self, name: str) -> bool:
        return (name in self.names) != self.open


Entry = tuple[str, Frames]


#: A frame as ``_frames.py`` calls it.
FRAME = re.compile(r"[tiwqcngzx]|P[a-z]+")
FRAMES = "t i w q c n g z x, P with a preposition"


def lexicon(file: str, content: str) -> tuple[dict[str, Entry], dict[str, Entry], frozenset[str]]:
    """Verbs, nouns, and lemmas of attitudes. UsageError for a line that is none."""
    quoted: set[str] = set()
    verbs: dict[str, Entry] = {}
    nouns: dict[str, Entry] = {}
    for number, line in enumerate(content.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        kind, lemma, frames = _line(f"{file}, line {number}", line)
        if kind == "c":
            quoted.update((lemma, *frames))
            continue
        entry = (lemma, Frames(frames))
        if kind == "v":
            for form in forms(lemma):
                verbs.setdefault(form, entry)
        else:
            plural = lemma[:-1] + "ies" if lemma.endswith("y") else lemma + "s"
            nouns[lemma] = nouns[plural] = entry
    return verbs, nouns, frozenset(quoted)


def _line(where: str, line: str) -> tuple[str, str, list[str]]:
    """The kind, the lemma and the frames of a line; of one of attitudes the other lemmas in their place."""
    kind, *rest = line.split()
    if kind not in ("v", "n", "c") or not rest or (kind != "c" and len(rest) == 1):
        raise UsageError(
            f'{where}: found {line!r}, expected "v" or "n", a lemma and its frames, as in "v claim t", or "c" and lemmas'
        )
    lemma, *frames = rest
    lower(where, " ".join(rest if kind == "c" else [lemma]))
    if kind != "c":
        for frame in frames:
            if frame != "*" and not FRAME.fullmatch(frame.removeprefix("-")):
                raise UsageError(f"{where}: {frame!r} is no frame; there are {FRAMES}, *")
            if ("*" in frames) != (frame == "*" or frame[0] == "-"):
                raise UsageError(
                    f"{where}: {frame!r} does not go with the other frames; expected frames alone, or * and behind it those "
                    "that are none, each with a -"
                )
    return kind, lemma, frames


VERBS, NOUNS, QUOTED = lexicon("cues.txt", text("cues.txt"))
