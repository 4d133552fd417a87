"""What each importer makes of its real corpus: counts, licences, what maps and what does not.

Prints the tables of ``docs/importers.md``; ``--write`` puts them there. Corpora are looked for beside the repository
(``../shared/corpora``, or the folder in ALLEGEDLY_SHARED): one that is absent has no counts.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from allegedly.schemas import plugins
from allegedly.schemas.records import LAYERS, Record

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "importers.md"
SHARED = Path(os.environ.get("ALLEGEDLY_SHARED", ROOT.parent / "shared"))
MARK = "<!-- from here on written by: python bench/importers.py --write -->\n"
FOLDERS = {
    "babe": "babe",
    "bioscope": "bioscope",
    "checkthat": "checkthat2019-t1",
    "claimbuster": "claimbuster",
    "claimpt": "claimpt-sample",
    "german-news-quotes": "german-news-quotes",
    "meantime": "factuality/MEANTIME",
    "polnear": "polnear",
    "sci-certainty": "sci-certainty",
    "sfu-review": "sfu-review",
    "uds": "factuality/UDS_IH2",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/importers.md")
    args = parser.parse_args()
    text = "\n".join(page())
    if args.write:
        head = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
        PAGE.write_text(f"{head}{MARK}\n{text}\n", encoding="utf-8")
    print(text)


def page() -> Iterator[str]:
    """The tables, then a section an importer."""
    modules = corpora()
    yield from terms(modules)
    yield from counts(modules)
    for name, module in modules.items():
        yield from section(name, module)


def corpora() -> dict[str, ModuleType]:
    """The importers of corpora by name, without those that read labels of a release's articles alone."""
    modules = {name: plugins.find("importers", name) for name in plugins.names("importers")}
    return {name: module for name, module in modules.items() if hasattr(module, "read")}


def terms(modules: dict[str, ModuleType]) -> Iterator[str]:
    """Licence and scheme of each."""
    yield "| importer | licence | may ship | may train | scheme |"
    yield "|---|---|---|---|---|"
    for name, m in modules.items():
        yield f"| [{name}](#{name}) | {m.LICENCE} | {_yes(m.MAY_SHIP)} | {_yes(m.MAY_TRAIN)} | `{m.SCHEME}` |"
    yield ""


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def counts(modules: dict[str, ModuleType]) -> Iterator[str]:
    """What is in the corpora beside the repository; their test splits are not there."""
    yield "## Counts"
    yield ""
    yield "Of the development data that `tests/importers/test_corpora.py` checks against the corpora's own counts; labels are"
    yield "those of the first annotator, votes those of all."
    yield ""
    yield "| importer | articles by split | sentences | claims | speculations | attributions | votes | ledger lines |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, module in modules.items():
        folder = SHARED / "corpora" / FOLDERS.get(name, "-")
        if folder.is_dir():
            yield f"| {name} | {' | '.join(measured(module, folder))} |"
    yield ""


def measured(module: ModuleType, folder: Path) -> Iterator[str]:
    """The cells of one row: a layer that nobody annotated is a dash."""
    splits, found, votes, ledger = Counter(), Counter(), 0, Counter()
    for item in module.read(folder):
        if not isinstance(item, Record):
            ledger[item.rule] += 1
            continue
        splits[item.split or "none"] += 1
        found["sentences"] += len(item.sentences)
        votes += len(item.votes)
        found.update({layer: len(value) for layer in LAYERS if (value := getattr(item.labels, layer)) is not None})
    yield ", ".join(f"{split} {number:,}" for split, number in sorted(splits.items()))
    yield f"{found['sentences']:,}"
    yield from (f"{found[layer]:,}" if layer in found else "-" for layer in LAYERS)
    yield f"{votes:,}"
    yield ", ".join(f"{rule} {number:,}" for rule, number in ledger.most_common()) or "none"


def section(name: str, module: ModuleType) -> Iterator[str]:
    """What the importer's docstring says, and whom to cite."""
    summary, _, rest = (module.__doc__ or "").strip().partition("\n\n")
    yield f"## {name}"
    yield ""
    yield summary
    yield ""
    yield (
        rest.replace("\nDoes not map:", "\n\n**Does not map:**")
        .replace("Maps:", "**Maps:**", 1)
        .replace("\nSource:", "\n\nSource:")
    )
    yield ""
    yield f"Cite: {module.CITATION}"
    yield ""


if __name__ == "__main__":
    main()
