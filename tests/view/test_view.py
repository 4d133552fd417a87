"""The page of a release, opened from disk in a real browser: read, filtered, searched, addressed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from allegedly.cli import main
from allegedly.render import words
from allegedly.render.html import Sheet
from allegedly.schemas import stored
from allegedly.schemas.errors import UsageError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.records import LAYERS, Labels
from allegedly.view import articles, copies, items, page

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def shipped(root):
    return list(stored.records(root / "dataset"))


@pytest.fixture(scope="module")
def written(root, tmp_path_factory):
    """The page of the shipped release."""
    out = tmp_path_factory.mktemp("view") / "page.html"
    assert main(["view", str(root / "dataset"), "--out", str(out)]) == 0
    return out


def visible(article):
    hidden = {at for start, end in article.markup for at in range(start, end)}
    return "".join(character for at, character in enumerate(article.text) if at not in hidden)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_text_of_each_article_is_there_character_for_character(look, written, shipped, scripts):
    tab = look(written, java_script_enabled=scripts)
    texts = dict(
        tab.locator("details.article").evaluate_all(
            "nodes => nodes.map(n => [n.id, n.querySelector('.text').textContent])"
        )
    )
    assert texts == {record.article.id: visible(record.article) for record in shipped}
    for record in shipped[:3]:
        names = tab.locator(f"[id='{record.article.id}'] .labels ul:not(.other) li b").all_text_contents()
        assert names == [label.id for layer in LAYERS for label in getattr(record.labels, layer)]


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen(look, written, width, scheme):
    tab = look(written, width, color_scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def shown(tab):
    return tab.eval_on_selector_all(".article:not([hidden])", "nodes => nodes.map(n => n.id)")


def test_filters_choose_articles(look, written, shipped):
    tab = look(written)
    assert len(shown(tab)) == len(shipped)
    tab.select_option('[name="split"]', "test")
    assert shown(tab) == [record.article.id for record in shipped if record.split == "test"]
    tab.select_option('[name="split"]', "")
    outlet = next(record.article.outlet for record in shipped if record.article.outlet)
    tab.select_option('[name="outlet"]', outlet)
    assert shown(tab) == [record.article.id for record in shipped if record.article.outlet == outlet]
    tab.select_option('[name="outlet"]', "")
    tab.select_option('[name="layer"]', "speculations")
    tab.select_option('[name="kind"]', "investigative")
    found = [
        r.article.id
        for r in shipped
        if any(s.kind == "investigative" for of in (r, *r.votes) for s in of.labels.speculations)
    ]
    assert found and shown(tab) == found
    tab.select_option('[name="layer"]', "")
    # each kind that is offered finds what has it, in its own layer
    for layer, kind in tab.eval_on_selector_all(
        '[name="kind"] optgroup option', "nodes => nodes.map(n => [n.parentNode.label, n.text])"
    ):
        tab.select_option('[name="kind"]', f"{layer} {kind}")
        found = [
            record.article.id
            for record in shipped
            if any(
                kind in words.facts(label, layer)
                for labels in (record.labels, *(vote.labels for vote in record.votes))
                for label in getattr(labels, layer) or ()
            )
        ]
        assert found and shown(tab) == found
    tab.select_option('[name="kind"]', "")
    tab.check('[name="disagreement"]')
    assert shown(tab) == [r.article.id for r in shipped if items.listed(r).disagreement]


def until(tab, holds):
    """Waits for the page; what it allows is no evaluation of strings, by which its driver would wait."""
    for _ in range(600):
        if holds():
            return
        tab.wait_for_timeout(50)
    raise AssertionError("the page never came to it")


def test_search_finds_and_marks(look, written, shipped):
    tab = look(written)
    tab.keyboard.press("/")
    tab.keyboard.type("Harbour")
    found = [
        record.article.id
        for record in shipped
        if "harbour" in f"{record.article.title or ''}\n{record.article.text}".lower()
    ]
    until(tab, lambda: len(shown(tab)) == len(found))
    assert found and set(shown(tab)) == set(found)
    tab.keyboard.press("Tab")
    tab.evaluate("document.querySelector('.article:not([hidden])').open = true")
    until(tab, lambda: tab.evaluate("CSS.highlights.get('hit')?.size > 0"))
    hits = tab.evaluate("[...CSS.highlights.get('hit')].map(range => range.toString().toLowerCase())")
    assert set(hits) == {"harbour"}
    # searching changes nothing of the text
    first = next(record for record in shipped if record.article.id == shown(tab)[0])
    assert tab.locator(f"[id='{first.article.id}'] .text").evaluate("n => n.textContent") == visible(first.article)


def test_keys_addresses_and_light(look, written, shipped):
    tab = look(written)
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    second = shipped[1].article
    assert tab.evaluate("location.hash") == f"#{second.id}"
    tab.keyboard.press("n")
    assert tab.evaluate("location.hash") == f"#{second.id}-c1"
    words = "".join(tab.locator(f"[id='{second.id}'] .text u.lit").all_text_contents())
    (extent,) = shipped[1].labels.claims[0].extent
    assert words == second.text[extent.start : extent.end]
    tab.keyboard.press("k")
    assert tab.evaluate("location.hash") == f"#{shipped[0].article.id}"
    tab.keyboard.press("?")
    assert tab.locator("dialog").is_visible()
    third = shipped[2]
    link = third.labels.attributions[-1]
    tab.goto(f"{written.as_uri()}#{third.article.id}-{link.id}")
    tab.reload()
    assert tab.evaluate("document.activeElement.querySelector('b').textContent") == link.id
    assert tab.locator(f"[id='{third.article.id}']").get_attribute("open") is not None


def test_an_alternative_of_a_vote_is_lit_where_it_stands(look, written, shipped):
    tab = look(written)
    place, record = next((n, r) for n, r in enumerate(shipped) if items.listed(r).other)
    other = next(item for item in items.listed(record).other if item.layer == "claims")
    assert place >= 0
    tab.evaluate(f"document.getElementById('{record.article.id}').open = true")
    tab.locator(f"[id='{record.article.id}'] ul.other[data-layer=claims] li").first.hover()
    lit = tab.evaluate("[...CSS.highlights.get('other')].map(range => range.toString())")
    assert lit == [record.article.text[start:end] for start, end in other.places]


def wrong_for_those_who_do_not_see(tab):
    """What axe-core finds that is serious, of a page whose first articles are open."""
    axe = pytest.importorskip("axe_core_python", reason="axe-core is not installed: pip install axe-core-python")
    tab.evaluate("document.querySelectorAll('.article').forEach((node, n) => { node.open = n < 3; })")
    tab.evaluate((Path(axe.__path__[0]) / "axe.min.js").read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
    serious = [each for each in found if each["impact"] in ("moderate", "serious", "critical")]
    return [(each["id"], each["nodes"][0]["html"]) for each in serious]


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_for_those_who_do_not_see(look, root, shipped, tmp_path, scheme, width):
    # its work grows faster than the page: a few articles show every kind of mark
    out = tmp_path / "few.html"
    out.write_text(page.drawn(shipped[:4], manifest(root), notes=["A note."], title="A few articles"), encoding="utf-8")
    assert wrong_for_those_who_do_not_see(look(out, width, color_scheme=scheme)) == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_on_the_whole_page_for_those_who_do_not_see(look, written, scheme):
    assert wrong_for_those_who_do_not_see(look(written, color_scheme=scheme)) == []


def manifest(root) -> Manifest:
    return stored.manifest(root / "dataset")


HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>" onmouseover="alert(3)" \x1b[31m \u202etxt'


def test_what_is_hostile_is_text(look, root, shipped, tmp_path):
    record = shipped[0]
    article = replace(
        record.article,
        title=HOSTILE,
        outlet=HOSTILE,
        url="javascript:alert(4)",
        text=f"{record.article.text}\n{HOSTILE}",
    )
    claims = tuple(replace(label, by=HOSTILE) for label in record.labels.claims)
    hostile = replace(record, article=article, labels=replace(record.labels, claims=claims), votes=())
    out = tmp_path / "hostile.html"
    out.write_text(page.drawn([hostile, shipped[1]], manifest(root), notes=[HOSTILE], title=HOSTILE), encoding="utf-8")
    tab = look(out)
    tab.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    assert tab.locator("script").count() == 1 and tab.locator("img").count() == 0
    assert not tab.evaluate(
        "[...document.querySelectorAll('*')].some(n => n.getAttributeNames().some(a => a.startsWith('on')))"
    )
    assert not tab.evaluate("[...document.querySelectorAll('a')].some(a => !a.getAttribute('href').startsWith('#'))")
    assert tab.locator(f"[id='{article.id}'] .text").evaluate("n => n.textContent") == visible(article)
    assert "<script>alert(1)</script>" in tab.inner_text("h1")


def test_two_sets_of_labels_are_compared(root, shipped, tmp_path, capsys):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    record = shipped[0]
    labels = record.labels.to_json()
    fewer = {**labels, "claims": labels["claims"][1:]}
    for path, value in ((first, labels), (second, fewer)):
        path.write_text(json.dumps({"article": {"id": record.article.id}, "labels": value}) + "\n", encoding="utf-8")
    out = tmp_path / "out.html"
    assert main(["view", str(first), str(second), "--against", str(root / "dataset"), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert text.count('class="article"') == 1
    assert "Labels of first and second" in text
    assert "<b>c1</b> " in text and "<small>first</small>" in text
    assert main(["view", str(first), "--against", str(root / "dataset"), "--out", str(out)]) == 0
    assert main(["view", str(first), "--out", str(out)]) == 2
    assert main(["view", str(tmp_path / "nothing"), "--against", str(root / "dataset")]) == 2


def predicted(path, records, labels):
    """Predictions of a system: labels of each article."""
    lines = [json.dumps({"article": {"id": record.article.id}, "labels": labels}) + "\n" for record in records]
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)


def test_predictions_need_no_ids_and_may_begin_in_markup(root, shipped, tmp_path):
    record = next(record for record in shipped if record.article.markup)
    begin = record.article.markup[0].start
    bare = [{"extent": [{"start": 0, "end": 3}]}, {"extent": [{"start": begin, "end": begin + 9}]}]
    sets = [predicted(tmp_path / f"{name}.jsonl", [record], {"claims": bare[:n]}) for name, n in (("a", 1), ("b", 2))]
    out = tmp_path / "out.html"
    assert main(["view", *sets, "--against", str(root / "dataset"), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "<b>c1</b>" in text and f"<b>c1{articles.SECOND}</b>" in text


def test_labels_of_other_splits_are_left_aside(root, shipped, tmp_path, capsys):
    every = predicted(tmp_path / "every.jsonl", shipped, {"claims": []})
    release, out = str(root / "dataset"), tmp_path / "out.html"
    assert main(["view", every, "--against", release, "--split", "test", "--out", str(out)]) == 0
    of_test = [record for record in shipped if record.split == "test"]
    assert out.read_text(encoding="utf-8").count('class="article"') == len(of_test)
    one = predicted(
        tmp_path / "one.jsonl", [record for record in shipped if record.split != "test"][:1], {"claims": []}
    )
    assert main(["view", one, "--against", release, "--split", "test", "--out", str(out)]) == 2
    assert "labels of no article of the split test" in capsys.readouterr().err


def test_what_of_predictions_cannot_be_drawn_is_told(root, shipped, tmp_path, capsys):
    release, out = str(root / "dataset"), tmp_path / "out.html"
    nowhere = predicted(tmp_path / "nowhere.jsonl", shipped[:2], {"claims": [{"extent": [{"text": "Zyx wvu tsr"}]}]})
    assert main(["view", nowhere, "--against", release, "--out", str(out)]) == 0
    assert "nowhere: 2 labels with a quotation that stands nowhere in the text" in out.read_text(encoding="utf-8")
    article = shipped[0].article
    line = {"task": "claim-detection", "id": f"{article.id}:{article.sentences[0].start}", "label": "no_claim"}
    classes = tmp_path / "classes.jsonl"
    classes.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert main(["view", str(classes), "--against", release, "--out", str(out)]) == 2
    assert "holds classes of sentences, and no labels" in capsys.readouterr().err


def test_labels_that_only_the_second_has_are_drawn_and_named(shipped):
    record = shipped[0]
    emptied = replace(record.labels, claims=())
    votes = tuple(
        replace(vote, annotator=replace(vote.annotator, id=name), labels=labels)
        for vote, name, labels in zip(shipped_votes(shipped), "ab", (emptied, record.labels), strict=False)
    )
    both = replace(record, labels=emptied, votes=votes)
    drawn = articles.shown(both, Sheet(), both=True)
    assert f"c1{articles.SECOND}" in drawn.text
    assert [item.by for item, _ in drawn.other["claims"]] == [("b",)] * len(record.labels.claims)
    assert drawn.disagreement == len(record.labels.claims)


def shipped_votes(shipped):
    return next(record.votes for record in shipped if len(record.votes) > 1)


def test_a_label_that_all_gave_is_listed_once(shipped):
    record = next(record for record in shipped if len(record.votes) > 1)
    listed = items.listed(record)
    assert len(listed.stand) == sum(
        len(getattr(record.labels, layer)) for layer in ("claims", "speculations", "attributions")
    )
    given = sum(len(item.by) for item in (*listed.stand, *listed.other))
    said = sum(len(getattr(vote.labels, layer) or ()) for vote in record.votes for layer in Labels.__slots__)
    # two equal labels of one vote are listed together
    assert given <= said and {name for item in listed.stand for name in item.by} == {
        v.annotator.id for v in record.votes
    }


def test_a_sample_is_of_its_seed(root, tmp_path, capsys):
    outs = [tmp_path / f"{n}.html" for n in range(3)]
    for out, seed in zip(outs, ("1", "1", "2"), strict=True):
        assert main(["view", str(root / "dataset"), "--sample", "5", "--seed", seed, "--out", str(out)]) == 0
    texts = [out.read_text(encoding="utf-8") for out in outs]
    assert texts[0] == texts[1] != texts[2]
    assert texts[0].count('class="article"') == 5
    assert "5 of 62 articles: a sample, seed 1" in texts[0]
    assert main(["view", str(root / "dataset"), "--sample", "0", "--out", str(outs[0])]) == 2
    assert main(["view", str(root / "dataset"), "--split", "dev", "--out", str(outs[0])]) == 2


def test_only_what_a_sample_names_is_shown(root, shipped, tmp_path):
    sample = tmp_path / "sample.jsonl"
    names = [record.article.id for record in shipped[2:4]]
    sample.write_text("".join(json.dumps({"article_id": name}) + "\n" for name in names), encoding="utf-8")
    out = tmp_path / "out.html"
    assert main(["view", str(root / "dataset"), "--only", str(sample), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert text.count('class="article"') == 2 and all(f'id="{name}"' in text for name in names)
    sample.write_text(json.dumps({"article_id": "nobody"}) + "\n", encoding="utf-8")
    assert main(["view", str(root / "dataset"), "--only", str(sample), "--out", str(out)]) == 2


def test_copies_stand_side_by_side(shipped):
    article = shipped[0].article
    found = copies.pair(article, article)
    assert found.shared == 1 and all(row.same and row.first == row.second for row in found.rows)
    other = copies.pair(article, shipped[1].article)
    assert other.shared < 0.5
    assert [row.first for row in other.rows if row.first] == [row.first for row in found.rows]


def test_show_lists_and_prints(root, shipped, capsys):
    assert main(["show", str(root / "dataset")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(shipped) + 1
    record = next(record for record in shipped if len(record.votes) > 1)
    assert main(["show", str(root / "dataset"), record.article.id]) == 0
    stand = capsys.readouterr().out
    assert f"| {record.article.id} |" in stand and "c1 claim:" in stand
    assert main(["show", str(root / "dataset"), record.article.id, "--by", "second-pass"]) == 0
    assert capsys.readouterr().out != stand
    assert main(["show", str(root / "dataset"), record.article.id, "--by", "nobody"]) == 2
    assert "second-pass" in capsys.readouterr().err
    assert main(["show", str(root / "dataset"), "zzz"]) == 2


def test_what_is_no_release_is_told(tmp_path):
    with pytest.raises(UsageError, match="not a release"):
        page.of_release(tmp_path)
