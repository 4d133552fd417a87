"""What there is to say about a label besides where it stands, in words.

Conventions: values are the scheme's, ``_`` as a space; the usual is left unsaid (a certain, positive claim; an attribution
that is not negated), and so is what is null. Links name the label that they lead to.
"""

from collections.abc import Iterator

from allegedly.schemas.records import LINK, Attribution, Claim, Label, Speculation

#: Values that are left unsaid, by layer and attribute.
USUAL = {("claims", "certainty"): "certain", ("claims", "polarity"): "positive"}
#: How a link of each layer is said.
LINKED = {"claims": "by", "speculations": "held by", "attributions": "inside"}


def facts(label: Label, layer: str) -> list[str]:
    """Values of a label's attributes, then its link."""
    link = getattr(label, LINK[layer])
    return [*(value.replace("_", " ") for value in _values(label)), *([f"{LINKED[layer]} {link}"] if link else [])]


def _values(label: Label) -> Iterator[str]:
    found: tuple[str | None, ...]
    match label:
        case Claim():
            unusual = (_but(getattr(label, name), usual) for (_, name), usual in USUAL.items())
            found = (label.kind, label.worth, *unusual)
        case Speculation():
            found = (label.kind, label.certainty)
        case Attribution():
            found = (label.form, label.act, "negated" if label.negated else None, label.source_kind)
    yield from filter(None, found)


def _but(value: str | None, usual: str) -> str | None:
    return None if value == usual else value
