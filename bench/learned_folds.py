"""BioScope abstracts in five folds by document: a network a fold, trained on the other four alone.

    python bench/learned_folds.py RUN              trains what RUN does not hold yet, then prints the table
    python bench/labels.py --folds RUN             the same table on the page of all
    python bench/learned_folds.py RUN --weights W  puts the curve of cues into the weights of a folder

Conventions: the options of ``docs/recipes/learned.toml`` and nothing but BioScope, so that five trainings take an
hour; the weights that ship learned from other corpora too, and their one fold is in ``bench/held_out.py``. The folds
are those of ``builders/training/data.py``, a hash of the document's name. The floor of each fold is the word list of
the others. The curve that says how probable a cue is stands on what the networks of four folds say of abstracts that they
never saw, fifteen times as many cues as the recipe keeps for calibration; the fold that the recipe holds out to measure on
is left out.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import gold
import labels as bench
from held_out import RECIPE, corpus

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.labellers import learned
from allegedly.builders.training import calibrate, data, recipe, train
from allegedly.schemas.records import Labels

#: How often each training sees its abstracts.
EPOCHS = 4.0
#: Pieces in a batch: half of the recipe's, since there is less to see.
BATCH = 450


def recipes(epochs: float) -> list[recipe.Recipe]:
    """A recipe a fold: all that is not in it."""
    whole = recipe.read(RECIPE, gold.CORPORA)
    return [
        replace(
            whole,
            name=f"bioscope-{fold}",
            corpora=(replace(corpus("bioscope"), epochs=epochs, hold=(fold,), calibrate=(), folds=data.FOLDS),),
            options=replace(whole.options, batch=BATCH),
        )
        for fold in range(data.FOLDS)
    ]


def trained(run: Path, epochs: float) -> None:
    """Train each fold whose weights the folder lacks."""
    for fold, found in enumerate(recipes(epochs)):
        folder = run / str(fold)
        if not (folder / "weights" / "model.json").is_file():
            train.train(found, folder)


def curve(run: Path) -> tuple[float, ...]:
    """The curve of cues, from all folds but those that the recipe holds out."""
    rows: list[tuple[float, ...]] = []
    for fold, found in enumerate(recipes(EPOCHS)):
        kept = found.corpora[0]
        apart = [r for r in data.records(kept) if data.is_held_out(r, kept)]
        apart = [r for r in apart if not data.is_held_out(r, corpus("bioscope"))]
        weights = learned.load(run / str(fold) / "weights")
        rows += calibrate.doubts(replace(weights, calibration={}), apart)
    return tuple(round(value, 4) for value in calibrate.logistic(rows))


def section(run: Path) -> bench.Section:
    """The table over all abstracts, each labelled by the network that never saw it."""
    floor, rules, network = [], [], []
    label = bench.labellers(("rules",))["rules"]
    for fold, found in enumerate(recipes(EPOCHS)):
        kept = found.corpora[0]
        seen: list[gold.Gold] = []
        apart: list[gold.Gold] = []
        for record in data.records(kept):
            (apart if data.is_held_out(record, kept) else seen).append((record.article, record.labels))
        articles = [article for article, _ in apart]
        weights = learned.load(run / str(fold) / "weights")
        floor += _told(apart, bench.listed(bench.word_list(seen), articles), bench.ends_given_cues)
        rules += _told(apart, label(articles), lambda a, t: bench.given_cues("rules", a, t))

        def given(article, truth, weights=weights) -> Labels:
            marks = truth.speculations or ()
            scopes = model.scopes(weights, article, [mark.cue for mark in marks])
            return Labels(
                speculations=tuple(replace(mark, scope=scope) for mark, scope in zip(marks, scopes, strict=True))
            )

        network += _told(apart, learned.label(articles, weights), given)
    rows = (
        ("floor: word list of the other folds, to the sentence's end", bench.scope_cells(floor)),
        ("rules", bench.scope_cells(rules)),
        ("learned, five trainings on abstracts alone", bench.scope_cells(network)),
    )
    return bench.Section(
        title="BioScope, abstracts, five folds",
        about=f"{len(network)} abstracts in five folds by document; each is labelled by a network that was trained on "
        f"the other four folds and on nothing else (`python bench/learned_folds.py RUN`, {EPOCHS:g} epochs).",
        columns=bench.SCOPES,
        rows=rows,
        notes=("The rules were written with these abstracts in view, so their figures flatter.",),
    )


def _told(apart, guesses, given) -> list[tuple]:
    """Each abstract with its gold, what was found in it, and the scopes of its gold cues."""
    return [(a, truth, guess.labels, given(a, truth)) for (a, truth), guess in zip(apart, guesses, strict=True)]


def main() -> None:
    """Trains what is missing, prints the table."""
    parser = argparse.ArgumentParser(description="BioScope in five folds.")
    parser.add_argument("run", type=Path)
    parser.add_argument("--epochs", type=float, default=EPOCHS)
    parser.add_argument("--weights", type=Path, help="a folder of weights that gets the curve of cues")
    options = parser.parse_args()
    trained(options.run, options.epochs)
    if options.weights:
        path = options.weights / "model.json"
        value = json.loads(path.read_text(encoding="utf-8"))
        value["calibration"]["speculation"] = curve(options.run)
        path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
        return
    print(bench.page(section(options.run)))


if __name__ == "__main__":
    main()
