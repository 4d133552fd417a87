"""Agreement for a reader at a terminal: figures, what annotators confuse, the articles with least agreement."""

from collections.abc import Iterator, Sequence

from allegedly.eval.agreement.agreement import Comparison, Confusion, Figure, Shared
from allegedly.eval.agreement.differences import Difference
from allegedly.eval.rows import interval, shown
from allegedly.render.columns import aligned

#: Articles with least agreement, and confusions of an attribute, that are shown.
ARTICLES, CELLS = 10, 5
#: Characters of a line of such confusions, without how many more there are.
WIDE = 110
#: Kinds of alpha, and what tells them apart.
ALPHAS = {"alpha": "", "alpha:ordinal": "ordinal", "alpha_u": "unitised"}


def text(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """All comparisons, one after the other."""
    for place, comparison in enumerate(comparisons):
        if place:
            yield ""
        names = comparison["annotators"]
        count = comparison["articles"]
        yield f"{', '.join(names[:-1])} and {names[-1]}: {count} article{'' if count == 1 else 's'}"
        yield ""
        head = ("layer", "of", "alpha", "", "over", "exact_f1", "overlap_f1", "over")
        yield from aligned([head, *_rows(comparison["figures"])])
        yield from _confused(comparison["confusions"])
        yield from _least(comparison["least"])


def _rows(figures: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    """A line for each alpha, with F1 beside the first of a part or attribute."""
    things: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in figures:
        things.setdefault((figure["layer"], figure["of"]), {})[figure["measure"]] = figure
    for (layer, of), measured in things.items():
        f1 = [measured.pop(name, None) for name in ("exact_f1", "overlap_f1")]
        for place, name in enumerate(measured or [""]):
            alpha = measured.get(name)
            beside = f1 if place == 0 else [None, None]
            yield layer, of, _cell(alpha), ALPHAS.get(name, ""), _over(alpha), *map(_cell, beside), _over(beside[0])


def _over(figure: Figure | None) -> str:
    return "" if figure is None else f"{figure['items']:,}"


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    ends = "" if figure["low"] is None else f" [{interval(figure, 2).replace(' to ', ', ')}]"
    return f"{shown(figure['value'], 3)}{ends}"


def _listed(line: str, words: Sequence[str]) -> str:
    """A line with the first few of some words, as many as it is wide for, and how many more there are."""
    shown = 1
    while shown < min(CELLS, len(words)) and len(line + "; ".join(words[: shown + 1])) <= WIDE:
        shown += 1
    more = [f"and {len(words) - shown} more"] if len(words) > shown else []
    return line + "; ".join([*words[:shown], *more])


def _confused(confusions: Sequence[Confusion]) -> Iterator[str]:
    """Values that matched labels have differently, most first."""
    lines = []
    for confusion in confusions:
        names = confusion["values"]
        cells = [
            (count, f"{names[row]}, {names[column]} {count}")
            for row, counts in enumerate(confusion["counts"])
            for column, count in enumerate(counts)
            if row != column and count
        ]
        cells.sort(key=lambda cell: -cell[0])
        if cells:
            lines.append(_listed(f"  {confusion['layer']} {confusion['attribute']}: ", [words for _, words in cells]))
    if lines:
        yield ""
        yield "attributes of matched labels, as the first and as the second gives them:"
        yield from lines


def _least(articles: Sequence[Shared]) -> Iterator[str]:
    layers = list(dict.fromkeys(layer for article in articles for layer in article["layers"]))
    head = ("article", "overlap_f1", "exact_f1", *layers, "file")
    rows = [
        (
            article["id"],
            shown(article["overlap_f1"], 2),
            shown(article["exact_f1"], 2),
            *(shown(article["layers"].get(layer), 2) for layer in layers),
            article["name"],
        )
        for article in articles[:ARTICLES]
    ]
    yield ""
    yield f"articles with least agreement, {len(rows)} of {len(articles)}:"
    yield from aligned([head, *rows])


def listed(differences: Sequence[Difference]) -> Iterator[str]:
    """Differences, a line each."""
    for each in differences:
        said = f"{each['first'] or 'nothing'} | {each['second'] or 'nothing'}"
        if each["what"] == "label":
            said = "only the first" if each["second"] is None else "only the second"
        yield f"{each['name']}: {each['layer']} {each['what']}: {each['words'] or 'no words'}: {said}"
