"""Numbers for what labels say, so that metrics compare columns.

Conventions: equal attributes have equal numbers, in an order that the input does not decide; -1 is null.
"""

from collections.abc import Callable, Mapping, Sequence

from allegedly.eval.metrics.links import shared
from allegedly.eval.tasks import Task, attribute_classes
from allegedly.schemas.derive import folded
from allegedly.schemas.records import LINK, Article, Attribution, Claim, Label

#: Attributions of an article by their ids.
Known = Mapping[str | None, Attribution]
#: From a label, its side and its article to the number of its attribute; -1 for null.
Code = Callable[[Label, int, int], int]


def claimer_id(label: Label) -> str | None:
    """The id of the attribution that a claim names as its claimer; None where it names none."""
    assert isinstance(label, Claim)  # no other layer has claimers
    return label.claimer


def facts(label: Label) -> str:
    """Parts and attributes of a label; its id, its links and who gave it aside."""
    aside = {"id", "text", "by", "confidence", "scheme", *LINK.values()}
    return repr([getattr(label, name) for name in label.__slots__ if name not in aside])


def same_claimer(gold: Attribution | None, predicted: Attribution | None) -> bool:
    """Whether two attributions have the same claimer: sources overlap, or are both empty and contents overlap. No
    attribution (None) is the same as none."""
    if gold is None or predicted is None:
        return False
    if gold.source or predicted.source:
        return bool(shared(gold.source, predicted.source) > 0)
    return bool(shared(gold.content, predicted.content) > 0)


def coder(task: Task, attribute: str | None, attributions: tuple[Sequence[Known], Sequence[Known]]) -> Code | None:
    """The numbers of an attribute of a task; None where there is no attribute. ``attributions``: those of each article,
    gold and predicted, which claimers lead to."""
    if attribute is None:
        return None
    if attribute == "claimer":
        return _claimer_coder(attributions)
    numbers = {name: number for number, name in enumerate(attribute_classes(task))}
    if attribute == "certainty":
        names = ("certainty", "polarity")
        return lambda label, *_: numbers.get("_".join(str(getattr(label, name)) for name in names), -1)
    return lambda label, *_: numbers.get(getattr(label, attribute), -1)


def speaker_coder(sides: Sequence[Sequence[Sequence[Label]]], articles: Sequence[Article]) -> Code:
    """Speakers of the same words, case folded, have equal numbers, and those that are empty. A speaker who is quoted and
    stands nowhere in the article has none, like one that is null."""

    def words(label: Label, article: Article) -> str | None:
        part = getattr(label, "speaker", None)
        if part is None or any(span.end > len(article.text) for span in part):
            return None
        return folded(article, part)

    known = {
        words(label, article)
        for side in sides
        for these, article in zip(side, articles, strict=True)
        for label in these
    }
    numbers = {name: number for number, name in enumerate(sorted(known - {None}, key=str))}
    return lambda label, _, article: numbers.get(words(label, articles[article]), -1)


def _claimer_coder(attributions: tuple[Sequence[Known], Sequence[Known]]) -> Code:
    """Equal claimers (source and content) have equal numbers, in an order that only their parts decide."""
    claimers = {
        (label.source or (), label.content or ()) for side in attributions for known in side for label in known.values()
    }
    numbers = {claimer: number for number, claimer in enumerate(sorted(claimers))}

    def code(label: Label, side: int, article: int) -> int:
        target = attributions[side][article].get(claimer_id(label))
        return -1 if target is None else numbers[(target.source or (), target.content or ())]

    return code
