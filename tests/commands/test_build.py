"""``build``, ``export``, ``stats``, ``validate`` and ``list`` as a user meets them: output, messages, exit codes."""

import json
import subprocess
import sys
import time

import pytest

from allegedly.cli import main
from allegedly.schemas import plugins
from allegedly.schemas.validate import validate


def body(number: int) -> str:
    return f"The harbour opened on day {number}. Mayor Ines Holt said on day {number} it may bring {number + 3} jobs."


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for at in range(12):
        (folder / f"{at}.json").write_text(json.dumps({"id": str(at), "title": f"Day {at}", "text": body(at)}))
    return folder


@pytest.fixture
def release(news, tmp_path, capsys):
    assert main(["build", str(news), "--out", str(tmp_path / "out"), "--workers", "1"]) == 0
    capsys.readouterr()
    return tmp_path / "out"


def test_build_says_what_it_found(news, tmp_path, capsys):
    (news / "empty.txt").write_text("")
    out = tmp_path / "out"
    assert main(["build", str(news), "--out", str(out), "--labellers", "rules", "--workers", "2"]) == 0
    said = capsys.readouterr()
    assert "12 articles from 13 files" in said.out
    assert "splits: train " in said.out and " attributions; " in said.out
    assert "rejected: 1 (" in said.out and f"see {out}/rejected.jsonl" in said.out
    assert "rejected: news/empty.txt: " in said.err
    assert validate(out) == []


def test_layers_that_the_languages_leave_null_are_counted_at_the_end(tmp_path, capsys):
    folder = tmp_path / "news"
    folder.mkdir()
    french = "Le maire d'Estrand a dit que le pont numéro {} pourrait fermer lundi matin, et que la ville attend."
    for at in range(3):
        (folder / f"{at}.txt").write_text(f"Le pont\n\n{french.format(at)}\n", encoding="utf-8")
    (folder / "en.txt").write_text(f"Day 1\n\n{body(1)}\n", encoding="utf-8")
    argv = ["build", str(folder), "--workers", "2", "--out"]
    assert main([*argv, str(tmp_path / "out"), "--labellers", "rules"]) == 0
    last = capsys.readouterr().err.splitlines()[-1]
    assert "null, since rules does not cover the language or failed: claims fr 3, speculations fr 3" in last
    assert main([*argv, str(tmp_path / "none"), "--labellers", "none"]) == 0
    assert "does not cover" not in capsys.readouterr().err


def test_json_is_the_manifest(news, tmp_path, capsys):
    argv = ["build", str(news), "--out", str(tmp_path / "out"), "--labellers", "none", "--workers", "1", "--json"]
    assert main(argv) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert "12 articles" in said.err


def test_every_key_of_a_recipe_is_a_flag(news, tmp_path, capsys):
    argv = [
        *("build", str(news), "--out", str(tmp_path / "out"), "--labellers", "none", "--workers", "1"),
        *("--name", "harbour", "--version", "2.0.1", "--date", "2024-05-01", "--licence", "CC0-1.0"),
        *("--train", "0.5", "--validation", "0.25", "--test", "0.25", "--salt", "s", "--group-by", "author,outlet"),
        *(
            "--duplicates",
            "drop-exact",
            "--near",
            "0.9",
            "--split-near",
            "0.6",
            "--seconds",
            "9",
            "--field",
            "text=/text",
            "--bytes",
            "100000",
        ),
        *(
            "--expanded-bytes",
            "200000",
            "--memory",
            "2GiB",
            "--members",
            "5",
            "--nesting",
            "50",
            "--attributes",
            "9",
        ),
    ]
    assert main(argv) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["name"], manifest["version"], manifest["date"]) == ("harbour", "2.0.1", "2024-05-01")
    recipe = manifest["recipe"]
    assert recipe["splits"] == {
        "near": 0.6,
        "train": 0.5,
        "validation": 0.25,
        "test": 0.25,
        "salt": "s",
        "group_by": ["author", "outlet"],
        "previous": "",
    }
    assert recipe["limits"]["seconds"] == 9 and recipe["limits"]["expanded_bytes"] == 200000
    assert recipe["fields"] == {"text": "/text"} and recipe["near"] == 0.9 and recipe["licence"] == "CC0-1.0"


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (["--train", "0.7"], 2, "the fractions of the splits must sum to 1, not 0.9"),
        (["--labellers", "rulez"], 2, "unknown labeller 'rulez'; did you mean 'rules'?"),
        (["--duplicates", "dorp-near"], 2, 'duplicates is "dorp-near"'),
        (["--recipe", "nowhere.toml"], 2, "nowhere.toml: no such recipe"),
        (["--annotations", "nowhere"], 2, "no such folder of annotations: 'nowhere'"),
        (["--previous", "nowhere"], 2, "nowhere: not a release"),
        (["--field", "text"], 2, "--field text: expected OURS=THEIRS"),
        (["--workers", "0"], 2, "--workers 0: expected 1 or more"),
        (["missing-folder"], 2, "no such file or folder: 'missing-folder'"),
        (["--field", "text=/nothing"], 1, "nothing could be built: no article, 12 rejected"),
    ],
)
def test_what_goes_wrong_is_said(news, tmp_path, capsys, more, code, message):
    sources = [str(news), *(word for word in more[:1] if not word.startswith("--"))]
    flags = more if more[0].startswith("--") else []
    one = [] if "--workers" in flags else ["--workers", "1"]
    argv = ["build", *sources, "--out", str(tmp_path / "out"), *one, "--labellers", "none", *flags]
    assert main(argv) == code
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_strict_fails_and_says_what_the_ledger_would_hold(news, tmp_path, capsys):
    for at in range(60):
        (news / f"empty{at:02d}.json").write_text("")
    argv = ["build", str(news), "--out", str(tmp_path / "out"), "--workers", "1", "--labellers", "none", "--strict"]
    assert main(argv) == 1
    said = capsys.readouterr().err
    assert said.count("rejected: news/empty") == 50
    assert "rejected: 10 more" in said and "60 rejected, and --strict takes none; 12 articles were read" in said


def test_names_and_reasons_send_no_control_characters(news, tmp_path, capsys):
    (news / "a\x1b[31m\nb.json").write_text("")
    assert main(["build", str(news), "--out", str(tmp_path / "out"), "--workers", "1", "--labellers", "none"]) == 0
    said = capsys.readouterr().err
    assert "\x1b" not in said and r"a\x1b[31m\nb.json" in said


def test_export_gives_the_gold_in_the_shape_of_label(release, tmp_path, capsys):
    assert main(["export", "jsonl", str(release)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len({line["article"]["id"] for line in lines}) == 12
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert validate(tmp_path / "gold.jsonl") == []
    split = next(s for s, n in json.loads((release / "manifest.json").read_text())["counts"]["articles"].items() if n)
    assert main(["export", "jsonl", str(release), "--split", split, "--out", str(tmp_path / "one.jsonl")]) == 0
    some = [json.loads(line) for line in (tmp_path / "one.jsonl").read_text().splitlines()]
    assert some and all(line in lines for line in some)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["export", "jsnol", "RELEASE"], "unknown exporter 'jsnol'; did you mean 'jsonl'?"),
        (["export", "jsonl", "RELEASE", "--split", "tset"], "unknown split 'tset'; did you mean 'test'?"),
        (["export", "jsonl", "RELEASE", "--config", "claims"], "export jsonl takes no --config"),
        (["export", "jsonl", "nowhere"], "nowhere: not a release"),
        (["stats", "nowhere"], "nowhere: not a release"),
        (["list", "reader"], "unknown kind 'reader'; did you mean 'readers'?"),
        (["validate", "nowhere"], "nowhere: no such file or folder"),
    ],
)
def test_usage_errors(release, capsys, argv, message):
    assert main([str(release) if word == "RELEASE" else word for word in argv]) == 2
    assert message in capsys.readouterr().err


def test_stats(release, capsys):
    assert main(["stats", str(release), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(found["rows"]["articles"].values()) == 12 and found["inputs"] == 12 and found["rejected"] == {}
    assert sum(found["values"]["sentences.claim"].values()) == sum(found["rows"]["sentences"].values())
    assert main(["stats", str(release)]) == 0
    said = capsys.readouterr().out
    assert "annotators: rules (rule)" in said and "articles.language: en 12" in said


def test_validate_prints_each_problem_and_exits_1(release, capsys):
    assert main(["validate", str(release)]) == 0
    assert "no problems" in capsys.readouterr().out
    with (release / "rejected.jsonl").open("a") as file:
        file.write("{}\n")
    assert main(["validate", str(release), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found and all(set(problem) == {"file", "line", "path", "found", "expected"} for problem in found)
    assert main(["validate", str(release)]) == 1
    assert "rejected.jsonl" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["readers", "importers", "exporters", "labellers", "systems"])
def test_list_names_every_plugin_with_a_line(kind, capsys):
    assert main(["list", kind, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in found] == plugins.names(kind) and all(row["what"] for row in found)
    if kind == "importers":
        for row in found:
            module = plugins.find(kind, row["name"])
            named = tuple(getattr(module, name, None) for name in ("LICENCE", "MAY_SHIP", "MAY_TRAIN"))
            assert (row["licence"], row["may_ship"], row["may_train"]) == named
    assert main(["list", kind]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(found) + 1


def test_list_tasks_and_metrics(capsys):
    assert main(["list", "tasks", "--json"]) == 0
    tasks = {row["name"]: row["primary"] for row in json.loads(capsys.readouterr().out)}
    assert tasks["speculation-detection"] == "f1:speculative"
    assert main(["list", "metrics", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {(row["task"], row["metric"]) for row in found if row["primary"]} == set(tasks.items())


@pytest.mark.parametrize("argv", [["--help"], ["list", "importers"], ["build"], ["build", "--help"]])
def test_nothing_heavy_is_imported_for_help_lists_and_usage_errors(argv):
    code = (
        "import sys\nfrom allegedly.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pyarrow', 'datasets', 'jsonschema_rs', 'trafilatura', 'lxml', 'tqdm', 'sentencex'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True)
    assert found.stderr.splitlines()[-1] == "[]"


def test_a_terminal_gets_a_bar_and_a_pipe_lines(monkeypatch, capsys):
    from allegedly import progress

    now = iter(range(0, 1000, 6))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(now)))
    watch = progress.Terminal()
    assert list(watch.steps(range(4), 4, "reading")) == [0, 1, 2, 3]
    assert "reading: 2 of 4, 12 s left (0.2/s)" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["manifest.json", "README.md", "data/articles/train-00000-of-00001.parquet"])
def test_no_page_takes_the_place_of_a_file_of_a_release(release, capsys, name):
    before = (release / name).read_bytes()
    for command in (["view", str(release)], ["sample", str(release), "--n", "1", "--by", "random"]):
        assert main([*command, "--out", str(release / name)]) == 2
        assert f"is part of the release in {release}, which would be none without it" in capsys.readouterr().err
    assert (release / name).read_bytes() == before
    for inner in ("data/notes.html", "data/claims/more.jsonl"):
        assert main(["view", str(release), "--out", str(release / inner)]) == 2
        assert "is part of the release in" in capsys.readouterr().err
    assert main(["eval", str(release), "--system", "labeller:rules", "--out", str(release / "data")]) == 2
    assert "lies in the data of the release" in capsys.readouterr().err
    # nor of what somebody else wrote, by the look of it
    mine = release.parent / "amy.json"
    for text in ('{"labels": {}}', "Della Royce said the ferry was safe."):
        mine.write_text(text, encoding="utf-8")
        assert main(["view", str(release), "--out", str(mine)]) == 2
        assert "holds something of another kind" in capsys.readouterr().err
        assert mine.read_text(encoding="utf-8") == text
    mine.write_text("\n", encoding="utf-8")
    assert main(["view", str(release), "--out", str(mine)]) == 0
    assert main(["view", str(release), "--out", str(mine)]) == 0
    # what a person keeps beside it is theirs to replace
    (release / "notes.html").write_text("<p>mine", encoding="utf-8")
    assert main(["view", str(release), "--out", str(release / "notes.html")]) == 0
    assert validate(release) == []
