"""Whose labels the gold are: told from votes, counted, said first, filtered by kind; a system never meets its own."""

import json
from dataclasses import replace

import pytest

from allegedly import UsageError, evaluate
from allegedly.cli import main
from allegedly.eval import evaluate as evaluating
from allegedly.eval import makers
from allegedly.eval.evaluate import Run
from allegedly.eval.gold import view
from allegedly.schemas.records import LAYERS, Annotator, Vote

PERSON = Annotator(id="ines", kind="human")
RULES = Annotator(id="rules", kind="rule", version="1")
MODEL = Annotator(id="big", kind="model", version="7")
CLAIM = {"extent": [(0, 4)]}


def voted(made, *votes):
    """A record with votes: an annotator, and the labels it gave."""
    return replace(made, votes=tuple(Vote(annotator=by, labels=labels) for by, labels in votes))


def only(labels, *layers):
    """These layers of labels, the others null."""
    return replace(labels, **{layer: None for layer in LAYERS if layer not in layers})


@pytest.fixture
def mixed(record):
    """Three articles: claims by a person and by rules, speculations by rules that found nothing, attributions by
    nobody known."""
    out = []
    for at in range(3):
        made = record(f"Rain fell in place {at}.", claims=[CLAIM], speculations=[], attributions=[])
        rules = only(made.labels, "claims", "speculations")
        rest = [(PERSON, only(made.labels, "claims"))] if at else []
        out.append(voted(made, (RULES, replace(rules, claims=rules.claims if not at else ())), *rest))
    return out


def test_the_vote_that_stands_made_the_layer(mixed):
    gold = view(mixed)
    assert makers.counted(gold.makers) == [
        {"layer": "claims", "kind": "human", "by": "ines", "version": None, "articles": 2},
        {"layer": "claims", "kind": "rule", "by": "rules", "version": "1", "articles": 1},
        {"layer": "speculations", "kind": "rule", "by": "rules", "version": "1", "articles": 3},
        {"layer": "attributions", "kind": "unknown", "by": None, "version": None, "articles": 3},
    ]
    rows = makers.counted(gold.makers)
    assert list(makers.lines(rows)) == [
        "gold of claims: 2 articles by people (ines), 1 article by rules (rules)",
        "gold of speculations: 3 articles by rules (rules)",
        "gold of attributions: 3 articles by unknown annotators",
    ]
    (warned,) = makers.warnings(rows)
    assert warned.startswith(
        "gold by rules, not by people (claims in 1, speculations in 3 articles): numbers there say"
    )
    assert makers.warnings([row for row in rows if row["kind"] == "human"]) == []
    assert list(makers.lines([])) == ["gold: this report does not say who made it"]


def test_of_equal_votes_the_stronger_and_of_unlike_ones_the_one_that_stands(record):
    made = record("Rain fell there.", claims=[CLAIM])
    lost = replace(made.labels, claims=())
    for votes, by in (
        ([(RULES, made.labels), (MODEL, made.labels)], "big"),
        ([(RULES, made.labels), (PERSON, lost)], "rules"),
        ([(RULES, lost), (PERSON, lost)], "ines"),
    ):
        assert makers.makers(voted(made, *votes), {})["claims"].annotator.id == by


def test_without_votes_the_signature_tells(record):
    made = record("Rain fell there.", claims=[{**CLAIM, "by": "big"}], speculations=[])
    found = makers.makers(made, {"big": MODEL})
    assert found["claims"].annotator == MODEL and found["speculations"].annotator.kind == "unknown"
    assert makers.makers(made, {})["claims"].annotator == Annotator(id="big", kind="unknown")


def test_only_gold_of_some_kinds(mixed, line, score):
    lines = [line(made, claims=[CLAIM], speculations=[]) for made in mixed]
    everything = score(mixed, lines)
    assert everything.row("p", "claim-spans")["articles"] == 3
    gold = view(mixed, only=["people", "import"])
    assert gold.only == ("human", "import") and gold.set_aside == {"claims": 1, "speculations": 3, "attributions": 3}
    assert [record.labels.claims is None for record in gold.records].count(True) == 1
    assert {sentence.speculation for these in gold.sentences for sentence in these} == {None}
    assert gold.sha256 != view(mixed).sha256
    for wanted, message in (
        (["humans"], "unknown kind of annotator 'humans'; did you mean 'human'"),
        ([], "names no kind"),
        (["model"], "no gold of the split was made by model; kinds that made some: human, rule, unknown"),
    ):
        with pytest.raises(UsageError, match=message):
            view(mixed, only=wanted)


def answering(predictions, **about):
    """A run whose answers are these."""
    return Run("m", lambda gold, tasks: predictions, {"spec": "m", "version": "2", "options": {}}, **about)


@pytest.mark.parametrize(
    ("annotator", "by", "fixed", "labellers", "refused"),
    [
        (RULES, "", False, [], "claims in 3 of 3 articles, by rules version 1"),
        (replace(RULES, version="2"), "", False, [], "this system version 2"),
        (None, "rules", False, [], "claims in 3 of 3 articles, by rules version 1"),
        (None, "rules", True, [], None),
        (None, "big", False, [], None),
        (None, "", False, [], None),
        (MODEL, "", False, [], None),
    ],
)
def test_a_system_never_meets_its_own_labels(record, line, score, tmp_path, annotator, by, fixed, labellers, refused):
    records = []
    for at in range(3):
        made = record(f"Rain fell in place {at}.", claims=[CLAIM])
        records.append(voted(made, (RULES, made.labels)))
    kept = {}
    lines = [line(made, claims=[{**CLAIM, "by": by}]) for made in records]
    kept["p"] = score(records, lines).predictions["p"]
    run = answering(kept["p"], annotator=annotator, fixed=fixed)
    gold = view(records, dataset={"name": "n", "version": "1", "content_sha256": "0", "labellers": labellers})
    if refused is None:
        report = evaluating.evaluate(gold, [run], resamples=0)
        assert ("are they the gold itself?" in report.warnings[0]) == (by == "rules")
        return
    with pytest.raises(UsageError, match=refused) as caught:
        evaluating.evaluate(gold, [run], resamples=0)
    assert "--allow-circular" in str(caught.value) and "claim-spans" in str(caught.value)
    report = evaluating.evaluate(gold, [run], resamples=0, allow_circular=True)
    assert "circular: it made gold itself, claims in 3 of 3 articles" in report.warnings[0]


@pytest.mark.parametrize(("changed", "warned"), [(0, True), (2, True), (3, False)])
def test_gold_that_is_a_systems_suggestions_corrected_is_warned_of(record, line, score, changed, warned):
    records, lines = [], []
    for at in range(20):
        made = record(f"Rain fell in place {at}.", claims=[CLAIM])
        records.append(voted(made, (PERSON, made.labels)))
        lines.append(line(made, claims=[{**CLAIM, "kind": "other"} if at < changed else CLAIM]))
    predictions = score(records, lines).predictions["p"]
    report = evaluating.evaluate(view(records), [answering(predictions)], resamples=0)
    told = [warning for warning in report.warnings if "very labels" in warning]
    assert [warning.partition(" are ")[0] for warning in told] == [f"m: {20 - changed} of the gold's 20 claims"][
        :warned
    ]
    report = evaluating.evaluate(view(records), [answering(predictions, fixed=True)], resamples=0)
    assert not [warning for warning in report.warnings if "very labels" in warning]


def test_one_article_of_many_is_enough_and_its_task_alone(record, line, score):
    records = []
    for at in range(5):
        made = record(f"Rain fell in place {at}.", claims=[CLAIM], speculations=[])
        votes = (
            [(PERSON, made.labels)]
            if at
            else [(PERSON, only(made.labels, "speculations")), (RULES, only(made.labels, "claims"))]
        )
        records.append(voted(made, *votes))
    lines = [line(made, claims=[CLAIM], speculations=[]) for made in records]
    predictions = score(records, lines).predictions["p"]
    with pytest.raises(UsageError, match="claims in 1 of 5 articles") as caught:
        evaluating.evaluate(view(records), [answering(predictions, annotator=RULES)], resamples=0)
    assert "speculations" not in str(caught.value)
    speculations = {name: p for name, p in predictions.items() if name.startswith("speculation")}
    assert evaluating.evaluate(view(records), [answering(speculations, annotator=RULES)], resamples=0).results
    people = view(records, only=["human"])
    assert evaluating.evaluate(people, [answering(predictions, annotator=RULES)], resamples=0).results


@pytest.fixture(scope="module")
def by_rules(tmp_path_factory):
    """A release that our rules labelled."""
    folder = tmp_path_factory.mktemp("by_rules")
    (folder / "news").mkdir()
    for at in range(3):
        (folder / "news" / f"{at}.txt").write_text(f"The bridge {at} may close, the mayor said.\n", encoding="utf-8")
    flags = ["--labellers", "rules", "--train", "0", "--validation", "0", "--test", "1", "--workers", "1"]
    assert main(["build", str(folder / "news"), "--out", str(folder / "release"), *flags]) == 0
    return folder / "release"


def test_the_command_refuses_and_says_so_first(by_rules, tmp_path, capsys, monkeypatch):
    command = ["eval", str(by_rules), "--system", "labeller:rules", "--resamples", "0", "--out", str(tmp_path / "out")]
    capsys.readouterr()
    assert main(command) == 2
    assert "claims in 3 of 3 articles, by rules version" in capsys.readouterr().err
    assert not (tmp_path / "out" / "report.json").exists()
    assert main([*command, "--gold", "human,import"]) == 2
    assert "kinds that made some: rule" in capsys.readouterr().err
    assert main([*command, "--allow-circular"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == "gold of claims, speculations, attributions: 3 articles by rules (rules)"
    assert "warning: labeller:rules: circular" in printed.err and "warning: gold by rules, not by people" in printed.err
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert {row["articles"] for row in report["gold_by"]} == {3} and report["gold_only"] is None
    for name in ("report.md", "report.html", "junit.xml"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8").replace("\\", "")
        assert text.index("3 articles by rules") < text.index("claim-detection"), name
    assert main(["leaderboard", str(tmp_path)]) == 0
    assert capsys.readouterr().out.replace("\\", "").startswith(printed.out.splitlines()[0])
    assert main(["robustness", str(by_rules), "--system", "labeller:rules", "--resamples", "0"]) == 2


def test_a_labeller_in_disguise_is_known_by_its_signature(by_rules, tmp_path, monkeypatch):
    (tmp_path / "disguise.py").write_text(
        "from allegedly.builders.labellers import rules\ndef label(articles):\n    return rules.label(articles)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match="gold that it made itself"):
        evaluate(by_rules, {"mine": "labeller:disguise:label"}, resamples=0)


def test_an_export_given_back_is_warned_about(by_rules, tmp_path, capsys):
    file = tmp_path / "gold.jsonl"
    assert main(["export", "jsonl", str(by_rules), "--split", "test", "--out", str(file)]) == 0
    report = evaluate(by_rules, {"gold": f"file:{file}"}, resamples=0)
    assert report.value("gold", "claim-spans") == 1.0
    assert any("signed by rules, who made gold too" in text for text in report.warnings)


@pytest.mark.parametrize("name", ["", "  ", None, 7])
def test_a_system_has_a_name(by_rules, name):
    with pytest.raises(UsageError, match="as the name of a system"):
        evaluate(by_rules, {name: "labeller:none"}, resamples=0)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--resamples", "1"], "resamples: found 1, expected a whole number from 100 to 1,000,000, or 0"),
        (["--resamples", "99"], "found 99"),
        (["--resamples", "-1"], "found -1"),
        (["--resamples", "1000000000000"], "found 1000000000000"),
        (["--seed", "-1"], "seed: found -1, expected a whole number from 0 on"),
        (["--system", "=labeller:none"], "found '' as the name"),
    ],
)
def test_draws_and_names_that_cannot_be(by_rules, capsys, flags, message):
    assert main(["eval", str(by_rules), "--system", "labeller:none", *flags]) == 2
    assert message in capsys.readouterr().err
