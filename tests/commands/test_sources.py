"""``allegedly sources``: who is quoted, by rules that are said."""

import csv
import io
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly import cli
from allegedly.builders.build import build
from allegedly.quoted import RULES, key

ARTICLES = [
    {
        "title": "Pier shut",
        "outlet": "Harbour Post",
        "date": "2026-02-03",
        "text": 'Nora Pell, 41, said on Monday that the pier was unsafe. "We will close it," she added. '
        "A spokesman for the port said that ships would wait.",
    },
    {
        "title": "Pier opens",
        "outlet": "Harbour Post",
        "date": "2026-03-05",
        "text": "The pier opened on Friday. Mayor Nora J. Pell said that it was safe. The Tarn Trust said that it agreed.",
    },
    {
        "title": "Mill burns",
        "outlet": "Mill Gazette",
        "date": "2026-03-06",
        "text": "The old mill burnt down on Monday night. Police said that nobody was hurt. NORA PELL said that she wept.",
    },
]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    lines = "".join(json.dumps({**article, "language": "en"}) + "\n" for article in ARTICLES)
    (folder / "news.jsonl").write_text(lines, encoding="utf-8")
    build([folder / "news.jsonl"], folder / "release", labellers="rules", workers=1)
    return folder / "release"


def told(capsys, *arguments):
    assert cli.main(["sources", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_spellings_of_one_name_are_one_speaker_in_all_articles(release, capsys):
    (group,) = json.loads(told(capsys, release, "--format", "json"))["groups"]
    pell = next(who for who in group["speakers"] if "Pell" in who["name"])
    assert pell["spellings"] == ["NORA PELL", "Nora J. Pell", "Nora Pell"] and pell["kind"] == "named_person"
    assert pell["articles"] == 3 and pell["direct"] == 1 and pell["quotations"] == 4
    assert group["quotations"] == sum(group["kinds"].values()) == sum(group["forms"].values())
    assert group["kinds"] == {"named_person": 4, "unnamed_person": 1, "named_organisation": 2}
    assert group["unnamed"] == 1 / 7


def test_groups_by_outlet_and_month_hold_every_quotation_once(release, capsys):
    whole = json.loads(told(capsys, release, "--format", "json"))["groups"]
    parts = json.loads(told(capsys, release, "--by", "outlet,month", "--format", "json"))["groups"]
    assert sum(group["quotations"] for group in parts) == whole[0]["quotations"]
    assert {tuple(group["of"].values()) for group in parts} == {
        ("Harbour Post", "2026-02"),
        ("Harbour Post", "2026-03"),
        ("Mill Gazette", "2026-03"),
    }


def test_csv_has_a_row_for_each_speaker(release, capsys):
    rows = list(csv.DictReader(io.StringIO(told(capsys, release, "--by", "outlet", "--format", "csv"))))
    assert {row["outlet"] for row in rows} == {"Harbour Post", "Mill Gazette"}
    assert all(int(row["quotations"]) >= int(row["articles"]) >= 1 for row in rows)


def test_the_text_names_shares_and_the_most_quoted(release, capsys):
    out = told(capsys, release, "--top", "1")
    assert "unnamed_person" in out and "more named speaker" in out
    assert out.splitlines()[0] == "all articles"


def test_the_rules_are_said(release, capsys):
    assert json.loads(told(capsys, release, "--format", "json"))["rules"] == list(RULES)


def test_programs_get_the_text_as_it_is_and_people_see_what_is_odd(tmp_path, capsysbinary):
    odd = "Post \u202eOdd"
    line = {
        "title": "Pier",
        "outlet": odd,
        "language": "en",
        "text": "Nora Pell, 41, said that it was unsafe. It rained.",
    }
    (tmp_path / "news.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    build([tmp_path / "news.jsonl"], tmp_path / "release", labellers="rules", workers=1)

    def printed(form):
        assert cli.main(["sources", str(tmp_path / "release"), "--by", "outlet", "--format", form]) == 0
        return capsysbinary.readouterr().out.decode()

    assert json.loads(printed("json"))["groups"][0]["of"] == {"outlet": odd}
    assert next(csv.DictReader(io.StringIO(printed("csv"))))["outlet"] == odd
    assert "\u202e" not in printed("text")


def test_an_outlet_is_no_command_of_a_log(tmp_path, capsys):
    line = {"outlet": "::error::a\n::error::b", "language": "en", "text": "Nora Pell, 41, said that it was unsafe."}
    (tmp_path / "news.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    build([tmp_path / "news.jsonl"], tmp_path / "release", labellers="rules", workers=1)
    out = told(capsys, tmp_path / "release", "--by", "outlet", "--format", "csv")
    assert "error::a" in out and not [line for line in out.splitlines() if line.strip('"').startswith("::")]


def test_a_split_without_rows_is_told(tmp_path, capsys):
    (tmp_path / "a.txt").write_text(
        "Pier shut\n\nNora Pell, 41, said on Monday that the pier was unsafe.\n", encoding="utf-8"
    )
    build([tmp_path / "a.txt"], tmp_path / "release", labellers="rules", workers=1, train=1.0, validation=0.0, test=0.0)
    assert cli.main(["sources", str(tmp_path / "release"), "--split", "test"]) == 2
    assert "splits with rows: train" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [("--by", "outlets"), ("--split", "dev"), ("--top", "-1")])
def test_a_wrong_choice_is_told(release, capsys, wrong):
    assert cli.main(["sources", str(release), *wrong]) == 2
    assert wrong[0] in capsys.readouterr().err


JOINED = [
    ["Nora Pell", "NORA PELL", "Mrs Nora Pell", "Nora J. Pell", "Dr. Nora Pell", "Nora Pell Jr"],
    ["Zoë O’Hara", "Zoe O'Hara"],
    ["the Tarn Trust", "Tarn Trust"],
]


@pytest.mark.parametrize("names", JOINED, ids=lambda names: names[0])
def test_what_the_rules_say_is_joined(names):
    kind = "named_organisation" if "Trust" in names[0] else "named_person"
    assert len({key(name, kind) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Nora Pell", "Jan Pell"), ("Pell", "Nora Pell"), ("Jan de Pell", "Jan Pell")]
)
def test_nothing_else_is_joined(one, other):
    assert key(one, "named_person") != key(other, "named_person")


@given(st.text(max_size=30))
def test_a_key_is_its_own(name):
    for kind in ("named_person", "unnamed_group", None):
        once = key(name, kind)
        assert key(name.upper(), kind) == key(name.upper().lower(), kind)
        assert once == " ".join(once.split())


def test_no_two_rules_are_the_same():
    assert all(one != other for one, other in pairwise(sorted(RULES)))
