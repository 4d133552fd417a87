"""Names in lines of text: of people, outlets and places.

Conventions: words are those of one line, without markup, white space as single spaces.
"""

import re


def listing(names: str) -> frozenset[str]:
    """The words of a list with commas between."""
    return frozenset(" ".join(name.split()) for name in names.split(","))


SMALL = r"(?:de|da|do|dos|das|del|della|der|den|di|du|la|le|van|von|zu|al|el|bin|ibn|ben|y|of|ter|ten|af|av)"
_NAME_WORD = r"(?:[^\W\d_a-z][\w.’'-]*|[A-Z]\.)"
NAME = re.compile(rf"{_NAME_WORD}(?:\s+(?:{_NAME_WORD}|{SMALL}(?=\s))){{0,5}}(?:,?\s+(?:Jr|Sr)\.?)?")
_AND = re.compile(r"\s+(?:and|&|und|et|y)\s+|\s*[;&]\s*|\s*,\s*(?:and\s+)?", re.I)
_OUTLET = re.compile(
    r"\b(?:Times|News|Post|Herald|Gazette|Observer|Echo|Press|Agency|Review|Journal|Tribune|Courier|Chronicle|Mirror|"
    r"Guardian|Telegraph|Daily|Weekly|Monthly|Wire|Newswire|Magazine|Cent(?:er|re)|Institute|Network|Radio|"
    r"Reports?|BBC|CNN|"
    r"Reuters|AFP|Bulletin|Star|Standard|Globe|Letter|Record|Register|Dispatch|Express|Argus|Mail|Today|"
    r"Online|Foundation|"
    r"Sentinel|Examiner|Inquirer|Independent|Monitor|Messenger|Advertiser|Argosy|Commentary|Lantern|Voice|Sun|World|"
    r"Research|Media|Broadcasting|Television|TV|Channel|Blog|Digest|Quarterly|Politics|Sport|Associated|Bloomberg|"
    r"Correspondent|Staff|Desk|Editorial|University|Society|Group|Council|Office|Service|Services|Zeitung|Anzeiger|"
    r"Le|La|El|Die|Der|Das)\b|\.(?:com|org|net|co|info|eu|uk|de)\b|^The\s|^[A-Z]{2,6}$"
)
JOB = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|columnist|journalist|staff|bureau|chief|producer|contributor|analyst|"
    r"professor|director|fellow|author|photographer|critic|contributing|special to)\b",
    re.I,
)
_CITIES = listing(
    """
    amsterdam, athens, baghdad, bangkok, beijing, beirut, belfast, berlin, bonn, boston, brussels, bucharest,
    budapest, cairo, chicago, copenhagen, damascus, delhi, dublin, edinburgh, frankfurt, geneva, hamburg, helsinki,
    hong kong, istanbul, jerusalem, johannesburg, kabul, kyiv, kiev, lagos, lisbon, london, los angeles, madrid,
    manchester, manila, melbourne, mexico city, miami, milan, moscow, mumbai, munich, nairobi, new delhi, new york,
    oslo, paris, prague, rome, san francisco, santiago, sarajevo, seoul, shanghai, singapore, sofia, stockholm,
    sydney, tehran, tel aviv, tokyo, toronto, vienna, warsaw, washington, wellington, zurich
    """
)
_GIVEN = listing(
    """
    Adam, Alan, Alex, Alexander, Alice, Amanda, Amy, Andrea, Andrew, Angela, Ann, Anna, Anne, Anthony, Barbara, Ben,
    Benjamin, Brian, Caroline, Catherine, Charles, Charlotte, Chris, Christine, Christopher, Claire, Daniel, David,
    Deborah, Dennis, Diana, Donald, Edward, Elena, Elizabeth, Emily, Emma, Eric, Eva, Fiona, Frank, Gary, George,
    Graham, Hannah, Harry, Heather, Helen, Henry, Ian, Jack, Jacob, James, Jane, Jason, Jennifer, Jessica, Joanna,
    Joe, Johanna, John, Jonathan, Joseph, Julia, Julie, Karen, Kate, Katherine, Keith, Kelly, Kevin, Laura, Lauren,
    Linda, Lisa, Louise, Lucy, Luke, Margaret, Maria, Marie, Mark, Martin, Mary, Matthew, Megan, Michael, Michelle,
    Mike, Nancy, Natalie, Nicholas, Nick, Nicole, Nina, Nora, Olivia, Oliver, Patricia, Patrick, Paul, Peter,
    Philip, Rachel, Rebecca, Richard, Robert, Robin, Roger, Rose, Ruth, Sam, Samantha, Samuel, Sandra, Sara, Sarah,
    Scott, Sean, Sharon, Simon, Sophie, Stephen, Steve, Steven, Susan, Thomas, Tim, Timothy, Tom, Tony, Victoria,
    Walter, William
    """
)
_ADDRESS = re.compile(r"\s*\(?\s*\S+@\S+\s*\)?|\s*@\w+|https?://\S+")
_GROUP = re.compile(r"\s*[|•·/]\s*|\s+[–—-]{1,2}\s+|\s+(?:for|of)\s+(?=[Tt]he\b)|\s+for\s+(?=[A-Z])|\s*\(|\)")
_BEFORE_NAME = re.compile(r"(?:by|and|with)\s+", re.I)
_AFTER_NAME = re.compile(r"\s+(?:in|at|from)\s+[A-Z].*$")


def people(value: str) -> tuple[tuple[str, ...], str | None]:
    """The names in a byline, and the outlet that may follow them."""
    if "@" in value or "://" in value:
        value = _ADDRESS.sub("", value)
    value = value.strip(" .,;|*-–—")
    names: list[str] = []
    outlet = None
    for number, group in enumerate(filter(None, _GROUP.split(value))):
        for piece in filter(None, _AND.split(group)):
            if before := _BEFORE_NAME.match(piece):
                piece = piece[before.end() :]
            piece = _AFTER_NAME.sub("", piece).strip(" .,")
            if not piece or JOB.search(piece):
                continue
            if _OUTLET.search(piece) and (
                names or number or len(piece.split()) > 1 or piece.isupper() or piece in ("Reuters",)
            ):
                outlet = outlet or re.sub(r"^the(?= )", "The", piece)
            elif NAME.fullmatch(piece) and len(piece.split()) <= 6 and not number:
                names.append(titled(piece))
            elif number and not outlet and NAME.fullmatch(piece):
                outlet = piece
    return tuple(dict.fromkeys(names)), outlet


def titled(name: str) -> str:
    """A name in capitals as it is written elsewhere."""
    return name.title() if name.isupper() and len(name.split()) > 1 else name


def is_place(name: str) -> bool:
    """Whether a name, up to its first comma, is that of a large city."""
    return name.split(",")[0].strip().lower() in _CITIES


def is_outlet(name: str) -> bool:
    """Whether a name holds a word that names of outlets have."""
    return bool(_OUTLET.search(name))


def is_person(name: str) -> bool:
    """Whether a name begins with a given name that is common in English-language bylines."""
    return name.split()[0].capitalize() in _GIVEN


def is_name(words: str) -> bool:
    """Whether a line may be nothing but the name of a person or an outlet."""
    return 2 <= len(words.split()) <= 6 and len(words) <= 60 and bool(NAME.fullmatch(words))
