"""Languages as people and machines write them, as BCP 47 tags: ``eng``, ``English``, ``en_GB``, ``Englisch``.

Conventions: of several languages the first counts. What is neither a code nor a name that we know is None, so that the
text itself decides.
Source: Unicode CLDR, by Babel: its names of languages in their own and in the languages that news trade is done in,
its aliases of codes.
"""

import re
from functools import cache, lru_cache

#: A code with script and region, as locales and headers have it; what follows (variants, ``.UTF-8``) is left out.
_CODE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?![^\W_])", re.I)
_SEVERAL = re.compile(r"\s*[,;|/]\s*|\s+(?:and|und|et|y|e|en)\s+", re.I)
_BESIDE = re.compile(r"([^()\[\]]+?)\s*[(\[]([^()\[\]]+)[)\]]|([^-–]+?)\s+[-–]\s+(.+)")
#: Names are known in these languages, and each language's in itself.
_NAMED_IN = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "ru")
#: Names in use that CLDR gives to nothing.
_MORE = {
    "farsi": "fa", "mandarin": "zh", "castellano": "es", "castilian": "es", "castellan": "es", "flemish": "nl-BE",
    "flämisch": "nl-BE", "norwegian bokmal": "nb", "bokmal": "nb", "nynorsk": "nn", "moldavian": "ro", "brazilian": "pt-BR",
    "brasileiro": "pt-BR", "serbocroatian": "sh", "simplified": "zh-Hans", "anglais": "en", "inglese": "en",
}  # fmt: skip
_NONE = frozenset(("und", "mul", "mis", "zxx", "xx", "none", "null", "nan", "unknown", "other", "root"))
LONGEST = 80


@lru_cache(maxsize=1024)
def tag(written: str) -> str | None:
    """The tag of a language as it is written; None where it is none that we know."""
    if len(written) > LONGEST:
        return None
    for part in _SEVERAL.split(written.strip()):
        name = " ".join(part.split()).strip(" .:'\"").casefold()
        if name and name not in _NONE:
            return _code(name) or _named(name)
    return None


def _code(name: str) -> str | None:
    match = _CODE.match(name)
    if not match or (" " in name and not name[match.end() :].startswith((".", " ("))):
        return None
    language, script, region = match.groups()
    known = _known(language)
    if known is None:
        return None
    if region and not region.isdigit() and region.upper() not in _territories():
        region = None
    script = script.title() if script else None
    return "-".join(filter(None, (known, script, _territories().get(region.upper(), region) if region else None)))


@cache
def _known(code: str) -> str | None:
    """A code of a language as BCP 47 has it: the shortest; None where it is none."""
    from babel.core import Locale, get_global

    code = get_global("language_aliases").get(code, code).replace("_", "-")
    return code if code.partition("-")[0] in Locale("en").languages else None


@cache
def _territories() -> dict[str, str]:
    """Codes of regions, those too that people use beside them (``UK``), as BCP 47 has them."""
    from babel.core import Locale, get_global

    codes = {code: code for code in map(str, Locale("en").territories) if len(code) == 2 or code.isdigit()}
    return codes | {
        code: to[0] for code, to in get_global("territory_aliases").items() if len(to) == 1 and len(code) == 2
    }


def _named(name: str) -> str | None:
    names = _names()
    if name in names:
        return names[name]
    beside = _BESIDE.fullmatch(name)
    if not beside:
        return names.get(name.removesuffix(" language").removesuffix("-language").removeprefix("modern "))
    language, place = (beside[1], beside[2]) if beside[1] else (beside[3], beside[4])
    # "Deutsch (German)" says it twice, "English (United Kingdom)" says where
    code = names.get(language) or names.get(place)
    region = _places().get(place) or (place.upper() if place.upper() in _territories() else None)
    return f"{code}-{_territories().get(region, region)}" if code and region and "-" not in code else code


@cache
def _names() -> dict[str, str]:
    """Languages by name, without case."""
    from babel import localedata
    from babel.core import Locale, get_global

    aliases = get_global("language_aliases")
    names: dict[str, str] = {}
    for code in localedata.locale_identifiers():
        if "_" not in code and (own := Locale(code).languages.get(code)):
            names.setdefault(own.casefold(), code)
    for named_in in _NAMED_IN:
        for code, name in Locale(named_in).languages.items():
            names.setdefault(name.casefold(), code)
    # a name that CLDR keeps for an old code is that of the new one
    return {name: aliases.get(code, code).replace("_", "-") for name, code in names.items()} | _MORE


@cache
def _places() -> dict[str, str]:
    """Regions and scripts by name, as they stand beside a language."""
    from babel.core import Locale

    places = {
        name.casefold(): code
        for named_in in _NAMED_IN
        for code, name in Locale(named_in).territories.items()
        if len(code) == 2 or code.isdigit()
    }
    return places | {
        "simplified": "Hans",
        "traditional": "Hant",
        "vereinfacht": "Hans",
        "latin": "Latn",
        "cyrillic": "Cyrl",
    }
