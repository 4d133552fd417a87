"""Names of months and weekdays in languages other than English, and the words that stand before a date.

Conventions: names are compared without case and full stop. A name that stands for different months in two of the
languages is none (``listopad``); nor is a short form in plain letters without its full stop, which may be a word of
another language.
Source: Unicode CLDR, by Babel, which the reader of web pages brings along.
"""

import re
from functools import cache
from typing import Literal

LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "sl", "hr", "bg", "ru", "uk",
             "tr", "el", "hu", "ro", "ca", "id", "gl", "et", "lv", "lt", "is", "sr", "mk", "ar", "he")  # fmt: skip
#: Words before the date of publication, by language in the order above; English first.
_PUBLISHED = (
    r"(?:(?:first|originally)\s+)?(?:published|posted|created|issued|filed|released)|publication date|pub date|dated?",
    (
        r"(?:erst)?veröffentlicht|erschienen|publiziert|erstellt|eingestellt|online seit|datum|"
        r"presse(?:mitteilung|meldung|information)|meldung|beitrag"
    ),
    r"publiée?s?|mise? en ligne|parue?|postée?|diffusée?",
    r"publicad[oa]|fecha(?: de publicación)?|creado",
    r"pubblicat[oa]|data(?: di pubblicazione)?",
    r"data(?: de publicação)?|postado",
    r"gepubliceerd|geplaatst|gepost",
    r"publicera[dt]s?|publiceret|offentliggjort|publisert",
    r"julkaistu",
    r"opublikowan[oy]|data publikacji|dodano",
    r"publikováno|vydáno|zveřejněno|publikované|objavljeno|objavljen[oa]",
    r"публикуван[ао]|опубликован[оа]|опубліковано|дата публикации",
    r"yayınlanma(?: tarihi)?|yayın tarihi|giriş(?: tarihi)?",
    r"δημοσίευση|δημοσιεύ[τθ]ηκε|ημερομηνία δημοσίευσης",
    r"megjelent|közzétéve|létrehozva|publicat(?:ă)?|diterbitkan|dipublikasikan|tayang|avaldatud|publicēts|paskelbta",
    r"公開日時?|公開|掲載日?|投稿日?|配信日?|発行日?|发布时间|發布時間|发布日期|发表时间|发表于|发布于|发布|發佈於?",
    r"입력|등록일?|게재|작성일?|기사입력|نشر(?: في)?|تاريخ النشر|פורסם",
)
_UPDATED = (
    r"(?:last\s+)?(?:updated|modified|revised|edited|update)",
    r"(?:zuletzt\s+|letztmals\s+)?(?:aktualisiert|geändert|bearbeitet)|(?:letztes?\s+)?(?:update|aktualisierung|änderung)|stand",
    r"(?:dernière )?mise? à jour|modifiée?|actualisée?|dernière modification",
    r"(?:última )?actualiza(?:do|da|ción)|modificad[oa]",
    r"(?:ultimo )?aggiornament[oi]|aggiornat[oa]|(?:ultima )?modifica(?:t[oa])?",
    r"(?:última )?atualiza(?:do|da|ção)",
    r"(?:laatst )?(?:bijgewerkt|gewijzigd|geactualiseerd|aangepast)|laatste update",
    r"(?:senast )?uppdatera[dt]|(?:sidst )?opdateret|(?:sist )?oppdatert",
    r"päivitetty|muokattu",
    r"zaktualizowano|(?:ostatnia )?aktualizacja|aktualizován[oa]|aktualizované|ažurirano|posodobljeno",
    r"обновлен[оа]|оновлено|обновена|изменено",
    r"(?:son )?güncellen?me(?: tarihi)?",
    r"(?:τελευταία )?ενημέρωση|ενημερώθηκε",
    r"frissítve|módosítva|actualizat(?:ă)?|actualitza[tda]+|diperbarui|uuendatud|atjaunots|atnaujinta",
    r"最終更新日?|更新日時?|更新时间|更新時間|更新于|更新於|更新|최종수정|수정|업데이트|تحديث|עודכן",
)
_JOINED = r"\s*(?:[:：]\s*|\s(?:on|at|am|vom|le|el|il|em|op|den|d\.|dne|dnia|în|a|pada|u|kl\.?)(?:\s*:)?\s+|\s+|(?=\d))"
#: What stands before a date: ``updated`` where it is that of an update.
LEAD = re.compile(rf"(?:(?P<updated>{'|'.join(_UPDATED)})|(?P<published>{'|'.join(_PUBLISHED)}))\b{_JOINED}", re.I)


_BARE = re.compile(r"(?:on|am|vom|le|el|il|em|op|den)\s+(?=\S+\s)", re.I)


def without_lead(text: str) -> str:
    """A date without the words before it: ``Publié le 14 mars 2025``."""
    lead = LEAD.match(text) or _BARE.match(text)
    return text[lead.end() :].lstrip(" :") if lead else text


def month(name: str) -> int | None:
    """The number of a month, from 1; None for what is no month, or not for sure."""
    bare = name.casefold().rstrip(".")
    number = _months("wide").get(bare)
    if number or bare in _months("wide"):
        return number
    # a short form without its full stop may be a word of another language: "4 out 2017"; not "4 déc 2017"
    return _months("abbreviated").get(bare) if name.endswith(".") or not name.isascii() else None


def is_weekday(name: str) -> bool:
    """Whether a word is the name of a weekday, in full or short."""
    return name.casefold().rstrip(".") in _weekdays()


@cache
def _months(width: Literal["wide", "abbreviated"]) -> dict[str, int | None]:
    """Months by name, in full or short; None where two languages do not agree."""
    from babel.dates import get_month_names

    numbers: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                numbers.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: number if not more else None for name, (number, *more) in numbers.items()}


@cache
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names

    return frozenset(
        name.casefold().rstrip(".")
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", language).values()
    )
