"""What the heads of the learned labeller for other schemes are worth: on documents that training did not see.

    python bench/learned_corpora.py [WEIGHTS]      # default: the weights that ship

PolNeAR development documents (exact pieces, whole triples of outermost attributions), BioScope abstracts and ClaimBuster debates
that the recipe holds out, read by the heads of these corpora and not, as the labeller reads news, by those of our own scheme.
"""

import argparse
from pathlib import Path

import gold

from allegedly.builders.labellers import _learned_model as network
from allegedly.builders.labellers import learned
from allegedly.builders.training import data, measure
from allegedly.builders.training.recipe import read
from allegedly.schemas.records import Record

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", nargs="?", type=Path, default=learned.WEIGHTS)
    model = learned.load(parser.parse_args().weights)
    records = [Record(article=article, labels=labels) for article, labels in gold.polnear()]
    readings = list(network.read(model, [record.article for record in records], network.CORPORA))
    show("PolNeAR", measure.attributions(records, readings))
    recipe = read(ROOT / "docs" / "recipes" / "learned.toml", ROOT.parent / "shared" / "corpora")
    for corpus in recipe.corpora:
        if corpus.name not in ("bioscope", "claimbuster"):
            continue
        held = [record for record in data.records(corpus) if data.is_held_out(record, corpus)]
        readings = list(network.read(model, [record.article for record in held], network.CORPORA))
        if corpus.name == "claimbuster":
            show("ClaimBuster", measure.worth(held, readings))
        else:
            show("BioScope", measure.speculations(held, readings, lambda record: given(model, record)))


def given(model: network.Model, record: Record) -> list[object]:
    """The scopes of the gold's cues."""
    return [network.scopes(model, record.article, [mark.cue])[0] for mark in record.labels.speculations or ()]


def show(name: str, scores: dict[str, float]) -> None:
    print(f"{name}: {', '.join(f'{key} {100 * value:.1f}' for key, value in scores.items())}", flush=True)


if __name__ == "__main__":
    main()
