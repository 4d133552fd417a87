"""What comes home from tools: what was submitted and nothing else, what moved, what no file should hold."""

import json
import re
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from round_trips import TOOLS, as_home, exported, imported

from allegedly import cli
from allegedly.builders.annotations.given import Given, Note
from allegedly.schemas import stored
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Problem

#: Files are written for each example, which takes its time.
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
JSON_TOOLS = {"label_studio": "tasks.json", "doccano": "items.jsonl", "prodigy": "items.jsonl"}


def items_of(tool, path):
    """The items of a file, as JSON."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if tool == "label_studio" else [json.loads(line) for line in text.split("\n") if line]


def put(tool, path, items):
    dumped = json.dumps(items) if tool == "label_studio" else "".join(json.dumps(item) + "\n" for item in items)
    path.write_text(dumped, encoding="utf-8")
    return path


def submitted(tool, records, folder):
    """Path and items of what somebody submitted as it was."""
    path = TOOLS[tool][0](exported(tool, records, folder))
    return path, items_of(tool, path)


def home(tool, path, records, **options):
    return imported(tool, path, records, **{**TOOLS[tool][1], **options})


def told(items):
    return [str(item) for item in items if not isinstance(item, Given)]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_suggestion_that_nobody_touched_is_no_label(tool, hard, tmp_path):
    folder = exported(tool, hard, tmp_path / "out")
    path = folder / JSON_TOOLS[tool] if tool in JSON_TOOLS else folder / "documents"
    (note,) = imported(tool, path, hard)
    assert isinstance(note, Note) and "8 of 8 items" in note.message and "not taken" in note.message


@pytest.mark.parametrize("tool", JSON_TOOLS)
def test_a_changed_text_is_refused(tool, hard, tmp_path):
    path, items = submitted(tool, hard[:2], tmp_path / "out")
    data = items[0]["data"] if tool == "label_studio" else items[0]
    data["text"] = data["text"].replace("June", "July")
    found = home(tool, put(tool, path, items), hard)
    (problem,) = [item for item in found if isinstance(item, Problem)]
    assert f"a changed text of article {hard[0].article.id}: " in problem.found and "where " in problem.found
    assert [item.article.id for item in found if isinstance(item, Given)] == [hard[1].article.id]
    data["allegedly"]["text_sha256"] = "0" * 64
    (line,) = told(home(tool, put(tool, path, items), hard))
    assert f"found another text of article {hard[0].article.id}" in line


def entry(items, region):
    """The entries of one region in the first task of Label Studio."""
    return [each for each in items[0]["annotations"][0]["result"] if each.get("id") == region]


def test_label_studio_what_moved_or_is_unknown_is_told(hard, tmp_path):
    path, items = submitted("label_studio", hard[:1], tmp_path / "out")
    result = items[0]["annotations"][0]["result"]
    for each in entry(items, "c1.extent.0"):
        each["value"]["start"] += 1
    assert "beside a span of" in told(home("label_studio", put("label_studio", path, items), hard))[0]
    for each in entry(items, "c1.extent.0"):
        each["value"]["text"] = each["value"]["text"][1:]
    (note,) = told(home("label_studio", put("label_studio", path, items), hard))
    assert "note: task 0" in note and "c1: claim is " in note and "went out" in note
    result[0]["value"]["labels"] = ["clam"]
    assert any('a region "clam"' in line for line in told(home("label_studio", put("label_studio", path, items), hard)))


def test_pieces_without_partner_are_told(hard, tmp_path):
    record = next(each for each in hard if each.article.text.startswith("The new bridge, Orla"))
    path, items = submitted("label_studio", [record], tmp_path / "out")
    result = items[0]["annotations"][0]["result"]
    kept = [each for each in result if each.get("labels") != ["continues"]]
    items[0]["annotations"][0]["result"] = kept
    lines = told(home("label_studio", put("label_studio", path, items), hard))
    assert any("c2 comes back as 3 labels: no continues or part-of joins its regions" in line for line in lines)
    items[0]["annotations"][0]["result"] = [each for each in result if each.get("id") != "c2.extent.1"]
    lines = told(home("label_studio", put("label_studio", path, items), hard))
    assert any("a relation whose partner is not there" in line for line in lines)


def test_attributes_are_edited_in_label_studio(hard, tmp_path):
    path, items = submitted("label_studio", hard[:1], tmp_path / "out")
    (kind,) = [each for each in entry(items, "c1.extent.0") if each["from_name"] == "claims-kind"]
    assert kind["value"]["choices"] == ["event"]
    kind["value"]["choices"] = ["quantity"]
    (item,) = home("label_studio", put("label_studio", path, items), hard)
    assert [label.kind for label in item.labels.claims if label.id == "c1"] == ["quantity"]
    kind["value"]["choices"] = ["quantities"]
    (line,) = told(home("label_studio", put("label_studio", path, items), hard))
    assert 'kind "quantities"' in line and "one of causal, event" in line


def test_a_new_label_of_one_region(hard, tmp_path):
    path, items = submitted("label_studio", hard[:1], tmp_path / "out")
    value = {"start": 0, "end": 5, "text": "Mayor", "labels": ["claim"]}
    new = {"id": "xYz", "from_name": "labels", "to_name": "text", "type": "labels", "value": value, "origin": "manual"}
    items[0]["annotations"][0]["result"].append(new)
    (item,) = home("label_studio", put("label_studio", path, items), hard)
    (claim,) = [label for label in item.labels.claims if label.extent[0].start == 0]
    assert (claim.extent[0].end, claim.kind, claim.claimer) == (5, None, None)


@pytest.mark.parametrize("tool", ["doccano", "prodigy"])
def test_a_new_label_in_place_of_all_others_has_nothing_of_them(tool, hard, tmp_path):
    path, items = submitted(tool, hard[:1], tmp_path / "out")
    new = {"label": "claim", "start": 0, "end": 10, "id": 900, "start_offset": 0, "end_offset": 10}
    spans = "entities" if tool == "doccano" else "spans"
    put(tool, path, [{**items[0], "relations": [], spans: [new if tool == "doccano" else {**new, "id": None}]}])
    (given,) = [item for item in home(tool, path, hard) if isinstance(item, Given)]
    (claim,) = given.labels.claims
    assert (claim.kind, claim.worth, claim.certainty, claim.polarity, claim.claimer) == (None,) * 5


def test_an_export_of_doccano_without_entities_is_told(hard, tmp_path):
    path, items = submitted("doccano", hard[:1], tmp_path / "out")
    plain = {key: value for key, value in items[0].items() if key not in ("entities", "relations")}
    put("doccano", path, [{**plain, "label": [[0, 10, "claim"]]}])
    for options in ({}, {"approved": "yes"}):
        (problem,) = imported("doccano", path, hard, **options)
        assert "export as JSONL(Relation)" in problem.expected


def test_a_value_of_approved_that_is_none_is_told(hard, tmp_path):
    path, _ = submitted("doccano", hard[:1], tmp_path / "out")
    with pytest.raises(UsageError, match="expected approved=yes"):
        imported("doccano", path, hard, approved="maybe")


@pytest.mark.parametrize("tool", ["label_studio", "prodigy"])
def test_answers_of_two_people_are_not_mixed(tool, hard, tmp_path):
    path, items = submitted(tool, hard[:2], tmp_path / "out")
    if tool == "label_studio":
        other = {**items[0]["annotations"][0], "completed_by": {"id": 2, "email": "bob@example.org"}, "result": []}
        items[0]["annotations"].append(other)
        first, second = "1", "bob@example.org"
    else:
        items.append({**items[0], "_annotator_id": "bob", "spans": [], "relations": []})
        first, second = "allegedly-amy", "bob"
    put(tool, path, items)
    (problem,) = home(tool, path, hard)
    assert "answers of 2 annotators: " in problem.found and "--option annotator=" in problem.expected
    assert len([item for item in home(tool, path, hard, annotator=first) if isinstance(item, Given)]) == 2
    (item,) = home(tool, path, hard, annotator=second)
    assert item.labels.claims == ()
    (problem,) = home(tool, path, hard, annotator="eve")
    assert 'no answer of "eve"' in problem.found


@pytest.mark.parametrize("tool", JSON_TOOLS)
def test_two_answers_about_one_article_are_told(tool, hard, tmp_path):
    path, items = submitted(tool, hard[:1], tmp_path / "out")
    lines = told(home(tool, put(tool, path, items * 2), hard))
    assert len(lines) == 2 and all(f"2 answers about article {hard[0].article.id}" in line for line in lines)


def test_doccano_takes_what_was_changed_and_not_what_was_emptied(hard, tmp_path):
    path, items = submitted("doccano", hard[:3], tmp_path / "out")
    items[0]["entities"].append({"id": 999, "start_offset": 0, "end_offset": 5, "label": "claim"})
    items[1] |= {"entities": [], "relations": []}
    found = imported("doccano", put("doccano", path, items), hard)
    assert [item.article.id for item in found if isinstance(item, Given)] == [hard[0].article.id]
    assert "2 of 3 items came back as they went out, or empty: not taken" in told(found)[-1]


def test_offsets_that_split_a_character_are_told(hard, tmp_path):
    emoji = hard[1]
    path, items = submitted("doccano", [emoji], tmp_path / "out")
    items[0]["entities"].append({"id": 999, "start_offset": 1, "end_offset": 5, "label": "claim"})
    (line,) = told(home("doccano", put("doccano", path, items), hard))
    assert "start 1, end 5" in line and "in whole characters" in line
    folder = exported("cas", [emoji], tmp_path / "cas")
    (file,) = (folder / "documents").iterdir()
    text = file.read_text(encoding="utf-8")
    first = text.index('begin="') + 7
    file.write_text(text[:first] + "1" + text[text.index('"', first) :], encoding="utf-8")
    (line,) = told(imported("cas", folder / "documents", hard))
    assert "Not mapping external offset [1]" in line


HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from(["claim", "continues", "c1", "c1.extent.0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "value", "labels", "start", "text", "article_id"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value, path=()):
    """All places in a value of JSON."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


@pytest.mark.parametrize("tool", JSON_TOOLS)
@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_any_json_in_any_place_is_told_and_breaks_nothing(tool, hard, data, tmp_path_factory):
    path, items = submitted(tool, hard[:1], tmp_path_factory.mktemp("out"))
    where = data.draw(st.sampled_from([place for place in places(items) if place]))
    inner = items
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = data.draw(HOSTILE)
    for item in home(tool, put(tool, path, items), hard):
        str(item)


@pytest.mark.parametrize("tool", JSON_TOOLS)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[NaN]",
        "[1e999]",
        '{"a": 1, "a": 2}',
        "[" * 100000,
        "9" * 5000,
        '"\\ud800"',
        "[[]]",
        '{"data": 7}',
        "\0",
    ],
)
def test_what_is_no_file_of_the_tool_is_told(tool, text, hard, tmp_path):
    path = tmp_path / ("a.json" if tool == "label_studio" else "a.jsonl")
    path.write_text(text, encoding="utf-8")
    found = imported(tool, path, hard)
    assert not [item for item in found if isinstance(item, Given)]
    assert told(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"/>',
        '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:a="http:///allegedly.ecore"><a:Region xmi:id="x"/></xmi:XMI>',
    ],
)
def test_what_is_no_cas_is_told(text, hard, tmp_path):
    pytest.importorskip("cassis")
    (tmp_path / "a.xmi").write_text(text, encoding="utf-8")
    (problem,) = imported("cas", tmp_path, hard)
    assert isinstance(problem, Problem) and problem.file.endswith("a.xmi")


def run(*words):
    return cli.main([str(word) for word in words])


def test_from_a_release_to_a_release(hard_release, hard, tmp_path, capsys):
    assert (
        run("export", "label-studio", hard_release, "--out", tmp_path / "ls", "--option", "layers=claims,attributions")
        == 0
    )
    config = (tmp_path / "ls" / "config.xml").read_text(encoding="utf-8")
    assert 'value="claim"' in config and "speculation" not in config and 'value="holder"' not in config
    path = TOOLS["label_studio"][0](tmp_path / "ls")
    flags = ("--against", hard_release, "--by", "bob", "--out", tmp_path / "annotations")
    assert run("import", "label-studio", path, *flags) == 0
    files = sorted((tmp_path / "annotations").iterdir())
    assert len(files) == 8
    value = json.loads(files[0].read_text(encoding="utf-8"))
    assert value["labels"]["speculations"] is None and len(value["labels"]["claims"]) == 3
    before = {file.name: file.read_bytes() for file in files}
    assert run("import", "label-studio", path, *flags) == 0
    assert {file.name: file.read_bytes() for file in (tmp_path / "annotations").iterdir()} == before
    capsys.readouterr()
    assert run("import", "label-studio", path, *flags, "--layers", "claims") == 0
    error = capsys.readouterr().err
    assert "3 attributions not taken" in error and "claimers and holders are unresolved" in error
    assert run("import", "label-studio", path, *flags, "--layers", "claim") == 2
    assert "unknown layer 'claim'; did you mean 'claims'?" in capsys.readouterr().err
    assert run("import", "label-studio", path, *flags, "--option", "who=1") == 2
    assert "unknown option 'who'" in capsys.readouterr().err


def test_what_is_lost_is_listed_first(tmp_path, capsys, hard):
    from allegedly.builders import importing

    importing.write(iter(hard[:1]), tmp_path / "release", name="hard")
    words = ("export", "doccano", tmp_path / "release", "--out", tmp_path / "out", "--option", "layers=claims")
    assert run(*words) == 1
    assert "a claimer that does not go out, and comes home as unresolved: 2 (" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run(*words, "--lossy") == 0
    (line,) = items_of("doccano", tmp_path / "out" / "items.jsonl")
    assert line["allegedly"]["layers"] == ["claims"] and {each["label"] for each in line["entities"]} == {"claim"}
    (record,) = stored.records(tmp_path / "release")
    (item,) = imported("doccano", tmp_path / "out" / "items.jsonl", [record], approved="yes")
    assert [label.claimer for label in item.labels.claims] == ["unresolved"] * 3
    assert item.layers == ("claims",)


def test_a_cas_says_what_cassis_reads_and_utf_16_on_disk(hard, tmp_path):
    cassis = pytest.importorskip("cassis")
    from lxml import etree

    folder = exported("cas", hard, tmp_path / "out")
    with (folder / "TypeSystem.xml").open("rb") as stream:
        types = cassis.load_typesystem(stream)
    for record in hard:
        file = folder / "documents" / f"{record.article.id}.xmi"
        with file.open("rb") as stream:
            cas = cassis.load_cas_from_xmi(stream, typesystem=types)
        assert cas.sofa_string == record.article.text
        regions = cas.select("allegedly.Region")
        assert regions and all(region.get_covered_text() == region.words for region in regions)
        units = record.article.text.encode("utf-16-le")
        for element in etree.parse(str(file)).getroot().iter("{http:///allegedly.ecore}Region"):
            start, end = int(element.get("begin")), int(element.get("end"))
            assert units[2 * start : 2 * end].decode("utf-16-le") == element.get("words")


def test_a_cas_that_cassis_made_comes_home(hard, tmp_path):
    cassis = pytest.importorskip("cassis")
    record = hard[1]
    folder = exported("cas", [record], tmp_path / "out")
    (file,) = (folder / "documents").iterdir()
    with (folder / "TypeSystem.xml").open("rb") as stream:
        types = cassis.load_typesystem(stream)
    with file.open("rb") as stream:
        cas = cassis.load_cas_from_xmi(stream, typesystem=types)
    at = record.article.text.index("June")
    cas.add(types.get_type("allegedly.Region")(begin=at, end=at + 4, name="claim", kind="quantity"))
    cas.to_xmi(file)
    (item,) = imported("cas", file, [record])
    (claim,) = [each for each in item.labels.claims if each.extent == ((at, at + 4),)]
    assert claim.kind == "quantity"
    assert len(as_home(item.labels, record.article).claims) == 4


def test_a_text_that_xml_cannot_hold_is_a_loss(tmp_path):
    from allegedly.builders.exporters import cas
    from allegedly.builders.text.articles import article
    from allegedly.schemas.records import Block, Labels, Origin, Record

    text = "A bell\x07 rang."
    made = article(text, Origin(file_name="a.txt"), blocks=[Block(kind="paragraph", start=0, end=len(text))])
    record = Record(article=made, labels=Labels())
    assert [loss.what for loss in cas.losses([record])] == ["an article with characters that XML has none for"]
    assert list((exported("cas", [record], tmp_path / "out") / "documents").iterdir()) == []


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_any_value_of_any_attribute_of_a_cas_is_told_and_breaks_nothing(hard, data, tmp_path_factory):
    folder = exported("cas", hard[:1], tmp_path_factory.mktemp("out"))
    (file,) = (folder / "documents").iterdir()
    text = TOOLS["cas"][0](folder).joinpath(file.name).read_text(encoding="utf-8")
    match = data.draw(st.sampled_from(list(re.finditer(r'"([^"]*)"', text))))
    value = data.draw(
        st.sampled_from(["", "x", "-1", "1", "7", "99999999999999999999", "true", "claim", "1 2 3", "{}"])
    )
    file.write_text(text[: match.start(1)] + value + text[match.end(1) :], encoding="utf-8")
    for item in imported("cas", file, hard):
        str(item)


def test_without_the_extra_cas_says_so(hard_release, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "cassis", None)
    assert run("export", "cas", hard_release, "--out", tmp_path / "out") == 2
    assert "needs the package cassis: pip install 'allegedly[cas]'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run("import", "cas", tmp_path, "--against", hard_release, "--by", "amy", "--out", tmp_path / "a") == 2
    assert run("list", "exporters") == 0
    assert {"cas", "doccano", "label-studio", "prodigy"} <= set(capsys.readouterr().out.split())
