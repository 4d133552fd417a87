"""Elements of HTML that nobody sees before a script or a hand shows them.

Conventions: what stands in the page for those who look for it stays: ``hidden="until-found"``, closed ``details``; so does
``aria-hidden``, which hides nothing from the eye. Style sheets are not asked.
Source: HTML Living Standard, "The hidden attribute", "Hidden elements".
"""

import re

from lxml import etree

_ASKED = etree.XPath("//*[@hidden or @style or @popover or self::dialog]")
_STYLE = re.compile(r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)


def unseen(root: etree._Element) -> list[etree._Element]:
    """The elements of a tree that are hidden themselves, not those that lie in such."""
    return [element for element in _ASKED(root) if is_hidden(element)]


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is hidden itself."""
    get = element.get
    if get("hidden", "until-found").strip().lower() != "until-found" or get("popover") is not None:
        return True
    return (element.tag == "dialog" and get("open") is None) or bool(_STYLE.search(get("style", "")))
