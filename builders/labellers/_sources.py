"""What kind of source a noun phrase names.

Conventions: a pronoun has the kind of what it most likely stands for: he and she a named person where one was named
before in the article, they a group, it an organisation. A name beside what a person is makes it a named one.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from collections.abc import Sequence

from allegedly.builders.labellers._tokens import Tokens

ORGANISATIONS = frozenset(
    """inc corp corporation company ltd llc plc university college institute ministry department council committee
    commission agency administration bureau office party parliament congress senate house court police bank
    union association federation foundation group club team league government coalition campaign board
    authority organization organisation nato un eu fbi cia nasa white pentagon kremlin times post news
    reuters press tribune journal herald guardian network center centre society army navy force service
    church school hospital embassy cabinet fund firm airline company city state trust museum theatre theater library
    opposition railway regulator operator watchdog treasury tribunal brigade coastguard clinic energy holdings partners
    works county chamber secretariat academy institution charity orchestra convention alliance newspaper magazine broadcaster
    bloc kingdom republic consortium syndicate studio band retailer carmaker developer manufacturer giant publisher insurer
    militia navy troupe choir cooperative confederation congregation jury parish utility startup""".split()
)
DOCUMENTS = frozenset(
    """report study survey poll polls letter statement documents document records record data article paper filing
    memo memorandum email emails website book transcript indictment complaint lawsuit law bill constitution
    treaty agreement audit analysis review figures statistics census story editorial message messages tweet
    video recording results headline ad notice entry diary accord programme guidelines guideline rules terms sign
    poster leaflet manifesto minutes register page blog summary ruling verdict deal draft release research polling petition
    inquiry motion piece suit suits regulations rules directive communique bulletin dossier brochure memoir biography
    regulation logs audit pamphlet newsletter reports studies surveys letters statements papers""".split()
)
GROUPS = frozenset(
    """people residents officials experts critics aides analysts sources scientists researchers voters supporters
    opponents lawmakers lawyers prosecutors investigators authorities witnesses neighbours neighbors doctors
    teachers students workers activists protesters politicians leaders members republicans democrats
    conservatives liberals americans economists observers historians women men parents many some others most
    several few both respondents reporters journalists advisers advisors friends families police percent % panel movement
    industry media majority staff lot public family world crowd couple""".split()
)
#: Words in the names of firms, teams and states.
_BODIES = frozenset(
    """rovers united wanderers athletic albion rangers foods oil gas motors airlines airways rail railways water power mills
    records software systems industries technologies pharma pharmaceuticals republic emirates islands kingdom electric steel
    mining capital insurance media entertainment pictures studios stores markets brothers logistics shipping lines telecom
    networks labs laboratories solutions services international global associates alliance brewery bakeries textiles chemicals
    aviation aerospace robotics semiconductor petroleum resources properties homes hotels resorts games interactive democrats
    conservatives greens socialists liberals nationalists express tribune observer gazette chronicle mirror telegraph""".split()
)
_COUNTRY = re.compile(r"[a-z]{2,}(?:land|stan|shire)")
#: Endings of nouns for people; with a capital at the start of a sentence they look like names.
_PEOPLE = re.compile(r"[a-z]{3,}(?:ers|ors|ists|ians|ats|ates|ants|ents|men)")
#: Countries and capitals speak as organisations do.
PLACES = frozenset(
    """washington moscow beijing london paris berlin brussels kyiv kiev tehran ankara delhi tokyo jerusalem riyadh damascus
    america britain england scotland wales ireland france germany italy spain portugal greece turkey russia ukraine
    china japan india pakistan iran iraq syria israel egypt canada mexico brazil argentina australia sweden norway
    denmark finland poland hungary austria switzerland belgium netherlands korea taiwan""".split()
)
TITLES = frozenset(
    """mr mrs ms miss dr sen rep gov president senator governor secretary minister chancellor prof professor judge
    justice gen general col capt sgt sir lord lady king queen prince pope mayor""".split()
)


def is_plural(noun: str) -> bool:
    """Whether a noun looks like one for several."""
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def is_body(words: Sequence[str]) -> bool:
    """Whether a name is that of a firm, a team, a party or a state, by its words."""
    return bool(words) and (words[-1] in _BODIES or not ORGANISATIONS.isdisjoint(words) or words[-1] in PLACES)


def source_kind(tokens: Tokens, source: tuple[int, int] | None) -> str:
    """The kind of the source that stands at a range of tokens."""
    if source is None:
        return "none"
    first, last = source
    words, kinds = tokens.words[first : last + 1], tokens.kinds[first : last + 1]
    if first == last and kinds in "pdw":
        return _pronoun(tokens, first)
    head = _head(kinds)
    head = next((place for place, word in enumerate(words[:head]) if place and word in ("close", "familiar")), head)
    if _apposed(kinds[head:]) and kinds[head - 1] == "n":
        return "named_person"
    if words[0] in ("nobody", "none", "everyone", "everybody"):
        return "unnamed_group"
    owner = kinds.rfind("s", 0, head - 1) + 1
    words, kinds = words[owner:head], kinds[owner:head]
    end = words[-1]
    if len(words) == 1 and kinds == "N":
        if end in PLACES or _COUNTRY.fullmatch(end):
            return "named_organisation"
        if end in GROUPS or (tokens.kinds[first - 1] in 'Z"' and _PEOPLE.fullmatch(end)):
            return "unnamed_group"
    if end in DOCUMENTS and kinds[-1] == "n":
        return "document"
    if end == "police":
        return "named_organisation"
    if kinds[-1:] == "N" and len(words) > 1 and words[-1] in _BODIES:
        return "named_organisation"
    if _TITLED.search(kinds) and not {end, words[kinds.rindex("n")]} & ORGANISATIONS:
        return "named_person"  # "board chair Anna Lind"
    if any(word in ORGANISATIONS for word in words) and not (set(words) & TITLES):
        return "unnamed_group" if end in GROUPS and end != "police" else _organisation(words, end)
    if end in GROUPS or (kinds[-1] == "n" and is_plural(end)):
        return "unnamed_group"
    if kinds[-1] == "N" or "NN" in kinds:
        if len(words) == 1 and tokens.text[tokens.starts[first] : tokens.ends[first]].isupper() and len(end) > 2:
            return "named_organisation"
        if words[0] in ("the", "a") and kinds[-1] == "N" and not (set(words) & TITLES):
            return "named_organisation"
        return "named_person"
    if kinds[-1] == "n":
        return "unnamed_group" if any(word in GROUPS for word in words) else "unnamed_person"
    return "other"


def _apposed(rest: str) -> bool:
    """Whether a name stands beside what a person is: ", Anna Lind,"; behind "of the council" as well."""
    return bool(_NAME.search(rest))


_TITLED = re.compile("nN{2,3}$")
_NAME = re.compile(r"^(?:[oP][^,]*)?,N{2,4}(?:,|$)")


def _organisation(words: list[str], end: str) -> str:
    return (
        "unnamed_person"
        if end in ("spokesman", "spokeswoman", "official", "officer", "leader")
        else ("named_organisation")
    )


def _head(kinds: str) -> int:
    """Where the head of the phrase ends: before a comma, a preposition, a relative word or a participle behind it."""
    for token, kind in enumerate(kinds):
        if token and (kind in ",oPw(" or (kind in "vg" and kinds[token - 1] == "n")):
            return token
    return len(kinds)


def _pronoun(tokens: Tokens, token: int) -> str:
    word = tokens.words[token]
    if word in ("he", "she", "his", "her"):
        return "named_person" if tokens.first_name + 2 <= token else "unnamed_person"
    if word in ("i", "my"):
        return "named_person"
    if word in ("they", "we", "their", "our", "us"):
        return "unnamed_group"
    if word == "who":
        before = tokens.kinds[max(0, token - 2) : token].rstrip(",")
        if before.endswith("N"):
            return "named_person"
        return "unnamed_group" if tokens.words[token - 1].endswith("s") else "unnamed_person"
    if word in ("it", "its"):
        return "named_organisation"
    if word in ("nobody", "none", "everyone", "everybody"):
        return "unnamed_group"
    if word in ("which", "that"):
        return "named_organisation" if "N" in tokens.kinds[max(0, token - 3) : token] else "other"
    return "unnamed_group" if word in ("some", "many", "most", "both", "several", "others") else "unnamed_person"
