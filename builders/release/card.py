"""The card: README.md of a release, with the YAML that `datasets` loads it by.

Conventions: everything that comes from data is escaped: YAML values are double-quoted strings, Markdown ones have
their marks behind backslashes. Configs and splits without rows are not named: `datasets` fails on them. Each config
carries a version and a hash of its content, since the cache of `datasets` tells releases apart by this text alone.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from allegedly.builders.release import hub
from allegedly.builders.release.facts import Facts
from allegedly.schemas import escape
from allegedly.schemas.arrow import CONFIGS, SPLITS, feature_dicts
from allegedly.schemas.escape import yaml as quoted
from allegedly.schemas.records import LAYERS

WHAT = {
    "sentences": "one row a sentence, with its classes and scores",
    "articles": "one row an article, with its text, blocks, sentences and labels",
    "claims": "one row a claim",
    "speculations": "one row a speculation",
    "attributions": "one row an attribution",
    "votes": "one row an article, layer and annotator: what each of them said, before merging",
}
#: The Hub's words for who made labels, by the kind of annotator; the importer knows its own.
_CREATORS = {"human": "expert-generated", "rule": "machine-generated", "model": "machine-generated"}
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+|!~&$:])")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(facts: Facts) -> str:
    """The whole page."""
    return "\n".join(["---", *_yaml(facts), "---", "", *_body(facts)]) + "\n"


def plain(text: str) -> str:
    """Text in Markdown: one line, marks behind backslashes."""
    return _MARKS.sub(r"\\\1", " ".join(escape.plain(text).split()))


def _yaml(facts: Facts) -> Iterator[str]:
    counts, about = facts.manifest.counts, facts.about
    rows = sum(counts["sentences"].values())
    for key, named in hub.yaml_licence(about.licence):
        yield f"{key}: {quoted(named)}"
    for key, tags in zip(("language", "language_bcp47"), hub.languages(facts.tally.languages), strict=True):
        if tags:
            yield from (f"{key}:", *(f"- {quoted(tag)}" for tag in tags))
    yield f"pretty_name: {quoted(about.name)}"
    yield from ("size_categories:", f"- {next((size for most, size in _SIZES if rows < most), '1M<n<10M')}")
    yield from ("task_categories:", "- text-classification", "- token-classification")
    creators = {**_CREATORS, "import": about.creators}
    made = sorted({creators[annotator["kind"]] for annotator in facts.manifest.annotators})
    if made:
        yield from ("annotations_creators:", *(f"- {name}" for name in made))
    configs = {config: [s for s in SPLITS if counts[config][s]] for config in CONFIGS if any(counts[config].values())}
    yield "configs:"
    for config, splits in configs.items():
        yield f"- config_name: {config}"
        if config == CONFIGS[0]:
            yield "  default: true"
        yield f"  version: {facts.manifest.version}"
        yield f"  description: {quoted('content-sha256:' + facts.contents[config])}"
        yield "  data_files:"
        for split in splits:
            yield from (f"  - split: {split}", f"    path: data/{config}/{split}-*.parquet")
    yield "dataset_info:"
    for config, splits in configs.items():
        yield f"- config_name: {config}"
        yield "  features:"
        yield from _features(feature_dicts(config), "  ")
        yield "  splits:"
        sizes = {split: _bytes(facts, config, split) for split in splits}
        for split in splits:
            yield f"  - name: {split}"
            yield f"    num_bytes: {sizes[split]}"
            yield f"    num_examples: {counts[config][split]}"
        yield f"  download_size: {sum(sizes.values())}"
        yield f"  dataset_size: {sum(sizes.values())}"


def _bytes(facts: Facts, config: str, split: str) -> int:
    """The size of a split's files."""
    start = f"data/{config}/{split}-"
    return sum(output["bytes"] for output in facts.manifest.outputs if output["path"].startswith(start))


def _features(features: Mapping[str, Any], indent: str) -> Iterator[str]:
    """Features as `datasets` writes them into cards."""
    for name, feature in features.items():
        yield f"{indent}- name: {name}"
        yield from _type(feature, indent + "  ")


def _type(feature: Mapping[str, Any], indent: str) -> Iterator[str]:
    kind = feature.get("_type")
    if kind == "Value":
        yield f"{indent}dtype: {feature['dtype']}"
    elif kind == "ClassLabel":
        yield from (f"{indent}dtype:", f"{indent}  class_label:", f"{indent}    names:")
        yield from (f"{indent}      '{number}': {quoted(name)}" for number, name in enumerate(feature["names"]))
    elif kind == "List" and feature["feature"].get("_type") == "Value":
        yield f"{indent}list: {feature['feature']['dtype']}"
    elif kind == "List" and feature["feature"].get("_type") == "List":
        yield f"{indent}list:"
        yield from _type(feature["feature"], indent + "  ")
    elif kind == "List":
        yield f"{indent}list:"
        yield from _features(feature["feature"], indent)
    else:
        yield f"{indent}struct:"
        yield from _features(feature, indent)


def _body(facts: Facts) -> Iterator[str]:
    manifest, about = facts.manifest, facts.about
    articles = sum(manifest.counts["articles"].values())
    yield from (f"# {plain(about.name)}", "")
    if about.description:
        yield from (plain(about.description), "")
    yield (
        f"{articles} news articles, {facts.tally.words} words, {sum(manifest.counts['sentences'].values())} sentences, "
        f"with labels for claims, speculation and attribution. Version {manifest.version}"
        + (f" of {manifest.date}" if manifest.date else "")
        + f", built by allegedly {manifest.allegedly}."
    )
    if about.licence:
        yield from ("", f"Licence: {plain(about.licence)}")
    if about.citation:
        yield from ("", f"Citation: {plain(about.citation)}")
    yield from ("", "## Load it", "", "```python", "from datasets import load_dataset", "")
    yield from (
        'sentences = load_dataset("PATH/TO/THIS/FOLDER")',
        'claims = load_dataset("PATH/TO/THIS/FOLDER", "claims")',
    )
    yield from ("```", "", "`allegedly.load` opens it too, and checks every file against `manifest.json` first.", "")
    yield from _tables(facts)
    yield from _labels(facts)
    yield from _splits(facts)
    yield from _ledger(facts)


def _tables(facts: Facts) -> Iterator[str]:
    yield from ("## Tables", "", "| config | rows are | train | validation | test |", "|---|---|---:|---:|---:|")
    for config, what in WHAT.items():
        rows = facts.manifest.counts[config]
        yield f"| `{config}` | {what} | {' | '.join(str(rows[split]) for split in SPLITS)} |"
    yield from ("", "Offsets are half-open and count Unicode code points of `text`. Null means: not said.", "")
    yield from (
        "Classes of sentences:",
        "",
        "| column | class | train | validation | test |",
        "|---|---|---:|---:|---:|",
    )
    classes = facts.tally.classes
    for column in ("claim", "speculation", "attribution"):
        for name in (*feature_dicts("sentences")[column]["names"], None):
            sentences = [classes[split, column, name] for split in SPLITS]
            if name is not None or any(sentences):
                yield f"| {column} | {name or 'null (not annotated)'} | {' | '.join(map(str, sentences))} |"
    yield ""


def _labels(facts: Facts) -> Iterator[str]:
    yield from ("## Who labelled", "")
    if not facts.manifest.annotators:
        yield from ("Nobody: every layer is null.", "")
        return
    yield from ("| annotator | kind | labels that stand |", "|---|---|---|")
    for annotator in facts.manifest.annotators:
        won = [f"{n} {layer}" for layer in LAYERS if (n := facts.tally.winners[layer, annotator["id"]])]
        yield f"| {plain(annotator['name'] or annotator['id'])} | {annotator['kind']} | {', '.join(won) or 'none'} |"
    yield from (
        "",
        "Where several annotated a layer of an article, people win over imported labels, these over models,",
        "these over rules; the config `votes` keeps what each of them said.",
        "",
    )
    yield from _without_people([annotator["kind"] for annotator in facts.manifest.annotators])
    for annotator in facts.manifest.annotators:
        others = annotator.get("supersedes") or ()
        if others:
            names = ", ".join(map(plain, others))
            yield from (f"Before that, labels of {plain(annotator['id'])} win over those of {names}.", "")


def _without_people(kinds: list[str]) -> Iterator[str]:
    """What labels are worth that models made alone, and where to put what is wrong with them."""
    if set(kinds) != {"model"}:
        return
    yield "No person has labelled this release: all of its readers are language models."
    if len(kinds) > 1:
        yield (
            "Two readers of one kind agree where they share a habit, right or wrong: their agreement says that the guidelines "
            "leave little to chance for such readers, not that the labels are right, nor that people would agree as much."
        )
    yield "A wrong label: tell those who publish the release its article and its id, or send them a draft with it mended"
    yield from ("(`allegedly export drafts` writes it, `allegedly import drafts` checks it).", "")


def _splits(facts: Facts) -> Iterator[str]:
    leakage = facts.manifest.leakage
    yield from ("## Splits", "")
    if "near" in leakage:
        yield (
            f"Articles that belong together share a split: those that are alike (Jaccard of word 5-grams of {leakage['near']:g} "
            f"or more; {leakage['near_pairs']} pairs, and {leakage['exact_copies']} exact copies), cross-posts, the same address"
            + "".join(f", same {name}" for name in facts.manifest.recipe["splits"]["group_by"])
            + "."
        )
    if not leakage.get("nearest"):
        yield (
            "Of the pairs of articles that the search for copies compared, none in different splits shares five words in a row."
        )
        yield from (
            "The search goes by estimates of how alike two texts are, and passes over pairs that share a phrase.",
            "",
        )
        return
    yield from ("The nearest pairs in different splits:", "", "| articles | splits | similarity |", "|---|---|---:|")
    for pair in leakage["nearest"]:
        yield f"| `{pair['articles'][0]}` `{pair['articles'][1]}` | {' '.join(pair['splits'])} | {pair['similarity']:.4f} |"
    yield ""


def _ledger(facts: Facts) -> Iterator[str]:
    inputs = facts.manifest.inputs
    yield from ("## What was not taken", "")
    yield f"{len(inputs)} input files; {sum(facts.rules.values())} lines in `rejected.jsonl`, each with its reason."
    if facts.rules:
        yield from ("", "| rule | lines |", "|---|---:|", *(f"| {rule} | {n} |" for rule, n in facts.rules.items()))
