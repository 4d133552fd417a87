"""Metadata of an HTML page: what publishers say about it in JSON-LD, meta tags and markup, best source first.

Conventions: ``of`` gives keyword arguments of an article; what a page does not say is left out. Dates are ISO 8601,
as precise as the page is.
Source: schema.org/NewsArticle; ogp.me; Dublin Core terms; parse.ly and Sailthru meta tags.
"""

import re
from typing import Any

from allegedly.builders.readers._page_authors import credits
from allegedly.builders.readers._page_dates import published
from allegedly.builders.readers._page_frame import Page
from allegedly.builders.readers._page_titles import subtitle, title
from allegedly.builders.readers._statements import Statements
from allegedly.builders.readers._values import first_line, language, line

SECTIONS = ("article:section", "parsely-section", "sailthru.section", "section", "dc.subject.section", "cg", "category")
THEMES = ("article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "keywords", "dc.subject")
LICENCES = ("dc.rights", "dcterms.rights", "dcterms.license", "dc.rights.license", "copyright", "rights")


def of(page: Page) -> dict[str, Any]:
    """The metadata of a page."""
    told = credits(page)
    values: dict[str, Any] = {
        "title": title(page),
        "subtitle": subtitle(page),
        "authors": told.people,
        "agencies": told.agencies,
        "published": published(page),
        "outlet": page.outlet(),
        "url": page.url,
        "section": page.first(SECTIONS) or first_line(page.item.get("articleSection")),
        "themes": _themes(page),
        "language": language(
            page.root.get("lang")
            or page.root.get("xml:lang")
            or page.first(("og:locale", "content-language", "dc.language"))
        ),
        "licence": _licence(page),
    }
    return {name: value for name, value in values.items() if value}


def descriptions(page: Statements) -> list[str]:
    """What the page's head says it is about."""
    return [
        page.meta[name][-1] for name in ("og:description", "description", "twitter:description") if page.meta.get(name)
    ]


def _themes(page: Statements) -> tuple[str, ...]:
    tags: list[Any] = [*page.meta.get("article:tag", ()), *page.meta.get("og:article:tag", ())]
    if not tags:
        keywords = page.item.get("keywords") or page.first(THEMES[1:])
        if isinstance(keywords, list):
            tags = keywords
        elif isinstance(keywords, str):
            tags = re.split("[,;|]", keywords)
    return tuple(dict.fromkeys(text for tag in tags[:50] if (text := first_line(tag)) and len(text) <= 80))


def _licence(page: Statements) -> str | None:
    linked = next(page.linked("license", "a", "link"), "")
    return line(linked) or first_line(page.item.get("license")) or page.first(LICENCES)
