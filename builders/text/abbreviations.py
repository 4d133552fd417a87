"""Abbreviations and ordinals that end no sentence, by language, beside those that sentencex knows.

Conventions: keys are primary subtags of BCP 47. An abbreviation stands without its full stop; one that begins small
may begin large. A ``titled`` one goes on with whatever follows, a ``numbered`` one with a number only. Those that
often end a sentence themselves (``usw.``, ``etc.``, ``ecc.``) are not here. ``ends`` are words that sentencex takes
for abbreviations, where a sentence may end with them.
"""

import re
from dataclasses import dataclass
from functools import cache

#: The longest abbreviation with the word before it, in letters.
LONGEST = 32


@dataclass(frozen=True, slots=True)
class Forms:
    """The abbreviations of a language, the words before and behind a number that make it an ordinal, and words that are
    no abbreviations."""

    titled: str
    numbered: str
    before: str = ""
    behind: str = ""
    ends: str = ""


LANGUAGES = {
    "de": Forms(
        titled="Hr Hrn Fr Frl Dr Prof Dipl Ing Mag hl St Kpt Lt lt Hptm Gen Mio Mrd Tsd ca bzw vgl evtl ggf inkl exkl "
        "sog bes insb einschl z.B d.h u.a v.a i.d.R",
        numbered="Nr Nrn S Art Abs Bd Bde Kap Abb Tab Anm Ziff lit Rn Az Tel geb gest verh",
        before="der die das dem den des im am zum zur vom beim ein eine einen einem einer eines sein seine seinem seinen "
        "seiner ihr ihre ihrem ihren ihrer jeder jeden jedes jedem ins aufs ans",
        behind="Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember Jahrhundert "
        "Jahrhunderts Jahrestag Jahrtausend Weltkrieg Bundesliga Liga Platz Stock Etage Klasse Runde Spieltag Minute "
        "Geburtstag Todestag Bezirk Lebensjahr Senat Kammer Strafsenat FC SC SV VfB VfL FSV",
        ends="Art mag ok miss",
    ),
    "fr": Forms(
        titled="M MM Mme Mmes Mlle Mlles Dr Drs Pr Me Mgr St Ste Cne Cdt Gal cf bd",
        numbered="art p pp vol chap éd fig n nos al par tél env",
        ends="art vol sec",
    ),
    "es": Forms(
        titled="sr sra srta sres sras srtas D dña Dña dr dra dres Lic Lcda Ing prof profa Gral Cnel Tte Sto Sta Mons "
        "Excmo Excma Ilmo Ilma av avda EE p.ej",
        numbered="art arts núm núms pág págs p pp vol cap fig tel n aprox",
        ends="no contra bien sobre entre tras mar extra mini super pro bis da di",
    ),
    "it": Forms(
        titled="sig sigg sig.ra sig.na dott dott.ssa dr prof prof.ssa proff ing avv on Sen Gen Col Cap mons Rev geom "
        "arch rag Cav Comm Card Egr Gent Spett S SS Min Pres Amm Magg Ten Brig Isp Cons fam cfr es v.le c.so p.za p.zza jr",
        numbered="art artt n nn pag pagg p pp vol cap fig tel sez ca",
        ends="vi",
    ),
    "pt": Forms(
        titled="sr sra srs sras srta dr dra drs dras prof profa profs eng Arq D Exmo Exma Gen Cel Cap Ten Sgt Maj Sto "
        "Sta Pe av rod pça",
        numbered="art arts núm pág págs p pp vol cap fig tel inc séc n aprox",
        ends="vi",
    ),
    "nl": Forms(
        titled="dhr mevr mej mw dr drs ir ing mr prof ds St gen kol kapt bijv o.a m.n d.w.z t.a.v i.v.m",
        numbered="art artt nr nrs blz p pp hfst afb tel vol afl ca ong",
        ends="dat al top hand vol pas pan min pers mand hert pro",
    ),
}
#: Languages whose bounds sentencex finds as those of another: it takes a thousand Italian words and acronyms for
#: abbreviations (``no``, ``ore``, ``ONU``), and its time grows with the square of the text.
LIKE = {"it": "pt"}
_NUMBER = re.compile(r"\d|[IVXLC]+\b")
#: The first letter of a name that begins a sentence.
_INITIAL = re.compile(r"(?:^|[.!?]\s+)[A-ZÀ-ÖØ-Þ]\.$")
#: A number with a full stop: no decimal, score or hour.
_ORDINAL = r"(?<![\w.:,;/-])\d{1,3}\.$"


def goes_on(plain: str, left: int, right: int, language: str) -> bool:
    """Whether the full stop before ``left`` is that of an abbreviation or ordinal, and what begins at ``right`` goes
    on with its sentence."""
    if language not in LANGUAGES:
        return False
    words = plain[max(0, left - LONGEST) : left]
    if _shortened(language, "titled").search(words) or _INITIAL.search(words):
        return True
    if _shortened(language, "numbered").search(words):
        return bool(_NUMBER.match(plain, right))
    ordinal = re.search(_ORDINAL, words)
    if not ordinal or not LANGUAGES[language].behind:
        return False
    return bool(_words(language, "before").search(words, 0, ordinal.start()) or _behind(language).match(plain, right))


def ordinary(plain: str, language: str) -> str:
    """A text as sentencex is to see it: words that are no abbreviations, before a full stop and a capital, are others."""
    return _ordinary(language).sub(lambda word: word[0][0] + "ß" * (len(word[0]) - 1), plain)


@cache
def _ordinary(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{_either(LANGUAGES[language].ends)})(?=\.\s+[A-ZÀ-ÖØ-Þ¿¡])")


@cache
def _shortened(language: str, kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{_either(getattr(LANGUAGES[language], kind))})\.$")


@cache
def _words(language: str, kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_either(getattr(LANGUAGES[language], kind))})\s+$")


@cache
def _behind(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_either(LANGUAGES[language].behind)})(?!\w)")


def _either(words: str) -> str:
    """Any of the words; one that begins small may begin large."""
    return "|".join(
        f"[{word[0]}{word[0].upper()}]{re.escape(word[1:])}" if word[0].islower() else re.escape(word)
        for word in words.split()
    )
