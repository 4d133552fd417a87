"""The Hub: its words for languages and licences, which its search and filters know.

Conventions: a language there is an ISO 639 code; a licence is an id of its list, or `other` with a name and a link.

Source: the Hub's list of licences, its specification of dataset cards.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: Its list, without the licences of single models.
LICENCES = frozenset(
    # ruff: noqa: SIM905 - words read better in a row
    """apache-2.0 mit afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0
    cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0
    cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0
    cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl
    lgpl-2.1 lgpl-3.0 isc lppl-1.3c ms-pl mpl-2.0 odc-by odbl osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr
    unknown other""".split()
)
#: Ids of SPDX whose version the Hub leaves out.
_SHORTER = re.compile(r"(odc-by|odbl|pddl|gfdl)-1\.\d\Z")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*-[0-9][A-Za-z0-9.+-]*\Z")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_COMMONS = re.compile(r"https?://creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero))/(\d\.\d)", re.I)
_LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*\Z")
#: Where the text of a licence stands that has no address: the card itself says how it is called.
CARD = "README.md"


class Licence(NamedTuple):
    """A licence as a card names it; ``name`` and ``link`` only beside `other`."""

    id: str
    name: str | None = None
    link: str | None = None


def licence(said: str) -> Licence:
    """The Hub's word for a licence that somebody named: by an SPDX id, an address of Creative Commons, or in words."""
    plain = said.strip()
    if commons := _COMMONS.match(plain):
        kind, zero, version = commons.groups()
        plain = f"cc0-{version}" if zero else f"cc-{kind}-{version}"
    short = re.sub(r"-(?:only|or-later)\Z", "", plain.lower())
    short = _SHORTER.sub(r"\1", short)
    if short in LICENCES - {"other"}:
        return Licence(short)
    address = _ADDRESS.search(said)
    if address is not None:
        link = address[0].rstrip(".,;")
    else:
        link = f"https://spdx.org/licenses/{plain}.html" if _SPDX.match(plain) else CARD
    return Licence("other", _slug(_ADDRESS.sub("", said)) or _slug(link), link)


def _slug(text: str) -> str:
    """A name as the Hub takes it: small letters, digits, hyphens and full stops."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")[:96].rstrip("-.")


def languages(tags: Iterable[str | None]) -> tuple[list[str], list[str]]:
    """ISO 639 codes of BCP 47 tags, and those tags that say more than such a code, both in order."""
    matches = [found for tag in tags if tag and (found := _LANGUAGE.match(tag))]
    return sorted({found[1] for found in matches}), sorted({found[0] for found in matches if found[2]})


def yaml_licence(said: str | None) -> Iterator[tuple[str, str]]:
    """The keys and values of a card that name a licence; none where nobody named one."""
    if said:
        named = licence(said)
        yield "license", named.id
        if named.name is not None and named.link is not None:
            yield from (("license_name", named.name), ("license_link", named.link))
