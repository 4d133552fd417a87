"""Closed word classes of English, and the class of any word: the ground that the rules stand on.

Conventions: a class is one letter, so that a text's classes are a string that is as long as it has words:

``d`` determiner or possessive, ``n`` other word in lower case, ``N`` word with a capital, ``#`` number, ``p`` personal
pronoun, ``w`` question or relative word, ``o`` of, ``t`` to, ``T`` that, ``P`` preposition, ``c`` and, or, but,
``k`` subordinating word, ``b`` form of be, have, do, ``m`` modal, ``x`` negation, ``a`` adverb, ``v`` verb in the past
or third person, ``g`` form in -ing, ``s`` possessive 's, ``,`` ``;`` ``:`` ``.`` ``?`` ``!`` ``-`` (dash) ``(`` ``)``
punctuation, ``"`` quotation mark, ``'`` apostrophe, ``*`` anything else.
"""
# ruff: noqa: SIM905 -- word lists read best as words

_CLASSES = {
    "d": """the a an this these those his her their my our its your some many several most all both every each no any
        few another other such more much half neither either enough own whose""",
    "p": "i he she it they we you me him them us himself herself themselves itself someone everyone everybody nobody",
    "w": "who which what how why where whom whatever whoever whether",
    "o": "of",
    "t": "to",
    "T": "that",
    "P": """in on at for from with by about into over under against between among through during without within
        toward towards upon across behind beyond near despite per via amid amongst around off onto throughout following
        regarding concerning like unlike including until till above below alongside outside inside than versus""",
    "c": "and or but nor yet plus &",
    "k": "because if when while although though since unless whereas once after before as so",
    "b": """is are was were be been being am has have had having do does did doing 're 've 'm isn aren wasn weren
        hasn haven hadn don doesn didn ’re ’ve ’m get gets got getting""",
    "m": "will would can could may might shall should must ought couldn wouldn shouldn 'll 'd ’ll ’d won cannot",
    "x": "not never 't ’t",
    "a": """also still just even now then again once ever already often sometimes always perhaps maybe too very quite
        rather instead however moreover thus therefore meanwhile later earlier recently soon today yesterday tomorrow
        tonight ago far long well back away there here twice first more-or-less only almost nearly almost else
        furthermore indeed nevertheless nonetheless otherwise besides flatly yet though together alone further""",
    "v": """said told made took went came saw knew thought felt found gave got kept left held brought began became wrote
        stood lost paid met ran sat spoke led read grew won fell sent built understood drew broke spent rose drove
        bought wore chose sought caught fought taught sold hit cut put set let shot stuck swore rode threw flew
        says goes makes takes comes seems appears knows thinks feels wants needs gives gets keeps shows means
        tore sank drank swam rang sang froze shook stole struck swept wept crept dealt dug fled hung hid knelt leapt lent slept
        slid shrank sprang woke withdrew overcame undertook withstood arose awoke bore bred blew burnt clung flung swung spun
        believes calls tells finds remains becomes includes leaves works tries puts holds plays runs""",
}
_NOT_ADVERBS = frozenset(
    """family rally early only daily likely unlikely reply july italy supply ally friendly apply assembly anomaly
    comply rely multiply imply deadly elderly costly lovely ugly silly bully belly jelly weekly monthly
    yearly fly folly holly lonely holy lily monopoly melancholy hourly worldly orderly scholarly timely
    leisurely unruly billy sally kelly emily molly""".split()
)
_NOT_PAST = frozenset(
    """hundred need speed feed seed breed deed weed greed creed indeed bed red shed sacred naked wicked kindred
    united embed hatred fed led wed sled bleed exceed proceed succeed heed reed steed limited""".split()
)
_NOT_ING = frozenset(
    """thing nothing something anything everything king ring spring string wing sting evening morning during
    building meeting ceiling wedding hearing feeling being briefing filing ruling sibling shilling beijing
    offspring according wellbeing clothing""".split()
)
#: With a capital only what cannot be a name: Kelly, Donnelly.
_ADVERB_ENDS = ("ally", "ntly", "edly", "ngly", "usly", "vely", "bly", "arly", "tely", "sely", "erly")
WORD_CLASS = {word: letter for letter, words in _CLASSES.items() for word in words.split()}
_MARKS = {
    **{mark: mark for mark in ",;:.?!()"},
    "…": ".",
    "...": ".",
    "[": "(",
    "]": ")",
    "-": "-",
    "–": "-",
    "—": "-",
    "--": "-",
    "―": "-",
    "'s": "s",
    "’s": "s",
    **dict.fromkeys(('"', "“", "”", "„", "‟", "«", "»", "''", "``", "’’", "‘‘"), '"'),
    "'": "'",
    "‘": "'",
    "’": "'",
}
_seen: dict[str, str] = {}
#: Words kept in memory with their class; past it a word is looked at anew.
_KEEP = 50_000


def word_class(word: str) -> str:
    """The class of a word or mark as it stands in the text."""
    known = _seen.get(word)
    if known is None:
        known = _class(word)
        if len(_seen) < _KEEP:
            _seen[word] = known
    return known


def _class(word: str) -> str:
    if word in _MARKS:
        return _MARKS[word]
    lower = word.lower()
    if lower in WORD_CLASS and not (word[0].isupper() and lower in {"may", "will"}):
        return "N" if word.isupper() and lower in {"us", "it"} else WORD_CLASS[lower]
    if word[0].isdigit():
        return "#"
    if not word[0].isalpha():
        return "*"
    if word[0].isupper():
        return "a" if lower.endswith(_ADVERB_ENDS) and lower not in _NOT_ADVERBS and len(word) > 5 else "N"
    if lower.endswith("ly") and lower not in _NOT_ADVERBS and len(word) > 4:
        return "a"
    if lower.endswith("ed") and lower not in _NOT_PAST and len(word) > 3:
        return "v"
    if lower.endswith("ing") and lower not in _NOT_ING and len(word) > 4:
        return "g"
    return "n"
